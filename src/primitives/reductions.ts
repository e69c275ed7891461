// How are entries summed, averaged and multiplied over axes?
import { checkOptions, normalizeAxes, type Shape, sizeOf, type Tensor } from "../tensor/index.js";
import { div, mul, square, sub } from "./arithmetic.js";
import { concat, slice } from "./blocks.js";
import { broadcastTo, sumTo } from "./broadcasting.js";
import { reshape, transpose } from "./layout.js";
import { type TensorLike, toTensor } from "./words.js";

export interface ReductionOptions {
  /** Keep the reduced axes with size 1. */
  readonly keepDims?: boolean;
}

/** Which axes are reduced, counted from the end if negative; undefined stands for all. */
export type Axes = number | readonly number[] | undefined;

/** What a reduction is asked to do: which axes go, how many entries each result is made of, and the shapes it may have. */
function reduction(operation: string, x: TensorLike, axes: Axes, options: ReductionOptions) {
  const from = toTensor(operation, x);
  checkOptions(operation, options, ["keepDims"]);
  const { shape } = from;
  const reduced = normalizeAxes(operation, axes, shape.length);
  const kept = shape.map((n, axis) => (reduced.includes(axis) ? 1 : n));
  const dropped = shape.filter((_, axis) => !reduced.includes(axis));
  return {
    from,
    reduced,
    kept,
    count: sizeOf(reduced.map((axis) => shape[axis])),
    finish: (y: Tensor): Tensor => reshape(y, options.keepDims ? kept : dropped),
  };
}

/**
 * x as a matrix with one row for each result of a reduction, `rows`, and the way back from one entry per row to a tensor.
 * Entries of a row are in the order of x.
 */
export function rowsOf(
  operation: string,
  x: TensorLike,
  axes: Axes,
  options: ReductionOptions,
): { rows: Tensor; finish(y: Tensor): Tensor } {
  const { from, reduced, count, finish } = reduction(operation, x, axes, options);
  const others = from.shape.flatMap((_, axis) => (reduced.includes(axis) ? [] : [axis]));
  const shape: Shape = [sizeOf(others.map((axis) => from.shape[axis])), count];
  return { rows: reshape(transpose(from, [...others, ...reduced]), shape), finish };
}

/**
 * The sum over the given axes, or over all.
 *
 * @throws DomainError if an axis does not exist or is named twice.
 * @example sum(tensor([[1, 2], [3, 4]]), 0).toArray() // → [4, 6]
 */
export function sum(x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor {
  const { from, kept, finish } = reduction("sum", x, axes, options);
  return finish(sumTo(from, kept));
}

/**
 * The mean over the given axes, or over all.
 *
 * @throws DomainError if an axis does not exist or is named twice.
 * @example mean(tensor([[1, 2], [3, 4]]), 1).toArray() // → [1.5, 3.5]
 */
export function mean(x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor {
  const { from, kept, count, finish } = reduction("mean", x, axes, options);
  return div(finish(sumTo(from, kept)), count);
}

/**
 * The population variance Σ (x − x̄)²/n over the given axes, or over all. The mean x̄ is computed first, and what
 * its rounding left in the deviations is taken off: a large common offset costs no digits, in the derivative either.
 *
 * @throws DomainError if an axis does not exist or is named twice.
 * @example variance(tensor([[1, 3], [1e9, 1e9]]), 1).toArray() // → [1, 0]
 */
export function variance(x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor {
  const { from, kept, count, finish } = reduction("variance", x, axes, options);
  const deviation = (y: Tensor): Tensor => sub(y, div(sumTo(y, kept), count));
  return div(finish(sumTo(square(deviation(deviation(from))), kept)), count);
}

/**
 * The product over the given axes, or over all; 1 of nothing. Neighbours are multiplied, then the products of
 * neighbours, and so on: no rule divides, so the derivative is right where entries are 0.
 *
 * @throws DomainError if an axis does not exist or is named twice.
 * @example prod(tensor([[1, 2], [3, 4]]), 0).toArray() // → [3, 8]
 * @example grad((x) => prod(x))(tensor([2, 0, 5])).toArray() // → [0, 10, 0]
 */
export function prod(x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor {
  const { rows, finish } = rowsOf("prod", x, axes, options);
  const [m, n] = rows.shape;
  if (n === 0) return finish(broadcastTo(1, [m]));
  let factors = rows;
  for (let left = n; left > 1; left = Math.ceil(left / 2)) {
    const pairs = 2 * Math.floor(left / 2);
    const every = (first: number): Tensor => slice(factors, [0, first], [m, pairs], [1, 2]);
    const products = mul(every(0), every(1));
    factors = pairs === left ? products : concat([products, slice(factors, [0, pairs], [m, left])], 1);
  }
  return finish(reshape(factors, [m]));
}
