// How do the loops of a plan become functions over one memory?
import { type Chain, chainFunction, extentOf } from "./chain.js";
import { type ProductSizes, productFunction, scratchOf, sumRowsFunction } from "./dense.js";
import { assemble, type Code, type FunctionSource } from "./encoding.js";
import { type Engine, instantiate } from "./engine.js";
import { call, integer, makeFunction } from "./instructions.js";
import type { Lanes } from "./lanes.js";

export type { Access, Chain, ChainStep } from "./chain.js";
export type { ProductSizes } from "./dense.js";
export { webAssemblyIsWanted } from "./engine.js";

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
  const known = new Map<string, number>();
  const place = (key: string, write: (name: string) => FunctionSource): number => {
    let found = known.get(key);
    if (found === undefined) {
      found = functions.push(write(`f${functions.length}`)) - 1;
      known.set(key, found);
    }
    return found;
  };
  const lanes = new Map<Lanes, number>();
  const idOf = (one: Lanes): number => {
    if (!lanes.has(one)) lanes.set(one, lanes.size);
    return lanes.get(one) as number;
  };
  const bytes = (n: number): Code => integer(8 * n);
  let scratch = 0;

  function callOf(work: Work): Code {
    const places = work.places.map(bytes);
    if (work.kind === "sumRows") {
      const { rows, columns } = work;
      const at = place(`sum ${rows} ${columns}`, (name) => sumRowsFunction(name, rows, columns));
      return call(at, ...places, integer(columns));
    }
    if (work.kind === "product") {
      const { sizes } = work;
      const { m, n, k, transposeA, transposeB } = sizes;
      scratch = Math.max(scratch, scratchOf(sizes));
      const at = place(`product ${[m, n, k, transposeA, transposeB]}`, (name) => productFunction(name, sizes));
      return call(at, ...places, integer(m), bytes(numbers));
    }
    const { chain } = work;
    const steps = chain.steps.map(({ lanes: one, inputs }) => `${idOf(one)}:${inputs}`);
    const inputs = chain.inputs.map((access) => (Object.is(access, -0) ? "-0" : access));
    const at = place(`chain ${inputs} | ${steps.join(" ")} | ${chain.outputs}`, (name) => chainFunction(name, chain));
    const { rows, pairs, odd } = extentOf(work.rows, work.columns);
    return call(at, ...places, integer(rows), integer(pairs), integer(odd));
  }

  const bodies = lists.map((list) => list.map(callOf));
  const roots = bodies.map((body, i) => makeFunction(`run${i}`, 0, (scope) => scope.write(...body)));
  // 2 numbers more: a pair may reach over the end.
  const made = instantiate<string>(assemble([...functions, ...roots]), numbers + scratch + 2, 0, engine);
  return made && { memory: made.memory, run: roots.map(({ name }) => made.run[name]) };
}
