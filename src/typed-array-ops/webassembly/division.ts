// How do threads divide a list of loops, and where do they have to meet?
import type { Access, Chain } from "./chain.js";
import type { ProductSizes } from "./dense.js";
import type { Code } from "./encoding.js";
import {
  call,
  get,
  integer,
  lessInteger,
  minusInteger,
  plusInteger,
  quotientOfIntegers,
  type Scope,
  sameInteger,
  select,
  set,
  timesInteger,
  when,
} from "./instructions.js";

/** A loop over memory; places are numbers of float64 numbers, and all are even. */
export type Work =
  | {
      readonly kind: "chain";
      readonly chain: Chain;
      /** Where the inputs that are not literals, and then the outputs, stand. */
      readonly places: readonly number[];
      readonly rows: number;
      readonly columns: number;
    }
  | {
      readonly kind: "product";
      readonly sizes: ProductSizes;
      /** Whether it is one of several side by side. */
      readonly stacked: boolean;
      /** Where A, B and C stand. */
      readonly places: readonly number[];
    }
  | {
      readonly kind: "pack";
      readonly sizes: ProductSizes;
      /** Where B stands, and where its panels will. */
      readonly places: readonly number[];
    }
  | {
      readonly kind: "sumRows";
      readonly rows: number;
      readonly columns: number;
      readonly places: readonly number[];
    };

/** What a team's threads may do of a loop: `units` of them, in multiples of `grain`. */
export interface Division {
  readonly units: number;
  readonly grain: number;
  /** Where the units are rows: what a thread reads and writes in its own rows only, and what it reads all of. */
  readonly rows?: RowWise;
}

interface RowWise {
  readonly own: readonly { readonly place: number; readonly width: number; readonly written: boolean }[];
  readonly shared: readonly number[];
}

/** A loop of less work than this, in about nanoseconds, is left to one thread: a meeting takes some hundred. */
const WORTH_DIVIDING = 5000;
/** A plan of less is run by the thread that asks. */
export const WORTH_CALLING = 50_000;

export function workOf(work: Work): number {
  if (work.kind === "product") return (work.sizes.m * work.sizes.n * work.sizes.k) / 4;
  if (work.kind === "pack") return work.sizes.n * work.sizes.k;
  return work.rows * work.columns * (work.kind === "chain" ? work.chain.steps.length : 1);
}

/** How the places of a chain are read and written. */
export const accessesOf = ({ inputs, outputs }: Chain): Access[] => [
  ...inputs.filter((access) => typeof access !== "number"),
  ...outputs.map(() => "each" as const),
];

/** Rows of C or of a chain, columns of a sum; nothing where it does not pay. `height` is how many rows others have. */
export function divisionOf(work: Work, height: number): Division | undefined {
  if (work.kind === "pack" || workOf(work) < WORTH_DIVIDING) return undefined;
  if (work.kind === "sumRows") return work.columns < 16 ? undefined : { units: work.columns, grain: 8 };
  if (work.kind === "product") {
    const { m, n, k, transposeA } = work.sizes;
    const [a, b, c] = work.places;
    if (m < 8) return undefined;
    if (work.stacked) return { units: m, grain: 4 };
    const own = [
      ...(transposeA ? [] : [{ place: a, width: k, written: false }]),
      { place: c, width: n, written: true },
    ];
    return { units: m, grain: 4, rows: { own, shared: transposeA ? [a, b] : [b] } };
  }
  const { rows, columns, chain, places } = work;
  const size = rows * columns;
  const units = rows > 1 ? rows : height;
  // A thread's part of a chain without rows has two entries or more.
  if (units < 8 || size % units !== 0) return { units: rows > 1 ? rows : columns >> 1, grain: 1 };
  const accesses = accessesOf(chain);
  const width = size / units;
  const whole = (access: Access): boolean => access === "row" || access === "one";
  const own = accesses.flatMap((access, i) => {
    const written = i >= accesses.length - chain.outputs.length;
    return whole(access) ? [] : [{ place: places[i], width: access === "column" ? 1 : width, written }];
  });
  return { units, grain: 4, rows: { own, shared: places.filter((_, i) => whole(accesses[i])) } };
}

/** Code that calls the function of a loop for all of it, and for what stands in `from` to `to`. */
export interface Calls {
  readonly whole: Code;
  part(from: Code, to: Code, part: Code, division: Division): Code;
}

/** What was done since the last meeting, row by row: how long the rows at each place are, and which all may read. */
interface Apart {
  readonly units: number;
  readonly widths: Map<number, number>;
  readonly written: Set<number>;
  readonly shared: Set<number>;
}

/** Whether threads may go on without a meeting: nobody needs rows that others wrote, or overwrites what others may still read. */
const goesWith = ({ own, shared }: RowWise, { widths, written, shared: read }: Apart): boolean =>
  shared.every((place) => !written.has(place)) &&
  own.every((one) => (widths.get(one.place) ?? one.width) === one.width && !(one.written && read.has(one.place)));

/**
 * All loops of a list by all parts, who meet where one needs or overwrites what others have. Loops over equally many rows that need
 * their own rows only, such as a product and the chain after it, need no meeting between them.
 */
export function together(
  scope: Scope,
  part: number,
  parts: number,
  list: readonly (Calls & { readonly division: Division | undefined })[],
  meet: number,
): void {
  const [from, to] = [scope.integer(), scope.integer()];
  const pause = call(meet, get(part), get(parts));
  const smallest = (local: number, most: number): Code => [
    select(lessInteger(get(local), integer(most)), get(local), integer(most)),
    set(local),
  ];
  let since: "nothing" | "alone" | "other" | Apart = "nothing";
  for (const { whole, part: partOf, division } of list) {
    if (division === undefined) {
      // One thread does what is small; it need not meet the others between two of these.
      if (since !== "nothing" && since !== "alone") scope.write(pause);
      scope.write(when(sameInteger(get(part), integer(0)), whole));
      since = "alone";
      continue;
    }
    const { units, grain, rows } = division;
    const goesOn = rows !== undefined && typeof since === "object" && since.units === units && goesWith(rows, since);
    if (!goesOn) {
      if (since !== "nothing") scope.write(pause);
      const rounded = plusInteger(integer(Math.ceil(units / grain)), minusInteger(get(parts), integer(1)));
      const each = timesInteger(quotientOfIntegers(rounded, get(parts)), integer(grain));
      scope.write(
        [timesInteger(get(part), each), set(from), plusInteger(get(from), each), set(to)],
        [smallest(from, units), smallest(to, units)],
      );
      since = rows ? { units, widths: new Map(), written: new Set(), shared: new Set() } : "other";
    }
    scope.write(when(lessInteger(get(from), get(to)), partOf(get(from), get(to), get(part), division)));
    if (rows === undefined || typeof since !== "object") continue;
    for (const { place, width, written } of rows.own) {
      since.widths.set(place, width);
      if (written) since.written.add(place);
    }
    for (const place of rows.shared) since.shared.add(place);
  }
  if (since !== "nothing") scope.write(pause);
}
