// How is x to the power y computed?
//
// As e^(y log x). An error d in y log x is a relative error d of the power, and y log x can be as large as 745, so the
// logarithm must be about 2^10 times more accurate than the result. With x = 2^k m, sqrt(3)/2 <= m < sqrt(3), c the
// nearer one of 1 and 3/2, s = (m - c)/(m + c) and z = s^2 <= 0.0103,
//   log x = k ln 2 + log c + (2/3) s (3 + z + R(z)),   R(z) = 3 z^2/5 + 3 z^3/7 + ... < 2^-13.
// Everything but R is carried as a sum head + tail, where the head has at most 26 bits: a product of two heads is
// exact, and of the products with a tail only the leading digits are needed. Sources: Dekker, T. J. (1971), Numerische
// Mathematik 18, 224-242 (head and tail); fdlibm (Sun Microsystems, 1993; the choice of c and the form s (3 + z + R));
// ECMAScript, Number::exponentiate (special values).
import { exponentFor, head, powerOfTwo, SMALLEST_NORMAL, scale } from "./bits.js";
import { expOfReduced, LN2_HIGH, LN2_LOW, LOG2_E } from "./exp.js";

/** From here on every power but those of 1 overflows or vanishes: |log x| >= 2^-53. */
const STEEP = 2 ** 65;

const TWO_THIRDS = 2 / 3;
const TWO_THIRDS_HEAD = 11184811 / 2 ** 24; // the leading 24 bits
const TWO_THIRDS_TAIL = -1 / 3 / 2 ** 24; // 2/3 - TWO_THIRDS_HEAD

/** Of sqrt(3)/2, rounded down. */
const SQRT_3_HALVES_HIGH_WORD = 0x3febb67a;
/** Times m it is below 1 exactly where m is nearer, as a quotient, to 1 than to 3/2. */
const SQRT_2_THIRDS = /* @__PURE__ */ Math.sqrt(2 / 3);
const LOG_3_HALVES_HIGH = 0.4054651081096381; // log(3/2) to 33 bits after the binary point
const LOG_3_HALVES_LOW = -1.4737129240254587e-12; // log(3/2) - LOG_3_HALVES_HIGH

/** R(z) for 0 <= z <= 0.0103, in two interleaved halves: the next term is below 2^-68. */
function seriesTail(z: number): number {
  const w = z * z;
  const even = 3 / 5 + w * (3 / 9 + w * (3 / 13 + w * (3 / 17 + w * (3 / 21))));
  const odd = 3 / 7 + w * (3 / 11 + w * (3 / 15 + w * (3 / 19)));
  return w * (even + z * odd);
}

/** x^y for positive finite x and |y| < 2^65. */
function powerOfPositive(x: number, y: number): number {
  const lift = x < SMALLEST_NORMAL ? 54 : 0;
  const normal = x * powerOfTwo(lift);
  const exponent = exponentFor(normal, SQRT_3_HALVES_HIGH_WORD);
  const m = normal * powerOfTwo(0 - exponent);
  const k = exponent - lift;
  const j = Math.floor(m * SQRT_2_THIRDS); // 0 or 1
  const c = 1 + 0.5 * j;

  // s = sHead + sTail = (m - c)/(m + c): the tail is the remainder of a long division, divided.
  const above = m - c;
  const belowHead = head(m + c);
  const belowTail = m - (belowHead - c);
  const inverse = 1 / (m + c);
  const s = above * inverse;
  const sHead = head(s);
  const sTail = (above - sHead * belowHead - sHead * belowTail) * inverse;

  // t = tHead + tTail = 3 + z + R(z), where z = sHead^2 + (2 sHead + sTail) sTail.
  const square = sHead * sHead;
  const rest = seriesTail(s * s) + sTail * (s + sHead);
  const tHead = head(3 + square + rest);
  const tTail = rest - (tHead - 3 - square);

  // p = pHead + pTail = s t
  const leading = sHead * tHead;
  const others = sTail * tHead + s * tTail;
  const pHead = head(leading + others);
  const pTail = others - (pHead - leading);

  // h = hHead + hTail = log x = k ln 2 + log c + (2/3) p
  const steps = k * LN2_HIGH + j * LOG_3_HALVES_HIGH;
  const part = pHead * TWO_THIRDS_HEAD;
  const sum = steps + part;
  const lost = part - (sum - steps);
  const small = lost + (k * LN2_LOW + j * LOG_3_HALVES_LOW + (pTail * TWO_THIRDS + pHead * TWO_THIRDS_TAIL));
  const hHead = head(sum + small);
  const hTail = small - (hHead - sum);

  // e^(y h)
  const yHead = head(y);
  const product = yHead * hHead;
  const productLow = (y - yHead) * hHead + y * hTail;
  if (!(Math.abs(product) < 746)) return product > 0 ? Infinity : 0;
  const n = Math.floor(product * LOG2_E + 0.5);
  return scale(expOfReduced(product - n * LN2_HIGH, productLow - n * LN2_LOW), n);
}

/** x^y with the special values of Math.pow; measured errors stay below 0.8 units in the last place. */
export function pow(x: number, y: number): number {
  if (x > 0 && x < Infinity && y > -STEEP && y < STEEP && y !== 0) return powerOfPositive(x, y);
  return powerAtTheEnds(x, y);
}

/** x^y where x is 0, infinite or negative, or y is 0, infinite or huge, or either is NaN. */
function powerAtTheEnds(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const size = Math.abs(x);
  const yIsInteger = Math.floor(y) === y;
  const yIsOdd = yIsInteger && Math.abs(y) < 2 ** 53 && Math.floor(y / 2) * 2 !== y;
  if (x < 0 && size < Infinity && !yIsInteger) return NaN;
  const negative = yIsOdd && (x < 0 || 1 / x < 0);
  const value = powerOfSize(size, y);
  return negative ? -value : value;
}

/** size^y for size in [0, Infinity] and y other than 0 and NaN. */
function powerOfSize(size: number, y: number): number {
  const infiniteY = Math.abs(y) === Infinity;
  if (size === 1) return infiniteY ? NaN : 1;
  const largerThanOne = size > 1 === y > 0;
  if (size === 0 || size === Infinity || !(Math.abs(y) < STEEP)) {
    return largerThanOne ? Infinity : 0;
  }
  return powerOfPositive(size, y);
}
