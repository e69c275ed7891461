// How are exp and tanh of many numbers computed in WebAssembly?

import { elementaryModule } from "./elementary-kernels.js";
import { type Instance, instantiate, webAssemblyIsWanted } from "./engine.js";

/** So many numbers are computed at a time. */
const PART = 65536;
const RESULTS = PART;
const OUTSIDE = 2 * PART;

type Name = "exp" | "tanh";

let instance: Instance<Name> | null | undefined;

/**
 * out = f(x) entry by entry. False, and nothing is written, where there is no WebAssembly, it is not wanted, or a number is
 * NaN or so large that f is computed in another way.
 */
export function elementaryInWebAssembly(name: Name, out: Float64Array, x: Float64Array): boolean {
  if (!webAssemblyIsWanted() || x.length > PART) return false;
  if (instance === undefined) instance = instantiate(elementaryModule(), OUTSIDE + 2, RESULTS) ?? null;
  if (instance === null) return false;
  const { memory, run, results } = instance;
  memory.set(x);
  memory[x.length] = 0; // an odd number of them needs a partner
  run[name](8 * RESULTS, 0, (x.length + 1) >> 1, 8 * OUTSIDE);
  if (memory[OUTSIDE] !== 0 || memory[OUTSIDE + 1] !== 0) return false;
  out.set(results(x.length));
  return true;
}
