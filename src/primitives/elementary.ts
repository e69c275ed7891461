// What do exponentials and logarithms do to tensors and to derivatives?
import type { Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import { expEach, expm1Each, log1pEach, logEach } from "../typed-array-ops/index.js";
import { expLanes } from "../typed-array-ops/webassembly/lanes.js";
import { add, div } from "./arithmetic.js";
import { pointwise } from "./kinds.js";
import { type TensorLike, unaryWord } from "./words.js";

export const expPrimitive: Primitive<void, "exp"> = /* @__PURE__ */ pointwise("exp", [expEach, expLanes], (_, y) => y);
/**
 * eˣ
 *
 * @example exp(tensor([0, 1, -Infinity])).toArray() // → [1, 2.718281828459045, 0]
 */
export const exp: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(expPrimitive);

/** The slope is not y + 1, which would cancel for large negative x. */
export const expm1Primitive: Primitive<void, "expm1"> = /* @__PURE__ */ pointwise("expm1", expm1Each, ([x]) => exp(x));
/**
 * eˣ − 1, without cancellation near 0
 *
 * @example expm1(tensor([0, 1e-20, -Infinity])).toArray() // → [0, 1e-20, -1]
 */
export const expm1: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(expm1Primitive);

export const logPrimitive: Primitive<void, "log"> = /* @__PURE__ */ pointwise("log", logEach, ([x]) => div(1, x));
/**
 * The natural logarithm.
 *
 * @example log(tensor([1, 0, -1])).toArray() // → [0, -Infinity, NaN]
 */
export const log: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(logPrimitive);

export const log1pPrimitive: Primitive<void, "log1p"> = /* @__PURE__ */ pointwise("log1p", log1pEach, ([x]) =>
  div(1, add(1, x)),
);
/**
 * log(1 + x), without cancellation near 0
 *
 * @example log1p(tensor([0, 1e-20, -1])).toArray() // → [0, 1e-20, -Infinity]
 */
export const log1p: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(log1pPrimitive);
