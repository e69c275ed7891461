// How are hyperbolic functions and their inverses computed to about 31 digits?
import {
  abs,
  add,
  type DoubleDouble,
  div,
  fromNumber,
  half,
  mul,
  neg,
  ONE,
  scale,
  sqrt,
  square,
  sub,
} from "./arithmetic.js";
import { LN2 } from "./constants.js";
import { exp, expm1, halfExp, log, log1p } from "./exponential.js";

/** An odd function, from its values for x ≥ 0. */
const odd =
  (of: (size: DoubleDouble) => DoubleDouble) =>
  (x: DoubleDouble): DoubleDouble => {
    if (x.high === 0 || Number.isNaN(x.high)) return x;
    return x.high < 0 ? neg(of(neg(x))) : of(x);
  };

type Unary = (x: DoubleDouble) => DoubleDouble;

/** Where e⁻ˣ is far below the last bit of eˣ. */
const FAR = 80;

/** sinh x = (p + p/(1 + p))/2 with p = eˣ − 1: nothing cancels near 0. */
export const sinh: Unary = /* @__PURE__ */ odd((x) => {
  if (x.high > FAR) return halfExp(x);
  const p = expm1(x);
  return half(add(p, div(p, add(ONE, p))));
});

/** cosh x = (eˣ + e⁻ˣ)/2 */
export function cosh(x: DoubleDouble): DoubleDouble {
  const size = abs(x);
  if (!(size.high <= FAR)) return halfExp(size);
  const power = exp(size);
  return half(add(power, div(ONE, power)));
}

/** tanh x = p/(p + 2) with p = e²ˣ − 1. */
export const tanh: Unary = /* @__PURE__ */ odd((x) => {
  if (x.high > FAR) return sub(ONE, scale(exp(scale(x, 1).high > 1500 ? fromNumber(-1500) : neg(scale(x, 1))), 1));
  const p = expm1(scale(x, 1));
  return div(p, add(p, fromNumber(2)));
});

/** Beyond it x² + 1 and x² − 1 are x² to the last bit. */
const LARGE = 2 ** 60;

/** asinh x = log1p(x + x²/(1 + √(1 + x²))) */
export const asinh: Unary = /* @__PURE__ */ odd((x) => {
  if (x.high > LARGE) return add(log(x), LN2);
  const squared = square(x);
  return log1p(add(x, div(squared, add(ONE, sqrt(add(ONE, squared))))));
});

/** acosh x = log1p(t + √(t (t + 2))) with t = x − 1; NaN for x < 1. */
export function acosh(x: DoubleDouble): DoubleDouble {
  if (x.high > LARGE) return add(log(x), LN2);
  const t = sub(x, ONE);
  return log1p(add(t, sqrt(mul(t, add(t, fromNumber(2))))));
}

/** atanh x = log1p(2x/(1 − x))/2; ±∞ at ±1, NaN beyond. */
export const atanh: Unary = /* @__PURE__ */ odd((x) => half(log1p(div(scale(x, 1), sub(ONE, x)))));
