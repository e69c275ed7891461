// How are the exponent and the leading bits of a float64 number read, and how is a number scaled by a power of two?
//
// A float64 number is 1 sign bit, 11 exponent bits (offset 1023) and 52 fraction bits (IEEE 754-2019, section 3.4).
// Reading a number through the memory of another typed array shows those bits; no rounding is involved.

const NUMBER = new Float64Array(1);
const WORDS = new Int32Array(NUMBER.buffer);

/** The place of the word with sign and exponent: the second one where the lower bytes come first. */
const HIGH_WORD = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The upper 32 bits of x: sign, exponent and the leading 20 fraction bits, as a signed integer. */
export function highWord(x: number): number {
  NUMBER[0] = x;
  return WORDS[HIGH_WORD];
}

/** The k of x = 2^k m with m in [lowest, 2 lowest), for positive normal x; lowest is given by its high word. */
export function exponentFor(x: number, highWordOfLowest: number): number {
  return (highWord(x) - highWordOfLowest) >> 20;
}

/** The smallest positive normal number, 2^-1022: below it numbers are subnormal and carry fewer than 53 bits. */
export const SMALLEST_NORMAL = 2.2250738585072014e-308;

const LOWEST_EXPONENT = -1074;
const HIGHEST_EXPONENT = 1023;

/** Every power of two that float64 holds. Halving and doubling are exact, so the entries are. */
const POWERS_OF_TWO: Float64Array = /* @__PURE__ */ powersOfTwo();

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(HIGHEST_EXPONENT - LOWEST_EXPONENT + 1);
  let power = Number.MIN_VALUE;
  for (let i = 0; i < powers.length; i++) {
    powers[i] = power;
    power *= 2;
  }
  return powers;
}

/** 2^k for an integer k from -1074 to 1023. */
export function powerOfTwo(k: number): number {
  return POWERS_OF_TWO[(k | 0) - LOWEST_EXPONENT];
}

/**
 * x 2^k, rounded at most once, for |x| in [1/2, 2] and an integer k from -1080 to 1080. Where the result is subnormal
 * the first product is exact and only the second one rounds.
 */
export function scale(x: number, k: number): number {
  if (k > HIGHEST_EXPONENT) return x * powerOfTwo(k - 64) * powerOfTwo(64);
  if (k < -1000) return x * powerOfTwo(k + 128) * powerOfTwo(-128);
  return x * powerOfTwo(k);
}

const SPLITTER = 134217729; // 2^27 + 1

/**
 * The leading 26 bits of x, so that products of two such heads are exact. Needs |x| < 2^996.
 * Source: Dekker, T. J. (1971), Numerische Mathematik 18, 224-242 (Veltkamp's splitting).
 */
export function head(x: number): number {
  const scaled = SPLITTER * x;
  return scaled - (scaled - x);
}

/**
 * (a + aLow) / (b + bLow), rounded almost once: long division. The first digits of the quotient leave a remainder that
 * is known exactly (all products of heads and tails are), and the remainder yields the other digits.
 */
export function quotient(a: number, aLow: number, b: number, bLow: number): number {
  const inverse = 1 / b;
  const first = head(a * inverse);
  const bHead = head(b);
  const bTail = b - bHead + bLow;
  return first + (a - first * bHead - first * bTail + aLow) * inverse;
}
