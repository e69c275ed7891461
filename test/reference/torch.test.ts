// Do values, gradients and second derivatives agree with an independent implementation?
import { readFileSync } from "node:fs";
import * as s from "stillpoint";
import { type Tensor, tensor } from "stillpoint";
import { describe, expect, test } from "vitest";

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
interface Case {
  readonly name: string;
  readonly inputs: readonly Stored[];
  /** Inputs that are data. */
  readonly fixed: readonly number[];
  readonly value: Stored;
  readonly cotangent: Stored;
  readonly gradients: readonly Stored[];
  readonly directions?: readonly Stored[];
  readonly products?: readonly Stored[];
}
type F = (...xs: Tensor[]) => Tensor;

const { origin, cases } = JSON.parse(readFileSync(new URL("torch.json", import.meta.url), "utf8")) as {
  origin: string;
  cases: readonly Case[];
};
const read = ({ shape, data }: Stored): Tensor => tensor(Float64Array.from(data), shape);
const { add, div, matmul, mul, sub, sum, tanh, square } = s;

const turn = (x: Tensor): Tensor => s.transpose(x, [...x.shape.keys()].slice(0, -2).concat([-1, -2]));

/** "sum [[0, 2], false]" → a reduction over these axes. */
const reductions = {
  sum,
  mean: s.mean,
  variance: s.variance,
  logSumExp: s.logSumExp,
  norm: s.norm,
  max: s.max,
  min: s.min,
};

function gated(x: Tensor, h0: Tensor, w: Tensor, u: Tensor): Tensor {
  return s.scan(
    (h: Tensor, row: Tensor) => {
      const z = s.sigmoid(add(matmul(row, w), matmul(h, u)));
      return { carry: add(mul(sub(1, z), h), mul(z, tanh(sub(matmul(row, w), matmul(h, u))))), y: [] };
    },
    h0,
    x,
  ).carry;
}

function normalDensity(x: Tensor, a: Tensor): Tensor {
  const l = s.cholesky(add(matmul(a, turn(a)), s.eye(3)));
  const z = s.triangularSolve(l, turn(x));
  return sub(mul(-0.5, sum(square(z), 0)), sum(s.log(s.diag(l))));
}

function layerNorm(x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const centred = sub(x, s.mean(x, -1, { keepDims: true }));
  return add(mul(div(centred, s.sqrt(add(s.variance(x, -1, { keepDims: true }), 1e-5))), scale), shift);
}

const functions: Readonly<Record<string, F>> = {
  ...(s as unknown as Record<string, F>),
  leakyRelu: (x) => s.leakyRelu(x, 0.01),
  elu: (x) => s.elu(x, 1),
  polygamma1: (x) => s.polygamma(1, x),
  polygamma2: (x) => s.polygamma(2, x),
  div: (x, y) => div(x, add(y, 3)),
  pow: (x, y) => s.pow(add(x, 2.5), y),
  atan2: (x, y) => s.atan2(x, add(y, 3)),
  where: (x, y) => s.where(s.greater(x, y), mul(x, y), y),
  clip: (x) => s.clip(x, -1, 1),
  "variance offset": (x) => s.variance(x, 0),
  prod: (x) => s.prod(x, 1),
  cumsum: (x) => s.cumsum(x, 1),
  transpose: (x) => s.transpose(x, [2, 0, 1]),
  reshape: (x) => s.reshape(x, [4, 15]),
  slice: (x) => s.slice(x, [1, 0, 1], [3, 4, 4], [1, 2, 1]),
  flip: (x) => s.flip(x, [0, 2]),
  roll: (x) => s.roll(x, 2, 1),
  pad: (x) =>
    s.pad(x, [
      [3, 1],
      [0, 0],
      [1, 2],
    ]),
  tril: (x) => s.tril(x, 1),
  triu: (x) => s.triu(x, -1),
  take: (x) => s.take(x, [3, 0, 3, 2], 1),
  split: (x) => s.split(x, [1, 3], 1)[1],
  concat: (x) => s.concat([x, mul(2, x)], 2),
  stack: (x) => s.stack([x, square(x)], 1),
  expandDims: (x) => s.expandDims(x, 1),
  broadcastTo: (x) => s.broadcastTo(x, [2, 3, 4, 5]),
  scatterAdd: (x) => s.scatterAdd(s.zeros([3, 6, 5]), [5, 0, 5, 2], x, 1),
  triangularSolve: (a, b) => s.triangularSolve(a, b),
  "qr.q": (a) => s.qr(a).q,
  "qr.r": (a) => s.qr(a).r,
  "eigh.values": (a) => s.eigh(a).values,
  "eigh.projector": (a) => {
    const two = s.slice(s.eigh(a).vectors, [0, 0], [5, 2]);
    return matmul(two, turn(two));
  },
  perceptron: (x, w1, b1, w2, b2) => tanh(add(matmul(tanh(add(matmul(x, w1), b1)), w2), b2)),
  attention: (q, k, v) => matmul(s.softmax(div(matmul(q, turn(k)), 2), -1), v),
  "layer norm": layerNorm,
  "gated recurrence": gated,
  "normal density": normalDensity,
  "gamma likelihood": (a, b) => sub(add(sub(mul(a, s.log(b)), s.lgamma(a)), mul(0.3, sub(a, 1))), mul(1.35, b)),
  convolution: (x, w) =>
    [0, 1, 2].map((i) => mul(s.slice(x, [i], [i + 7]), s.slice(w, [i], [i + 1]))).reduce((a, b) => add(a, b)),
  "logistic regression": (w, x, y) => {
    const logits = matmul(x, w);
    return s.mean(sub(s.softplus(logits), mul(s.greater(y, 0), logits)));
  },
  "cross entropy": (x) => s.neg(s.mean(sum(mul(s.oneHot([2, 0, 1, 1], 3), s.logSoftmax(x, -1)), -1))),
  rational: (x) => div(add(sub(mul(x, square(x)), mul(2, x)), 1), add(1, square(x))),
  "power iteration": (a, v) => {
    const y = matmul(a, matmul(a, matmul(a, v)));
    return div(y, s.norm(y));
  },
};

function functionFor(name: string): F {
  if (functions[name] !== undefined) return functions[name];
  const [word, rest] = [name.slice(0, name.indexOf(" ")), name.slice(name.indexOf(" ") + 1)];
  if (word === "einsum") return (...xs) => s.einsum(rest, ...xs);
  if (word === "softmax") return (x) => s.softmax(x, Number(rest));
  if (word === "logSoftmax") return (x) => s.logSoftmax(x, Number(rest));
  const reduction = reductions[word as keyof typeof reductions];
  const [axes, keepDims] = JSON.parse(rest) as [number | number[] | null, boolean];
  return (x) => reduction(x, axes ?? undefined, { keepDims });
}

/** The largest difference, relative to the largest entry that is expected. */
function distance(received: Tensor, expected: Stored): number {
  expect(received.shape).toEqual(expected.shape);
  const largest = expected.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const worst = expected.data.reduce((most, x, i) => Math.max(most, Math.abs(x - received.data[i])), 0);
  return worst === 0 ? 0 : worst / largest;
}

/** How far value, gradients and Hessian products are from what is stored. */
function distances({ name, inputs, fixed, value, cotangent, gradients, directions, products }: Case) {
  const f = functionFor(name);
  const given = inputs.map(read);
  const free = given.filter((_, i) => !fixed.includes(i));
  const all = (xs: readonly Tensor[]): Tensor[] => {
    let next = 0;
    return given.map((x, i) => (fixed.includes(i) ? x : xs[next++]));
  };
  const weights = read(cotangent);
  const scalar = (xs: readonly Tensor[]): Tensor => sum(mul(f(...all(xs)), weights));
  const received = s.grad(scalar)(free);
  const worst = (xs: readonly Tensor[], stored: readonly Stored[]): number =>
    xs.reduce((most, x, i) => Math.max(most, distance(x, stored[i])), 0);
  return {
    value: distance(f(...given), value),
    gradient: worst(received, gradients),
    second: directions && products ? worst(s.hvp(scalar, free, directions.map(read)), products) : 0,
  };
}

describe(`against PyTorch (${origin})`, () => {
  const worst = { value: [0, ""], gradient: [0, ""], second: [0, ""] } as Record<string, [number, string]>;
  cases.forEach((one, i) => {
    test(`${i}: ${one.name} of ${one.inputs.map(({ shape }) => `[${shape}]`).join(", ")}`, () => {
      const found = distances(one);
      for (const [what, error] of Object.entries(found)) if (error > worst[what][0]) worst[what] = [error, one.name];
      expect(found.value).toBeLessThanOrEqual(2e-14);
      expect(found.gradient).toBeLessThanOrEqual(5e-13);
      expect(found.second).toBeLessThanOrEqual(5e-12);
    });
  });
  test("there are many, and the worst are printed", () => {
    expect(cases.length).toBeGreaterThan(150);
    console.log(cases.length, "cases; the largest errors:", JSON.stringify(worst));
  });
});

test("a stored number that is wrong by 1e-12 is noticed, in values and in gradients", () => {
  const bend = (x: Stored): Stored => ({ ...x, data: x.data.map((value, i) => (i === 0 ? value + 1e-12 : value)) });
  const one = cases.find(({ name }) => name === "perceptron") as Case;
  expect(distances({ ...one, value: bend(one.value) }).value).toBeGreaterThan(2e-14);
  expect(distances({ ...one, gradients: one.gradients.map(bend) }).gradient).toBeGreaterThan(5e-13);
});
