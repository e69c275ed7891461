// What is the logarithmic derivative of Gamma, digamma(x) = psi(x), for real x?
//
// Three facts carry any x to a place where psi is easy:
//
//     recurrence   psi(x + 1) = psi(x) + 1/x                             (Abramowitz & Stegun 1964, 6.3.5)
//     asymptotics  psi(x) ~ log x - 1/(2x) - sum_k B_2k / (2k x^(2k))    (6.3.18)
//     reflection   psi(1 - x) - psi(x) = pi cot(pi x)                    (6.3.7)
//
// Near the positive zero of psi these would cancel, so there psi is expanded about the zero itself.

import { log, tan } from "../typed-array-ops/elementary/index.js";
import { BERNOULLI_EVEN } from "./bernoulli.js";
import { evaluatePolynomial } from "./polynomial.js";

/** The positive zero of psi, x0 = 1.46163214496836234126..., as the sum of two float64 numbers (DLMF 5.4(iii)). */
const ZERO_HIGH = 1.4616321449683622;
const ZERO_LOW = 9.549995429965697e-17;

/** psi^(k)(1 + x0) / k! for k = 1 to 26. */
const TAYLOR_PAST_ZERO: readonly number[] = [
  0.49958821066342546, -0.12251567278862602, 0.03939709733579885, -0.014039965293930434, 0.00526559187211755,
  -0.0020324818225491725, 0.0007983109588290198, -0.0003170368244016943, 0.0001268167281965579, -5.097190255450742e-5,
  2.055414125395239e-5, -8.306859775003972e-6, 3.3623594458438883e-6, -1.3624395717959079e-6, 5.524792977920754e-7,
  -2.241523416103308e-7, 9.097694978453553e-8, -3.6934557862649377e-8, 1.499735247478639e-8, -6.090500964947203e-9,
  2.473612210913063e-9, -1.0047053252261424e-9, 4.08099443984292e-10, -1.6577065288159067e-10, 6.733788627268473e-11,
  -2.735385546236437e-11,
];

/**
 * psi(x) for 1 <= x <= 2, with a relative error that stays small at the zero x0.
 *
 * With t = x - x0, Taylor's series psi(1 + x) = psi(1 + x0) + sum_{k>=1} psi^(k)(1 + x0) t^k / k!, together with
 * psi(x) = psi(1 + x) - 1/x and psi(1 + x0) = 1/x0, gives psi(x) = t [1 / (x x0) + sum_{k>=1} psi^(k)(1 + x0) t^(k-1) / k!].
 * The pole of psi(1 + x) nearest to 1 + x0 is at -1, so that |t / (1 + x0)| <= 0.22 sets the speed.
 */
function digammaAroundZero(x: number): number {
  const t = x - ZERO_HIGH - ZERO_LOW;
  return t * (1 / (x * ZERO_HIGH) + evaluatePolynomial(TAYLOR_PAST_ZERO, t));
}

/** B_2k / (2k) for k = 1 to 10. */
const ASYMPTOTIC: readonly number[] = BERNOULLI_EVEN.map((bernoulli, i) => bernoulli / (2 * i + 2));

/** psi(x) for x > 0. */
function digammaOfPositive(x: number): number {
  if (x >= 7) {
    const reciprocalSquare = 1 / x / x;
    return log(x) - (0.5 / x + reciprocalSquare * evaluatePolynomial(ASYMPTOTIC, reciprocalSquare));
  }
  if (x < 1) {
    return digammaAroundZero(x + 1) - 1 / x;
  }
  // psi(x) = psi(y) + 1/y + 1/(y+1) + ... + 1/(x-1), with y in [1, 2); the smallest terms are added first.
  let sum = 0;
  let y = x;
  while (y >= 2) {
    y -= 1;
    sum += 1 / y;
  }
  return sum + digammaAroundZero(y);
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
