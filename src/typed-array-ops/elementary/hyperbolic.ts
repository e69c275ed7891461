// How are the hyperbolic functions tanh, sinh and cosh computed?
import { head, powerOfTwo } from "./bits.js";
import { coshTail, expTimesPower, LN2_HIGH, LN2_LOW, LOG2_E, sinhTail } from "./exp.js";

const TWO_LOG2_E = 2 * Math.LOG2E;

/** Adding and subtracting 1.5 2^26 rounds a number below 2^25 to a multiple of 2^-26. */
const ROUND_TO_26_BITS = 1.5 * 2 ** 26;

/**
 * tanh x; measured errors stay below 0.85 units in the last place.
 *
 * Near 0, tanh x = x + x^3 P(x^2)/Q(x^2), where the second term is at most an eighth of the first; coefficients of
 * Cephes (Moshier, S. L., 1989, Methods and Programs for Mathematical Functions). Beyond, tanh x = 1 - 2/(e^(2x) + 1).
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.625) {
    const z = x * x;
    const p = (-0.9643991794250523 * z - 99.28772310019185) * z - 1614.6876844170845;
    const q = ((z + 112.81167849163293) * z + 2235.4883906010045) * z + 4844.063053251255;
    return size < 1e-8 ? x : x + x * (z * (p / q));
  }
  if (!(size < 22)) return Number.isNaN(x) ? x : x > 0 ? 1 : -1;
  return tanhAwayFromZero(size) * (x / size); // x / size is the sign; a branch on it would often be predicted wrongly
}

/**
 * 1 - 2/(e^(2x) + 1) for 0.6 < x < 22, with one rounding that counts. With 2 x = k ln 2 + r,
 *   e^(2x) = 2^k (2 + q + r)/(2 + q - r),   q = r coth(r/2) - 2 = r^2/6 - r^4/360 + ...
 * (series shortened as in fdlibm's exponential function, Sun Microsystems, 1993), so that the only division is
 *   2/(e^(2x) + 1) = (4 - 2 (r - q)) / (2 (2^k + 1) + q (2^k + 1) + r (2^k - 1)).
 * It is a long division: the first 26 bits of the quotient times the head of the denominator is exact, so the remainder
 * is known well, and the remainder divided once more is the small second part of the quotient.
 */
function tanhAwayFromZero(x: number): number {
  const k = Math.floor(x * TWO_LOG2_E + 0.5);
  const r = 2 * x - k * LN2_HIGH - k * LN2_LOW;
  const z = r * r;
  const shortened = 6.613756321437934e-5 + z * (-1.6533902205465252e-6 + z * 4.1381367970572385e-8);
  const q = z * (0.16666666666666602 + z * (-0.0027777777777015593 + z * shortened));
  const power = powerOfTwo(k);
  const leading = 2 * power + 2;
  const others = q * (power + 1) + r * (power - 1);
  const below = leading + others;
  const belowHead = head(below);
  const belowTail = leading - belowHead + others;
  const inverse = 1 / below;
  const missing = 2 * (r - q);
  const first = (4 - missing) * inverse + ROUND_TO_26_BITS - ROUND_TO_26_BITS;
  return 1 - first - (4 - first * belowHead - missing - first * belowTail) * inverse;
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
  const k = Math.floor(x * LOG2_E + 0.5);
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
