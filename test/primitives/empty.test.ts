// Do operations on empty tensors give empty tensors, and their derivatives too?
import {
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  broadcastTo,
  ceil,
  clip,
  compile,
  concat,
  cos,
  cosh,
  digamma,
  div,
  elu,
  equal,
  erf,
  erfc,
  exp,
  expandDims,
  expm1,
  floor,
  gelu,
  grad,
  greater,
  greaterEqual,
  isFinite,
  jvp,
  leakyRelu,
  less,
  lessEqual,
  lgamma,
  log,
  log1p,
  matmul,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  ones,
  polygamma,
  pow,
  relu,
  reshape,
  round,
  sigmoid,
  sign,
  silu,
  sin,
  sinh,
  slice,
  softplus,
  sqrt,
  square,
  squeeze,
  stack,
  stopGradient,
  sub,
  sum,
  Tensor,
  tan,
  tanh,
  tensor,
  trace,
  transpose,
  vjp,
  where,
} from "stillpoint";
import { mittagLefflerOf } from "stillpoint/special";
import { describe, expect, test } from "vitest";
import { alias } from "../../src/primitives/index.js";

type Unary = (x: Tensor) => Tensor;
type Binary = (x: Tensor, y: Tensor) => Tensor;
const empty = (...shape: number[]): Tensor => new Tensor(shape, new Float64Array(0));

const more = {
  abs,
  sign,
  expm1,
  log1p,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  asinh,
  acosh,
  atanh,
  sigmoid,
  silu,
  softplus,
  isFinite,
  floor,
  ceil,
  round,
  erf,
  erfc,
  gelu,
  lgamma,
  digamma,
  leakyRelu,
  elu,
};
const unary: Record<string, Unary> = {
  neg,
  square,
  sqrt,
  exp,
  log,
  sin,
  cos,
  tanh,
  relu,
  stopGradient,
  alias,
  ...more,
};
const binary: Record<string, Binary> = {
  add,
  sub,
  mul,
  div,
  pow,
  greater,
  equal,
  atan2,
  maximum,
  minimum,
  greaterEqual,
  less,
  lessEqual,
};

const moves: [string, Unary, readonly number[]][] = [
  ...Object.entries(unary).map(([name, word]): [string, Unary, number[]] => [name, word, [2, 0, 3]]),
  ...Object.entries(binary).map(([name, word]): [string, Unary, number[]] => [name, (x) => word(x, x), [2, 0, 3]]),
  ["where", (x) => where(x, x, x), [2, 0, 3]],
  ["clip", (x) => clip(x, 0, x), [2, 0, 3]],
  ["polygamma", (x) => polygamma(1, x), [2, 0, 3]],
  ["mittagLefflerOf", (x) => mittagLefflerOf(0.5, x), [2, 0, 3]],
  ["transpose", (x) => transpose(x), [3, 0, 2]],
  ["transpose by axes", (x) => transpose(x, [1, 0, 2]), [0, 2, 3]],
  ["reshape", (x) => reshape(x, [0, 5]), [0, 5]],
  ["expandDims", (x) => expandDims(x, -1), [2, 0, 3, 1]],
  ["squeeze", (x) => squeeze(expandDims(x, 0)), [2, 0, 3]],
  ["broadcastTo", (x) => broadcastTo(x, [4, 2, 0, 3]), [4, 2, 0, 3]],
  ["slice to nothing", (x) => slice(x, [1], [1]), [0, 0, 3]],
  ["slice backwards", (x) => slice(x, [-1, -1], [-3, -3], [-1, -1]), [2, 0, 3]],
  ["concat", (x) => concat([x, x], 1), [2, 0, 3]],
  ["concat along another axis", (x) => concat([x, x], 0), [4, 0, 3]],
  ["stack", (x) => stack([x, x], 1), [2, 2, 0, 3]],
  ["sum over the empty axis", (x) => sum(x, 1), [2, 3]],
  ["sum over another axis", (x) => sum(x, 0), [0, 3]],
  ["sum", (x) => sum(x), []],
  ["mean over another axis", (x) => mean(x, 2), [2, 0]],
  ["matmul", (x) => matmul(x, ones([3, 4])), [2, 0, 4]],
  ["matmul, batched", (x) => matmul(x, ones([2, 3, 4])), [2, 0, 4]],
  ["matmul over nothing", (x) => matmul(transpose(x, [0, 2, 1]), x), [2, 3, 3]],
  ["matmul with a vector", (x) => matmul(x, ones([3])), [2, 0]],
];

describe("on a tensor of shape [2, 0, 3]", () => {
  const x = empty(2, 0, 3);
  for (const [name, f, shape] of moves) {
    test(`${name} has a value, a gradient, a tangent and a plan`, () => {
      const value = f(x);
      expect(value.shape).toEqual(shape);
      expect(value.data.every((entry) => entry === 0)).toBe(true);
      expect(grad((y: Tensor) => sum(f(y)))(x).shape).toEqual(x.shape);
      expect(jvp(f, [x], [x]).tangent.shape).toEqual(shape);
      expect(vjp(f, x).pull(value)[0].shape).toEqual(x.shape);
      expect([...compile(trace(f, x)).run([x]).data]).toEqual([...value.data]);
    });
  }
});

test("what stretches against an empty axis becomes empty, and its gradient is 0", () => {
  const gradient = grad((y: Tensor) => sum(mul(y, empty(0))))(tensor([3]));
  expect(gradient.toArray()).toEqual([0]);
});
