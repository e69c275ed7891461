// How is e to the power x computed?
//
// Write x = k ln 2 + r with an integer k and |r| <= ln(2)/2. Then e^x = 2^k e^r, and for so small an r the Taylor
// series needs few terms. ln 2 is taken as a sum of two numbers, the first with trailing zeros, so that k times it is
// exact and nothing of x is lost. Source of the reduction: Cody, W. J., and Waite, W. (1980), Software Manual for the
// Elementary Functions, chapter 6; the split of ln 2 is that of fdlibm (Sun Microsystems, 1993).
import { powerOfTwo, scale } from "./bits.js";

export const LN2_HIGH = 0.6931471803691238; // the leading 33 bits of ln 2: products with |k| < 2^20 are exact
export const LN2_LOW = 1.9082149292705877e-10; // ln 2 - LN2_HIGH
export const LOG2_E: number = Math.LOG2E; // 1 / ln 2; constants of the language are the same everywhere

/** cosh r - 1 - r^2/2 = r^4/4! + r^6/6! + ..., from z = r^2, for |r| <= 0.41: the next term is below 2^-64. */
export function coshTail(z: number): number {
  const rest = 1 / 3628800 + z * (1 / 479001600 + z * (1 / 87178291200));
  return z * z * (1 / 24 + z * (1 / 720 + z * (1 / 40320 + z * rest)));
}

/** (sinh r - r) / r = r^2/3! + r^4/5! + ..., from z = r^2, for |r| <= 0.41. */
export function sinhTail(z: number): number {
  return z * (1 / 6 + z * (1 / 120 + z * (1 / 5040 + z * (1 / 362880 + z * (1 / 39916800 + z * (1 / 6227020800))))));
}

/**
 * e^(r + rLow) for |r| <= 0.35 and a small rLow: 1 + r + r^2/2 + (cosh r - 1 - r^2/2) + (sinh r - r). The sum 1 + r is
 * the only large one; what its rounding takes away is put back with the small terms, so that one rounding remains.
 */
export function expOfReduced(r: number, rLow: number): number {
  const t = r + rLow;
  const z = t * t;
  const leading = 1 + r;
  const lost = r - (leading - 1);
  return leading + (lost + rLow + (0.5 * z + (coshTail(z) + t * sinhTail(z))));
}

/** e^x; measured errors stay below 0.76 units in the last place. */
export function exp(x: number): number {
  if (!(x > -708 && x < 709)) return expAtTheEnds(x);
  const k = Math.floor(x * LOG2_E + 0.5);
  return expOfReduced(x - k * LN2_HIGH, -k * LN2_LOW) * powerOfTwo(k);
}

/** e^x where the result overflows, is subnormal or zero, or x is NaN. */
function expAtTheEnds(x: number): number {
  if (x > 709.8) return Infinity;
  if (x < -745.2) return 0;
  return Number.isNaN(x) ? x : expTimesPower(x, 0);
}

/** 2^shift e^x, also where 2^k alone overflows or is subnormal. */
export function expTimesPower(x: number, shift: number): number {
  const k = Math.floor(x * LOG2_E + 0.5);
  return scale(expOfReduced(x - k * LN2_HIGH, -k * LN2_LOW), k + shift);
}

/**
 * e^x - 1, without cancellation near 0; measured errors stay below 0.85 units in the last place. Away from 0 it is
 * (2^k (1 + r) - 1) + 2^k (e^r - 1 - r), where the rounding error of the first bracket is computed exactly (Knuth
 * 1969, The Art of Computer Programming 2, section 4.2.2).
 */
export function expm1(x: number): number {
  if (!(x > -40 && x < 40)) return x < 0 ? -1 : exp(x) - (x < 60 ? 1 : 0);
  if (x > -0.35 && x < 0.41) {
    const z = x * x;
    return Math.abs(x) < 1e-17 ? x : x + (0.5 * z + (coshTail(z) + x * sinhTail(z)));
  }
  const k = Math.floor(x * LOG2_E + 0.5);
  const r = x - k * LN2_HIGH;
  const rLow = -k * LN2_LOW;
  const t = r + rLow;
  const tLow = r - t + rLow;
  const z = t * t;
  const power = powerOfTwo(k);
  const leading = 1 + r;
  const lost = r - (leading - 1);
  const grown = power * leading;
  const sum = grown - 1;
  const partOfOne = grown - sum;
  const lostInSum = grown - (sum + partOfOne) - (1 - partOfOne);
  return sum + (lostInSum + power * (lost + rLow + (0.5 * z + (coshTail(z) + (t * sinhTail(z) + t * tLow)))));
}
