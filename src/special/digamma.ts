// What is the logarithmic derivative of Gamma, digamma(x) = psi(x), for real x?
//
// Three facts carry any x to a place where psi is easy:
//
//     recurrence   psi(x + 1) = psi(x) + 1/x                             (Abramowitz & Stegun 1964, 6.3.5)
//     asymptotics  psi(x) ~ log x - 1/(2x) - sum_k B_2k / (2k x^(2k))    (6.3.18)
//     reflection   psi(1 - x) - psi(x) = pi cot(pi x)                    (6.3.7)
//
// Near the positive zero of psi these would cancel, so there psi is computed as the difference from what it is at the zero.

import { log, log1p, tan } from "../typed-array-ops/elementary/index.js";
import { BERNOULLI_EVEN } from "./bernoulli.js";
import { evaluatePolynomial } from "./polynomial.js";

/** The positive zero of psi, x0 = 1.46163214496836234126..., as the sum of two float64 numbers (DLMF 5.4(iii)). */
const ZERO_HIGH = 1.4616321449683622;
const ZERO_LOW = 9.549995429965697e-17;

/** B_2k / (2k) for k = 1 to 10. */
const ASYMPTOTIC: readonly number[] = BERNOULLI_EVEN.map((bernoulli, i) => bernoulli / (2 * i + 2));

/**
 * psi(x) - psi(x0) for 1 <= x < 7, which is psi(x) with a relative error that stays small at the zero x0.
 *
 * With t = x - x0, the first six differences of the sum psi(x) - psi(x0) = sum_{k>=0} t / ((x + k) (x0 + k)) (6.3.16) lead to
 * psi(y) - psi(y0) at y = x + 6 and y0 = x0 + 6, where both have asymptotics. Each difference of these is written with
 * the factor t, and all of them have its sign: nothing cancels.
 */
function digammaAroundZero(x: number): number {
  const t = x - ZERO_HIGH - ZERO_LOW;
  const y = x + 6;
  const y0 = ZERO_HIGH + 6;
  // Of the polynomial p of the asymptotics, (p(u) - p(u0)) / (u - u0) with u = 1/y^2: by Horner's scheme, of Horner's scheme.
  const u = 1 / (y * y);
  const u0 = 1 / (y0 * y0);
  let value = 0;
  let slope = 0;
  for (let k = ASYMPTOTIC.length - 1; k >= 0; k--) {
    value = value * u0 + ASYMPTOTIC[k];
    slope = slope * u + value;
  }
  let sum = u * u0 * (y + y0) * slope + 0.5 / (y * y0);
  for (let k = 5; k >= 0; k--) sum += 1 / ((x + k) * (ZERO_HIGH + k));
  return log1p(t / y0) + t * sum;
}

/** psi(x) for x > 0. */
function digammaOfPositive(x: number): number {
  if (x >= 7) {
    const reciprocalSquare = 1 / x / x;
    return log(x) - (0.5 / x + reciprocalSquare * evaluatePolynomial(ASYMPTOTIC, reciprocalSquare));
  }
  return x < 1 ? digammaAroundZero(x + 1) - 1 / x : digammaAroundZero(x);
}

/**
 * The digamma function, `psi(x) = Gamma'(x) / Gamma(x)`.
 *
 * It is NaN at its poles 0, -1, -2, ... and at -Infinity. On the negative axis its zeros are found as the difference of
 * two terms, to an absolute accuracy: the error there is that of one rounding of x.
 *
 * @source Abramowitz & Stegun (1964), 6.3.5, 6.3.7 and 6.3.18; the zero from DLMF 5.4(iii).
 * @example
 * digamma(1) // → -0.5772156649015329
 * digamma(100) // → 4.600161852738087
 */
export function digamma(x: number): number {
  if (x > 0) {
    return digammaOfPositive(x);
  }
  const t = x - Math.round(x);
  if (t === 0) {
    return NaN;
  }
  return x > -0.5 ? digammaOfPositive(x + 1) - 1 / x : digammaOfPositive(1 - x) - Math.PI / tan(Math.PI * t);
}
