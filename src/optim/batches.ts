// How is data dealt out in random batches?
import {
  checkCount,
  checkFunction,
  checkOptions,
  DomainError,
  flattenTree,
  mapTree,
  Random,
  ShapeError,
  showShapes,
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

/** How far a pass is. */
export interface BatchProgress {
  /** Batches done. */
  readonly batch: number;
  /** Batches in the pass. */
  readonly batches: number;
  /** Rows done. */
  readonly rows: number;
  /** Rows in the pass. */
  readonly of: number;
}

export interface BatchOptions {
  readonly size: number;
  readonly random?: Random;
  /** Leave out the last batch if it is smaller; default false. */
  readonly dropLast?: boolean;
  /** Called when the next batch is asked for, and after the last one. If it throws, the pass ends. */
  readonly onProgress?: (progress: BatchProgress) => void;
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
export function batches<T>(data: T, options: BatchOptions): Generator<T> {
  checkOptions("batches", options ?? {}, ["size", "random", "dropLast", "onProgress"]);
  checkCount("batches", "size", options?.size);
  if (options.random !== undefined && !(options.random instanceof Random)) {
    throw new DomainError(`batches: expected random to be a random stream, for instance random(0)`);
  }
  if (typeof (options.dropLast ?? false) !== "boolean") {
    throw new DomainError(`batches: expected dropLast to be true or false, received ${String(options.dropLast)}`);
  }
  if (options.onProgress !== undefined) checkFunction("batches: onProgress", options.onProgress);
  const { leaves } = flattenTree("batches", data);
  if (leaves.length === 0) throw new ShapeError("batches: expected at least one tensor, received none");
  const [rows] = leaves[0].shape;
  for (const { shape } of leaves) {
    if (shape.length === 0 || shape[0] !== rows) {
      throw new ShapeError(`batches: expected tensors with one number of rows, received ${showShapes(leaves)}`);
    }
  }
  const order = options.random?.permutation(rows) ?? Array.from({ length: rows }, (_, i) => i);
  return deal(data, order, options);
}

function* deal<T>(data: T, order: readonly number[], { size, dropLast, onProgress }: BatchOptions): Generator<T> {
  const of = dropLast ? order.length - (order.length % size) : order.length;
  const count = Math.ceil(of / size);
  for (let batch = 0; batch < count; batch++) {
    const rows = Math.min((batch + 1) * size, of);
    const indices = order.slice(batch * size, rows);
    yield mapTree((x) => rowsOf(x, indices), data);
    onProgress?.({ batch: batch + 1, batches: count, rows, of });
  }
}
