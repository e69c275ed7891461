// What do the special functions do to tensors and to derivatives?
//
// The functions of plain numbers beside this file, applied to every entry; their slopes are each other.

import {
  add,
  exp,
  mul,
  neg,
  oneShape,
  pointwise,
  square,
  type TensorLike,
  toTensor,
  unaryWord,
} from "../primitives/index.js";
import { apply1, type Primitive } from "../tape/index.js";
import { checkCount, type Tensor } from "../tensor/index.js";
import { digamma as digammaOf } from "./digamma.js";
import { erfc as erfcOf, erf as erfOf } from "./erf.js";
import { lgamma as lgammaOf } from "./gamma.js";
import { mittagLefflerPrimitive } from "./mittag-leffler-operation.js";
import { polygamma as polygammaOf } from "./polygamma.js";

const TWO_OVER_SQRT_PI = 2 / /* @__PURE__ */ Math.sqrt(Math.PI);
const ONE_OVER_SQRT_TWO_PI = 1 / /* @__PURE__ */ Math.sqrt(2 * Math.PI);

/** Each of these functions takes so long that a call more does not matter. */
const eachOf =
  (f: (x: number) => number) =>
  (out: Float64Array, x: Float64Array): void => {
    for (let i = 0; i < out.length; i++) out[i] = f(x[i]);
  };

/** e^(−x²); rounding x² costs x²/2 units in the last place, as many as rounding x does. */
const gaussian = (x: Tensor): Tensor => exp(neg(square(x)));

export const erfPrimitive: Primitive<void, "erf"> = /* @__PURE__ */ pointwise("erf", eachOf(erfOf), ([x]) =>
  mul(TWO_OVER_SQRT_PI, gaussian(x)),
);
/**
 * erf x = 2/√π ∫₀ˣ e^(−s²) ds
 *
 * @example erf(tensor([0, 0.5, Infinity])).toArray() // → [0, 0.5204998778130465, 1]
 */
export const erf: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(erfPrimitive);

export const erfcPrimitive: Primitive<void, "erfc"> = /* @__PURE__ */ pointwise("erfc", eachOf(erfcOf), ([x]) =>
  mul(-TWO_OVER_SQRT_PI, gaussian(x)),
);
/**
 * 1 − erf x, without the cancellation of that difference for large x
 *
 * @example erfc(tensor([0, 5])).toArray() // → [1, 1.537459794428035e-12]
 */
export const erfc: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(erfcPrimitive);

/** x Φ(x) = x/2 erfc(−x/√2), which tends to 0 at −∞. */
function geluOf(x: number): number {
  return x === -Infinity ? -0 : 0.5 * x * erfcOf(-Math.SQRT1_2 * x);
}

/** Φ(x) + x φ(x) with the normal distribution Φ and its density φ. */
export const geluPrimitive: Primitive<void, "gelu"> = /* @__PURE__ */ pointwise("gelu", eachOf(geluOf), ([x]) =>
  add(mul(0.5, erfc(mul(-Math.SQRT1_2, x))), mul(mul(ONE_OVER_SQRT_TWO_PI, x), exp(mul(-0.5, square(x))))),
);
/**
 * x Φ(x), where Φ(x) = erfc(−x/√2)/2 is the normal distribution: no digits cancel for negative x.
 *
 * @source Hendrycks & Gimpel (2016), section 2, without their approximation by tanh
 * @example gelu(tensor([-10, 0, 1])).toArray() // → [-7.61985302416047e-23, 0, 0.8413447460685429]
 */
export const gelu: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(geluPrimitive);

export const lgammaPrimitive: Primitive<void, "lgamma"> = /* @__PURE__ */ pointwise("lgamma", eachOf(lgammaOf), ([x]) =>
  digamma(x),
);
/**
 * log |Γ(x)|
 *
 * @example lgamma(tensor([1, 0.5, 200])).toArray() // → [0, 0.5723649429247001, 857.93366982586]
 */
export const lgamma: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(lgammaPrimitive);

export const digammaPrimitive: Primitive<void, "digamma"> = /* @__PURE__ */ pointwise(
  "digamma",
  eachOf(digammaOf),
  ([x]) => polygamma(1, x),
);
/**
 * ψ(x) = Γ′(x)/Γ(x)
 *
 * @example digamma(tensor([1, 100])).toArray() // → [-0.5772156649015329, 4.600161852738087]
 */
export const digamma: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(digammaPrimitive);

/** The parameter is the order n; the slope is the same function of order n + 1. */
export const polygammaPrimitive: Primitive<number, "polygamma"> = {
  name: "polygamma",
  shapes: (inputs) => oneShape("polygamma", inputs),
  kernel: (_, n) => {
    const loop = eachOf((x) => polygammaOf(n, x));
    return ([out], [x]) => loop(out, x);
  },
  vjp: ([g], _, [x], n) => [mul(g as Tensor, polygamma(n + 1, x))],
  jvp: ([dx], _, [x], n) => [dx && mul(dx, polygamma(n + 1, x))],
};
/**
 * ψ⁽ⁿ⁾(x), the n-th derivative of digamma. The order n is a plain number.
 *
 * @throws DomainError if n is not an integer ≥ 0.
 * @example polygamma(1, tensor([1, 0.5])).toArray() // → [1.6449340668482264, 4.934802200544679]
 */
export function polygamma(n: number, x: TensorLike): Tensor {
  checkCount("polygamma", "n", n, 0);
  return apply1(polygammaPrimitive, [toTensor("polygamma", x)], n);
}

export const specialFamily: readonly [
  typeof erfPrimitive,
  typeof erfcPrimitive,
  typeof geluPrimitive,
  typeof lgammaPrimitive,
  typeof digammaPrimitive,
  typeof polygammaPrimitive,
  typeof mittagLefflerPrimitive,
] = [
  erfPrimitive,
  erfcPrimitive,
  geluPrimitive,
  lgammaPrimitive,
  digammaPrimitive,
  polygammaPrimitive,
  mittagLefflerPrimitive,
];
