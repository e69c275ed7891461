// How are entries chosen, and added to, by their indices?
//
// The primitives see x as [outer, n, inner], with n the size of the indexed axis, and a list of m indices. A tensor of
// indices is an input: a compiled program runs with others. Plain arrays of indices are parameters.
import { apply1, type Kernel, type Primitive } from "../tape/index.js";
import {
  around,
  checkCount,
  DomainError,
  describe,
  type Nested,
  type Shape,
  sizeOf,
  Tensor,
  tensor,
} from "../tensor/index.js";
import { findBadIndex, oneHotRows, scatterAlong, takeAlong } from "../typed-array-ops/index.js";
import { add } from "./arithmetic.js";
import { broadcastTo } from "./broadcasting.js";
import { reshape } from "./layout.js";
import { type TensorLike, toTensor } from "./words.js";

/** Integers, as a tensor, a number, or (nested) arrays; negative ones count from the end. They are not differentiated. */
export type Indices = Tensor | Nested | ArrayBufferView;

/** Indices that are known when the operation is called, as opposed to an input. */
interface Listed {
  readonly list?: readonly number[];
}

function checkIndices(operation: string, indices: ArrayLike<number>, n: number): void {
  const bad = findBadIndex(indices, n);
  if (bad < 0) return;
  const range = n === 0 ? "none" : `integers from ${-n} to ${n - 1}`;
  throw new DomainError(
    `${operation}: expected indices into an axis of size ${n}, which are ${range}, received ${indices[bad]} ` +
      `(index ${bad} of ${indices.length})`,
  );
}

/** A kernel whose last input is the indices, unless they are listed; they are checked at every run. */
function indexed(
  operation: string,
  n: number,
  { list }: Listed,
  run: (out: Float64Array, indices: Float64Array, x: Float64Array) => void,
): Kernel {
  const listed = list && Float64Array.from(list);
  return ([out], inputs) => {
    const indices = listed ?? inputs[inputs.length - 1];
    checkIndices(operation, indices, n);
    run(out, indices, inputs[0]);
  };
}

const countOf = (inputs: readonly Shape[], { list }: Listed): number => list?.length ?? inputs[inputs.length - 1][0];

/** y[a, j, b] = x[a, indices[j], b]; linear in x, and the transpose adds up what was taken from one place. */
export const takePrimitive: Primitive<Listed, "take"> = {
  name: "take",
  shapes: (inputs, listed) => [[inputs[0][0], countOf(inputs, listed), inputs[0][2]]],
  kernel: ([[, n, inner]], listed) =>
    indexed("take", n, listed, (out, indices, x) => takeAlong(out, x, indices, n, inner)),
  vjp: ([g], _, [x, ...indices], listed, [wanted]) => [
    wanted ? apply1(scatterAddPrimitive, [g as Tensor, ...indices], { ...listed, size: x.shape[1] }) : undefined,
    ...indices.map(() => undefined),
  ],
  jvp: ([dx], _, [, ...indices], listed) => [dx && apply1(takePrimitive, [dx, ...indices], listed)],
};

/** y[a, indices[j], b] = Σⱼ x[a, j, b], zero elsewhere: the transpose of take. */
export const scatterAddPrimitive: Primitive<Listed & { readonly size: number }, "scatterAdd"> = {
  name: "scatterAdd",
  shapes: ([[outer, , inner]], { size }) => [[outer, size, inner]],
  kernel: ([[, , inner]], parameters) =>
    indexed("scatterAdd", parameters.size, parameters, (out, indices, x) =>
      scatterAlong(out, x, indices, parameters.size, inner),
    ),
  vjp: ([g], _, [, ...indices], { size: _size, ...listed }, [wanted]) => [
    wanted ? apply1(takePrimitive, [g as Tensor, ...indices], listed) : undefined,
    ...indices.map(() => undefined),
  ],
  jvp: ([dx], _, [, ...indices], parameters) => [dx && apply1(scatterAddPrimitive, [dx, ...indices], parameters)],
};

/** y[j, k] = 1 where k = indices[j], else 0; indices have no derivative. */
export const oneHotPrimitive: Primitive<Listed & { readonly n: number }, "oneHot"> = {
  name: "oneHot",
  shapes: (inputs, parameters) => [[countOf(inputs, parameters), parameters.n]],
  kernel: (_, parameters) =>
    indexed("oneHot", parameters.n, parameters, (out, indices) => oneHotRows(out, indices, parameters.n)),
  vjp: (_g, _y, inputs) => inputs.map(() => undefined),
  jvp: () => [undefined],
};

/** Indices as what a primitive needs: an input or parameters, and the shape they have. */
function readIndices(operation: string, indices: Indices, n: number) {
  if (indices instanceof Tensor) {
    return { shape: indices.shape, inputs: [reshape(indices, [sizeOf(indices.shape)])], listed: {} };
  }
  const typed = ArrayBuffer.isView(indices) && !(indices instanceof DataView);
  if (typeof indices !== "number" && !Array.isArray(indices) && !typed) {
    throw new DomainError(
      `${operation}: expected indices as a tensor, an array or a number, received ${describe(indices)}`,
    );
  }
  const values = typed ? Array.from(indices as unknown as ArrayLike<number>) : indices;
  const { shape, data } = tensor(values as Nested);
  checkIndices(operation, data, n);
  return { shape, inputs: [], listed: { list: Array.from(data) } };
}

/**
 * The entries of x at the given indices along an axis, by default the first: the indexed axis is replaced by the axes of
 * the indices, of which a single number has none. Negative indices count from the end.
 *
 * @shape x […a, n, …b], indices […j] → […a, …j, …b]
 * @throws DomainError if an index is fractional or out of range.
 * @example take(tensor([[1, 2], [3, 4], [5, 6]]), [2, 0, -1]).toArray() // → [[5, 6], [1, 2], [5, 6]]
 * @example take(tensor([[1, 2], [3, 4], [5, 6]]), 1, 1).toArray() // → [2, 4, 6]
 */
export function take(x: TensorLike, indices: Indices, axis = 0): Tensor {
  const from = toTensor("take", x);
  const { before, n, after, blocks } = around("take", from.shape, axis);
  const { shape, inputs, listed } = readIndices("take", indices, n);
  const taken = apply1(takePrimitive, [reshape(from, blocks), ...inputs], listed);
  return reshape(taken, [...before, ...shape, ...after]);
}

/**
 * x with the updates added at the given indices along an axis, by default the first; updates for the same index add up,
 * in their order. Updates broadcast to the shape that `take(x, indices, axis)` has. With x = 0 it is the transpose of take.
 *
 * @shape x […a, n, …b], indices […j], updates […a, …j, …b] → […a, n, …b]
 * @throws DomainError if an index is fractional or out of range.
 * @throws ShapeError if the updates do not broadcast.
 * @example scatterAdd(tensor([1, 1, 1]), [2, 0, 2], tensor([10, 20, 30])).toArray() // → [21, 1, 41]
 */
export function scatterAdd(x: TensorLike, indices: Indices, updates: TensorLike, axis = 0): Tensor {
  const to = toTensor("scatterAdd", x);
  const { before, n, after, blocks } = around("scatterAdd", to.shape, axis);
  const { shape, inputs, listed } = readIndices("scatterAdd", indices, n);
  const spread = broadcastTo(toTensor("scatterAdd", updates), [...before, ...shape, ...after]);
  const rows = reshape(spread, [blocks[0], sizeOf(shape), blocks[2]]);
  const added = apply1(scatterAddPrimitive, [rows, ...inputs], { ...listed, size: n });
  return add(to, reshape(added, to.shape));
}

/**
 * Rows of n entries, 1 at the index and 0 elsewhere, along a new last axis. It has no derivative.
 *
 * @throws DomainError if an index is fractional or out of range, or n is not an integer ≥ 0.
 * @example oneHot([2, 0], 3).toArray() // → [[0, 0, 1], [1, 0, 0]]
 */
export function oneHot(indices: Indices, n: number): Tensor {
  checkCount("oneHot", "n", n, 0);
  const { shape, inputs, listed } = readIndices("oneHot", indices, n);
  return reshape(apply1(oneHotPrimitive, inputs, { ...listed, n }), [...shape, n]);
}
