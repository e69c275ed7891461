// How are exp and tanh computed two at a time?
//
// Operation by operation as in ../elementary, so that every bit is the same; where those branch, both branches are
// computed and one is chosen. The ends of the range are left to them.
import { LN2_HIGH, LN2_LOW, LOG2_E } from "../elementary/exp.js";
import { assemble, type Code, type FunctionSource } from "./encoding.js";
import {
  advance,
  and,
  difference,
  floor,
  get,
  integer,
  less,
  loadVector,
  negative,
  not,
  or,
  powerOfTwo,
  product,
  quotient,
  repeat,
  series,
  set,
  size,
  storeVector,
  sum,
  twice,
  where,
} from "./instructions.js";

/**
 * name(to, from, pairs, outside): y = f(x) for so many pairs of numbers. What is written to `outside` is 0 if |x| < range
 * everywhere.
 */
function pointwise(name: string, vectors: number, range: number, body: readonly Code[], y: Code): FunctionSource {
  const [to, from, pairs, outside] = [0, 1, 2, 3];
  const [x, beyond] = [locals(1)[0], 4 + vectors];
  return {
    name,
    parameters: 4,
    integers: 0,
    vectors: vectors + 1,
    body: [
      repeat(
        pairs,
        [get(from), loadVector(0), set(x)],
        [or(get(beyond), not(less(size(get(x)), twice(range)))), set(beyond)],
        body,
        [get(to), y, storeVector(0)],
        advance(from, integer(16)),
        advance(to, integer(16)),
      ),
      [get(outside), get(beyond), storeVector(0)],
    ],
  };
}

/** The vectors of a kernel; the first is x. */
const locals = (n: number): number[] => Array.from({ length: n }, (_, i) => 4 + i);
const inverse = (x: number): number => 1 / x;

function exponential(): FunctionSource {
  const [x, k, r, rLow, t, z, leading] = locals(7);
  const coshTail = product(
    product(get(z), get(z)),
    series(get(z), [24, 720, 40320, 3628800, 479001600, 87178291200].map(inverse)),
  );
  const sinhTail = product(get(z), series(get(z), [6, 120, 5040, 362880, 39916800, 6227020800].map(inverse)));
  const lost = difference(get(r), difference(get(leading), twice(1)));
  const small = sum(product(twice(0.5), get(z)), sum(coshTail, product(get(t), sinhTail)));
  const body = [
    [floor(sum(product(get(x), twice(LOG2_E)), twice(0.5))), set(k)],
    [difference(get(x), product(get(k), twice(LN2_HIGH))), set(r)],
    [product(negative(get(k)), twice(LN2_LOW)), set(rLow)],
    [sum(get(r), get(rLow)), set(t)],
    [product(get(t), get(t)), set(z)],
    [sum(twice(1), get(r)), set(leading)],
  ];
  return pointwise(
    "exp",
    7,
    708,
    body,
    product(sum(get(leading), sum(sum(lost, get(rLow)), small)), powerOfTwo(get(k))),
  );
}

const SPLITTER = 2 ** 27 + 1;
const ROUND_TO_26_BITS = 1.5 * 2 ** 26;

function hyperbolicTangent(): FunctionSource {
  const [x, a, k, r, z, q, power, leading, others, below, head, missing, inverted, first] = locals(14);
  const [one, two, four] = [twice(1), twice(2), twice(4)];
  const square = product(get(x), get(x));
  const p = difference(
    product(difference(product(twice(-0.9643991794250523), square), twice(99.28772310019185)), square),
    twice(1614.6876844170845),
  );
  const d = sum(
    product(sum(product(sum(square, twice(112.81167849163293)), square), twice(2235.4883906010045)), square),
    twice(4844.063053251255),
  );
  const near = sum(get(x), product(get(x), product(square, quotient(p, d))));
  const coefficients = [
    0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6, 4.1381367970572385e-8,
  ];
  const rest = difference(
    difference(difference(four, product(get(first), get(head))), get(missing)),
    product(get(first), sum(difference(get(leading), get(head)), get(others))),
  );
  const body = [
    [size(get(x)), set(a)],
    [floor(sum(product(get(a), twice(2 * LOG2_E)), twice(0.5))), set(k)],
    [product(get(k), twice(LN2_HIGH)), set(r)],
    [difference(difference(product(two, get(a)), get(r)), product(get(k), twice(LN2_LOW))), set(r)],
    [product(get(r), get(r)), set(z)],
    [product(get(z), series(get(z), coefficients)), set(q)],
    [powerOfTwo(get(k)), set(power)],
    [sum(product(two, get(power)), two), set(leading)],
    [sum(product(get(q), sum(get(power), one)), product(get(r), difference(get(power), one))), set(others)],
    [sum(get(leading), get(others)), set(below)],
    [product(twice(SPLITTER), get(below)), set(head)],
    [difference(get(head), difference(get(head), get(below))), set(head)],
    [product(two, difference(get(r), get(q))), set(missing)],
    [quotient(one, get(below)), set(inverted)],
    [product(difference(four, get(missing)), get(inverted)), set(first)],
    [difference(sum(get(first), twice(ROUND_TO_26_BITS)), twice(ROUND_TO_26_BITS)), set(first)],
  ];
  const far = or(
    difference(difference(one, get(first)), product(rest, get(inverted))),
    and(get(x), twice(-0)), // its sign bit: far is positive, so this is the product with x/|x|
  );
  const tiny = less(get(a), twice(1e-8));
  return pointwise("tanh", 14, 22, body, where(less(get(a), twice(0.625)), where(tiny, get(x), near), far));
}

/** The bytes of the module. */
export const elementaryModule = (): Uint8Array => assemble([exponential(), hyperbolicTangent()]);
