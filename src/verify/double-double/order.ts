// Which of two numbers is larger, and which integer is nearest?
import { type DoubleDouble, fromNumber, neg, ONE, renormalised, sub } from "./arithmetic.js";

/**
 * −1, 0 or 1 as x is less than, equal to or greater than y; NaN if one of them is.
 *
 * @example compare({ high: 1, low: 1e-20 }, { high: 1, low: 0 }) // → 1
 */
export function compare(x: DoubleDouble, y: DoubleDouble): number {
  if (x.high === y.high) return x.low === y.low ? 0 : x.low < y.low ? -1 : 1;
  return x.high < y.high ? -1 : x.high > y.high ? 1 : Number.NaN;
}

/** −1, ±0 or 1. */
export const sign = (x: DoubleDouble): DoubleDouble => fromNumber(Math.sign(x.high));

/** The larger one; NaN if one of them is. */
export const max = (x: DoubleDouble, y: DoubleDouble): DoubleDouble => extreme(x, y, 1, Math.max);

/** The smaller one; NaN if one of them is. */
export const min = (x: DoubleDouble, y: DoubleDouble): DoubleDouble => extreme(x, y, -1, Math.min);

function extreme(
  x: DoubleDouble,
  y: DoubleDouble,
  wanted: number,
  ofNumbers: (a: number, b: number) => number,
): DoubleDouble {
  const order = compare(x, y);
  // Equal ones may be zeros of two signs, and only Math.max and Math.min tell them apart.
  if (order === 0 && x.high === 0) return fromNumber(ofNumbers(x.high, y.high));
  return Number.isNaN(order) ? fromNumber(order) : order === -wanted ? y : x;
}

/**
 * The largest integer ≤ x.
 *
 * @example floor({ high: 3, low: -1e-20 }).high // → 2
 */
export function floor(x: DoubleDouble): DoubleDouble {
  const high = Math.floor(x.high);
  return high === x.high ? renormalised(high, Math.floor(x.low)) : fromNumber(high);
}

/** The smallest integer ≥ x. */
export const ceil = (x: DoubleDouble): DoubleDouble => neg(floor(neg(x)));

/**
 * The nearest integer, of two equally near ones the even one; −0 from −1/2 to −0.
 *
 * @source IEEE 754-2019, roundToIntegralTiesToEven
 * @example round({ high: 2.5, low: 1e-20 }).high // → 3
 */
export function round(x: DoubleDouble): DoubleDouble {
  const below = floor(x);
  const side = compare(sub(x, below), fromNumber(0.5));
  if (Number.isNaN(side)) return x;
  const nearest = side > 0 || (side === 0 && !isEven(below)) ? sub(below, fromNumber(-1)) : below;
  return nearest.high === 0 && x.high < 0 ? fromNumber(-0) : nearest;
}

export const isInteger = (x: DoubleDouble): boolean => Number.isInteger(x.high) && Number.isInteger(x.low);

/** Whether the integer x is even. */
export const isEven = (x: DoubleDouble): boolean => (x.high % 2 === 0) === (x.low % 2 === 0);

/** x − 1, which cancels without loss. */
export const minusOne = (x: DoubleDouble): DoubleDouble => sub(x, ONE);
