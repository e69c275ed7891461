// How are sines, cosines, tangents and their inverses computed to about 31 digits?
//
// An angle is reduced by multiples of π/2: a moderate one with π/2 in four parts, a large one with 1424 bits of π. The rest is a
// Taylor series. An inverse takes the float64 result as a start and adds one step of Newton's iteration.
import * as float64 from "../../typed-array-ops/elementary/index.js";
import {
  abs,
  add,
  type DoubleDouble,
  div,
  fromNumber,
  mul,
  neg,
  ONE,
  polynomial,
  scale,
  sqrt,
  square,
  sub,
} from "./arithmetic.js";
import { HALF_PI, HALF_PI_PARTS, INVERSE_FACTORIALS, PI, PI_BITS, PI_INTEGER } from "./constants.js";
import { exactly, fromRatio } from "./exact.js";

const alternating = (first: number): readonly DoubleDouble[] =>
  INVERSE_FACTORIALS.filter((_, n) => n % 2 === first).map((x, k) => (k % 2 === 0 ? x : neg(x)));

/** Coefficients of sin(r)/r and cos r in r². */
const SINE: readonly DoubleDouble[] = /* @__PURE__ */ alternating(1);
const COSINE: readonly DoubleDouble[] = /* @__PURE__ */ alternating(0);

const sine = (r: DoubleDouble): DoubleDouble => (Math.abs(r.high) < 2 ** -60 ? r : mul(r, polynomial(SINE, square(r))));
const cosine = (r: DoubleDouble): DoubleDouble => polynomial(COSINE, square(r));

/** r and the quadrant with x = k π/2 + r, |r| ≤ π/4, k mod 4. */
function reduced(x: DoubleDouble): { r: DoubleDouble; quadrant: number } {
  const k = Math.round(x.high / HALF_PI.high);
  if (k === 0) return { r: x, quadrant: 0 };
  if (Math.abs(k) < 2 ** 20) {
    const r = HALF_PI_PARTS.reduce((rest, part) => sub(rest, mul(fromNumber(k), fromNumber(part))), x);
    return { r, quadrant: ((k % 4) + 4) % 4 };
  }
  const { significand, exponent } = exactly(x);
  const shift = BigInt(exponent + PI_BITS + 1);
  const scaled = shift >= 0n ? significand << shift : significand >> -shift;
  let turns = scaled / PI_INTEGER;
  let rest = scaled - turns * PI_INTEGER;
  if (2n * rest > PI_INTEGER) [turns, rest] = [turns + 1n, rest - PI_INTEGER];
  if (2n * rest < -PI_INTEGER) [turns, rest] = [turns - 1n, rest + PI_INTEGER];
  return { r: fromRatio(rest, 1n, -PI_BITS - 1), quadrant: Number(((turns % 4n) + 4n) % 4n) };
}

/** The sine of x + quadrants·π/2. */
function turned(x: DoubleDouble, quadrants: number): DoubleDouble {
  if (!Number.isFinite(x.high)) return fromNumber(Number.NaN);
  const { r, quadrant } = reduced(x);
  const place = (quadrant + quadrants) % 4;
  const value = place % 2 === 0 ? sine(r) : cosine(r);
  return place < 2 ? value : neg(value);
}

/** sin x */
export const sin = (x: DoubleDouble): DoubleDouble => (x.high === 0 ? x : turned(x, 0));

/** cos x */
export const cos = (x: DoubleDouble): DoubleDouble => turned(x, 1);

/** tan x = sin x/cos x */
export const tan = (x: DoubleDouble): DoubleDouble => (x.high === 0 ? x : div(sin(x), cos(x)));

/** The y with sin y = x for |x| ≤ 0.8: y₀ + δ + tan(y₀) δ²/2 with δ = (x − sin y₀)/cos y₀. */
function arcsine(x: DoubleDouble): DoubleDouble {
  if (x.high === 0) return x;
  const y = fromNumber(float64.asin(x.high));
  const [s, c] = [sin(y), cos(y)];
  const delta = div(sub(x, s), c);
  const second = (s.high / c.high) * delta.high * delta.high * 0.5;
  return add(y, add(delta, fromNumber(second)));
}

/** 2 asin √((1 − |x|)/2) = acos |x|, without cancellation near |x| = 1. */
const fromEnd = (x: DoubleDouble): DoubleDouble => scale(arcsine(sqrt(scale(sub(ONE, abs(x)), -1))), 1);

const outside = (x: DoubleDouble): boolean => !(sub(abs(x), ONE).high <= 0);

/** asin x; NaN for |x| > 1. */
export function asin(x: DoubleDouble): DoubleDouble {
  if (outside(x)) return fromNumber(Number.NaN);
  if (Math.abs(x.high) <= 0.7) return arcsine(x);
  const size = sub(HALF_PI, fromEnd(x));
  return x.high < 0 ? neg(size) : size;
}

/** acos x; NaN for |x| > 1. */
export function acos(x: DoubleDouble): DoubleDouble {
  if (outside(x)) return fromNumber(Number.NaN);
  if (Math.abs(x.high) <= 0.7) return sub(HALF_PI, arcsine(x));
  return x.high < 0 ? sub(PI, fromEnd(x)) : fromEnd(x);
}

/** atan x: tan(y − y₀) = (x cos y₀ − sin y₀)/(cos y₀ + x sin y₀) is so small that it is the difference itself. */
export function atan(x: DoubleDouble): DoubleDouble {
  if (x.high === 0 || Number.isNaN(x.high)) return x;
  if (Math.abs(x.high) > 1) {
    const end = x.high > 0 ? HALF_PI : neg(HALF_PI);
    return Number.isFinite(x.high) ? sub(end, atan(div(ONE, x))) : end;
  }
  const y = fromNumber(float64.atan(x.high));
  const [s, c] = [sin(y), cos(y)];
  return add(y, div(sub(mul(x, c), s), add(c, mul(x, s))));
}

/** The angle of the point (x, y), with the special values of Math.atan2. */
export function atan2(y: DoubleDouble, x: DoubleDouble): DoubleDouble {
  const rough = float64.atan2(y.high, x.high);
  if (x.high === 0 || y.high === 0 || !Number.isFinite(x.high) || !Number.isFinite(y.high)) {
    // A multiple of π/4, or NaN.
    return rough === 0 || Number.isNaN(rough)
      ? fromNumber(rough)
      : mul(PI, fromNumber(Math.round(rough / (PI.high / 4)) / 4));
  }
  const side = y.high > 0 ? 1 : -1;
  if (Math.abs(y.high) > Math.abs(x.high)) return sub(mul(HALF_PI, fromNumber(side)), atan(div(x, y)));
  const angle = atan(div(y, x));
  return x.high > 0 ? angle : add(angle, mul(PI, fromNumber(side)));
}
