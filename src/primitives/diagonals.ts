// What stands on the diagonal of a matrix, and on either side of it?
import { apply1 } from "../tape/index.js";
import { checkNumber, ShapeError, showShape, type Tensor } from "../tensor/index.js";
import { add } from "./arithmetic.js";
import { embedPrimitive, slice } from "./blocks.js";
import { broadcastTo } from "./broadcasting.js";
import { greater } from "./comparisons.js";
import { cumsum } from "./cumulative.js";
import { reshape, transpose } from "./layout.js";
import { where } from "./selection.js";
import { type TensorLike, toTensor } from "./words.js";

/** The entries of x at which the indices of two axes of equal size agree; they become the last axis. */
export function diagonal(x: Tensor, first: number, second: number): Tensor {
  const others = x.shape.flatMap((_, axis) => (axis === first || axis === second ? [] : [axis]));
  const outer = others.map((axis) => x.shape[axis]);
  const n = x.shape[first];
  // The square matrix in one row: its diagonal is every (n + 1)-th entry.
  const rows = reshape(transpose(x, [...others, first, second]), [...outer, n * n]);
  const starts = rows.shape.map(() => 0);
  return slice(rows, starts, rows.shape, [...outer.map(() => 1), n + 1]);
}

/**
 * The matrix with a vector on its diagonal and zeros elsewhere; the diagonal of a matrix, which need not be square.
 *
 * @throws ShapeError if x is neither a vector nor a matrix.
 * @example diag(tensor([1, 2])).toArray() // → [[1, 0], [0, 2]]
 * @example diag(tensor([[1, 2], [3, 4]])).toArray() // → [1, 4]
 */
export function diag(x: TensorLike): Tensor {
  const from = toTensor("diag", x);
  const { shape } = from;
  if (shape.length === 2) {
    const n = Math.min(...shape);
    return diagonal(slice(from, [0, 0], [n, n]), 0, 1);
  }
  if (shape.length !== 1) {
    throw new ShapeError(`diag: expected a vector or a matrix, received ${showShape(shape)}`);
  }
  const [n] = shape;
  const row = { starts: [0], steps: [n + 1], sizes: [n], whole: [n * n] };
  return reshape(apply1(embedPrimitive, [from], row), [n, n]);
}

/** The indices of the rows, as a column, and of the columns. Made from literals, so that they are no input of a program. */
function positions(operation: string, x: TensorLike, k: number) {
  const from = toTensor(operation, x);
  checkNumber(operation, "k", k, "an integer", Number.isSafeInteger);
  if (from.shape.length < 2) {
    throw new ShapeError(`${operation}: expected a matrix or a batch of them, received ${showShape(from.shape)}`);
  }
  const [m, n] = from.shape.slice(-2);
  return { from, i: cumsum(broadcastTo(1, [m, 1]), 0), j: cumsum(broadcastTo(1, [n]), 0) };
}

/**
 * The lower triangle of a matrix or of each of a batch: xᵢⱼ where j ≤ i + k, else 0.
 *
 * @throws ShapeError if x has fewer than two axes.
 * @example tril(tensor([[1, 2], [3, 4]])).toArray() // → [[1, 0], [3, 4]]
 */
export function tril(x: TensorLike, k = 0): Tensor {
  const { from, i, j } = positions("tril", x, k);
  return where(greater(j, add(i, k)), 0, from);
}

/**
 * The upper triangle of a matrix or of each of a batch: xᵢⱼ where j ≥ i + k, else 0.
 *
 * @throws ShapeError if x has fewer than two axes.
 * @example triu(tensor([[1, 2], [3, 4]]), 1).toArray() // → [[0, 2], [0, 0]]
 */
export function triu(x: TensorLike, k = 0): Tensor {
  const { from, i, j } = positions("triu", x, k);
  return where(greater(add(i, k), j), 0, from);
}
