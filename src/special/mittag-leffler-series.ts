// How are the power series and the asymptotic expansion of the Mittag-Leffler function added up?
//
//     E(z) = sum_{k>=0} z^k / Gamma(alpha k + beta)                                  for small |z|
//     E(z) ~ [residues] - sum_{k>=1} z^(-k) / Gamma(beta - alpha k)                  for large |z|^(1/alpha)
//
// (Podlubny 1999, Fractional Differential Equations, 1.2.1 and theorems 1.3 and 1.4; the latter in Gorenflo, Loutchko &
// Luchko 2002 as well.) Derivatives are taken term by term. The arguments of Gamma are carried as a sum of two numbers:
// near its poles 1/Gamma is as small as their last digits.

import { pow, sin } from "../typed-array-ops/elementary/index.js";
import { type Complex, complex, modulus, over, plus, scaled, times, ZERO } from "./complex.js";
import { exactProduct, exactSum } from "./double-double.js";
import { gamma } from "./gamma.js";

/** A value, and the sum of the magnitudes that were added to get it. */
export interface Sum {
  readonly value: Complex;
  readonly size: number;
}

export const addSums = (a: Sum, b: Sum): Sum => ({ value: plus(a.value, b.value), size: a.size + b.size });

export const asSum = (value: Complex): Sum => ({ value, size: modulus(value) });

/** How many times larger the magnitudes are than the value. */
export function lossOf({ value, size }: Sum): number {
  if (modulus(value) === Infinity) return 1;
  const loss = size / modulus(value);
  return loss >= 0 ? loss : Infinity;
}

/** 1 / Gamma(beta + alpha k) for an integer k, 0 at the poles of Gamma. */
export function reciprocalGammaAt(alpha: number, beta: number, k: number): number {
  const product = exactProduct(alpha, k);
  const { high, low } = exactSum(beta, product.high);
  const rest = low + product.low;
  if (high > 171) return 0;
  if (high >= 0.5) return 1 / gamma(high + rest);
  // 1 / Gamma(x) = Gamma(1 - x) sin(pi x) / pi
  const nearest = Math.round(high);
  if (high === nearest && rest === 0) return 0;
  const sine = sin(Math.PI * (high - nearest + rest));
  return (gamma(1 - high) * (nearest % 2 === 0 ? sine : -sine)) / Math.PI;
}

/** k (k-1) ... (k-order+1). */
function falling(k: number, order: number): number {
  let product = 1;
  for (let i = 0; i < order; i++) product *= k - i;
  return product;
}

/** The derivative of that order, by the power series. */
export function powerSeries(alpha: number, beta: number, z: Complex, order: number): Sum {
  const size = modulus(z);
  // 1/Gamma is bounded by this number to the right of beta.
  const bound = beta < 0 ? Math.max(1.2, gamma(1 - beta)) : 1.2;
  let value = ZERO;
  let total = 0;
  let power = complex(1, 0);
  let powerSize = 1;
  for (let k = order; k < 100000; k++) {
    const weight = falling(k, order);
    const term = scaled(power, weight * reciprocalGammaAt(alpha, beta, k));
    const magnitude = modulus(term);
    value = plus(value, term);
    total += magnitude;
    const small = 2 ** -56 * modulus(value);
    if (size < 0.9 && powerSize * weight * bound < small && k > 2 * order) break;
    if (alpha * k + beta > 2 && magnitude <= small && alpha * k > 2 * pow(size, 1 / alpha)) break;
    power = times(power, z);
    powerSize *= size;
    if (powerSize === 0) break;
  }
  return { value, size: total };
}

/** At most this many terms of the expansion are tried. */
const MOST_TERMS = 60;

/** The first `terms` terms of -sum_k z^(-k) / Gamma(beta - alpha k). */
export function algebraicPart(alpha: number, beta: number, z: Complex, terms: number): Sum {
  const step = over(complex(1, 0), z);
  let value = ZERO;
  let size = 0;
  let power = complex(-1, 0);
  for (let k = 1; k <= terms; k++) {
    power = times(power, step);
    const term = scaled(power, reciprocalGammaAt(alpha, beta, -k));
    value = plus(value, term);
    size += modulus(term);
  }
  return { value, size };
}

/**
 * The derivative of that order of the whole sum, cut where its terms are smallest; the larger of the last two terms is added
 * to the magnitudes as what it is in units of rounding. Two terms, as every other one may vanish. |z|^(1/alpha) has to
 * exceed beta: so terms do not grow before they fall.
 */
export function asymptoticSum(alpha: number, beta: number, z: Complex, order: number): Sum {
  const step = over(complex(1, 0), z);
  let power = complex(order % 2 === 0 ? -1 : 1, 0);
  for (let i = 0; i < order; i++) power = times(power, step);
  let [value, size, before] = [ZERO, 0, Infinity];
  let [best, least]: [Sum, number] = [{ value, size }, Infinity];
  for (let k = 1; k <= MOST_TERMS; k++) {
    power = times(power, step);
    const weight = falling(k + order - 1, order);
    const term = scaled(power, weight * reciprocalGammaAt(alpha, beta, -k));
    const magnitude = modulus(term);
    if (!(magnitude < Infinity)) break;
    value = plus(value, term);
    size += magnitude;
    const rest = Math.max(magnitude, before);
    if (rest < least) {
      least = rest;
      best = { value, size: size + rest * 2 ** 52 };
      if (rest <= 2 ** -56 * modulus(value)) break;
    }
    before = magnitude;
  }
  return best;
}
