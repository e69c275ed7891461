// What do the functions of angles and their inverses do to tensors and to derivatives?
import type { Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import { acosEach, asinEach, atan2Each, atanEach, cosEach, sinEach, tanEach } from "../typed-array-ops/index.js";
import { add, div, neg, sqrt, square } from "./arithmetic.js";
import { oneMinusSquare } from "./hyperbolic.js";
import { pointwise } from "./kinds.js";
import { abs, maximum } from "./piecewise.js";
import { stopGradient } from "./selection.js";
import { binaryWord, type TensorLike, unaryWord } from "./words.js";

export const sinPrimitive: Primitive<void, "sin"> = /* @__PURE__ */ pointwise("sin", sinEach, ([x]) => cos(x));
/**
 * sin x, x in radians
 *
 * @example sin(Math.PI / 2).item() // → 1
 */
export const sin: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(sinPrimitive);

export const cosPrimitive: Primitive<void, "cos"> = /* @__PURE__ */ pointwise("cos", cosEach, ([x]) => neg(sin(x)));
/**
 * cos x, x in radians
 *
 * @example cos(Math.PI).item() // → -1
 */
export const cos: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(cosPrimitive);

export const tanPrimitive: Primitive<void, "tan"> = /* @__PURE__ */ pointwise("tan", tanEach, (_, y) =>
  add(1, square(y)),
);
/**
 * tan x, x in radians
 *
 * @example tan(Math.PI / 4).item() // → 1
 */
export const tan: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(tanPrimitive);

const cosineOfSine = (x: Tensor): Tensor => sqrt(oneMinusSquare(x));

export const asinPrimitive: Primitive<void, "asin"> = /* @__PURE__ */ pointwise("asin", asinEach, ([x]) =>
  div(1, cosineOfSine(x)),
);
/**
 * arcsin x, from −π/2 to π/2
 *
 * @example asin(tensor([1, 2])).toArray() // → [1.5707963267948966, NaN]
 */
export const asin: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(asinPrimitive);

export const acosPrimitive: Primitive<void, "acos"> = /* @__PURE__ */ pointwise("acos", acosEach, ([x]) =>
  div(-1, cosineOfSine(x)),
);
/**
 * arccos x, from 0 to π
 *
 * @example acos(tensor([-1, 2])).toArray() // → [3.141592653589793, NaN]
 */
export const acos: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(acosPrimitive);

export const atanPrimitive: Primitive<void, "atan"> = /* @__PURE__ */ pointwise("atan", atanEach, ([x]) =>
  div(1, add(1, square(x))),
);
/**
 * arctan x, from −π/2 to π/2
 *
 * @example atan(tensor([1, Infinity])).toArray() // → [0.7853981633974483, 1.5707963267948966]
 */
export const atan: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(atanPrimitive);

/**
 * above/(x² + y²), where above is x or y, without overflow: with m = max(|x|, |y|) it is (above/m)/((x/m)² + (y/m)²)/m.
 * The value does not depend on m, so m may be taken as a constant.
 */
function overSquaredRadius(above: Tensor, x: Tensor, y: Tensor): Tensor {
  const m = stopGradient(maximum(abs(x), abs(y)));
  return div(div(div(above, m), add(square(div(x, m)), square(div(y, m)))), m);
}

export const atan2Primitive: Primitive<void, "atan2"> = /* @__PURE__ */ pointwise(
  "atan2",
  atan2Each,
  ([y, x]) => overSquaredRadius(x, x, y),
  ([y, x]) => neg(overSquaredRadius(y, x, y)),
);
/**
 * The angle of the point (x, y), from −π to π. Its derivative at the origin, where it jumps, is NaN.
 *
 * @example atan2(tensor([1, -1]), tensor([0, -1])).toArray() // → [1.5707963267948966, -2.356194490192345]
 */
export const atan2: (y: TensorLike, x: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(atan2Primitive);
