// How are values compared and chosen?
import { apply1, type Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import { equalEach, greaterEach, reluEach, whereEach } from "../typed-array-ops/index.js";
import { flat, oneShape, pointwise } from "./kinds.js";
import { binaryWord, broadcast, type TensorLike, toTensor, unaryWord } from "./words.js";

export const greaterPrimitive: Primitive<void, "greater"> = flat("greater", greaterEach);
/**
 * 1 where x > y, else 0
 *
 * @example greater(tensor([1, 2, 3]), 2).toArray() // → [0, 0, 1]
 */
export const greater: (x: TensorLike, y: TensorLike) => Tensor = binaryWord(greaterPrimitive);

export const equalPrimitive: Primitive<void, "equal"> = flat("equal", equalEach);
/**
 * 1 where x = y, else 0
 *
 * @example equal(tensor([1, NaN]), tensor([1, NaN])).toArray() // → [1, 0]
 */
export const equal: (x: TensorLike, y: TensorLike) => Tensor = binaryWord(equalPrimitive);

/** Linear in x and y; the condition has no derivative. A side that is not chosen receives 0, even from g = ∞. */
export const wherePrimitive: Primitive<void, "where"> = {
  name: "where",
  shapes: (inputs) => oneShape("where", inputs),
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

export const reluPrimitive: Primitive<void, "relu"> = pointwise("relu", reluEach, ([x]) => greater(x, 0));
/**
 * max(x, 0), with derivative 0 at 0
 *
 * @example grad((x) => sum(relu(x)))(tensor([-1, 0, 2])).toArray() // → [0, 0, 1]
 */
export const relu: (x: TensorLike) => Tensor = unaryWord(reluPrimitive);

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
