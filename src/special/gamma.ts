// What are Gamma(x) and log |Gamma(x)| for real x?
//
// Write x = n + t with n the nearest integer, so |t| <= 1/2 and t is exact. Then, with the functional equation
// Gamma(x + 1) = x Gamma(x) (DLMF 5.5.1),
//
//     n >= 1:  Gamma(n + t) = (t + 1) (t + 2) ... (t + n - 1) / r(t),
//     n <= 0:  Gamma(n + t) = 1 / [(t + n) ... (t - 1) t r(t)],   where r(t) = 1 / Gamma(1 + t).
//
// r(t) is a fast power series (reciprocal-gamma.ts). Because float64 values of Gamma stay finite only for x < 171.63
// and nonzero only for x > -184, the product is short enough to be formed outright. It is formed with 106 bits, so
// that its many roundings do not add up: near the extrema of Gamma a relative error is not excused by the argument's.
// log |Gamma| of larger |x| comes from Stirling's series and from the reflection formula.

import { log, log1p, sin } from "../typed-array-ops/elementary/index.js";
import { BERNOULLI_EVEN } from "./bernoulli.js";
import { add, type DoubleDouble, divide, exactSum, multiply } from "./double-double.js";
import { evaluatePolynomial } from "./polynomial.js";
import { reciprocalGammaMinusOne } from "./reciprocal-gamma.js";

const ONE: DoubleDouble = { high: 1, low: 0 };

/** The products of up to 184 factors reach 10^340, and are kept in range by starting from this number. */
const TINY_SCALE = 2 ** -600;

/** Closer to zero than this, Gamma(x) = 1/x - 0.577... is 1/x to the last bit. */
const POLE_WINDOW = 2 ** -60;

/** `start * (t + first) (t + first + 1) ... (t + last)`, with 106 bits. */
function risingProduct(t: number, first: number, last: number, start: number): DoubleDouble {
  let product: DoubleDouble = { high: start, low: 0 };
  for (let j = first; j <= last; j++) {
    product = multiply(product, exactSum(j, t));
  }
  return product;
}

/** `scale * Gamma(x)` for 2^-60 <= |x| <= 184, not a pole; `scale` is a power of two that keeps the result in range. */
export function scaledGamma(x: number, scale: number): DoubleDouble {
  const n = Math.round(x);
  const t = x - n;
  const reciprocal = add(ONE, reciprocalGammaMinusOne(t));
  if (n >= 1) {
    return divide(risingProduct(t, 1, n - 1, scale), reciprocal);
  }
  return divide(ONE, multiply(risingProduct(t, n, 0, 1 / scale), reciprocal));
}

/**
 * The gamma function, `Gamma(x) = integral_0^inf s^(x-1) e^-s ds`, continued to negative x by `Gamma(x+1) = x Gamma(x)`.
 *
 * At +0 and -0 it is +Infinity and -Infinity, at the negative integers and -Infinity NaN, above 171.62 Infinity. Below
 * -184 it is a zero with the sign of Gamma there.
 *
 * @source Abramowitz & Stegun (1964), 6.1.34 and 6.1.15.
 * @example
 * gamma(5) // → 24
 * gamma(0.5) // → 1.772453850905516
 */
export function gamma(x: number): number {
  if (Math.abs(x) < POLE_WINDOW) {
    return 1 / x;
  }
  if (x >= 172) {
    return Infinity;
  }
  if (x < 0 && Math.floor(x) === x) {
    return NaN;
  }
  if (x <= -184) {
    return Math.floor(x) % 2 === 0 ? 0 : -0;
  }
  return x > 0 ? scaledGamma(x, TINY_SCALE).high / TINY_SCALE : scaledGamma(x, 1 / TINY_SCALE).high * TINY_SCALE;
}

/** B_2k / (2k (2k - 1)) for k = 1 to 10. */
const STIRLING: readonly number[] = BERNOULLI_EVEN.map((bernoulli, i) => bernoulli / ((2 * i + 2) * (2 * i + 1)));

/** (log(2 pi) - 1) / 2. */
const HALF_LOG_TWO_PI_MINUS_HALF = 0.4189385332046727;

/**
 * `log Gamma(x) - shift` for x >= 10, by Stirling's series (Abramowitz & Stegun 1964, 6.1.41),
 *
 *     log Gamma(x) ~ (x - 1/2) log(x / e) + (log(2 pi) - 1) / 2 + sum_k B_2k / (2k (2k-1) x^(2k-1)),
 *
 * grouped so that no large terms cancel, not even in log x - 1, and the small ones are added up first.
 */
function stirlingLogGamma(x: number, shift: number): number {
  const reciprocal = 1 / x;
  const tail = reciprocal * evaluatePolynomial(STIRLING, reciprocal * reciprocal);
  return (x - 0.5) * log(x / Math.E) + (HALF_LOG_TWO_PI_MINUS_HALF + tail - shift);
}

/** `log |x|`: near |x| = 1 as log1p of the exact |x| - 1, else log(high) with the first-order term low / high. */
function logOfMagnitude(x: DoubleDouble): number {
  const sign = x.high < 0 ? -1 : 1;
  const high = sign * x.high;
  const low = sign * x.low;
  return high > 0.5 && high < 2 ? log1p(high - 1 + low) : log(high) + low / high;
}

/**
 * The logarithm of the magnitude of the gamma function, `lgamma(x) = log |Gamma(x)|`.
 *
 * It is Infinity at the poles 0, -1, -2, ... and at both infinities.
 *
 * @source Abramowitz & Stegun (1964), 6.1.34, 6.1.41 (Stirling's series) and 6.1.17 (reflection).
 * @example
 * lgamma(1) // → 0
 * lgamma(0.5) // → 0.5723649429247001
 */
export function lgamma(x: number): number {
  if (x <= 0 && Math.floor(x) === x) {
    return Infinity;
  }
  if (Math.abs(x) < POLE_WINDOW) {
    return -log(Math.abs(x));
  }
  if (x >= 10) {
    return stirlingLogGamma(x, 0);
  }
  if (x <= -10) {
    // Gamma(x) Gamma(-x) = -pi / (x sin(pi x)), and |sin(pi x)| = |sin(pi t)| with t the exact offset from an integer.
    const t = x - Math.round(x);
    return -stirlingLogGamma(-x, log(Math.PI / Math.abs(x * sin(Math.PI * t))));
  }
  return logOfMagnitude(scaledGamma(x, 1));
}
