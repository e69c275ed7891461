// What does each pointwise operation do to numbers of 106 bits?
import * as dd from "../double-double/index.js";
import {
  abs,
  add,
  type DoubleDouble,
  div,
  exp,
  expm1,
  fromNumber,
  log1p,
  max,
  min,
  mul,
  neg,
  ONE,
  scale,
  sign,
  sqrt,
  square,
  sub,
  ZERO,
} from "../double-double/index.js";
import type { PointwiseName } from "./names.js";

export type Scalar = (...xs: DoubleDouble[]) => DoubleDouble;

const truth = (holds: boolean): DoubleDouble => (holds ? ONE : ZERO);
const positive = (x: DoubleDouble): boolean => x.high > 0;
const HALF = fromNumber(0.5);

/** 1/(1 + e⁻ˣ), from the exponential that does not overflow. */
function sigmoid(x: DoubleDouble): DoubleDouble {
  if (!(x.high < 0)) return div(ONE, add(ONE, exp(neg(x))));
  const power = exp(x);
  return div(power, add(ONE, power));
}

/** log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|) */
const softplus: Scalar = (x) => add(max(x, ZERO), log1p(exp(neg(abs(x)))));

/** x Φ(x) = x/2 erfc(−x/√2) */
function gelu(x: DoubleDouble): DoubleDouble {
  if (x.high === Number.NEGATIVE_INFINITY) return fromNumber(-0);
  return mul(scale(x, -1), dd.erfc(neg(mul(x, sqrt(HALF)))));
}

/** 1 − y², and where that cancels 1/cosh² x = (2e^−|x|/(1 + e^−2|x|))². */
function tanhSlope(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  if (!(Math.abs(x.high) > 15)) return mul(sub(ONE, y), add(ONE, y));
  const power = exp(neg(abs(x)));
  return square(div(scale(power, 1), add(ONE, square(power))));
}

/** Where both sides are compared, NaN is neither less nor greater. */
const ordered =
  (holds: (order: number) => boolean): Scalar =>
  (x, y) =>
    truth(holds(dd.compare(x, y)));

export const scalars: Readonly<Record<PointwiseName, Scalar>> = {
  add,
  sub,
  neg,
  mul,
  div,
  pow: dd.pow,
  square,
  sqrt,
  exp,
  expm1,
  log: dd.log,
  log1p,
  sin: dd.sin,
  cos: dd.cos,
  tan: dd.tan,
  asin: dd.asin,
  acos: dd.acos,
  atan: dd.atan,
  atan2: dd.atan2,
  sinh: dd.sinh,
  cosh: dd.cosh,
  tanh: dd.tanh,
  tanhSlope,
  asinh: dd.asinh,
  acosh: dd.acosh,
  atanh: dd.atanh,
  sigmoid,
  silu: (x) => (x.high === Number.NEGATIVE_INFINITY ? fromNumber(-0) : mul(x, sigmoid(x))),
  softplus,
  elu: (x, alpha) => (positive(x) ? x : mul(alpha, expm1(x))),
  erf: dd.erf,
  erfc: dd.erfc,
  gelu,
  lgamma: dd.lgamma,
  digamma: dd.digamma,
  greater: ordered((order) => order > 0),
  greaterEqual: ordered((order) => order >= 0),
  less: ordered((order) => order < 0),
  lessEqual: ordered((order) => order <= 0),
  equal: ordered((order) => order === 0),
  isFinite: (x) => truth(Number.isFinite(x.high)),
  where: (condition, x, y) => (condition.high !== 0 ? x : y),
  weigh: (weight, x) => (weight.high !== 0 ? mul(weight, x) : ZERO),
  abs,
  maximum: max,
  minimum: min,
  shareOfLarger: (x, y) => {
    const order = dd.compare(x, y);
    return order > 0 ? ONE : order === 0 ? HALF : ZERO;
  },
  clip: (x, low, high) => min(max(x, low), high),
  relu: (x) => max(x, ZERO),
  leakyRelu: (x, slope) => (positive(x) ? x : mul(slope, x)),
  sign,
  floor: dd.floor,
  ceil: dd.ceil,
  round: dd.round,
};
