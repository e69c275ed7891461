// How do threads divide a list of loops, and where do they have to meet?
import { type Access, type Chain, extentOf } from "./chain.js";
import { MARKS } from "./dense.js";
import type { Code } from "./encoding.js";
import {
  call,
  dividedBy,
  get,
  integer,
  lessInteger,
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
import type { Caller, Work } from "./loops.js";

/** What a team's threads may do of a loop: `units` of them, in multiples of `grain`. */
interface Division {
  /** Whether it is worth a meeting. */
  readonly worth: boolean;
  readonly units: number;
  readonly grain: number;
  /** Where the units are rows: what a thread reads and writes in its own rows only, and what it reads all of. */
  readonly rows?: RowWise;
}

interface RowWise {
  readonly own: readonly { readonly place: number; readonly width: number; readonly written: boolean }[];
  readonly shared: readonly number[];
}

/** A loop of less work than this, in about nanoseconds, is left to one thread: a meeting takes its time, too. */
const WORTH_DIVIDING = 5000;
/** A plan of less is run by the thread that asks. */
const WORTH_CALLING = 50_000;
/** What other threads have just written has to be used so often, to be worth the way from their caches. */
const WORTH_FETCHING = 64;

function workOf(work: Work): number {
  if (work.kind === "product") return (work.sizes.m * work.sizes.n * work.sizes.k) / 4;
  if (work.kind === "pack") return work.sizes.n * work.sizes.k;
  return work.rows * work.columns * (work.kind === "chain" ? work.chain.steps.length : 1);
}

/** Whether a list is long enough for several threads, and has something for them. */
export const pays = (list: readonly Work[]): boolean =>
  list.reduce((sum, work) => sum + workOf(work), 0) > WORTH_CALLING && divisionsOf(list).some((one) => one?.worth);

/** The division of each loop, in the light of the others: how many rows they have, and what of its operands they write. */
function divisionsOf(list: readonly Work[]): (Division | undefined)[] {
  const heights = list.map((work) => (work.kind === "product" && !work.sizes.transposeA ? work.sizes.m : 0));
  const height = Math.max(...heights);
  const fresh = new Set<number>();
  return list.map((work) => {
    const division = divisionOf(work, height, fresh);
    for (const place of work.places.slice(work.kind === "chain" ? -work.chain.outputs.length : -1)) fresh.add(place);
    return division;
  });
}

/** How the places of a chain are read and written. */
const accessesOf = ({ inputs, outputs }: Chain): Access[] => [
  ...inputs.filter((access) => typeof access !== "number"),
  ...outputs.map(() => "each" as const),
];

/** Rows of C or of a chain, columns of a sum; nothing where it does not pay. `height` is how many rows others have. */
function divisionOf(work: Work, height: number, fresh: ReadonlySet<number>): Division | undefined {
  const worth = workOf(work) >= WORTH_DIVIDING;
  if (work.kind === "pack") {
    return work.sizes.m < WORTH_FETCHING ? undefined : { worth, units: work.sizes.n >> 2, grain: 1 };
  }
  if (work.kind === "sumRows") return work.columns < 16 ? undefined : { worth, units: work.columns, grain: 8 };
  if (work.kind === "product") {
    const { m, n, k, transposeA } = work.sizes;
    const [a, b, c] = work.places;
    const shared = transposeA ? [a, b] : [b];
    const uses = transposeA ? Math.min(m, k) : m;
    if (m < 8 || (uses < WORTH_FETCHING && shared.some((place) => fresh.has(place)))) return undefined;
    if (work.stacked) return { worth, units: m, grain: 4 };
    const own = [
      ...(transposeA ? [] : [{ place: a, width: k, written: false }]),
      { place: c, width: n, written: true },
    ];
    return { worth, units: m, grain: 4, rows: { own, shared } };
  }
  if (work.kind === "gap") {
    const { columns, joined, places } = work;
    const units = work.rows << joined;
    const own = places.map((place, i) => ({ place, width: (i < 2 ? columns : MARKS) >> joined, written: i === 2 }));
    return units < 8 ? undefined : { worth, units, grain: 4, rows: { own, shared: [] } };
  }
  const { rows, columns, chain, places } = work;
  const size = rows * columns;
  const units = rows > 1 ? rows : height;
  // A thread's part of a chain without rows has two entries or more.
  if (units < 8 || size % units !== 0) return { worth, units: rows > 1 ? rows : columns >> 1, grain: 1 };
  const accesses = accessesOf(chain);
  const width = size / units;
  const whole = (access: Access): boolean => access === "row" || access === "one";
  const own = accesses.flatMap((access, i) => {
    const written = i >= accesses.length - chain.outputs.length;
    return whole(access) ? [] : [{ place: places[i], width: access === "column" ? 1 : width, written }];
  });
  return { worth, units, grain: 4, rows: { own, shared: places.filter((_, i) => whole(accesses[i])) } };
}

/** A call for the units `from` to `to` of a loop. */
function partOf(
  { formOf, address }: Caller,
  work: Work,
  { units, rows: aligned }: Division,
  [from, to]: readonly Code[],
): Code {
  const beyond = (n: number, steps: Code, distance: number): Code =>
    plusInteger(address(n), timesInteger(steps, integer(8 * distance)));
  const form = formOf(work);
  const count = minusInteger(to, from);
  if (work.kind === "sumRows") return call(form, ...work.places.map((place) => beyond(place, from, 1)), count);
  if (work.kind === "product") {
    const { n, k, transposeA } = work.sizes;
    const [a, b, c] = work.places;
    const own = [beyond(a, from, transposeA ? 1 : k), address(b), beyond(c, from, n)];
    return call(form, ...own, count);
  }
  if (work.kind === "pack") {
    const { k, transposeB } = work.sizes;
    const [b, panels] = work.places;
    return call(
      form,
      beyond(b, from, transposeB ? 4 * k : 4),
      beyond(panels, from, 4 * k),
      count,
      sameInteger(to, integer(units)),
    );
  }
  if (work.kind === "gap") {
    const { columns, joined } = work;
    const [x, y, out] = work.places;
    return call(
      form,
      ...[x, y].map((place) => beyond(place, from, columns >> joined)),
      ...[beyond(out, from, MARKS >> joined), dividedBy(joined, count)],
    );
  }
  const { chain, rows: height, columns } = work;
  const { rows, pairs, odd } = extentOf(height, columns);
  const accesses = accessesOf(chain);
  // How many entries a unit has: those of a row, or two.
  const width = aligned || height > 1 ? (height * columns) / units : 2;
  const distance = (access: Access): number => (access === "each" ? width : access === "column" ? 1 : 0);
  const moved = work.places.map((place, i) => beyond(place, from, distance(accesses[i])));
  if (height > 1) return call(form, ...moved, count, integer(pairs), integer(odd));
  if (!aligned) {
    const last = odd ? sameInteger(to, integer(pairs)) : integer(0);
    return call(form, ...moved, integer(rows), count, last);
  }
  const entries = timesInteger(count, integer(width));
  return call(form, ...moved, integer(rows), dividedBy(1, entries), remainderBy(1, entries));
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
  caller: Caller,
  list: readonly Work[],
  meet: number,
): void {
  const divisions = divisionsOf(list);
  const [from, to] = [scope.integer(), scope.integer()];
  const pause = call(meet, get(part), get(parts));
  const smallest = (local: number, most: number): Code => [
    select(lessInteger(get(local), integer(most)), get(local), integer(most)),
    set(local),
  ];
  let since: "nothing" | "alone" | "other" | Apart = "nothing";
  for (const [i, work] of list.entries()) {
    const division = divisions[i];
    const goesOn =
      division?.rows !== undefined &&
      typeof since === "object" &&
      since.units === division.units &&
      goesWith(division.rows, since);
    if (!division || !(division.worth || (division.rows && since !== "alone"))) {
      // One thread does what is small and has no rows that others have already; it need not meet the others between two of these.
      if (since !== "nothing" && since !== "alone") scope.write(pause);
      scope.write(when(sameInteger(get(part), integer(0)), caller.whole(work)));
      since = "alone";
      continue;
    }
    const { units, grain, rows } = division;
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
    scope.write(when(lessInteger(get(from), get(to)), partOf(caller, work, division, [get(from), get(to)])));
    if (rows === undefined || typeof since !== "object") continue;
    for (const { place, width, written } of rows.own) {
      since.widths.set(place, width);
      if (written) since.written.add(place);
    }
    for (const place of rows.shared) since.shared.add(place);
  }
  if (since !== "nothing") scope.write(pause);
}
