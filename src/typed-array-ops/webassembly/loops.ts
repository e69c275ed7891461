// Which function computes a piece of a plan, and how is it called?
import { type Chain, chainFunction, extentOf } from "./chain.js";
import { gapFunction, type ProductSizes, packFunction, productFunction, sumRowsFunction } from "./dense.js";
import type { Code, FunctionSource } from "./encoding.js";
import { call, integer } from "./instructions.js";
import type { Lanes } from "./lanes.js";

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
      readonly stacked: boolean;
      /** Where B stands, and where its panels will. */
      readonly places: readonly number[];
    }
  | {
      readonly kind: "sumRows";
      readonly rows: number;
      readonly columns: number;
      readonly places: readonly number[];
    }
  | {
      readonly kind: "gap";
      readonly rows: number;
      readonly columns: number;
      /** A row is 2ⁿ rows of other loops. */
      readonly joined: number;
      /** Where two matrices stand, and what is told of each row of their difference. */
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

/** The functions of a module, and the calls of them. */
export interface Caller {
  readonly functions: readonly FunctionSource[];
  /** The place in the module of the function of a loop. Loops of the same form share it. */
  formOf(work: Work): number;
  /** The address of a number. */
  address(n: number): Code;
  /** A call for all of a loop. */
  whole(work: Work): Code;
}

/** For a plan whose numbers begin at `start`. */
export function makeCaller(start: number): Caller {
  const functions: FunctionSource[] = [];
  const places = new Map<string, number>();
  function place(key: string, write: () => FunctionSource): number {
    let found = places.get(key);
    if (found === undefined) {
      found = functions.push(known(key, write)) - 1;
      places.set(key, found);
    }
    return found;
  }
  function formOf(work: Work): number {
    switch (work.kind) {
      case "sumRows":
        return place(`sum ${work.rows} ${work.columns}`, () => sumRowsFunction(work.rows, work.columns));
      case "gap":
        return place(`gap ${work.columns}`, () => gapFunction(work.columns));
      case "pack": {
        const { n, k, transposeB } = work.sizes;
        return place(`pack ${[n, k, transposeB]}`, () => packFunction(work.sizes));
      }
      case "product": {
        const { m, n, k, transposeA, transposeB, packed = false } = work.sizes;
        return place(`product ${[m, n, k, transposeA, transposeB, packed]}`, () => productFunction(work.sizes));
      }
      case "chain": {
        const { chain } = work;
        const steps = chain.steps.map(({ lanes, inputs }) => `${idOf(lanes)}:${inputs}`);
        const inputs = chain.inputs.map((access) => (Object.is(access, -0) ? "-0" : access));
        return place(`chain ${inputs} | ${steps.join(" ")} | ${chain.outputs}`, () => chainFunction(chain));
      }
    }
  }
  const address = (n: number): Code => integer(8 * (start + n));
  /** What a function is told beside the places. */
  function counts(work: Work): readonly Code[] {
    switch (work.kind) {
      case "sumRows":
        return [integer(work.columns)];
      case "gap":
        return [integer(work.rows)];
      case "pack":
        return [integer(work.sizes.n >> 2), integer(1)];
      case "product":
        return [integer(work.sizes.m)];
      case "chain": {
        const { rows, pairs, odd } = extentOf(work.rows, work.columns);
        return [rows, pairs, odd].map(integer);
      }
    }
  }
  return {
    functions,
    formOf,
    address,
    whole: (work) => call(formOf(work), ...work.places.map(address), ...counts(work)),
  };
}
