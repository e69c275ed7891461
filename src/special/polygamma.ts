// What is polygamma(n, x), the n-th derivative of digamma, for real x?
//
// For n >= 1 and x > 0 it is, up to its sign, a sum of positive terms (Abramowitz & Stegun 1964, 6.4.10),
//
//     polygamma(n, x) = (-1)^(n+1) h(x),   h(x) = n! sum_{k>=0} 1 / (x + k)^(n+1),
//
// whose first terms are added one by one, and whose rest is the asymptotic series (6.4.11). For x < 0 the same sum runs
// across the pole nearest to x. Taken over all integers k it depends only on the fractional part f of x and is made of
// the two halves h(f) and (-1)^(n+1) h(1 - f); the terms with k < 0, which do not belong to it, are (-1)^(n+1) h(1 - x):
//
//     polygamma(n, x) = (-1)^(n+1) h(f) + h(1 - f) - h(1 - x).
//
// This is the reflection formula (6.4.7) with the derivatives of the cotangent written as the sums that they are.

import { DomainError } from "../tensor/index.js";
import { pow } from "../typed-array-ops/elementary/index.js";
import { BERNOULLI_EVEN } from "./bernoulli.js";
import { digamma } from "./digamma.js";
import { gamma } from "./gamma.js";

/** `n! / x^(n+1)` for x > 0; where x^(n+1) is out of range, as the product (1/x) (1/x) (2/x) ... (n/x). */
function factorialOverPower(n: number, x: number): number {
  const power = pow(x, n + 1);
  if (n <= 170 && power > 1e-300 && power < 1e300) {
    return gamma(n + 1) / power;
  }
  let product = 1 / x;
  for (let j = 1; j <= n; j++) {
    product *= j / x;
  }
  return product;
}

/**
 * `(n-1)!/z^n [1 + n/(2z) + sum_k B_2k n (n+1) ... (n+2k-1) / ((2k)! z^(2k))]`, which is h(z) for z >= n + 8
 * (Abramowitz & Stegun 1964, 6.4.11). Ten terms: the next is below 2^-54 there.
 */
function asymptoticSeries(n: number, z: number): number {
  let factor = 1;
  let sum = 0;
  BERNOULLI_EVEN.forEach((bernoulli, i) => {
    const k = i + 1;
    factor *= ((n + 2 * k - 2) / z / (2 * k - 1)) * ((n + 2 * k - 1) / z / (2 * k));
    sum += bernoulli * factor;
  });
  return factorialOverPower(n - 1, z) * (1 + (n / (2 * z) + sum));
}

/** `h(x) = n! sum_{k>=0} 1 / (x + k)^(n+1)` for n >= 1 and x > 0, the smallest terms first. */
function positiveSum(n: number, x: number): number {
  const terms = Math.max(0, Math.ceil(n + 8 - x));
  let sum = asymptoticSeries(n, x + terms);
  for (let k = terms - 1; k >= 0; k--) {
    sum += factorialOverPower(n, x + k);
  }
  return sum;
}

/**
 * The polygamma function, the n-th derivative of digamma: `polygamma(n, x) = d^n/dx^n psi(x)`.
 *
 * It is NaN at its poles 0, -1, -2, ... and at -Infinity. The work grows as n for moderate n.
 *
 * @throws DomainError (a RangeError) if n is not an integer or is negative.
 * @source Abramowitz & Stegun (1964), 6.4.10, 6.4.11 and 6.4.7.
 * @example
 * polygamma(1, 1) // → 1.6449340668482264
 * polygamma(3, 1) // → 6.493939402266829
 */
export function polygamma(n: number, x: number): number {
  if (!Number.isInteger(n) || n < 0) {
    throw new DomainError(`polygamma: expected the order n to be an integer >= 0, received ${n}; round it first.`);
  }
  if (n === 0) {
    return digamma(x);
  }
  const sign = n % 2 === 1 ? 1 : -1;
  if (x > 0) {
    return x === Infinity ? sign * 0 : sign * positiveSum(n, x);
  }
  const t = x - Math.round(x);
  if (t === 0 || Number.isNaN(t)) {
    return NaN;
  }
  const nearHalf = positiveSum(n, Math.abs(t));
  const farHalf = positiveSum(n, 1 - Math.abs(t));
  const allIntegers = t > 0 ? sign * nearHalf + farHalf : sign * farHalf + nearHalf;
  return allIntegers - positiveSum(n, 1 - x);
}
