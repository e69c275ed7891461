// How is an angle brought into [-pi/4, pi/4] without losing its leading digits?
//
// x = n pi/2 + r. Where x is near a multiple of pi/2 almost all digits of x and n pi/2 cancel, so pi/2 is needed to
// many more than 53 bits. Moderate x: pi/2 is cut into parts of about 33 bits, whose products with n are exact (Cody,
// W. J., and Waite, W., 1980, Software Manual for the Elementary Functions, chapter 8; the parts are those of fdlibm,
// 1993). Huge x: the integers behind the float64 number and behind 2/pi are multiplied exactly (Payne, M., and Hanek,
// R., 1983, SIGNUM Newsletter 18, 19-24; here without their saving of the digits that do not matter).
import { highWord, powerOfTwo } from "./bits.js";

const TWO_OVER_PI = 2 / Math.PI;
const PART_1 = 1.5707963267341256; // the bits of pi/2 down to 2^-30
const PART_2 = 6.077100506303966e-11; // the next bits, down to 2^-65
const PART_3 = 2.0222662487111665e-21; // the next bits, down to 2^-96
const PART_4 = 8.4784276603689e-32; // the next 53 bits after PART_3
const PART_3_AND_REST = PART_3 + PART_4; // the next 53 bits after PART_2

/** Up to here n has at most 20 bits. */
const MODERATE = 1.6e6;

/** Up to here the digits of PART_3_AND_REST may not suffice. */
const NEAR_MULTIPLE = 2 ** -10;

/** The result of the latest reduction: r = remainder[0] + remainder[1], the second at most half a unit of the first. */
export const remainder: Float64Array = new Float64Array(2);

/** Stores the r of x = n pi/2 + r, |r| <= pi/4 up to rounding, in `remainder` and returns n modulo 4; x is finite. */
export function reduceAngle(x: number): number {
  if (!(x > -MODERATE && x < MODERATE)) return reduceHugeAngle(x);
  const n = Math.floor(x * TWO_OVER_PI + 0.5);
  const first = x - n * PART_1;
  const second = n * PART_2;
  const difference = first - second;
  if (difference > -NEAR_MULTIPLE && difference < NEAR_MULTIPLE) return reduceNearMultiple(n, first);
  const rest = first - difference - second - n * PART_3_AND_REST;
  const r = difference + rest;
  remainder[0] = r;
  remainder[1] = difference - r + rest;
  return n & 3;
}

/** The same from first = x - n PART_1, where the parts 2 and 3 cancel more digits and part 4 is needed. */
function reduceNearMultiple(n: number, first: number): number {
  const difference = exactDifference(first, n * PART_2);
  const differenceLow = remainder[1];
  const next = exactDifference(difference, n * PART_3);
  const rest = remainder[1] + differenceLow - n * PART_4;
  const r = next + rest;
  remainder[0] = r;
  remainder[1] = next - r + rest;
  return n & 3;
}

/** The rounded a - b; its rounding error goes to remainder[1] (Knuth 1969, section 4.2.2). */
function exactDifference(a: number, b: number): number {
  const difference = a - b;
  const partOfB = a - difference;
  remainder[1] = a - (difference + partOfB) + (partOfB - b);
  return difference;
}

/** Bits after the binary point: 1024 for the largest exponent, 62 for the worst cancellation, the rest for accuracy. */
const BITS = 1216n;

/** 2^BITS / (pi/2) and pi/2 2^BITS, computed when first needed. */
let inverseHalfPi = 0n;
let halfPi = 0n;

/** arctan(1/n) 2^BITS by its power series. */
function arctanOfInverse(n: bigint): bigint {
  let sum = 0n;
  let power = (1n << BITS) / n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += (k & 2n) === 0n ? power / k : -(power / k);
    power /= n * n;
  }
  return sum;
}

/** The same for |x| >= MODERATE: x = integer 2^exponent, and only 2^exponent/(pi/2) modulo 4 matters. */
function reduceHugeAngle(x: number): number {
  if (halfPi === 0n) {
    halfPi = 8n * arctanOfInverse(5n) - 2n * arctanOfInverse(239n); // Machin's formula (1706) for pi/4, twice
    inverseHalfPi = (1n << (2n * BITS)) / halfPi;
  }
  const exponent = ((highWord(x) >> 20) & 0x7ff) - 1075;
  const integer = BigInt(Math.abs(x) * powerOfTwo(-exponent));
  const pointAt = BITS - BigInt(exponent);
  const quarterTurns = integer * inverseHalfPi;
  const n = (quarterTurns + (1n << (pointAt - 1n))) >> pointAt;
  const fraction = quarterTurns - (n << pointAt);
  const r = (fraction * halfPi) >> (BITS + pointAt - 192n); // r 2^192
  const leading = Number(r);
  const sign = x < 0 ? -1 : 1;
  remainder[0] = sign * leading * 2 ** -192;
  remainder[1] = sign * Number(r - BigInt(leading)) * 2 ** -192;
  return (sign * Number(n & 3n)) & 3;
}
