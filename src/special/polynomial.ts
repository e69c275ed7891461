// How is a polynomial evaluated with the fewest roundings?
//
// Horner's rule: c0 + x (c1 + x (c2 + ...)). Where |x| is small or the terms have one sign, the rounding errors of the
// inner brackets are damped by the outer products, and the result is good to about one unit in the last place.
// Source: Higham, N. J. (2002), Accuracy and Stability of Numerical Algorithms, second edition, section 5.1.

/** `sum_k coefficients[k] x^k`, by Horner's rule: from the highest power down, one product and one sum each. */
export function evaluatePolynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) {
    sum = sum * x + (coefficients[k] as number);
  }
  return sum;
}
