// Which function of this library does each case of torch.json name?

import type { Tensor } from "stillpoint";
import * as s from "stillpoint";
import { programs } from "./torch-programs.js";

type F = (...xs: Tensor[]) => Tensor;

const { add, div, matmul, mul, square, sum } = s;

const turn = (x: Tensor): Tensor => s.transpose(x, [...x.shape.keys()].slice(0, -2).concat([-1, -2]));

/** "sum [[0, 2], false]" → a reduction over these axes. */
const reductions = {
  sum,
  mean: s.mean,
  prod: s.prod,
  variance: s.variance,
  logSumExp: s.logSumExp,
  norm: s.norm,
  max: s.max,
  min: s.min,
};

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
  "atan2 at": s.atan2,
  "pow at": s.pow,
  "div at": div,
  "pow of negative": s.pow,
  "clip between": (x, low, high) => s.clip(x, low, high),
  stopGradient: (x) => mul(x, s.stopGradient(square(x))),
  "leakyRelu of slope": (x, slope) => s.leakyRelu(x, slope),
  "elu of alpha": (x, alpha) => s.elu(x, alpha),
  argmax: (x) => s.argmax(x, 1),
  argmin: (x) => s.argmin(x, -1, { keepDims: true }),
  "squeeze 2": (x) => s.squeeze(x, 2),
  "transpose all": (x) => s.transpose(x),
  "slice backwards": (x) => s.slice(x, [-1, -2], [-5, -8], [-1, -2]),
  "take a grid": (x) =>
    square(
      s.take(
        x,
        [
          [0, 2],
          [1, 1],
          [2, 0],
        ],
        1,
      ),
    ),
  "take one": (x) => s.take(x, -1, -1),
  "take none": (x) => s.take(x, []),
  "take by tensor": (x) => s.take(x, s.tensor([2, -1, 0])),
  "scatterAdd to": (x, updates) => square(s.scatterAdd(x, [2, 0, 2], updates, 1)),
  "concat three": (...xs) => square(s.concat(xs, -1)),
  "stack last": (...xs) => square(s.stack(xs, -1)),
  "split equally": (x) => s.split(x, 3, -1)[2],
  "flip all": (x) => s.flip(x),
  "roll back": (x) => s.roll(x, -9, 0),
  oneHot: (x) =>
    mul(
      x,
      s.oneHot(
        [
          [2, 0],
          [1, 1],
        ],
        3,
      ),
    ),
  arange: () => s.arange(1, 3, 0.25),
  linspace: () => s.linspace(-1, 2.5, 13),
  eye: () => s.eye(3),
  full: () => s.full([2, 3], -0.1),
  zeros: () => s.zeros([2, 0]),
  ones: () => s.ones([2, 1]),
  "triangularSolve upper": (a, b) => s.triangularSolve(a, b, { lower: false }),
  "triangularSolve transposed": (a, b) => s.triangularSolve(a, b, { transposed: true }),
  "eigh.squares": (a) => square(s.eigh(a).vectors),
  "eigh.rebuilt": (a) => {
    const { values, vectors } = s.eigh(a);
    return matmul(mul(vectors, s.exp(values)), turn(vectors));
  },
  ...programs,
};

/** What a case of torch.json is the value of. */
export function functionFor(name: string): F {
  if (functions[name] !== undefined) return functions[name];
  const [word, rest] = [name.slice(0, name.indexOf(" ")), name.slice(name.indexOf(" ") + 1)];
  if (word === "einsum") return (...xs) => s.einsum(rest, ...xs);
  if (word === "signed") return (x) => s.atan2((functions[rest.slice(5)] as F)(x), -1);
  if (word === "power") return (x) => s.pow(x, Number(rest));
  if (word === "empty") return (x) => reductions[rest.slice(0, -2) as keyof typeof reductions](x, 0);
  if (word === "scalar") return (x) => reductions[rest as keyof typeof reductions](x);
  if (word === "single") return (x) => reductions[rest as keyof typeof reductions](x, 1);
  if (word === "cumsum") return (x) => s.cumsum(x, Number(rest.slice(6)));
  if (word === "softmax") return (x) => s.softmax(x, Number(rest));
  if (word === "logSoftmax") return (x) => s.logSoftmax(x, Number(rest));
  const reduction = reductions[word as keyof typeof reductions];
  const [axes, keepDims] = JSON.parse(rest) as [number | number[] | null, boolean];
  return (x) => reduction(x, axes ?? undefined, { keepDims });
}
