// What are the plans of those who iterate over a window, where most of their arguments stay?
import { jvp } from "../calculus/index.js";
import { add, matmul, reshape } from "../primitives/index.js";
import { type Held, holdPlan } from "../readings/index.js";
import { trace } from "../tape/index.js";
import { type Tensor, tracedTensor } from "../tensor/index.js";
import type { Field } from "./field.js";

export interface WindowPlans {
  /** φ. Inputs: z, nodewise arguments, θ; levels: z; nodewise arguments. */
  readonly again: Held;
  /** b + A φ, which may become z, and φ. Inputs: z, b, nodewise arguments, A, θ; levels: z; b and nodewise arguments. */
  readonly summed: Held;
  /** (∂φ/∂z) v. Inputs: v, then those of φ; levels: v; z and nodewise arguments. */
  readonly tangent: Held;
  /** A (∂φ/∂z) v. Inputs: v, z, nodewise arguments, A, θ; levels: v; z and nodewise arguments. */
  readonly summedTangent: Held;
}

type Tensors = readonly Tensor[];

/** For a window of as many nodes as z and the nodewise arguments have rows. */
export function planWindow(field: Field, z: Tensor, nodewise: Tensors, theta: Tensors): WindowPlans {
  const [size] = z.shape;
  const square = tracedTensor([size, size]);
  const own = 1 + nodewise.length;
  const times = (weights: Tensor, y: Tensor): Tensor => reshape(matmul(weights, reshape(y, [size, -1])), y.shape);
  const sums = (state: Tensor, past: Tensor, a: Tensors, weights: Tensor, b: Tensors): Tensor[] => {
    const slopes = field(state, a, b);
    return [add(past, times(weights, slopes)), slopes];
  };
  const along = (v: Tensor, state: Tensor, a: Tensors, b: Tensors): Tensor =>
    jvp((x: Tensor) => field(x, a, b), [state], [v]).tangent;
  const alongSums = (v: Tensor, state: Tensor, a: Tensors, weights: Tensor, b: Tensors): Tensor =>
    times(weights, along(v, state, a, b));
  return {
    again: holdPlan(() => trace(field, z, nodewise, theta), [1, own]),
    summed: holdPlan(() => trace(sums, z, z, nodewise, square, theta), [1, 1 + own], 1),
    tangent: holdPlan(() => trace(along, z, z, nodewise, theta), [1, 1 + own]),
    summedTangent: holdPlan(() => trace(alongSums, z, z, nodewise, square, theta), [1, 1 + own]),
  };
}
