// How are the inverse hyperbolic functions computed?
//
// Near 0 by x + x^3 P(x^2)/Q(x^2), with coefficients of Cephes (Moshier, S. L., 1989, Methods and Programs for
// Mathematical Functions); elsewhere as logarithms of numbers in two parts, since an error of half a unit in the
// argument of the logarithm would be too much.
import { head } from "./bits.js";
import { log1pOfSum, logOfDouble, logOfSum } from "./log.js";

/** What rounding took from the square of x: x^2 - square. */
function squareError(x: number, square: number): number {
  const xHead = head(x);
  const xTail = x - xHead;
  return xHead * xHead - square + 2 * xHead * xTail + xTail * xTail;
}

/** sqrt(v + vLow) - root for root = the rounded square root of v. */
function rootError(root: number, v: number, vLow: number): number {
  const square = root * root;
  return (v - square - squareError(root, square) + vLow) / (2 * root);
}

/** arsinh x = log(x + sqrt(x^2 + 1)); measured errors stay below 0.8 units in the last place. */
export function asinh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.5) {
    const z = x * x;
    const p =
      (((-0.004332316837523421 * z - 0.5917502120563871) * z - 4.373902261943567) * z - 9.090305333083773) * z -
      5.566822272308596;
    const q = (((z + 12.875700206742644) * z + 48.60424838052918) * z + 69.57225213372575) * z + 33.400933633851636;
    return size < 1e-8 ? x : x + x * (z * (p / q));
  }
  if (!(size < Infinity)) return x;
  const value = size > 1e9 ? logOfDouble(size) : asinhAwayFromZero(size);
  return x > 0 ? value : -value;
}

function asinhAwayFromZero(x: number): number {
  const square = x * x;
  const v = square + 1;
  const vLow = (square > 1 ? square - v + 1 : 1 - v + square) + squareError(x, square);
  const root = Math.sqrt(v);
  const sum = root + x;
  return logOfSum(sum, root - sum + x + rootError(root, v, vLow));
}

/**
 * arcosh x = log(x + sqrt(x^2 - 1)) = log(1 + t + sqrt(2 t + t^2)) with t = x - 1; measured errors stay below 0.95
 * units.
 */
export function acosh(x: number): number {
  if (!(x >= 1)) return NaN;
  if (x === 1) return 0;
  if (x > 1e9) return x < Infinity ? logOfDouble(x) : x;
  const t = x - 1; // exact below 2, and rounded away from 1 only where t^2 dominates
  const tLow = x - (t + 1);
  const square = t * t;
  const v = square + 2 * t;
  const vLow = (square > 2 * t ? square - v + 2 * t : 2 * t - v + square) + squareError(t, square) + 2 * tLow * (1 + t);
  const root = Math.sqrt(v);
  const sum = root + t;
  return log1pOfSum(sum, root - sum + t + (tLow + rootError(root, v, vLow)));
}

/** artanh x = log((1 + x)/(1 - x)) / 2; measured errors stay below 0.8 units in the last place. */
export function atanh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.5) {
    const z = x * x;
    const p =
      (((-0.8540743319296693 * z + 12.042686138407237) * z - 46.12528841987327) * z + 65.45667286765443) * z -
      30.909253937986694;
    const q =
      ((((z - 19.563884937691164) * z + 108.93809214714025) * z - 249.8394013258936) * z + 252.00667569134455) * z -
      92.72776181396011;
    return size < 1e-8 ? x : x + x * (z * (p / q));
  }
  if (!(size < 1)) return size === 1 ? x * Infinity : NaN;
  const above = 1 + size;
  const below = 1 - size; // exact
  const ratio = above / below;
  const ratioHead = head(ratio);
  const ratioTail = ratio - ratioHead;
  const belowHead = head(below);
  const belowTail = below - belowHead;
  const product = above - ratioHead * belowHead - ratioHead * belowTail - ratioTail * belowHead - ratioTail * belowTail;
  const value = 0.5 * logOfSum(ratio, (product + (1 - above + size)) / below);
  return x > 0 ? value : -value;
}
