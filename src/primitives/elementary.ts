// What do exp, log, sin, cos and tanh do to tensors and to derivatives?
import type { Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import { cosEach, expEach, logEach, sinEach, tanhEach } from "../typed-array-ops/index.js";
import { div, neg, square, sub } from "./arithmetic.js";
import { pointwise } from "./kinds.js";
import { type TensorLike, unaryWord } from "./words.js";

export const expPrimitive: Primitive<void, "exp"> = pointwise("exp", expEach, (_, y) => y);
/**
 * eˣ
 *
 * @example exp(tensor([0, 1, -Infinity])).toArray() // → [1, 2.718281828459045, 0]
 */
export const exp: (x: TensorLike) => Tensor = unaryWord(expPrimitive);

export const logPrimitive: Primitive<void, "log"> = pointwise("log", logEach, ([x]) => div(1, x));
/**
 * The natural logarithm.
 *
 * @example log(tensor([1, 0, -1])).toArray() // → [0, -Infinity, NaN]
 */
export const log: (x: TensorLike) => Tensor = unaryWord(logPrimitive);

export const sinPrimitive: Primitive<void, "sin"> = pointwise("sin", sinEach, ([x]) => cos(x));
/**
 * sin x, x in radians
 *
 * @example sin(Math.PI / 2).item() // → 1
 */
export const sin: (x: TensorLike) => Tensor = unaryWord(sinPrimitive);

export const cosPrimitive: Primitive<void, "cos"> = pointwise("cos", cosEach, ([x]) => neg(sin(x)));
/**
 * cos x, x in radians
 *
 * @example cos(Math.PI).item() // → -1
 */
export const cos: (x: TensorLike) => Tensor = unaryWord(cosPrimitive);

export const tanhPrimitive: Primitive<void, "tanh"> = pointwise("tanh", tanhEach, (_, y) => sub(1, square(y)));
/**
 * tanh x = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)
 *
 * @example tanh(tensor([0, 1, 1000])).toArray() // → [0, 0.7615941559557649, 1]
 */
export const tanh: (x: TensorLike) => Tensor = unaryWord(tanhPrimitive);
