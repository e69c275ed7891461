// What is the Mittag-Leffler function near its real zeros, where the terms of its power series cancel?
//
// For moderate |z| the sum is formed with two parts for each number, from 1/Gamma with some 58 bits: the error is then not one of
// 2^-52 but of 2^-58 beside the largest terms, which near a zero is what counts.

import { complex } from "./complex.js";
import { digamma } from "./digamma.js";
import { add, type DoubleDouble, divide, exactProduct, exactSum, multiply } from "./double-double.js";
import { scaledGamma } from "./gamma.js";
import { reciprocalGammaAt, type Sum } from "./mittag-leffler-series.js";

const ONE: DoubleDouble = { high: 1, low: 0 };

/** 1 / Gamma(beta + alpha k) in two parts. */
function reciprocalGamma(alpha: number, beta: number, k: number): DoubleDouble {
  const product = exactProduct(alpha, k);
  const { high, low } = exactSum(beta, product.high);
  const offset = high - Math.round(high);
  // beside a pole of Gamma it is small, and two parts of the argument are not enough
  if (high > 150 || high < -150 || (high < 0.5 && Math.abs(offset) < 1e-6)) {
    return { high: reciprocalGammaAt(alpha, beta, k), low: 0 };
  }
  const rest = -(low + product.low) * digamma(high);
  return multiply(divide(ONE, scaledGamma(high, 1)), { high: 1, low: rest });
}

/** Its rounding beside that of the sums over the nodes of a contour, for which each term is good to some 2^-51. */
const SHARE = 2 ** -9;

/** E(z) for a real z, by the power series. */
export function preciseSeries(alpha: number, beta: number, z: number): Sum {
  let sum: DoubleDouble = { high: 0, low: 0 };
  let power = ONE;
  let size = 0;
  for (let k = 0; alpha * k + beta < 150; k++) {
    const term = multiply(power, reciprocalGamma(alpha, beta, k));
    sum = add(sum, term);
    size += Math.abs(term.high);
    if (alpha * k + beta > 20 && Math.abs(term.high) <= 2 ** -64 * size) break;
    power = multiply(power, { high: z, low: 0 });
  }
  return { value: complex(sum.high, 0), size: size * SHARE };
}
