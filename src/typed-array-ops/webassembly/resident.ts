// How do the loops of a plan become functions over one memory?
import { type Access, type Chain, chainFunction, extentOf } from "./chain.js";
import { type ProductSizes, packFunction, productFunction, scratchOf, sumRowsFunction } from "./dense.js";
import { assemble, type Code, type FunctionSource } from "./encoding.js";
import { type Engine, instantiate } from "./engine.js";
import {
  call,
  dividedBy,
  get,
  integer,
  lessInteger,
  makeFunction,
  minusInteger,
  plusInteger,
  quotientOfIntegers,
  remainderBy,
  type Scope,
  sameInteger,
  select,
  set,
  timesInteger,
  when,
} from "./instructions.js";
import type { Lanes } from "./lanes.js";
import { currentTeam, meeting, sharedPages, type Team } from "./team.js";

export type { Access, Chain, ChainStep } from "./chain.js";
export { isPacked, type ProductSizes, packedSizeOf } from "./dense.js";

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

/** Loops that run one after the other, one list for each function. */
export interface Resident {
  readonly memory: Float64Array;
  readonly run: readonly (() => void)[];
}

/** The code of loops by their form: it is written once. The oldest make room. */
const written = /* @__PURE__ */ new Map<string, FunctionSource>();
const MOST_WRITTEN = 1000;

function known(key: string, write: () => FunctionSource): FunctionSource {
  const source = written.get(key) ?? write();
  written.set(key, source);
  if (written.size > MOST_WRITTEN) written.delete(written.keys().next().value as string);
  return source;
}

const numbersOf = /* @__PURE__ */ new Map<Lanes, number>();

/** Lanes by their number. */
function idOf(lanes: Lanes): number {
  const id = numbersOf.get(lanes) ?? numbersOf.size;
  numbersOf.set(lanes, id);
  return id;
}

/** What a team's threads may do of a loop: `units` of them, in multiples of `grain`. */
interface Division {
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
const WORTH_CALLING = 50_000;

function workOf(work: Work): number {
  if (work.kind === "product") return (work.sizes.m * work.sizes.n * work.sizes.k) / 4;
  if (work.kind === "pack") return work.sizes.n * work.sizes.k;
  return work.rows * work.columns * (work.kind === "chain" ? work.chain.steps.length : 1);
}

/** How the places of a chain are read and written. */
const accessesOf = ({ inputs, outputs }: Chain): Access[] => [
  ...inputs.filter((access) => typeof access !== "number"),
  ...outputs.map(() => "each" as const),
];

/** Rows of C or of a chain, columns of a sum; nothing where it does not pay. `height` is how many rows others have. */
function divisionOf(work: Work, height: number): Division | undefined {
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
interface Calls {
  readonly whole: Code;
  part(from: Code, to: Code, part: Code, division: Division): Code;
}

/**
 * Compiles each list of loops to one function over a memory of so many numbers, and scratch after them; nothing where there is
 * no WebAssembly, or not so much memory. Loops of the same form share their code. Where there is a team, it divides the loops
 * of a list that is long enough.
 */
export function makeResident(
  numbers: number,
  lists: readonly (readonly Work[])[],
  team: Team | undefined = currentTeam(),
  engine?: Engine,
): Resident | undefined {
  const functions: FunctionSource[] = [];
  const places = new Map<string, number>();
  const place = (key: string, write: () => FunctionSource): number => {
    let found = places.get(key);
    if (found === undefined) {
      found = functions.push(known(key, write)) - 1;
      places.set(key, found);
    }
    return found;
  };
  const works = lists.flat();
  const scratch = Math.max(0, ...works.map((work) => (work.kind === "product" ? scratchOf(work.sizes) : 0)));
  const divided =
    team !== undefined && lists.some((list) => list.reduce((sum, work) => sum + workOf(work), 0) > WORTH_CALLING);
  // 2 numbers more: a pair may reach over the end.
  const size = numbers + scratch * (divided ? team.parts : 1) + 2;
  let start = 0;
  try {
    start = divided ? team.take(size) : 0;
  } catch {
    return undefined;
  }
  const bytes = (n: number): Code => integer(8 * (start + n));
  const beyond = (n: number, steps: Code, distance: number): Code =>
    plusInteger(bytes(n), timesInteger(steps, integer(8 * distance)));

  function callsOf(work: Work): Calls {
    if (work.kind === "sumRows") {
      const { rows, columns } = work;
      const [x, out] = work.places;
      const form = place(`sum ${rows} ${columns}`, () => sumRowsFunction(rows, columns));
      return {
        whole: call(form, bytes(x), bytes(out), integer(columns)),
        part: (from, to) => call(form, beyond(x, from, 1), beyond(out, from, 1), minusInteger(to, from)),
      };
    }
    if (work.kind === "pack") {
      const { sizes } = work;
      const form = place(`pack ${[sizes.n, sizes.k, sizes.transposeB]}`, () => packFunction(sizes));
      const whole = call(form, ...work.places.map(bytes));
      return { whole, part: () => whole };
    }
    if (work.kind === "product") {
      const { sizes } = work;
      const { m, n, k, transposeA, transposeB, packed = false } = sizes;
      const [a, b, c] = work.places;
      const form = place(`product ${[m, n, k, transposeA, transposeB, packed]}`, () => productFunction(sizes));
      return {
        whole: call(form, bytes(a), bytes(b), bytes(c), integer(m), bytes(numbers)),
        part: (from, to, part) =>
          call(
            form,
            beyond(a, from, transposeA ? 1 : k),
            bytes(b),
            beyond(c, from, n),
            minusInteger(to, from),
            beyond(numbers, part, scratch),
          ),
      };
    }
    const { chain, rows: height, columns } = work;
    const steps = chain.steps.map(({ lanes, inputs }) => `${idOf(lanes)}:${inputs}`);
    const inputs = chain.inputs.map((access) => (Object.is(access, -0) ? "-0" : access));
    const form = place(`chain ${inputs} | ${steps.join(" ")} | ${chain.outputs}`, () => chainFunction(chain));
    const { rows, pairs, odd } = extentOf(height, columns);
    const counts = [rows, pairs, odd].map(integer);
    const accesses = accessesOf(chain);
    return {
      whole: call(form, ...work.places.map(bytes), ...counts),
      part(from, to, _part, { units, rows: aligned }) {
        // How many entries a unit has: those of a row, or two.
        const width = aligned || height > 1 ? (height * columns) / units : 2;
        const distance = (access: Access): number => (access === "each" ? width : access === "column" ? 1 : 0);
        const moved = work.places.map((one, i) => beyond(one, from, distance(accesses[i])));
        if (height > 1) return call(form, ...moved, minusInteger(to, from), ...counts.slice(1));
        if (!aligned) {
          const last = odd ? sameInteger(to, integer(pairs)) : integer(0);
          return call(form, ...moved, counts[0], minusInteger(to, from), last);
        }
        const entries = timesInteger(minusInteger(to, from), integer(width));
        return call(form, ...moved, counts[0], dividedBy(1, entries), remainderBy(1, entries));
      },
    };
  }

  const calls = lists.map((list) => {
    const heights = list.map((work) => (work.kind === "product" && !work.sizes.transposeA ? work.sizes.m : 0));
    const height = Math.max(...heights);
    return list.map((work) => ({ ...callsOf(work), division: divisionOf(work, height) }));
  });
  const alone = calls.map((list) => makeFunction(0, (scope) => scope.write(...list.map(({ whole }) => whole))));
  const roots: [name: string | undefined, source: FunctionSource][] = functions.map((source) => [undefined, source]);
  alone.forEach((source, i) => {
    roots.push([`run${i}`, source]);
  });
  if (!divided) {
    const made = instantiate<string>(assemble(roots), size, 0, engine);
    return made && { memory: made.memory, run: lists.map((_, i) => made.run[`run${i}`]) };
  }

  const meet = roots.push([undefined, meeting()]) - 1;
  calls.forEach((list, i) => {
    roots.push([`team${i}`, makeFunction(2, (scope, part, parts) => together(scope, part, parts, list, meet))]);
  });
  const loaded = team.load(assemble(roots, sharedPages));
  if (loaded === undefined) {
    team.giveBack(start, size);
    return undefined;
  }
  const { run, id } = loaded;
  const resident: Resident = {
    memory: team.view(start, size),
    run: calls.map((list, i) => {
      const heavy = lists[i].reduce((sum, work) => sum + workOf(work), 0) > WORTH_CALLING;
      const single = run[`run${i}`];
      return heavy && list.some(({ division }) => division)
        ? () => (team.ready() ? team.call(run, id, i) : single())
        : single;
    }),
  };
  team.release(resident.memory, () => {
    team.forget(id);
    team.giveBack(start, size);
  });
  return resident;
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
function together(
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
