// How are exponentials summed and compared without overflow?
import { apply1, type Primitive } from "../tape/index.js";
import { normalizeAxis, type Tensor } from "../tensor/index.js";
import { logSumExpRows } from "../typed-array-ops/index.js";
import { div, mul, sub } from "./arithmetic.js";
import { exp } from "./elementary.js";
import { max } from "./extrema.js";
import { expandDims } from "./layout.js";
import { type Axes, type ReductionOptions, rowsOf, sum } from "./reductions.js";
import { stopGradient } from "./selection.js";
import { type TensorLike, toTensor } from "./words.js";

/** y = log Σ exp x of each row of a matrix: ∂y/∂x = softmax x. */
export const logSumExpPrimitive: Primitive<void, "logSumExp"> = {
  name: "logSumExp",
  shapes: ([[m]]) => [[m]],
  kernel:
    ([[, n]]) =>
    ([out], [x]) =>
      logSumExpRows(out, x, n),
  vjp: ([g], _, [x]) => [mul(expandDims(g as Tensor, 1), softmax(x))],
  jvp: ([dx], _, [x]) => [dx && sum(mul(softmax(x), dx), 1)],
};

/**
 * log Σ exp x over the given axes, or over all, without overflow; −∞ of nothing.
 *
 * @throws DomainError if an axis does not exist or is named twice.
 * @example logSumExp(tensor([[1000, 1000], [0, -40]]), 1).toArray() // → [1000.6931471805599, 4.248354255291589e-18]
 */
export function logSumExp(x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor {
  const { rows, finish } = rowsOf("logSumExp", x, axes, options);
  return finish(apply1(logSumExpPrimitive, [rows], undefined));
}

/** x − max x along an axis: softmax and logSoftmax do not change when all entries do by the same amount. */
function shifted(operation: string, x: TensorLike, axis: number): { from: Tensor; along: number } {
  const from = toTensor(operation, x);
  const along = normalizeAxis(operation, axis, from.shape.length);
  if (from.shape[along] === 0) return { from, along };
  return { from: sub(from, max(stopGradient(from), along, { keepDims: true })), along };
}

/**
 * exp xᵢ / Σⱼ exp xⱼ along an axis, by default the last, without overflow.
 *
 * @throws DomainError if the axis does not exist.
 * @example softmax(tensor([1000, 1000, -1000])).toArray() // → [0.5, 0.5, 0]
 */
export function softmax(x: TensorLike, axis = -1): Tensor {
  const { from, along } = shifted("softmax", x, axis);
  const powers = exp(from);
  return div(powers, sum(powers, along, { keepDims: true }));
}

/**
 * log softmax x = x − log Σ exp x along an axis, by default the last, also where softmax is 0 in rounding.
 *
 * @throws DomainError if the axis does not exist.
 * @example logSoftmax(tensor([0, -1000])).toArray() // → [0, -1000]
 */
export function logSoftmax(x: TensorLike, axis = -1): Tensor {
  const { from, along } = shifted("logSoftmax", x, axis);
  return sub(from, logSumExp(from, along, { keepDims: true }));
}
