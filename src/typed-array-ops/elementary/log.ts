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
  return leading + (lost + (correction + k * LN2_LOW - rest));
}

/** The natural logarithm; the error is below 0.85 units in the last place. */
export function log(x: number): number {
  if (!(x >= SMALLEST_NORMAL && x < Number.POSITIVE_INFINITY)) return logAtTheEnds(x);
  const k = exponentFor(x, SQRT_HALF_HIGH_WORD);
  return logOfReduced(k, x * powerOfTwo(0 - k) - 1, 0);
}

/** The logarithm of subnormal numbers, 0, Infinity, negative numbers and NaN. */
function logAtTheEnds(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const normal = x * powerOfTwo(54);
  const k = exponentFor(normal, SQRT_HALF_HIGH_WORD);
  return logOfReduced(k - 54, normal * powerOfTwo(0 - k) - 1, 0);
}

/**
 * log(1 + x), also where 1 + x would round away most of x: with u = 1 + x rounded and c = 1 + x - u, which is computed
 * exactly, log(1 + x) = log u + c/u up to (c/u)^2 < 2^-106.
 */
export function log1p(x: number): number {
  if (x > -0.29 && x < 0.41) return Math.abs(x) < 1e-17 ? x : logOfReduced(0, x, 0);
  if (!(x > -1 && x < 1e17)) return x === -1 ? Number.NEGATIVE_INFINITY : log(x < 0 ? Number.NaN : x);
  const u = 1 + x;
  const c = x < 1 ? x - (u - 1) : 1 - (u - x);
  const k = exponentFor(u, SQRT_HALF_HIGH_WORD);
  return logOfReduced(k, u * powerOfTwo(0 - k) - 1, c / u);
}
