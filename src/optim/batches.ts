// How is data dealt out in random batches?
import {
  checkCount,
  checkOptions,
  DomainError,
  flattenTree,
  mapTree,
  Random,
  ShapeError,
  showShape,
  sizeOf,
  Tensor,
} from "../tensor/index.js";

/** The rows of x with these indices. */
function rowsOf(x: Tensor, indices: readonly number[]): Tensor {
  const row = x.shape.slice(1);
  const width = sizeOf(row);
  const data = new Float64Array(indices.length * width);
  indices.forEach((index, i) => {
    data.set(x.data.subarray(index * width, (index + 1) * width), i * width);
  });
  return new Tensor([indices.length, ...row], data);
}

/**
 * One pass over the data in random order: batches of `size` rows of every tensor of the tree, the last one smaller if
 * the rows do not divide. Without `random` the order is kept.
 *
 * @shape tensors [rows, …] with one number of rows
 * @throws ShapeError if the numbers of rows differ.
 * @throws DomainError if size is not an integer ≥ 1.
 * @example [...batches(tensor([1, 2, 3]), { size: 2, random: random(0) })].map((b) => b.shape[0]) // → [2, 1]
 */
export function batches<T>(data: T, options: { readonly size: number; readonly random?: Random }): Generator<T> {
  checkOptions("batches", options ?? {}, ["size", "random"]);
  checkCount("batches", "size", options?.size);
  if (options.random !== undefined && !(options.random instanceof Random)) {
    throw new DomainError(`batches: expected random to be a random stream, for instance random(0)`);
  }
  const { leaves } = flattenTree("batches", data);
  if (leaves.length === 0) throw new ShapeError("batches: expected at least one tensor, received none");
  const [rows] = leaves[0].shape;
  for (const { shape } of leaves) {
    if (shape.length === 0 || shape[0] !== rows) {
      throw new ShapeError(
        `batches: expected tensors with one number of rows, received ${leaves.map((x) => showShape(x.shape)).join(", ")}`,
      );
    }
  }
  const order = options.random?.permutation(rows) ?? Array.from({ length: rows }, (_, i) => i);
  return deal(data, order, options.size);
}

function* deal<T>(data: T, order: readonly number[], size: number): Generator<T> {
  for (let start = 0; start < order.length; start += size) {
    const indices = order.slice(start, start + size);
    yield mapTree((x) => rowsOf(x, indices), data);
  }
}
