// How do the loops of a plan become functions over one memory?
import { type Chain, chainFunction, extentOf } from "./chain.js";
import { type ProductSizes, productFunction, scratchOf, sumRowsFunction } from "./dense.js";
import { assemble, type Code, type FunctionSource } from "./encoding.js";
import { type Engine, instantiate } from "./engine.js";
import { call, integer, makeFunction } from "./instructions.js";
import type { Lanes } from "./lanes.js";

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

/**
 * Compiles each list of loops to one function over a memory of so many numbers, and scratch after them; nothing where there is
 * no WebAssembly, or not so much memory. Loops of the same form share their code.
 */
export function makeResident(
  numbers: number,
  lists: readonly (readonly Work[])[],
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
  const bytes = (n: number): Code => integer(8 * n);
  let scratch = 0;

  function callOf(work: Work): Code {
    const at = work.places.map(bytes);
    if (work.kind === "sumRows") {
      const { rows, columns } = work;
      const form = place(`sum ${rows} ${columns}`, () => sumRowsFunction(rows, columns));
      return call(form, ...at, integer(columns));
    }
    if (work.kind === "product") {
      const { sizes } = work;
      const { m, n, k, transposeA, transposeB } = sizes;
      scratch = Math.max(scratch, scratchOf(sizes));
      const form = place(`product ${[m, n, k, transposeA, transposeB]}`, () => productFunction(sizes));
      return call(form, ...at, integer(m), bytes(numbers));
    }
    const { chain } = work;
    const steps = chain.steps.map(({ lanes: one, inputs }) => `${idOf(one)}:${inputs}`);
    const inputs = chain.inputs.map((access) => (Object.is(access, -0) ? "-0" : access));
    const form = place(`chain ${inputs} | ${steps.join(" ")} | ${chain.outputs}`, () => chainFunction(chain));
    const { rows, pairs, odd } = extentOf(work.rows, work.columns);
    return call(form, ...at, integer(rows), integer(pairs), integer(odd));
  }

  const bodies = lists.map((list) => list.map(callOf));
  const roots = bodies.map((body, i) => [`run${i}`, makeFunction(0, (scope) => scope.write(...body))] as const);
  const bytecode = assemble([...functions.map((source) => [undefined, source] as const), ...roots]);
  // 2 numbers more: a pair may reach over the end.
  const made = instantiate<string>(bytecode, numbers + scratch + 2, 0, engine);
  return made && { memory: made.memory, run: roots.map(([name]) => made.run[name]) };
}
