// How do the loops of a plan become functions over one memory?
import { type Access, chainFunction, extentOf } from "./chain.js";
import { packFunction, productFunction, scratchOf, sumRowsFunction } from "./dense.js";
import { accessesOf, type Calls, divisionOf, together, WORTH_CALLING, type Work, workOf } from "./division.js";
import { assemble, type Code, type FunctionSource } from "./encoding.js";
import { type Engine, instantiate } from "./engine.js";
import {
  call,
  dividedBy,
  integer,
  makeFunction,
  minusInteger,
  plusInteger,
  remainderBy,
  sameInteger,
  timesInteger,
} from "./instructions.js";
import type { Lanes } from "./lanes.js";
import { currentTeam, meeting, sharedPages, type Team } from "./team.js";

export type { Access, Chain, ChainStep } from "./chain.js";
export { isPacked, type ProductSizes, packedSizeOf } from "./dense.js";
export type { Work } from "./division.js";

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
