// What do pointwise operations do to two numbers at a time?
//
// Operation by operation as in the loops over one number, so that every bit is the same; where those branch, both branches
// are computed and one is chosen.
import { LN2_HIGH, LN2_LOW, LOG2_E } from "../elementary/exp.js";
import { ROUND_TO_26_BITS, TANH_COEFFICIENTS, TWO_LOG2_E } from "../elementary/hyperbolic.js";
import type { Code } from "./encoding.js";
import {
  and,
  ceiling,
  difference,
  different,
  floor,
  greater,
  greaterOrSame,
  larger,
  largerNumber,
  less,
  lessOrSame,
  nearest,
  negative,
  or,
  powerOfTwo,
  product,
  quotient,
  root,
  type Scope,
  same,
  series,
  size,
  smaller,
  smallerNumber,
  sum,
  twice,
  unlike,
  where,
} from "./instructions.js";

/** The code that computes two results from two numbers of each input; inputs may be read more than once. */
export type Lanes = (scope: Scope, ...inputs: Code[]) => Code;

const zero = (): Code => twice(0);
const one = (): Code => twice(1);
/** 1 where the condition holds, else 0. */
const truth = (condition: Code): Code => and(condition, one());

export const addLanes: Lanes = (_, x, y) => sum(x, y);
export const subLanes: Lanes = (_, x, y) => difference(x, y);
export const mulLanes: Lanes = (_, x, y) => product(x, y);
export const divLanes: Lanes = (_, x, y) => quotient(x, y);
export const negLanes: Lanes = (_, x) => negative(x);
export const squareLanes: Lanes = (_, x) => product(x, x);
export const sqrtLanes: Lanes = (_, x) => root(x);
export const absLanes: Lanes = (_, x) => size(x);
export const floorLanes: Lanes = (_, x) => floor(x);
export const ceilLanes: Lanes = (_, x) => ceiling(x);
export const roundLanes: Lanes = (_, x) => nearest(x);
export const maximumLanes: Lanes = (_, x, y) => larger(x, y);
export const minimumLanes: Lanes = (_, x, y) => smaller(x, y);
export const clipLanes: Lanes = (_, x, low, high) => smaller(larger(x, low), high);
export const reluLanes: Lanes = (_, x) => larger(x, zero());
export const leakyReluLanes: Lanes = (_, x, slope) => where(greater(x, zero()), x, product(slope, x));
export const greaterLanes: Lanes = (_, x, y) => truth(greater(x, y));
export const greaterEqualLanes: Lanes = (_, x, y) => truth(greaterOrSame(x, y));
export const lessLanes: Lanes = (_, x, y) => truth(less(x, y));
export const lessEqualLanes: Lanes = (_, x, y) => truth(lessOrSame(x, y));
export const equalLanes: Lanes = (_, x, y) => truth(same(x, y));
export const isFiniteLanes: Lanes = (_, x) => truth(same(difference(x, x), zero()));
export const whereLanes: Lanes = (_, condition, x, y) => where(different(condition, zero()), x, y);
export const weighLanes: Lanes = (_, weight, x) => and(product(weight, x), different(weight, zero()));
export const shareOfLargerLanes: Lanes = (_, x, y) => or(truth(greater(x, y)), and(same(x, y), twice(0.5)));
/** x itself is 0, −0 or NaN where it is neither greater nor less than 0. */
export const signLanes: Lanes = (_, x) =>
  where(or(greater(x, zero()), less(x, zero())), or(one(), and(x, twice(-0))), x);

const inverse = (x: number): number => 1 / x;

/** As the function of one number; what is out of range is taken for a number whose power overflows or vanishes. */
export const expLanes: Lanes = (scope, x) => {
  const inRange = scope.keep(largerNumber(smallerNumber(x, twice(710)), twice(-746)));
  const k = scope.keep(floor(sum(product(inRange, twice(LOG2_E)), twice(0.5))));
  const r = scope.keep(difference(inRange, product(k, twice(LN2_HIGH))));
  const rLow = scope.keep(product(negative(k), twice(LN2_LOW)));
  const t = scope.keep(sum(r, rLow));
  const z = scope.keep(product(t, t));
  const coshTail = product(product(z, z), series(z, [24, 720, 40320, 3628800, 479001600, 87178291200].map(inverse)));
  const sinhTail = product(z, series(z, [6, 120, 5040, 362880, 39916800, 6227020800].map(inverse)));
  const leading = scope.keep(sum(one(), r));
  const lost = difference(r, difference(leading, one()));
  const small = sum(product(twice(0.5), z), sum(coshTail, product(t, sinhTail)));
  // 2ᵏ in two factors, of which only the second may overflow or vanish.
  const half = scope.keep(floor(product(k, twice(0.5))));
  const scaled = product(sum(leading, sum(sum(lost, rLow), small)), powerOfTwo(half));
  return product(scaled, powerOfTwo(difference(k, half)));
};

/** As the function of one number; what is larger than 22 is taken for 22, whose tanh is 1. */
export const tanhLanes: Lanes = (scope, x) => {
  const absolute = scope.keep(size(x));
  const a = scope.keep(smallerNumber(absolute, twice(22)));
  const [c0, c1, c2, c3, c4] = TANH_COEFFICIENTS.map(twice);
  const k = scope.keep(floor(sum(product(a, twice(TWO_LOG2_E)), c0)));
  const r = scope.keep(difference(difference(a, product(k, twice(LN2_HIGH / 2))), product(k, twice(LN2_LOW / 2))));
  const z = scope.keep(product(r, r));
  const square = scope.keep(product(z, z));
  const outer = sum(sum(c2, product(z, c3)), product(square, c4));
  const shortened = scope.keep(sum(sum(c0, product(z, c1)), product(square, outer)));
  const h = scope.keep(product(z, shortened));
  const half = scope.keep(powerOfTwo(k, -1));
  const q = scope.keep(sum(half, twice(0.5)));
  const p = scope.keep(difference(half, twice(0.5)));
  const below = sum(sum(q, product(r, p)), product(product(z, q), shortened));
  const inverted = scope.keep(quotient(one(), below));
  const more = twice(ROUND_TO_26_BITS);
  const rounded = difference(more, product(difference(sum(h, one()), r), inverted));
  const missing = scope.keep(difference(more, rounded));
  const w = scope.keep(difference(product(missing, q), one()));
  const v = sum(product(missing, p), one());
  const rest = sum(sum(w, product(r, v)), product(w, h));
  const y = sum(difference(one(), missing), product(rest, inverted));
  return or(y, unlike(x, absolute)); // the sign bit of x
};

/** As `tanhSlopeEach`: of x and y = tanh x. */
export const tanhSlopeLanes: Lanes = (scope, x, y) => {
  const a = scope.keep(size(x));
  const e = expLanes(scope, scope.keep(product(twice(-2), a)));
  const s = scope.keep(sum(one(), e));
  const far = quotient(product(twice(4), e), product(s, s));
  return where(less(a, twice(1.5)), product(difference(one(), y), sum(one(), y)), far);
};

export const sigmoidLanes: Lanes = (scope, x) => {
  const e = expLanes(scope, scope.keep(negative(size(x))));
  return quotient(where(less(x, zero()), e, one()), sum(one(), e));
};
