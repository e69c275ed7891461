// How do the loops of a plan become functions over one memory?
import { type Chain, chainFunction, extentOf } from "./chain.js";
import { type ProductSizes, productFunction, scratchOf, sumRowsFunction } from "./dense.js";
import { assemble, type Code, type FunctionSource } from "./encoding.js";
import { type Engine, instantiate } from "./engine.js";
import {
  call,
  get,
  integer,
  lessInteger,
  makeFunction,
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
import type { Lanes } from "./lanes.js";
import { currentTeam, meeting, sharedPages, type Team } from "./team.js";

export type { Access, Chain, ChainStep } from "./chain.js";
export type { ProductSizes } from "./dense.js";

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
      /** Where A, B and C stand. */
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
}

/** A loop of less work than this, in about nanoseconds, is left to one thread: a meeting takes some hundred. */
const WORTH_DIVIDING = 5000;
/** A plan of less is run by the thread that asks. */
const WORTH_CALLING = 50_000;

function workOf(work: Work): number {
  if (work.kind === "product") return (work.sizes.m * work.sizes.n * work.sizes.k) / 4;
  return work.rows * work.columns * (work.kind === "chain" ? work.chain.steps.length : 1);
}

/** Rows of C, rows or pairs of a chain, columns of a sum; nothing where it does not pay. */
function divisionOf(work: Work): Division | undefined {
  if (workOf(work) < WORTH_DIVIDING) return undefined;
  if (work.kind === "product") return work.sizes.m < 8 ? undefined : { units: work.sizes.m, grain: 4 };
  if (work.kind === "sumRows") return work.columns < 16 ? undefined : { units: work.columns, grain: 8 };
  return { units: work.rows > 1 ? work.rows : work.columns >> 1, grain: 1 };
}

/** Code that calls the function of a loop for all of it, and for what stands in `from` to `to`. */
interface Calls {
  readonly whole: Code;
  part(from: Code, to: Code, part: Code): Code;
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
    if (work.kind === "product") {
      const { sizes } = work;
      const { m, n, k, transposeA, transposeB } = sizes;
      const [a, b, c] = work.places;
      const form = place(`product ${[m, n, k, transposeA, transposeB]}`, () => productFunction(sizes));
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
    const accesses = [
      ...chain.inputs.filter((access) => typeof access !== "number"),
      ...chain.outputs.map(() => "each"),
    ];
    const flat = rows === 1;
    /** How far a place moves from one row, or from one pair, to the next. */
    const distance = (access: string | number): number =>
      access === "each" ? (flat ? 2 : columns) : access === "column" ? 1 : 0;
    return {
      whole: call(form, ...work.places.map(bytes), ...counts),
      part(from, to) {
        const moved = work.places.map((one, i) => beyond(one, from, distance(accesses[i])));
        if (!flat) return call(form, ...moved, minusInteger(to, from), ...counts.slice(1));
        const last = odd ? sameInteger(to, integer(pairs)) : integer(0);
        return call(form, ...moved, counts[0], minusInteger(to, from), last);
      },
    };
  }

  const calls = lists.map((list) => list.map((work) => ({ ...callsOf(work), division: divisionOf(work) })));
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

/** All loops of a list by all parts, who meet where one reads what others wrote. */
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
  let single = false;
  for (const { whole, part: partOf, division } of list) {
    if (division === undefined) {
      // One thread does what is small; it need not meet the others between two of these.
      scope.write(when(sameInteger(get(part), integer(0)), whole));
      single = true;
      continue;
    }
    const { units, grain } = division;
    const chunks = integer(Math.ceil(units / grain));
    const rounded = plusInteger(chunks, minusInteger(get(parts), integer(1)));
    const each = timesInteger(quotientOfIntegers(rounded, get(parts)), integer(grain));
    if (single) scope.write(pause);
    single = false;
    scope.write(
      [timesInteger(get(part), each), set(from), plusInteger(get(from), each), set(to)],
      [smallest(from, units), smallest(to, units)],
      when(lessInteger(get(from), get(to)), partOf(get(from), get(to), get(part))),
      pause,
    );
  }
  if (single) scope.write(pause);
}
