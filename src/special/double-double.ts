// How is a number carried with about 106 significant bits in float64 arithmetic?
//
// As an unevaluated sum high + low of two float64 numbers, with |low| at most half a unit in the last place of high.
// Sources: Dekker, T. J. (1971), "A floating-point technique for extending the available precision", Numerische
// Mathematik 18, 224-242; Knuth, D. E. (1969), The Art of Computer Programming, volume 2, section 4.2.2, theorem B.

import { head } from "../typed-array-ops/elementary/index.js";

/** The sum `high + low` of two float64 numbers that do not overlap. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

/** The exact sum `a + b` as `high + low` (Knuth 1969, section 4.2.2, theorem B). */
export function exactSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  const partOfB = high - a;
  const low = a - (high - partOfB) + (b - partOfB);
  return { high, low };
}

/** The exact sum `a + b` for `|a| >= |b|` or `a = 0` (Dekker 1971). */
function exactSumOrdered(a: number, b: number): DoubleDouble {
  const high = a + b;
  return { high, low: b - (high - a) };
}

/**
 * The exact product `a * b` as `high + low` (Dekker 1971: split each factor into halves whose products are
 * exact). Needs |a| and |b| below 2^996 and a product above 2^-969, else the halves overflow or underflow.
 */
export function exactProduct(a: number, b: number): DoubleDouble {
  const high = a * b;
  const topA = head(a);
  const bottomA = a - topA;
  const topB = head(b);
  const bottomB = b - topB;
  const low = topA * topB - high + topA * bottomB + bottomA * topB + bottomA * bottomB;
  return { high, low };
}

/** The sum `x + y`, with an error of a few units of 2^-106 relative to |x| + |y|. */
export function add(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const sum = exactSum(x.high, y.high);
  return exactSumOrdered(sum.high, sum.low + (x.low + y.low));
}

/** The product `x * y`, with a relative error of a few units of 2^-106. */
export function multiply(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const product = exactProduct(x.high, y.high);
  return exactSumOrdered(product.high, product.low + (x.high * y.low + x.low * y.high));
}

/** The quotient `x / y`, with a relative error of a few units of 2^-106: one step of long division. */
export function divide(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const quotient = x.high / y.high;
  const product = exactProduct(quotient, y.high);
  const remainder = x.high - product.high - product.low + (x.low - quotient * y.low);
  return exactSumOrdered(quotient, remainder / y.high);
}
