// How is the natural logarithm computed?
//
// Write x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2). Then log x = k ln 2 + log(1 + f), and with s = f / (2 + f)
//   log(1 + f) = 2 artanh s = f - f^2/2 + s (f^2/2 + R(s^2)),   R(z) = 2 z/3 + 2 z^2/5 + 2 z^3/7 + ...,
// where f, f^2/2 and the rest fall off quickly, so that the rounding errors of the later terms hardly count. This form
// and the coefficients of R, slightly changed to end the series early, are those of fdlibm (Sun Microsystems, 1993).
import { exponentFor, powerOfTwo, SMALLEST_NORMAL } from "./bits.js";
import { LN2_HIGH, LN2_LOW } from "./exp.js";

/** Of sqrt(1/2), rounded down. */
const SQRT_HALF_HIGH_WORD = 0x3fe6a09e;

/** R(z) for 0 <= z <= 0.0295, in two interleaved halves (even and odd powers) that do not wait for each other. */
function artanhTail(z: number): number {
  const w = z * z;
  const odd = 0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586));
  const even = 0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373);
  return z * odd + w * even;
}

/**
 * k ln 2 + log(1 + f) + correction. The sum of the two large terms, k ln 2 and f, is split into its rounded value and
 * what rounding took; everything small is added to the latter first.
 */
function logOfReduced(k: number, f: number, correction: number): number {
  const s = f / (2 + f);
  const halfSquare = 0.5 * f * f;
  const rest = halfSquare - s * (halfSquare + artanhTail(s * s));
  const steps = k * LN2_HIGH;
  const leading = steps + f;
  const lost = f - (leading - steps);
  return leading + (lost + (correction + k * LN2_LOW) - rest);
}

/** The natural logarithm; measured errors stay below 0.95 units in the last place. */
export function log(x: number): number {
  if (!(x >= SMALLEST_NORMAL && x < Infinity)) return logAtTheEnds(x);
  return logOfNormal(x, 0, 0);
}

/** log(2^steps x) + correction for a positive normal x. */
function logOfNormal(x: number, steps: number, correction: number): number {
  const k = exponentFor(x, SQRT_HALF_HIGH_WORD);
  return logOfReduced(k + steps, x * powerOfTwo(0 - k) - 1, correction);
}

/** The logarithm of subnormal numbers, 0, Infinity, negative numbers and NaN. */
function logAtTheEnds(x: number): number {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return NaN;
  if (x === Infinity) return x;
  return logOfNormal(x * powerOfTwo(54), -54, 0);
}

/** log(high + low) for a positive normal high and a low of at most a few units in the last place of high. */
export const logOfSum = (high: number, low: number): number => logOfNormal(high, 0, low / high);

/** log(2 x) for a positive normal x, also where 2 x overflows. */
export const logOfDouble = (x: number): number => logOfNormal(x, 1, 0);

/** log(1 + high + low), also where 1 + high would round away most of high. */
export function log1pOfSum(high: number, low: number): number {
  if (high > -0.29 && high < 0.41) return logOfReduced(0, high, low / (1 + high));
  const u = 1 + high;
  return logOfSum(u, (high < 1 ? high - (u - 1) : 1 - (u - high)) + low);
}

/** log(1 + x); measured errors stay below 0.95 units in the last place. */
export function log1p(x: number): number {
  if (x > -1 && x < 1e17) return Math.abs(x) < 1e-17 ? x : log1pOfSum(x, 0);
  return x === -1 ? -Infinity : log(x);
}
