// How are values chosen, and how is one hidden from derivatives?
import { apply1, type Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import { weighEach, whereEach } from "../typed-array-ops/index.js";
import { weighLanes, whereLanes } from "../typed-array-ops/webassembly/lanes.js";
import { oneShape } from "./kinds.js";
import { broadcast, type TensorLike, toTensor } from "./words.js";

/** Linear in x and y; the condition has no derivative. A side that is not chosen receives 0, even from g = ∞. */
export const wherePrimitive: Primitive<void, "where"> = {
  name: "where",
  shapes: (inputs) => oneShape("where", inputs),
  lanes: whereLanes,
  kernel:
    () =>
    ([out], [condition, x, y]) =>
      whereEach(out, condition, x, y),
  vjp: ([g], _, [condition], _parameters, wanted) => [
    undefined,
    wanted[1] ? where(condition, g as Tensor, 0) : undefined,
    wanted[2] ? where(condition, 0, g as Tensor) : undefined,
  ],
  jvp: ([, dx, dy], _, [condition]) => [dx || dy ? where(condition, dx ?? 0, dy ?? 0) : undefined],
};
/**
 * x where the condition is not 0, else y
 *
 * @example where(tensor([1, 0]), 5, tensor([6, 7])).toArray() // → [5, 7]
 */
export function where(condition: TensorLike, x: TensorLike, y: TensorLike): Tensor {
  return apply1(wherePrimitive, broadcast("where", condition, x, y), undefined);
}

/** Linear in x; the weight has no derivative. */
export const weighPrimitive: Primitive<void, "weigh"> = {
  name: "weigh",
  shapes: (inputs) => oneShape("weigh", inputs),
  lanes: weighLanes,
  kernel:
    () =>
    ([out], [weight, x]) =>
      weighEach(out, weight, x),
  vjp: ([g], _, [weight], _parameters, wanted) => [undefined, wanted[1] ? weigh(weight, g as Tensor) : undefined],
  jvp: ([, dx], _, [weight]) => [dx && weigh(weight, dx)],
};
/** weight·x, and 0 where the weight is 0, whatever x is; the weight is taken as a constant. */
export const weigh = (weight: Tensor, x: Tensor): Tensor => apply1(weighPrimitive, [weight, x], undefined);

export const stopGradientPrimitive: Primitive<void, "stopGradient"> = {
  name: "stopGradient",
  view: true,
  shapes: ([x]) => [x],
  kernel:
    () =>
    ([out], [x]) =>
      out.set(x),
  vjp: () => [undefined],
  jvp: () => [undefined],
};
/**
 * x, taken as a constant by every derivative
 *
 * @example grad((x) => mul(x, stopGradient(x)))(tensor(3)).item() // → 3
 */
export function stopGradient(x: TensorLike): Tensor {
  return apply1(stopGradientPrimitive, [toTensor("stopGradient", x)], undefined);
}
