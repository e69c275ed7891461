// How are exp and tanh of many numbers computed in WebAssembly?
import { chainFunction, extentOf } from "./chain.js";
import { assemble, type FunctionSource } from "./encoding.js";
import { type Instance, instantiate, webAssemblyIsWanted } from "./engine.js";
import { expLanes, type Lanes, tanhLanes } from "./lanes.js";

/** So many numbers are computed at a time. */
const PART = 65536;

type Name = "exp" | "tanh";

let instance: Instance<Name> | null | undefined;

const alone = (name: Name, lanes: Lanes): readonly [Name, FunctionSource] => [
  name,
  chainFunction({ inputs: ["each"], steps: [{ lanes, inputs: [0] }], outputs: [1] }),
];

/** out = f(x) entry by entry. False, and nothing is written, where there is no WebAssembly or it is not wanted. */
export function elementaryInWebAssembly(name: Name, out: Float64Array, x: Float64Array): boolean {
  const n = x.length;
  if (!webAssemblyIsWanted() || n === 0 || n > PART) return false;
  if (instance === undefined) {
    instance = instantiate<Name>(assemble([alone("exp", expLanes), alone("tanh", tanhLanes)]), 2 * PART, PART) ?? null;
  }
  if (instance === null) return false;
  const { memory, run, results } = instance;
  memory.set(x);
  if (n === 1) memory[1] = 0;
  const { rows, pairs, odd } = extentOf(1, n);
  run[name](0, 8 * PART, rows, pairs, odd);
  out.set(results(n));
  return true;
}
