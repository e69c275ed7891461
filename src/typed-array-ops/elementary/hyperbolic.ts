// How are the hyperbolic functions tanh, sinh and cosh computed?
import { nearest, powerOfTwo } from "./bits.js";
import { coshTail, expTimesPower, LN2_HIGH, LN2_LOW, LOG2_E, sinhTail } from "./exp.js";

export const TWO_LOG2_E: number = 2 * Math.LOG2E;

/** Adding and subtracting this rounds a number below 2^25 to a multiple of 2^-26. */
export const ROUND_TO_26_BITS: number = 1.5 * 2 ** 26;
export const ONE_MORE: number = ROUND_TO_26_BITS + 1;

/** Of (r coth r - 1)/r^2 in powers of r^2, for |r| <= 0.67 ln(2)/2: minimax, with an error of r coth r below 3e-17. */
export const TANH_COEFFICIENTS: readonly number[] = [
  0.33333333333330945, -0.02222222221593313, 0.0021164015788543533, -0.00021162014774092663, 2.103728685404604e-5,
];
const [C0, C1, C2, C3, C4] = TANH_COEFFICIENTS;

/** 2 x / ln 2 less this is rounded to k: so k = 0 as far as x = 0.23, where nothing is subtracted. */
export const TANH_SHIFT = 0.17;

/**
 * tanh x; measured errors stay below 0.9 units in the last place.
 *
 * With x = k ln(2)/2 + r, P = 2^k and c = r coth r = 1 + h, where h = r^2/3 - r^4/45 + ...,
 *   tanh x = (e^(2x) - 1)/(e^(2x) + 1) = (c (P - 1) + r (P + 1)) / (c (P + 1) + r (P - 1)),
 * a long division: y is the quotient to 26 bits behind the point, so that w = P - 1 - y (P + 1) and v = P + 1 - y (P - 1) are
 * exact, and what remains of the numerator, w c + v r, divided once more, is the small rest of the quotient.
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (!(size > 0)) return x;
  if (size > 22) return x > 0 ? 1 : -1;
  const k = nearest(size * TWO_LOG2_E - TANH_SHIFT);
  const r = size - k * (LN2_HIGH / 2) - k * (LN2_LOW / 2);
  const z = r * r;
  const h = z * (C0 + z * C1 + z * z * (C2 + z * C3 + z * z * C4));
  const power = powerOfTwo(k);
  const inverse = 1 / ((h + 1) * (power + 1) + r * (power - 1));
  const less = h + 1 - r; // the quotient is 1 - 2 (c - r)/(c (P + 1) + r (P - 1))
  const rounded = ONE_MORE - (less + less) * inverse;
  const y = rounded - ROUND_TO_26_BITS;
  const grown = power * (ONE_MORE - rounded);
  const w = grown - (1 + y);
  const v = grown + (1 + y);
  const value = y + (w + r * v + w * h) * inverse;
  return x < 0 ? -value : value;
}

/**
 * sinh x; measured errors stay below 0.8 units in the last place.
 *
 * With x = k ln 2 + r, sinh x = sinh(k ln 2) cosh r + cosh(k ln 2) sinh r, where the factors of k are half the sum and
 * half the difference of 2^k and 2^-k.
 */
export function sinh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.35) return size < 1e-8 ? x : x + x * sinhTail(x * x);
  if (!(size < 22)) return x > 0 ? halfOfExp(size) : -halfOfExp(size);
  return hyperbolicSum(size, -1) * (x / size);
}

/** cosh x = cosh(k ln 2) cosh r + sinh(k ln 2) sinh r; measured errors stay below 0.8 units in the last place. */
export function cosh(x: number): number {
  const size = Math.abs(x);
  return size < 22 ? hyperbolicSum(size, 1) : halfOfExp(size);
}

/** e^x / 2 for x > 0, also where e^x overflows. */
function halfOfExp(x: number): number {
  return x < 710.5 ? expTimesPower(x, -1) : x * Infinity;
}

/** (e^x + sign e^-x)/2 for 0 <= x < 22. The largest terms are added with their rounding errors, these at the end. */
function hyperbolicSum(x: number, sign: number): number {
  const k = nearest(x * LOG2_E);
  const r = x - k * LN2_HIGH;
  const rLow = -k * LN2_LOW;
  const t = r + rLow;
  const z = t * t;
  const grown = powerOfTwo(k - 1);
  const shrunk = sign * powerOfTwo(-k - 1);
  const even = grown + shrunk;
  const odd = grown - shrunk;
  const evenLow = shrunk - (even - grown);

  const first = grown * r;
  const sum = even + first;
  const lost = first - (sum - even);
  const second = shrunk * r;
  const total = sum - second;
  const lostToo = sum - total - second;
  return total + (lost + lostToo + (evenLow + (even * (0.5 * z + coshTail(z)) + odd * (rLow + t * sinhTail(z)))));
}
