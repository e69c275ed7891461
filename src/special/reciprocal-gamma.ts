// What is 1 / Gamma(1 + t) for |t| <= 1/2, to more than 53 bits?
//
// 1 / Gamma has no poles, so its power series converges everywhere, and fast near zero:
//
//     1 / Gamma(z) = sum_{k>=1} c_k z^k,  c_1 = 1,  c_2 = Euler's constant 0.5772...,
//     (k - 1) c_k = gamma c_(k-1) - zeta(2) c_(k-2) + zeta(3) c_(k-3) - ... (-1)^k zeta(k-1) c_1.
//
// Since z Gamma(z) = Gamma(1 + z), the same numbers shifted by one are the series of 1 / Gamma(1 + t).
// Sources: DLMF 5.7.1 and 5.7.2; Abramowitz & Stegun (1964), 6.1.34; Wrench, J. W. (1968), "Concerning two series for the
// gamma function", Mathematics of Computation 22, 617-626. The digits below are those of the exact c_k rounded to
// float64; c_2 and c_3 also have their remainders.

import { add, type DoubleDouble, exactProduct, multiply } from "./double-double.js";
import { evaluatePolynomial } from "./polynomial.js";

/** c_2, Euler's constant. */
const C2: DoubleDouble = { high: 0.5772156649015329, low: -4.942915152430645e-18 };

/** c_3 = (gamma^2 - zeta(2)) / 2. */
const C3: DoubleDouble = { high: -0.6558780715202539, low: 2.137185197068536e-17 };

/** c_4, ..., c_24: at |t| = 1/2 the next term is below 2^-70. */
const C4_AND_LATER: readonly number[] = [
  -0.04200263503409524, 0.16653861138229148, -0.04219773455554433, -0.009621971527876973, 0.0072189432466631,
  -0.0011651675918590652, -0.00021524167411495098, 0.0001280502823881162, -2.013485478078824e-5, -1.2504934821426706e-6,
  1.133027231981696e-6, -2.056338416977607e-7, 6.116095104481416e-9, 5.002007644469223e-9, -1.18127457048702e-9,
  1.0434267116911005e-10, 7.782263439905071e-12, -3.696805618642206e-12, 5.100370287454476e-13, -2.0583260535665066e-14,
  -5.348122539423018e-15,
];

/**
 * `1 / Gamma(1 + t) - 1 = t (c_2 + t (c_3 + t (c_4 + ...)))` for |t| <= 1/2, with an error below 2^-59 |t|.
 *
 * The bracket of c_4 is smaller than 0.1 and is multiplied by t twice more before it meets c_2, so float64 is enough
 * for it; the two outer brackets are evaluated with 106 bits.
 *
 * @source Wrench (1968); Abramowitz & Stegun (1964), 6.1.34.
 */
export function reciprocalGammaMinusOne(t: number): DoubleDouble {
  const inner = exactProduct(t, evaluatePolynomial(C4_AND_LATER, t));
  const argument: DoubleDouble = { high: t, low: 0 };
  const middle = multiply(argument, add(C3, inner));
  return multiply(argument, add(C2, middle));
}
