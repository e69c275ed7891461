// What are the error function erf(x) and its complement erfc(x) for real x?
//
// On three intervals of |x|, a quotient of two polynomials carries the part that is smooth:
//
//     |x| <= 0.46875          erf(x)  = x A(x^2) / B(x^2)
//     0.46875 <= x <= 4       erfc(x) = e^(-x^2) C(x) / D(x)
//     x >= 4                  erfc(x) = e^(-x^2) / x [1 / sqrt(pi) - P(1/x^2) / (x^2 Q(1/x^2))]
//
// and erf = 1 - erfc, erfc(-x) = 2 - erfc(x) do the rest. All coefficients are positive, so almost nothing cancels.
// Source: Cody, W. J. (1969), "Rational Chebyshev approximations for the error function", Mathematics of Computation
// 23, 631-637, degrees (4, 4), (8, 8) and (5, 5). They are written from the lowest power up and rounded to float64,
// which by itself leaves relative errors of 1.0e-16, 3.2e-17 and 6.4e-18 on the three intervals.

import { exp } from "../typed-array-ops/elementary/index.js";
import { evaluatePolynomial } from "./polynomial.js";

/** Numerator for |x| <= 0.46875. */
const A: readonly number[] = [
  3209.3775891384694, 377.485237685302, 113.86415415105016, 3.1611237438705655, 0.18577770618460315,
];
/** Denominator for |x| <= 0.46875. */
const B: readonly number[] = [2844.236833439171, 1282.6165260773723, 244.02463793444417, 23.601290952344122, 1];

/** Numerator for 0.46875 <= x <= 4. */
const C: readonly number[] = [
  1230.3393547979972, 2051.0783778260716, 1712.0476126340707, 881.952221241769, 298.6351381974001, 66.11919063714163,
  8.883149794388377, 0.5641884969886701, 2.1531153547440383e-8,
];
/** Denominator for 0.46875 <= x <= 4. */
const D: readonly number[] = [
  1230.3393548037495, 3439.3676741437216, 4362.619090143247, 3290.7992357334597, 1621.3895745666903, 537.1811018620099,
  117.6939508913125, 15.744926110709835, 1,
];

/** Numerator for x >= 4. */
const P: readonly number[] = [
  0.0006587491615298378, 0.016083785148742275, 0.12578172611122926, 0.36034489994980445, 0.30532663496123236,
  0.016315387137302097,
];
/** Denominator for x >= 4. */
const Q: readonly number[] = [
  0.0023352049762686918, 0.06051834131244132, 0.5279051029514285, 1.8729528499234673, 2.568520192289822, 1,
];

const ONE_OVER_SQRT_PI = 1 / /* @__PURE__ */ Math.sqrt(Math.PI);

/** erf(x) for |x| <= 0.46875. */
function erfNearZero(x: number): number {
  const square = x * x;
  return x * (evaluatePolynomial(A, square) / evaluatePolynomial(B, square));
}

/**
 * `e^(-x^2)`. An error of half a unit in the last place of x^2 would be a relative error of x^2 / 2 units in the result,
 * so x is split as a + b, where a is a multiple of 1/16 whose square is exact: e^(-x^2) = e^(-a^2) e^(-(x - a)(x + a)).
 */
function expOfMinusSquare(x: number): number {
  const a = Math.trunc(x * 16) / 16;
  return exp(-a * a) * exp(-(x - a) * (x + a));
}

/** erfc(x) for x >= 0.46875; below 2^-1075, from x = 27.23 on, it rounds to 0. */
function erfcFarFromZero(x: number): number {
  if (x > 28) {
    return 0;
  }
  if (x <= 4) {
    return expOfMinusSquare(x) * (evaluatePolynomial(C, x) / evaluatePolynomial(D, x));
  }
  const z = 1 / (x * x);
  const correction = (z * evaluatePolynomial(P, z)) / evaluatePolynomial(Q, z);
  return expOfMinusSquare(x) * ((ONE_OVER_SQRT_PI - correction) / x);
}

/**
 * The error function, `erf(x) = 2/sqrt(pi) integral_0^x e^(-s^2) ds`.
 *
 * @source Cody (1969), tables for erf and erfc.
 * @example
 * erf(0.5) // → 0.5204998778130465
 * erf(-Infinity) // → -1
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude <= 0.46875) {
    return erfNearZero(x);
  }
  const value = 1 - erfcFarFromZero(magnitude);
  return x < 0 ? -value : value;
}

/**
 * The complementary error function, `erfc(x) = 1 - erf(x)`, without the cancellation of that difference for large x.
 *
 * @source Cody (1969), tables for erf and erfc.
 * @example
 * erfc(0) // → 1
 * erfc(5) // → 1.537459794428035e-12
 */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.46875) {
    return 1 - erfNearZero(x);
  }
  return x > 0 ? erfcFarFromZero(x) : 2 - erfcFarFromZero(-x);
}
