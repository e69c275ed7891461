// Which method gives the Mittag-Leffler function and its derivatives at a point?
//
// The power series for small |z|, the asymptotic expansion where it converges far enough, else the integral along a
// parabola.

import { pow } from "../typed-array-ops/elementary/index.js";
import { type Complex, complex, modulus, scaled } from "./complex.js";
import { erfc } from "./erf.js";
import { gamma } from "./gamma.js";
import { ACCEPTED_LOSS, integrator } from "./mittag-leffler-integral.js";
import { derivativeOf, polesOf, residueOf } from "./mittag-leffler-poles.js";
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
const FAR = 34;

/** The expansion, with the poles near the cut switched on smoothly (Berry 1989, Proceedings of the Royal Society A 422, 7-21). */
function farOut(alpha: number, beta: number, z: Complex, order: number): Sum | undefined {
  const sum = asymptoticSum(alpha, beta, z, order);
  if (sum === undefined) return undefined;
  return polesOf(alpha, z, order, 3).reduce((total, pole) => {
    const share = 0.5 * erfc((Math.abs(pole.phi) - Math.PI) * Math.sqrt(pole.root / 2));
    if (share === 0) return total;
    return addSums(total, asSum(scaled(derivativeOf(residueOf(pole, alpha, beta)), share)));
  }, sum);
}

/** E and its derivatives for fixed alpha and beta; what does not depend on z is computed once. */
export function evaluator(alpha: number, beta: number): Evaluate {
  const integral = integrator(alpha, beta);

  return (z, order) => {
    const size = modulus(z);
    if (Number.isNaN(size)) return complex(NaN, NaN);
    if (size === 0) return complex(gamma(order + 1) * reciprocalGammaAt(alpha, beta, order), 0);
    if (size === Infinity) return atInfinity(alpha, beta, z, order);
    if (z.im === 0) return complex(atFinite(z, size, order).re, 0);
    const { re, im } = atFinite(complex(z.re, Math.abs(z.im)), size, order);
    return complex(re, z.im < 0 ? -im : im);
  };

  function atFinite(z: Complex, size: number, order: number): Complex {
    if (size <= 0.5) return powerSeries(alpha, beta, z, order).value;
    const root = pow(size, 1 / alpha);
    if (root > Math.max(FAR, 1.5 * beta)) {
      const sum = farOut(alpha, beta, z, order);
      if (sum !== undefined) return sum.value;
    }
    const series = root <= 2 && alpha >= 0.25 ? powerSeries(alpha, beta, z, order) : undefined;
    if (series && lossOf(series) <= ACCEPTED_LOSS) return series.value;
    const between = integral(z, root, order);
    return series && series.size < between.size ? series.value : between.value;
  }
}

/** The limits along the real axis; there is none in other directions, nor where oscillations do not die out. */
function atInfinity(alpha: number, beta: number, z: Complex, order: number): Complex {
  if (z.im !== 0) return complex(NaN, NaN);
  if (z.re > 0) return complex(Infinity, 0);
  return complex(alpha < 2 || (1 - beta) / 2 - order / 2 < 0 ? 0 : NaN, 0);
}
