// How are eˣ, its inverse and powers computed to about 31 digits?
//
// eˣ = 2^k e^r with |r| ≤ ln(2)/2; e^r − 1 is the Taylor polynomial of r/32, doubled five times by (1 + p)² − 1 =
// 2p + p². The logarithm takes the float64 logarithm of log.ts as a start and adds one step of Newton's iteration.
import * as float64 from "../../typed-array-ops/elementary/index.js";
import {
  add,
  type DoubleDouble,
  div,
  fromNumber,
  half,
  mul,
  ONE,
  polynomial,
  scale,
  square,
  sub,
} from "./arithmetic.js";
import { INVERSE_FACTORIALS, LN2, LN2_PARTS } from "./constants.js";
import { isEven, isInteger, minusOne } from "./order.js";
import { exponentOf } from "./scaling.js";

/** Below it the relative error of the first term of a Taylor series, f(x) = x (1 + O(x)), is under 2^-108. */
const TINY = 2 ** -110;

/** 1/2!, …, 1/13!: |r|/32 ≤ 0.0109, and the next term is below 2^-114 of the first. */
const TAIL: readonly DoubleDouble[] = /* @__PURE__ */ INVERSE_FACTORIALS.slice(2, 14);

/** e^r − 1 for |r| ≤ 0.36. */
function expm1Reduced(r: DoubleDouble): DoubleDouble {
  if (Math.abs(r.high) < TINY) return r;
  const s = scale(r, -5);
  let p = add(s, mul(square(s), polynomial(TAIL, s)));
  for (let i = 0; i < 5; i++) p = add(scale(p, 1), square(p));
  return p;
}

/** k and e^r − 1 with x = k ln 2 + r, for |x| ≤ 800. */
function reduced(x: DoubleDouble): { k: number; p: DoubleDouble } {
  const k = Math.round(x.high * Math.LOG2E);
  if (k === 0) return { k: 0, p: expm1Reduced(x) };
  const r = LN2_PARTS.reduce((rest, part) => sub(rest, mul(fromNumber(k), fromNumber(part))), x);
  return { k, p: expm1Reduced(r) };
}

/**
 * eˣ
 *
 * @example exp({ high: 1, low: 0 }).low // → 1.4456468917292502e-16
 */
export function exp(x: DoubleDouble): DoubleDouble {
  if (!(x.high < 710 && x.high > -746)) return fromNumber(x.high > 0 ? Infinity : x.high < 0 ? 0 : Number.NaN);
  const { k, p } = reduced(x);
  return scale(add(ONE, p), k);
}

/** eˣ − 1, without cancellation near 0. */
export function expm1(x: DoubleDouble): DoubleDouble {
  if (!(x.high < 150 && x.high > -150)) return minusOne(exp(x));
  const { k, p } = reduced(x);
  if (k === 0) return p;
  return add(scale(p, k), minusOne(scale(ONE, k)));
}

/**
 * log(1 + t) for −0.3 < t < 0.42: with a float64 y near to it and e = e^-y − 1, it is y + log(1 + δ), where
 * δ = (1 + t)(1 + e) − 1 = t + e + t e is about 2^-53 y and log(1 + δ) is δ − δ²/2.
 */
function log1pReduced(t: DoubleDouble): DoubleDouble {
  if (Math.abs(t.high) < TINY) return t;
  const y = float64.log1p(t.high);
  const e = expm1(fromNumber(-y));
  const delta = add(add(t, e), mul(t, e));
  return add(fromNumber(y), sub(delta, fromNumber((delta.high * delta.high) / 2)));
}

/**
 * log x
 *
 * @example log({ high: 2, low: 0 }).low // → 2.3190468138462996e-17
 */
export function log(x: DoubleDouble): DoubleDouble {
  if (!(x.high > 0 && x.high < Infinity)) return fromNumber(float64.log(x.high));
  const e = exponentOf(x.high);
  const k = scale(x, -e).high > Math.SQRT2 ? e + 1 : e;
  const part = log1pReduced(minusOne(scale(x, -k)));
  return k === 0 ? part : add(mul(fromNumber(k), LN2), part);
}

/** log(1 + x), without cancellation near 0. */
export const log1p = (x: DoubleDouble): DoubleDouble =>
  x.high > -0.29 && x.high < 0.41 ? log1pReduced(x) : log(add(ONE, x));

/** xⁿ for an integer n, by repeated squaring. */
export function powInteger(x: DoubleDouble, n: number): DoubleDouble {
  let factor = n < 0 ? div(ONE, x) : x;
  let result = ONE;
  for (let rest = Math.abs(n); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = mul(result, factor);
    if (rest > 1) factor = square(factor);
  }
  return result;
}

/** Exponents up to here are powers by repeated squaring. */
const SQUARED = 64;

/**
 * x^y, with the special values of Math.pow.
 *
 * @example pow({ high: 2, low: 0 }, { high: 0.5, low: 0 }).low // → -9.667293313452913e-17
 */
export function pow(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  if (y.high === 0) return ONE;
  // Zeros, infinities and NaN, which the language defines to the bit.
  if (x.high === 0 || !Number.isFinite(x.high) || !Number.isFinite(y.high)) return fromNumber(x.high ** y.high);
  const whole = isInteger(y);
  if (whole && Math.abs(y.high) <= SQUARED) return powInteger(x, y.high);
  if (x.high > 0) return exp(mul(y, log(x)));
  if (!whole) return fromNumber(Number.NaN);
  const size = exp(mul(y, log({ high: -x.high, low: -x.low })));
  return isEven(y) ? size : mul(fromNumber(-1), size);
}

/** eˣ/2 without overflow of eˣ. */
export const halfExp = (x: DoubleDouble): DoubleDouble => (x.high > 700 ? exp(sub(x, LN2)) : half(exp(x)));
