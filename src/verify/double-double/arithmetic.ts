// How are numbers of about 106 bits added, multiplied and divided?
//
// A number is the unevaluated sum high + low of two float64 numbers, |low| at most half a unit in the last place of high.
// Errors are given in units of u² = 2^-106, relative to the result, for results above 2^-900; nearer to zero `low` is
// subnormal and the error is a few times 2^-1074. NaN, infinities and signed zeros follow float64; then low = 0.
//
// Sources: Dekker (1971), "A floating-point technique for extending the available precision"; Joldes, Muller & Popescu
// (2017), "Tight and rigorous error bounds for basic building blocks of double-word arithmetic".
import { type DoubleDouble, exactProduct, exactSum } from "../../special/double-double.js";
import { exponentOf, scaleNumber } from "./scaling.js";

export type { DoubleDouble };

/** Between these bounds the halves in Dekker's product neither overflow nor underflow. */
const LEAST = 2 ** -900;
const MOST = 2 ** 990;
const isTame = (x: number): boolean => (x > LEAST && x < MOST) || (x < -LEAST && x > -MOST);

export const ZERO: DoubleDouble = { high: 0, low: 0 };
export const ONE: DoubleDouble = { high: 1, low: 0 };

/** The number x itself. */
export const fromNumber = (x: number): DoubleDouble => ({ high: x, low: 0 });

/** The nearest float64 number. */
export const toNumber = (x: DoubleDouble): number => x.high;

/** high + low for |high| ≥ |low| as a number of this arithmetic (Dekker 1971); an infinite or zero `high` stays. */
export function renormalised(high: number, low: number): DoubleDouble {
  if (low === 0 || high - high !== 0) return { high, low: 0 };
  const sum = high + low;
  return { high: sum, low: sum - sum === 0 ? low - (sum - high) : 0 };
}

/** −x, exactly. */
export const neg = (x: DoubleDouble): DoubleDouble => ({ high: -x.high, low: x.low === 0 ? 0 : -x.low });

/** |x|, exactly. */
export const abs = (x: DoubleDouble): DoubleDouble => (x.high < 0 ? neg(x) : x.high === 0 ? ZERO : x);

/** x·2^k, exactly unless the result is subnormal. */
export const scale = (x: DoubleDouble, k: number): DoubleDouble =>
  renormalised(scaleNumber(x.high, k), scaleNumber(x.low, k));

/** x/2, exactly unless the result is subnormal. */
export const half = (x: DoubleDouble): DoubleDouble => renormalised(x.high / 2, x.low / 2);

/**
 * x + y, to 3 u² even where digits cancel.
 *
 * @source Joldes, Muller & Popescu (2017), algorithm 6 (AccurateDWPlusDW), theorem 3.1
 * @example add({ high: 1, low: 0 }, { high: 1e-20, low: 0 }).low // → 1e-20
 */
export function add(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const high = exactSum(x.high, y.high);
  if (high.high - high.high !== 0) return fromNumber(high.high);
  const low = exactSum(x.low, y.low);
  const middle = renormalised(high.high, high.low + low.high);
  return renormalised(middle.high, low.low + middle.low);
}

/** x − y, to 3 u². */
export const sub = (x: DoubleDouble, y: DoubleDouble): DoubleDouble => add(x, neg(y));

/**
 * x y, to 5 u².
 *
 * @source Joldes, Muller & Popescu (2017), algorithm 10 (DWTimesDW1); Muller & Rideau (2022) for the bound
 * @example mul({ high: 1 + 2 ** -30, low: 0 }, { high: 1 + 2 ** -30, low: 0 }).low // → 8.673617379884035e-19
 */
export function mul(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const rough = x.high * y.high;
  if (isTame(rough) && isTame(x.high) && isTame(y.high)) {
    const product = exactProduct(x.high, y.high);
    return renormalised(product.high, product.low + (x.high * y.low + x.low * y.high));
  }
  if (rough === 0 || rough - rough !== 0) return fromNumber(rough);
  const [xs, xe] = unit(x);
  const [ys, ye] = unit(y);
  return scale(mul(xs, ys), xe + ye);
}

/**
 * x/y, to 10 u².
 *
 * @source Joldes, Muller & Popescu (2017), algorithm 17 (DWDivDW2)
 * @example div({ high: 1, low: 0 }, { high: 3, low: 0 }).low // → 1.850371707708594e-17
 */
export function div(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const quotient = x.high / y.high;
  if (isTame(quotient) && isTame(x.high) && isTame(y.high)) {
    const product = exactProduct(quotient, y.high);
    const back = renormalised(product.high, product.low + quotient * y.low);
    return renormalised(quotient, (x.high - back.high + (x.low - back.low)) / y.high);
  }
  if (quotient === 0 || quotient - quotient !== 0) return fromNumber(quotient);
  const [xs, xe] = unit(x);
  const [ys, ye] = unit(y);
  return scale(div(xs, ys), xe - ye);
}

/** 1/x, to 10 u². */
export const reciprocal = (x: DoubleDouble): DoubleDouble => div(ONE, x);

/** x², to 5 u². */
export const square = (x: DoubleDouble): DoubleDouble => mul(x, x);

/**
 * √x, to 4 u²; NaN for x < 0.
 *
 * @source Lefèvre, Louvet, Muller, Picot & Rideau (2023), algorithm 8 (SQRTDWtoDW)
 * @example sqrt({ high: 2, low: 0 }).low // → -9.667293313452913e-17
 */
export function sqrt(x: DoubleDouble): DoubleDouble {
  const root = Math.sqrt(x.high);
  if (root === 0 || root - root !== 0) return fromNumber(root);
  if (!isTame(x.high)) {
    const shift = 2 * Math.floor(exponentOf(x.high) / 2);
    return scale(sqrt(scale(x, -shift)), shift / 2);
  }
  const product = exactProduct(root, root);
  return renormalised(root, (x.high - product.high - product.low + x.low) / (2 * root));
}

/** x as s·2^e with 1 ≤ |s| < 2, for a finite x ≠ 0. */
function unit(x: DoubleDouble): [DoubleDouble, number] {
  const exponent = exponentOf(x.high);
  return [scale(x, -exponent), exponent];
}

/** Σᵢ cᵢ xⁱ by Horner's rule. */
export function polynomial(coefficients: readonly DoubleDouble[], x: DoubleDouble): DoubleDouble {
  let sum = ZERO;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = add(mul(sum, x), coefficients[i]);
  return sum;
}
