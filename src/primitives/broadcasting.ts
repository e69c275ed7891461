// How is a tensor repeated to a larger shape, and what is the transpose of that?
import { apply1, type Primitive } from "../tape/index.js";
import {
  broadcastShapes,
  checkShape,
  type Shape,
  ShapeError,
  sameShape,
  showShape,
  stridesOf,
  type Tensor,
} from "../tensor/index.js";
import { collect, gather, makeWalk } from "../typed-array-ops/index.js";
import { linear } from "./kinds.js";
import { type TensorLike, toTensor } from "./words.js";

/** Strides with which a tensor of shape `from` is read as one of shape `to`: 0 along the axes that repeat. */
function repeatingStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const added = to.length - from.length;
  return to.map((_, axis) => (axis < added || from[axis - added] === 1 ? 0 : strides[axis - added]));
}

export const broadcastToPrimitive: Primitive<Shape, "broadcastTo"> = /* @__PURE__ */ linear("broadcastTo", {
  shape: (_, shape) => shape,
  kernel: ([x], shape) => {
    const walk = makeWalk(shape, repeatingStrides(x, shape));
    return (out, from) => gather(out, from, walk);
  },
  push: ([dx], shape) => dx && broadcastTo(dx, shape),
  pull: (g, _i, _shape, [x]) => sumTo(g, x),
});
/**
 * x repeated along axes of size 1 and along new leading axes.
 *
 * @throws ShapeError if x does not broadcast to the shape.
 * @example broadcastTo(tensor([1, 2]), [2, 2]).toArray() // → [[1, 2], [1, 2]]
 */
export function broadcastTo(x: TensorLike, shape: Shape): Tensor {
  const from = toTensor("broadcastTo", x);
  if (sameShape(from.shape, shape)) return from;
  if (!sameShape(broadcastShapes("broadcastTo", from.shape, checkShape("broadcastTo", shape)), shape)) {
    throw new ShapeError(
      `broadcastTo: expected a shape that broadcasts to ${showShape(shape)}, received ${showShape(from.shape)}`,
    );
  }
  return apply1(broadcastToPrimitive, [from], [...shape]);
}

export const sumToPrimitive: Primitive<Shape, "sumTo"> = /* @__PURE__ */ linear("sumTo", {
  shape: (_, shape) => shape,
  kernel: ([x], shape) => {
    const walk = makeWalk(x, repeatingStrides(shape, x));
    return (out, from) => {
      out.fill(0);
      collect(out, from, walk);
    };
  },
  push: ([dx], shape) => dx && sumTo(dx, shape),
  pull: (g, _i, _shape, [x]) => broadcastTo(g, x),
});
/** The transpose of broadcastTo: the sum over the axes along which the shape would repeat. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply1(sumToPrimitive, [x], shape);
}
