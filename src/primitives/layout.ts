// How is a tensor given another shape or another order of axes?
import { apply1, type Primitive } from "../tape/index.js";
import {
  checkIntegers,
  checkShape,
  DomainError,
  normalizeAxis,
  type Shape,
  ShapeError,
  sameShape,
  showShape,
  sizeOf,
  stridesOf,
  type Tensor,
} from "../tensor/index.js";
import { gather, makeWalk } from "../typed-array-ops/index.js";
import { linear } from "./kinds.js";
import { type TensorLike, toTensor } from "./words.js";

/** The same value as a new tensor: differentiation starts from such copies, so that nested ones are told apart. */
export const aliasPrimitive: Primitive<void, "alias"> = /* @__PURE__ */ linear("alias", {
  view: true,
  shape: ([x]) => x,
  kernel: () => copy,
  push: ([dx]) => dx,
  pull: (g) => g,
});
/**
 * The same value as a new tensor: its memory is shared, its identity is not.
 *
 * @example alias(tensor([1, 2])).toArray() // → [1, 2]
 */
export function alias(x: Tensor): Tensor {
  return apply1(aliasPrimitive, [x], undefined);
}

function copy(out: Float64Array, x: Float64Array): void {
  out.set(x);
}

export const reshapePrimitive: Primitive<Shape, "reshape"> = /* @__PURE__ */ linear("reshape", {
  view: true,
  shape: (_, shape) => shape,
  kernel: () => copy,
  push: ([dx], shape) => dx && reshape(dx, shape),
  pull: (g, _i, _shape, [x]) => reshape(g, x),
});
/**
 * The same entries in the same order under another shape; one size may be −1, and is computed.
 *
 * @throws ShapeError if the sizes do not multiply to the number of entries.
 * @example reshape(tensor([1, 2, 3, 4]), [2, -1]).toArray() // → [[1, 2], [3, 4]]
 */
export function reshape(x: TensorLike, shape: Shape): Tensor {
  const from = toTensor("reshape", x);
  const size = sizeOf(from.shape);
  if (!Array.isArray(shape)) checkShape("reshape", shape);
  const known = shape.reduce((product, n) => (n === -1 ? product : product * n), 1);
  const to = shape.map((n) => (n === -1 && known > 0 ? size / known : n));
  if (
    shape.filter((n) => n === -1).length > 1 ||
    sizeOf(to) !== size ||
    to.some((n) => !Number.isInteger(n) || n < 0)
  ) {
    throw new ShapeError(
      `reshape: expected sizes with product ${size}, received ${showShape(from.shape)} to ${showShape(shape)}` +
        "; one size may be −1",
    );
  }
  return sameShape(to, from.shape) ? from : apply1(reshapePrimitive, [from], to);
}

export const transposePrimitive: Primitive<readonly number[], "transpose"> = /* @__PURE__ */ linear("transpose", {
  shape: ([x], axes) => axes.map((axis) => x[axis]),
  kernel: ([x], axes) => {
    const strides = stridesOf(x);
    const walk = makeWalk(
      axes.map((axis) => x[axis]),
      axes.map((axis) => strides[axis]),
    );
    return (out, from) => gather(out, from, walk);
  },
  pull: (g, _, axes) =>
    transpose(
      g,
      axes.map((_axis, i) => axes.indexOf(i)),
    ),
});
/**
 * The axes in another order: in reverse, or axis i of the result is axis `axes[i]` of x.
 *
 * @throws DomainError if `axes` is not a permutation of the axes of x.
 * @example transpose(tensor([[1, 2], [3, 4]])).toArray() // → [[1, 3], [2, 4]]
 */
export function transpose(x: TensorLike, axes?: readonly number[]): Tensor {
  const from = toTensor("transpose", x);
  const rank = from.shape.length;
  const order =
    axes !== undefined
      ? checkIntegers("transpose", "axes", axes).map((axis) => normalizeAxis("transpose", axis, rank))
      : from.shape.map((_, i) => rank - 1 - i);
  if (order.length !== rank || new Set(order).size !== rank) {
    throw new DomainError(`transpose: expected each of ${rank} axes once, received ${showShape(axes ?? [])}`);
  }
  return order.every((axis, i) => axis === i) ? from : apply1(transposePrimitive, [from], order);
}

/**
 * A new axis of size 1.
 *
 * @example expandDims(tensor([1, 2]), 1).shape // → [2, 1]
 */
export function expandDims(x: TensorLike, axis: number): Tensor {
  const from = toTensor("expandDims", x);
  const at = normalizeAxis("expandDims", axis, from.shape.length + 1);
  return reshape(from, [...from.shape.slice(0, at), 1, ...from.shape.slice(at)]);
}

/**
 * The tensor without its axes of size 1, or without the one that is named.
 *
 * @throws ShapeError if the named axis has another size.
 * @example squeeze(tensor([[1, 2]])).shape // → [2]
 */
export function squeeze(x: TensorLike, axis?: number): Tensor {
  const from = toTensor("squeeze", x);
  const at = axis === undefined ? undefined : normalizeAxis("squeeze", axis, from.shape.length);
  if (at !== undefined && from.shape[at] !== 1) {
    throw new ShapeError(`squeeze: expected size 1 along axis ${at}, received ${showShape(from.shape)}`);
  }
  return reshape(
    from,
    from.shape.filter((n, a) => (at === undefined ? n !== 1 : a !== at)),
  );
}
