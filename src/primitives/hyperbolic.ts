// What do the hyperbolic functions and their inverses do to tensors and to derivatives?
import { apply1, type Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import {
  acoshEach,
  asinhEach,
  atanhEach,
  coshEach,
  sinhEach,
  tanhEach,
  tanhSlopeEach,
} from "../typed-array-ops/index.js";
import { tanhLanes, tanhSlopeLanes } from "../typed-array-ops/webassembly/lanes.js";
import { add, div, mul, sqrt, square, sub } from "./arithmetic.js";
import { broadcastTo } from "./broadcasting.js";
import { oneShape, pointwise } from "./kinds.js";
import { abs, maximum } from "./piecewise.js";
import { stopGradient } from "./selection.js";
import { type TensorLike, unaryWord } from "./words.js";

export const sinhPrimitive: Primitive<void, "sinh"> = /* @__PURE__ */ pointwise("sinh", sinhEach, ([x]) => cosh(x));
/**
 * sinh x = (eˣ − e⁻ˣ)/2
 *
 * @example sinh(tensor([0, 1])).toArray() // → [0, 1.1752011936438014]
 */
export const sinh: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(sinhPrimitive);

export const coshPrimitive: Primitive<void, "cosh"> = /* @__PURE__ */ pointwise("cosh", coshEach, ([x]) => sinh(x));
/**
 * cosh x = (eˣ + e⁻ˣ)/2
 *
 * @example cosh(tensor([0, 1])).toArray() // → [1, 1.5430806348152437]
 */
export const cosh: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(coshPrimitive);

export const tanhPrimitive: Primitive<void, "tanh"> = /* @__PURE__ */ pointwise(
  "tanh",
  [tanhEach, tanhLanes],
  ([x], y) => tanhSlope(x, y),
);
/**
 * tanh x = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)
 *
 * @example tanh(tensor([0, 1, 1000])).toArray() // → [0, 0.7615941559557649, 1]
 */
export const tanh: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(tanhPrimitive);

/**
 * 1 − y² as a function of y; x has to be artanh y, and is read where the difference would cancel (for |x| > 19 it would
 * have no digits left), or 0.
 */
export const tanhSlopePrimitive: Primitive<void, "tanhSlope"> = {
  name: "tanhSlope",
  shapes: (inputs) => oneShape("tanhSlope", inputs),
  lanes: tanhSlopeLanes,
  kernel:
    () =>
    ([out], [x, y]) =>
      tanhSlopeEach(out, x, y),
  vjp: ([g], _, [, y]) => [undefined, mul(g as Tensor, mul(-2, y))],
  jvp: ([, dy], _, [, y]) => [dy && mul(mul(-2, y), dy)],
};
const tanhSlope = (x: Tensor, y: Tensor): Tensor => apply1(tanhSlopePrimitive, [x, y], undefined);

/**
 * 1 − x². Its factors 1 − x and 1 + x keep the digits of the value near ±1, but the derivative −2x is not theirs, which would cancel
 * near 0.
 */
export const oneMinusSquare = (x: Tensor): Tensor => tanhSlope(broadcastTo(0, x.shape), x);

/**
 * 1/√(1 + x²) without overflow: with m = max(|x|, 1) it is (1/m)/√((1/m)² + (x/m)²). The value does not depend on m, so
 * m may be taken as a constant.
 */
function inverseHypotenuse(x: Tensor): Tensor {
  const m = stopGradient(maximum(abs(x), 1));
  const r = div(1, m);
  return div(r, sqrt(add(square(r), square(div(x, m)))));
}

export const asinhPrimitive: Primitive<void, "asinh"> = /* @__PURE__ */ pointwise("asinh", asinhEach, ([x]) =>
  inverseHypotenuse(x),
);
/**
 * arsinh x = log(x + √(x² + 1))
 *
 * @example asinh(tensor([0, 1e300])).toArray() // → [0, 691.4686750787736]
 */
export const asinh: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(asinhPrimitive);

/** Two roots, since x² − 1 would overflow, and cancel near 1. */
export const acoshPrimitive: Primitive<void, "acosh"> = /* @__PURE__ */ pointwise("acosh", acoshEach, ([x]) =>
  div(1, mul(sqrt(sub(x, 1)), sqrt(add(x, 1)))),
);
/**
 * arcosh x = log(x + √(x² − 1)) for x ≥ 1
 *
 * @example acosh(tensor([1, 2, 0])).toArray() // → [0, 1.3169578969248166, NaN]
 */
export const acosh: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(acoshPrimitive);

/** Of the factors 1 − x and 1 + x the one that is small near ±1 is exact, where 1 − x² would cancel. */
export const atanhPrimitive: Primitive<void, "atanh"> = /* @__PURE__ */ pointwise("atanh", atanhEach, ([x]) =>
  div(1, oneMinusSquare(x)),
);
/**
 * artanh x = log((1 + x)/(1 − x))/2
 *
 * @example atanh(tensor([0.5, 1])).toArray() // → [0.5493061443340549, Infinity]
 */
export const atanh: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(atanhPrimitive);
