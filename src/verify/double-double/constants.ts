// Which constants do the functions need, and where do their digits come from?
import { type DoubleDouble, scale } from "./arithmetic.js";
import { expansion, fromDecimal, fromRatio } from "./exact.js";

/** Bits of π behind the point: 1024 for the largest number, 400 for the digits of what remains of it. */
export const PI_BITS = 1424;

/** ⌊2^bits arctan(1/n)⌉ to a few units, from its Taylor series. */
function arctanOfReciprocal(n: bigint, bits: number): bigint {
  let power = (1n << BigInt(bits)) / n;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += k % 4n === 1n ? power / k : -(power / k);
    power /= n * n;
  }
  return sum;
}

/** ⌊2^PI_BITS π⌋: π = 16 arctan(1/5) − 4 arctan(1/239) (Machin 1706), with 32 bits more for the roundings. */
export const PI_INTEGER: bigint = /* @__PURE__ */ (() =>
  (16n * arctanOfReciprocal(5n, PI_BITS + 32) - 4n * arctanOfReciprocal(239n, PI_BITS + 32)) >> 32n)();

/** π/2 as a sum of four float64 numbers. */
export const HALF_PI_PARTS: readonly number[] = /* @__PURE__ */ expansion(PI_INTEGER, 1n, 4, -PI_BITS - 1);

export const PI: DoubleDouble = /* @__PURE__ */ fromRatio(PI_INTEGER, 1n, -PI_BITS);
export const HALF_PI: DoubleDouble = /* @__PURE__ */ scale(PI, -1);

const digits = "0.693147180559945309417232121458176568075500134360255254120680009493393621969694715605863326996418687";

/** ln 2 as a sum of three float64 numbers. */
export const LN2_PARTS: readonly number[] = /* @__PURE__ */ expansion(
  /* @__PURE__ */ BigInt(/* @__PURE__ */ digits.slice(2)),
  10n ** /* @__PURE__ */ BigInt(digits.length - 2),
  3,
);
export const LN2: DoubleDouble = /* @__PURE__ */ fromDecimal(digits);

/** Euler's γ. */
export const EULER_GAMMA: DoubleDouble = /* @__PURE__ */ fromDecimal(
  "0.57721566490153286060651209008240243104215933593992",
);

/** 1/n! for n ≤ 29, each the nearest number. */
export const INVERSE_FACTORIALS: readonly DoubleDouble[] = /* @__PURE__ */ (() => {
  let factorial = 1n;
  return Array.from({ length: 30 }, (_, n) => {
    factorial *= BigInt(Math.max(n, 1));
    return fromRatio(1n, factorial);
  });
})();
