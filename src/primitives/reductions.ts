// How are entries summed over axes?
import { checkOptions, normalizeAxes, type Shape, type Tensor } from "../tensor/index.js";
import { div } from "./arithmetic.js";
import { sumTo } from "./broadcasting.js";
import { reshape } from "./layout.js";
import { type TensorLike, toTensor } from "./words.js";

export interface ReductionOptions {
  /** Keep the reduced axes with size 1. */
  readonly keepDims?: boolean;
}

type Axes = number | readonly number[] | undefined;

function reducedShapes(operation: string, shape: Shape, axes: Axes) {
  const reduced = normalizeAxes(operation, axes, shape.length);
  return {
    kept: shape.map((n, axis) => (reduced.includes(axis) ? 1 : n)),
    dropped: shape.filter((_, axis) => !reduced.includes(axis)),
    count: reduced.reduce((product, axis) => product * shape[axis], 1),
  };
}

function reduce(
  operation: string,
  x: TensorLike,
  axes: Axes,
  options: ReductionOptions,
): { total: Tensor; count: number } {
  const from = toTensor(operation, x);
  checkOptions(operation, options, ["keepDims"]);
  const { kept, dropped, count } = reducedShapes(operation, from.shape, axes);
  const total = sumTo(from, kept);
  return { total: options.keepDims ? total : reshape(total, dropped), count };
}

/**
 * The sum over the given axes, or over all.
 *
 * @throws DomainError if an axis does not exist or is named twice.
 * @example sum(tensor([[1, 2], [3, 4]]), 0).toArray() // → [4, 6]
 */
export function sum(x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor {
  return reduce("sum", x, axes, options).total;
}

/**
 * The mean over the given axes, or over all.
 *
 * @throws DomainError if an axis does not exist or is named twice.
 * @example mean(tensor([[1, 2], [3, 4]]), 1).toArray() // → [1.5, 3.5]
 */
export function mean(x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor {
  const { total, count } = reduce("mean", x, axes, options);
  return div(total, count);
}
