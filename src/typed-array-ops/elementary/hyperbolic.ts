// How are the hyperbolic functions tanh, sinh and cosh computed?
import { powerOfTwo, scale } from "./bits.js";
import { coshTail, expOfReduced, LN2_HIGH, LN2_LOW, LOG2_E, sinhTail } from "./exp.js";

/** Adding and subtracting 1.5 2^26 rounds a number below 2^25 to a multiple of 2^-26. */
const ROUND_TO_26_BITS = 100663296;

/**
 * tanh x; the error is below 0.75 units in the last place.
 *
 * Near 0, tanh x = x + x^3 P(x^2)/Q(x^2), where the second term is at most an eighth of the first; coefficients of
 * Cephes (Moshier, S. L., 1989, Methods and Programs for Mathematical Functions). Beyond, tanh x = 1 - 2/(e^(2x) + 1).
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.625) {
    const z = x * x;
    const p = (-9.64399179425052238628e-1 * z - 9.92877231001918586564e1) * z - 1.61468768441708447952e3;
    const q = ((z + 1.12811678491632931402e2) * z + 2.2354883906010044858e3) * z + 4.84406305325125486048e3;
    return size < 1e-8 ? x : x + x * (z * (p / q));
  }
  if (!(size < 22)) return Number.isNaN(x) ? x : x > 0 ? 1 : -1;
  return x > 0 ? tanhAwayFromZero(size) : -tanhAwayFromZero(size);
}

/**
 * 1 - 2/(e^(2x) + 1) for 0.6 < x < 22, with one rounding that counts. The denominator is kept as head + tail with a
 * head of about 27 bits. The quotient 2/(head + tail) is rounded to 26 bits, so that its product with the head is
 * exact; the remainder of this division, divided once more, is the small second part of the quotient.
 */
function tanhAwayFromZero(x: number): number {
  const k = Math.floor(2 * LOG2_E * x + 0.5);
  const r = 2 * x - k * LN2_HIGH;
  const rLow = -k * LN2_LOW;
  const t = r + rLow;
  const z = t * t;
  const power = powerOfTwo(k);
  const leading = 1 + r + ROUND_TO_26_BITS - ROUND_TO_26_BITS;
  const head = power * leading + 1;
  const tail = power * (r - (leading - 1) + rLow + (coshTail(z) + t * sinhTail(z)));
  const inverse = 1 / (head + tail);
  const first = 2 * inverse + ROUND_TO_26_BITS - ROUND_TO_26_BITS;
  return 1 - first - (2 - first * head - first * tail) * inverse;
}
