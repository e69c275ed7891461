// Which rational number is it exactly, and which number is nearest to a rational or a decimal one?
import { DomainError, describe } from "../../tensor/index.js";
import { type DoubleDouble, fromNumber, renormalised } from "./arithmetic.js";
import { exponentOf, scaleNumber } from "./scaling.js";

/** A finite number as significand·2^exponent. */
export interface Exact {
  readonly significand: bigint;
  readonly exponent: number;
}

/** The float64 number x, exactly. */
function exactNumber(x: number): Exact {
  if (x === 0) return { significand: 0n, exponent: 0 };
  const exponent = Math.max(exponentOf(x) - 52, -1074);
  return { significand: BigInt(scaleNumber(x, -exponent)), exponent };
}

/**
 * high + low, exactly, for a finite x.
 *
 * @example exactly({ high: 1.5, low: 0 }).exponent // → -52
 */
export function exactly(x: DoubleDouble): Exact {
  const high = exactNumber(x.high);
  if (x.low === 0) return high;
  const low = exactNumber(x.low);
  const exponent = Math.min(high.exponent, low.exponent);
  const at = (part: Exact): bigint => part.significand << BigInt(part.exponent - exponent);
  return { significand: at(high) + at(low), exponent };
}

const bitsOf = (n: bigint): number => n.toString(2).length;

/** The float64 number nearest to numerator/denominator·2^exponent, for a denominator > 0. */
function nearestNumber(numerator: bigint, denominator: bigint, exponent: number): number {
  if (numerator < 0n) return -nearestNumber(-numerator, denominator, exponent);
  if (numerator === 0n) return 0;
  // A quotient of 64 bits or more, whose last bit also says whether anything follows: Number() then rounds it right.
  const shift = Math.max(0, bitsOf(denominator) - bitsOf(numerator) + 66);
  const dividend = numerator << BigInt(shift + 1);
  const quotient = dividend / denominator;
  const sticky = quotient * denominator === dividend ? quotient : quotient | 1n;
  // A float64 number holds only quotients below 2^1024.
  const excess = Math.max(0, bitsOf(sticky) - 1000);
  return scaleNumber(Number(sticky >> BigInt(excess)), exponent - shift - 1 + excess);
}

/**
 * The float64 numbers whose sum is numerator/denominator to `count`·53 bits: each is the one nearest to what is left.
 *
 * @example expansion(1n, 3n, 2) // → [0.3333333333333333, 1.850371707708594e-17]
 */
export function expansion(numerator: bigint, denominator: bigint, count: number, exponent = 0): number[] {
  let rest = numerator;
  let below = denominator;
  let shift = exponent;
  return Array.from({ length: count }, () => {
    const part = nearestNumber(rest, below, shift);
    const taken = exactNumber(part);
    // rest/below·2^shift − significand·2^exponent over the smaller of the two powers.
    const common = Math.min(shift, taken.exponent);
    rest = (rest << BigInt(shift - common)) - ((taken.significand * below) << BigInt(taken.exponent - common));
    shift = common;
    if (rest === 0n) below = 1n;
    return part;
  });
}

/** The number nearest to numerator/denominator·2^exponent, for a denominator > 0. */
export function fromRatio(numerator: bigint, denominator: bigint, exponent = 0): DoubleDouble {
  const [high, low] = Number.isFinite(nearestNumber(numerator, denominator, exponent))
    ? expansion(numerator, denominator, 2, exponent)
    : [nearestNumber(numerator, denominator, exponent), 0];
  return renormalised(high, low);
}

/**
 * The number nearest to a decimal one.
 *
 * @throws DomainError for anything but a decimal number, with an exponent of at most four digits
 * @example
 * fromDecimal("0.1").low // → -5.551115123125783e-18
 * fromDecimal("1/10") // → throws DomainError: fromDecimal: expected a decimal number
 */
export function fromDecimal(text: string): DoubleDouble {
  const parts = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(typeof text === "string" ? text : "");
  if (!parts) {
    throw new DomainError(
      `fromDecimal: expected a decimal number such as "-1.25e-3", received ${typeof text === "string" ? JSON.stringify(text) : describe(text)}`,
    );
  }
  const [, minus, whole, fraction = "", exponent = "0"] = parts;
  const digits = BigInt(minus === "-" ? -1 : 1) * BigInt(whole + fraction);
  const power = Number(exponent) - fraction.length;
  if (digits === 0n) return fromNumber(minus === "-" ? -0 : 0);
  return power >= 0 ? fromRatio(digits * 10n ** BigInt(power), 1n) : fromRatio(digits, 10n ** BigInt(-power));
}

/**
 * x in decimals, correctly rounded to so many digits: "-1.2500e-3".
 *
 * @example toDecimal({ high: 0.1, low: -5.551115123125783e-18 }, 32) // → "1.0000000000000000000000000000000e-1"
 */
export function toDecimal(x: DoubleDouble, digits = 32): string {
  if (!Number.isFinite(x.high) || x.high === 0) return Object.is(x.high, -0) ? "-0" : String(x.high);
  const { significand, exponent } = exactly(x);
  const size = significand < 0n ? -significand : significand;
  const top = exponent > 0 ? size << BigInt(exponent) : size;
  const bottom = exponent < 0 ? 1n << BigInt(-exponent) : 1n;
  const written = (power: number): string => {
    const shift = digits - 1 - power;
    const [n, d] = shift >= 0 ? [top * 10n ** BigInt(shift), bottom] : [top, bottom * 10n ** BigInt(-shift)];
    return String((2n * n + d) / (2n * d));
  };
  // The exponent of a float64 number in decimals is that of x, but for rounding at a power of ten.
  let power = Number(Math.abs(x.high).toExponential().split("e")[1]);
  if (written(power).length < digits) power--;
  if (written(power).length > digits) power++;
  const text = written(power);
  return `${x.high < 0 ? "-" : ""}${text[0]}${digits > 1 ? "." : ""}${text.slice(1)}e${power < 0 ? "" : "+"}${power}`;
}
