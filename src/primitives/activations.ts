// Which smooth activation functions are there, and how do their slopes keep their digits in the tails?
import type { Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import { eluEach, sigmoidEach, siluEach, softplusEach } from "../typed-array-ops/index.js";
import { sigmoidLanes } from "../typed-array-ops/webassembly/lanes.js";
import { add, mul, neg } from "./arithmetic.js";
import { greater } from "./comparisons.js";
import { exp, expm1 } from "./elementary.js";
import { pointwise } from "./kinds.js";
import { where } from "./selection.js";
import { binaryWord, type TensorLike, unaryWord } from "./words.js";

/** The slope is not y(1 − y), which would cancel for large x. */
export const sigmoidPrimitive: Primitive<void, "sigmoid"> = /* @__PURE__ */ pointwise(
  "sigmoid",
  [sigmoidEach, sigmoidLanes],
  ([x], y) => mul(y, sigmoid(neg(x))),
);
/**
 * σ(x) = 1/(1 + e⁻ˣ), with all digits in both tails
 *
 * @example sigmoid(tensor([-700, 0, 700])).toArray() // → [9.859676543759770e-305, 0.5, 1]
 */
export const sigmoid: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(sigmoidPrimitive);

export const siluPrimitive: Primitive<void, "silu"> = /* @__PURE__ */ pointwise("silu", siluEach, ([x], y) =>
  add(sigmoid(x), mul(y, sigmoid(neg(x)))),
);
/**
 * x σ(x) = x/(1 + e⁻ˣ)
 *
 * @example silu(tensor([-1, 0, 1])).toArray() // → [-0.2689414213699951, 0, 0.7310585786300049]
 */
export const silu: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(siluPrimitive);

export const softplusPrimitive: Primitive<void, "softplus"> = /* @__PURE__ */ pointwise(
  "softplus",
  softplusEach,
  ([x]) => sigmoid(x),
);
/**
 * log(1 + eˣ), without overflow and with all digits in both tails
 *
 * @example softplus(tensor([-700, 0, 700])).toArray() // → [9.859676543759770e-305, 0.6931471805599453, 700]
 */
export const softplus: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(softplusPrimitive);

/** x where it is not positive, else 0: an exponential of it cannot overflow. */
const negativePart = (x: Tensor): Tensor => where(greater(x, 0), 0, x);

export const eluPrimitive: Primitive<void, "elu"> = /* @__PURE__ */ pointwise(
  "elu",
  eluEach,
  ([x, alpha]) => where(greater(x, 0), 1, mul(alpha, exp(negativePart(x)))),
  ([x]) => expm1(negativePart(x)),
);
const eluWord = /* @__PURE__ */ binaryWord(eluPrimitive);
/**
 * x where x > 0, else α(eˣ − 1), with derivative α at 0. An α that is a tensor broadcasts and can be learned.
 *
 * @example elu(tensor([-1e-20, 3, -Infinity])).toArray() // → [-1e-20, 3, -1]
 */
export const elu = (x: TensorLike, alpha: TensorLike = 1): Tensor => eluWord(x, alpha);
