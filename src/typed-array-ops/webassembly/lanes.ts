// What do pointwise operations do to two numbers at a time?
//
// Operation by operation as in the loops over one number, so that every bit is the same; where those branch, both branches
// are computed and one is chosen. Where exp and tanh leave the range of their formula, the functions of one number are asked.
import { LN2_HIGH, LN2_LOW, LOG2_E } from "../elementary/exp.js";
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
  less,
  lessOrSame,
  nearest,
  negative,
  not,
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
  sum,
  twice,
  unless,
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

export const expLanes: Lanes = (scope, x) => {
  const k = scope.keep(floor(sum(product(x, twice(LOG2_E)), twice(0.5))));
  const r = scope.keep(difference(x, product(k, twice(LN2_HIGH))));
  const rLow = scope.keep(product(negative(k), twice(LN2_LOW)));
  const t = scope.keep(sum(r, rLow));
  const z = scope.keep(product(t, t));
  const coshTail = product(product(z, z), series(z, [24, 720, 40320, 3628800, 479001600, 87178291200].map(inverse)));
  const sinhTail = product(z, series(z, [6, 120, 5040, 362880, 39916800, 6227020800].map(inverse)));
  const leading = scope.keep(sum(one(), r));
  const lost = difference(r, difference(leading, one()));
  const small = sum(product(twice(0.5), z), sum(coshTail, product(t, sinhTail)));
  const y = product(sum(leading, sum(sum(lost, rLow), small)), powerOfTwo(k));
  return unless(scope, not(less(size(x), twice(708))), "exp", x, y);
};

const SPLITTER = 2 ** 27 + 1;
const ROUND_TO_26_BITS = 1.5 * 2 ** 26;

export const tanhLanes: Lanes = (scope, x) => {
  const [two, four] = [twice(2), twice(4)];
  const square = scope.keep(product(x, x));
  const p = difference(
    product(difference(product(twice(-0.9643991794250523), square), twice(99.28772310019185)), square),
    twice(1614.6876844170845),
  );
  const d = sum(
    product(sum(product(sum(square, twice(112.81167849163293)), square), twice(2235.4883906010045)), square),
    twice(4844.063053251255),
  );
  const near = sum(x, product(x, product(square, quotient(p, d))));

  const a = scope.keep(size(x));
  const k = scope.keep(floor(sum(product(a, twice(2 * LOG2_E)), twice(0.5))));
  const high = scope.keep(product(k, twice(LN2_HIGH)));
  const r = scope.keep(difference(difference(product(two, a), high), product(k, twice(LN2_LOW))));
  const z = scope.keep(product(r, r));
  const coefficients = [
    0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6, 4.1381367970572385e-8,
  ];
  const q = scope.keep(product(z, series(z, coefficients)));
  const power = scope.keep(powerOfTwo(k));
  const leading = scope.keep(sum(product(two, power), two));
  const others = scope.keep(sum(product(q, sum(power, one())), product(r, difference(power, one()))));
  const below = scope.keep(sum(leading, others));
  const shifted = scope.keep(product(twice(SPLITTER), below));
  const head = scope.keep(difference(shifted, difference(shifted, below)));
  const missing = scope.keep(product(two, difference(r, q)));
  const inverted = scope.keep(quotient(one(), below));
  const rough = product(difference(four, missing), inverted);
  const first = scope.keep(difference(sum(rough, twice(ROUND_TO_26_BITS)), twice(ROUND_TO_26_BITS)));
  const rest = difference(
    difference(difference(four, product(first, head)), missing),
    product(first, sum(difference(leading, head), others)),
  );
  const far = or(
    difference(difference(one(), first), product(rest, inverted)),
    and(x, twice(-0)), // its sign bit: far is positive, so this is the product with x/|x|
  );
  const y = where(less(a, twice(0.625)), where(less(a, twice(1e-8)), x, near), far);
  return unless(scope, not(less(a, twice(22))), "tanh", x, y);
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
