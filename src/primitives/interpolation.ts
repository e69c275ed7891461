// What is the value between two neighbouring samples?
import { apply1, type Primitive } from "../tape/index.js";
import { DomainError, ShapeError, showShape, sizeOf, type Tensor } from "../tensor/index.js";
import { findDescent, locateEach } from "../typed-array-ops/index.js";
import { add, div, mul, sub } from "./arithmetic.js";
import { broadcastTo } from "./broadcasting.js";
import { greater } from "./comparisons.js";
import { take } from "./indexing.js";
import { reshape } from "./layout.js";
import { where } from "./selection.js";
import { type TensorLike, toTensor } from "./words.js";

/** The interval between ascending knots in which each x lies; piecewise constant. */
export const intervalPrimitive: Primitive<void, "interval"> = {
  name: "interval",
  shapes: ([x]) => [x],
  kernel:
    () =>
    ([out], [x, knots]) => {
      const descent = findDescent(knots);
      if (descent > 0) {
        throw new DomainError(
          `interp: expected ascending xs, received ${knots[descent]} after ${knots[descent - 1]} (position ${descent})`,
        );
      }
      locateEach(out, x, knots);
    },
  vjp: () => [undefined, undefined],
  jvp: () => [undefined],
};

/**
 * The piecewise linear function through the points (xs, ys), at x; constant outside, as NumPy's. It is differentiable in
 * x, ys and xs. At an inner point the derivative in x is that of the interval to its right; the first and the last point
 * count as inside.
 *
 * @shape x of any shape, xs [n], ys [n] → the shape of x
 * @throws ShapeError if xs and ys are not vectors of the same size ≥ 1.
 * @throws DomainError if xs do not ascend.
 * @example interp(tensor([-1, 0.5, 2, 9]), tensor([0, 1, 3]), tensor([10, 20, 40])).toArray() // → [10, 15, 30, 40]
 */
export function interp(x: TensorLike, xs: TensorLike, ys: TensorLike): Tensor {
  const [at, knots, values] = [toTensor("interp", x), toTensor("interp", xs), toTensor("interp", ys)];
  const [n] = knots.shape;
  if (knots.shape.length !== 1 || values.shape.length !== 1 || n !== values.shape[0] || n === 0) {
    throw new ShapeError(
      "interp: expected xs and ys to be vectors of the same size ≥ 1, received " +
        `${showShape(knots.shape)} and ${showShape(values.shape)}`,
    );
  }
  if (n === 1) return broadcastTo(reshape(values, []), at.shape);
  const [first, last] = [take(knots, 0), take(knots, n - 1)];
  const points = reshape(at, [sizeOf(at.shape)]);
  const inside = where(greater(first, points), first, where(greater(points, last), last, points));
  const left = apply1(intervalPrimitive, [inside, knots], undefined);
  const right = add(left, 1);
  const [x0, x1, y0, y1] = [take(knots, left), take(knots, right), take(values, left), take(values, right)];
  // From the nearer of the two points: so the result is exact at both.
  const late = greater(sub(inside, x0), sub(x1, inside));
  const part = div(sub(inside, where(late, x1, x0)), sub(x1, x0));
  return reshape(add(where(late, y1, y0), mul(part, sub(y1, y0))), at.shape);
}
