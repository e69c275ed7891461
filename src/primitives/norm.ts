// How long is a vector, and in which direction does its length grow?
import { apply1, type Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import { normRows } from "../typed-array-ops/index.js";
import { div, mul } from "./arithmetic.js";
import { equal } from "./comparisons.js";
import { expandDims } from "./layout.js";
import { type Axes, type ReductionOptions, rowsOf, sum } from "./reductions.js";
import { where } from "./selection.js";
import type { TensorLike } from "./words.js";

/** x/‖x‖ for each row, and 0 where the row is 0. */
function direction(x: Tensor, y: Tensor): Tensor {
  const length = expandDims(y, 1);
  const none = equal(length, 0);
  return where(none, 0, div(x, where(none, 1, length)));
}

/** y = ‖x‖ of each row of a matrix: ∂y/∂x = x/‖x‖, which is taken as 0 at 0. */
export const normPrimitive: Primitive<void, "norm"> = {
  name: "norm",
  shapes: ([[m]]) => [[m]],
  kernel:
    ([[, n]]) =>
    ([out], [x]) =>
      normRows(out, x, n),
  vjp: ([g], [y], [x]) => [mul(expandDims(g as Tensor, 1), direction(x, y))],
  jvp: ([dx], [y], [x]) => [dx && sum(mul(direction(x, y), dx), 1)],
};

/**
 * The Euclidean norm √(Σ x²) over the given axes, or over all, without overflow or underflow of the squares. Its
 * derivatives at 0 are taken as 0.
 *
 * @throws DomainError if an axis does not exist or is named twice.
 * @example norm(tensor([[3, 4], [3e300, 4e300]]), 1).toArray() // → [5, 5e300]
 */
export function norm(x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor {
  const { rows, finish } = rowsOf("norm", x, axes, options);
  return finish(apply1(normPrimitive, [rows], undefined));
}
