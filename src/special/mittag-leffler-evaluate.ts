// Which method gives the Mittag-Leffler function and its derivatives at a point?
//
// The power series for small |z|, the asymptotic expansion where it converges far enough, else the integral along a
// parabola.

import { pow } from "../typed-array-ops/elementary/index.js";
import { type Complex, complex, minus, modulus, over, scaled, ZERO } from "./complex.js";
import { erfc } from "./erf.js";
import { gamma } from "./gamma.js";
import { ACCEPTED_LOSS, integrator } from "./mittag-leffler-integral.js";
import { derivativeOf, polesOf, residueOf } from "./mittag-leffler-poles.js";
import { preciseSeries } from "./mittag-leffler-precise.js";
import {
  addSums,
  asSum,
  asymptoticSum,
  lossOf,
  powerSeries,
  reciprocalGammaAt,
  type Sum,
} from "./mittag-leffler-series.js";

/** The derivative of that order at z. */
export type Evaluate = (z: Complex, order: number) => Complex;

/** |z|^(1/alpha) from which on the asymptotic expansion is tried. */
const FAR = 30;

/** |z|^(1/alpha) up to which the power series in two parts may lose less than the integral. */
const IN_TWO_PARTS = 8;

/** The expansion, with the poles near the cut switched on smoothly (Berry 1989, Proceedings of the Royal Society A 422, 7-21). */
function farOut(alpha: number, beta: number, z: Complex, order: number): Sum {
  const sum = asymptoticSum(alpha, beta, z, order);
  return polesOf(alpha, z, order, 3).reduce((total, pole) => {
    const share = 0.5 * erfc((Math.abs(pole.phi) - Math.PI) * Math.sqrt(pole.root / 2));
    if (share === 0) return total;
    const residue = derivativeOf(residueOf(pole, alpha, beta));
    const { value, size } = addSums(total, asSum(scaled(residue, share)));
    // where a pole is half there, the share is only the first term of an expansion
    return { value, size: size + modulus(residue) * share * (1 - share) * 2 ** 52 };
  }, sum);
}

type Summed = (z: Complex, order: number) => Sum;

/** The same with the magnitudes that were added, for a z that is neither 0 nor infinite. */
function summed(alpha: number, beta: number): Summed {
  const integral = integrator(alpha, beta);
  const shifted = new Map<number, Summed>();

  /** E with beta - j in place of beta. */
  function ofShifted(j: number): Summed {
    const found = shifted.get(j) ?? summed(alpha, beta - j);
    shifted.set(j, found);
    return found;
  }

  /** From n = order down: alpha z E_b^(n) = E_(b-1)^(n-1) - (b - 1 + alpha (n - 1)) E_b^(n-1). */
  function byRecurrence(z: Complex, order: number): Sum {
    let row = Array.from({ length: order + 1 }, (_, j) => ofShifted(j)(z, 0));
    for (let n = 1; n <= order; n++) {
      row = row.slice(1).map((lower, j) => {
        const factor = alpha * (n - 1) + (beta - j - 1);
        const above = minus(lower.value, scaled(row[j].value, factor));
        const size = lower.size + Math.abs(factor) * row[j].size;
        return { value: over(above, scaled(z, alpha)), size: size / (alpha * modulus(z)) };
      });
    }
    return row[0];
  }

  return (z, order) => {
    const size = modulus(z);
    const root = pow(size, 1 / alpha);
    let best: Sum = { value: ZERO, size: NaN };
    /** Whether it is good enough. */
    const consider = (sum: Sum): boolean => {
      if (Number.isNaN(best.size) || sum.size < best.size) best = sum;
      return lossOf(best) <= ACCEPTED_LOSS;
    };
    if (root > Math.max(FAR, 1.5 * beta) && consider(farOut(alpha, beta, z, order))) return best;
    const near = size <= 0.5;
    if ((near || (root <= 2 && alpha >= 0.25)) && consider(powerSeries(alpha, beta, z, order))) return best;
    if (!near && consider(integral(z, root, order))) return best;
    if (order > 0 && !near) consider(byRecurrence(z, order));
    if (order === 0 && z.im === 0 && root <= IN_TWO_PARTS && alpha >= 0.25) consider(preciseSeries(alpha, beta, z.re));
    return best;
  };
}

/** E and its derivatives for fixed alpha and beta; what does not depend on z is computed once. */
export function evaluator(alpha: number, beta: number): Evaluate {
  const sum = summed(alpha, beta);
  return (z, order) => {
    const size = modulus(z);
    if (Number.isNaN(size)) return complex(NaN, NaN);
    if (size === 0) return complex(gamma(order + 1) * reciprocalGammaAt(alpha, beta, order), 0);
    if (size === Infinity) return atInfinity(alpha, beta, z, order);
    if (z.im === 0) return complex(sum(z, order).value.re, 0);
    const { re, im } = sum(complex(z.re, Math.abs(z.im)), order).value;
    return complex(re, z.im < 0 ? -im : im);
  };
}

/** The limits along the real axis; there is none in other directions, nor where oscillations do not die out. */
function atInfinity(alpha: number, beta: number, z: Complex, order: number): Complex {
  if (z.im !== 0) return complex(NaN, NaN);
  if (z.re > 0) return complex(Infinity, 0);
  return complex(alpha < 2 || (1 - beta) / 2 - order / 2 < 0 ? 0 : NaN, 0);
}
