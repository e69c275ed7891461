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

function reducedShapes(operation: string, shape: Shape, axes: number | readonly number[] | undefined) {
  const reduced = normalizeAxes(operation, axes, shape.length);
  return {
    kept: shape.map((n, axis) => (reduced.includes(axis) ? 1 : n)),
    dropped: shape.filter((_, axis) => !reduced.includes(axis)),
    count: reduced.reduce((product, axis) => product * shape[axis], 1),
  };
}

/**
 * The sum over the given axes, or over all.
 *
 * @throws DomainError if an axis does not exist or is named twice.
 * @example sum(tensor([[1, 2], [3, 4]]), 0).toArray() // → [4, 6]
 */
export function sum(x: TensorLike, axes?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const from = toTensor("sum", x);
  checkOptions("sum", options, ["keepDims"]);
  const { kept, dropped } = reducedShapes("sum", from.shape, axes);
  const total = sumTo(from, kept);
  return options.keepDims ? total : reshape(total, dropped);
}

/**
 * The mean over the given axes, or over all.
 *
 * @throws DomainError if an axis does not exist or is named twice.
 * @example mean(tensor([[1, 2], [3, 4]]), 1).toArray() // → [1.5, 3.5]
 */
export function mean(x: TensorLike, axes?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const from = toTensor("mean", x);
  checkOptions("mean", options, ["keepDims"]);
  return div(sum(from, axes, options), reducedShapes("mean", from.shape, axes).count);
}
