// Which longer programs are compared with PyTorch's?

import type { Tensor } from "stillpoint";
import * as s from "stillpoint";

const { add, div, matmul, mul, sub, sum, square, tanh } = s;

const turn = (x: Tensor): Tensor => s.transpose(x, [...x.shape.keys()].slice(0, -2).concat([-1, -2]));
const rows = (x: Tensor): Tensor[] => s.split(x, x.shape[0], 0).map((row) => s.squeeze(row, 0));
const half = (x: Tensor): Tensor => mul(-0.5, x);

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

function causalHeads(x: Tensor, wq: Tensor, wk: Tensor, wv: Tensor, wo: Tensor): Tensor {
  const [q, k, v] = [wq, wk, wv].map((w) => s.einsum("td,dhe->hte", x, w));
  const scores = add(div(s.einsum("hte,hse->hts", q, k), Math.sqrt(3)), s.triu(s.full([5, 5], -1e9), 1));
  return s.einsum("hts,hse,hed->td", s.softmax(scores, -1), v, wo);
}

function batchNorm(x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const centred = sub(x, s.mean(x, 0));
  return add(mul(div(centred, s.sqrt(add(s.variance(x, 0), 1e-5))), scale), shift);
}

function mixture(x: Tensor, w: Tensor, m: Tensor, width: Tensor): Tensor {
  const z = div(sub(s.expandDims(x, 1), m), s.exp(width));
  return s.logSumExp(sub(add(s.logSoftmax(w), half(square(z))), width), 1);
}

function student(x: Tensor, n: Tensor, scale: Tensor): Tensor {
  const late = div(add(n, 1), 2);
  const norming = half(s.log(mul(mul(Math.PI, n), square(scale))));
  const far = mul(late, s.log1p(div(square(div(x, scale)), n)));
  return sub(add(sub(s.lgamma(late), s.lgamma(div(n, 2))), norming), far);
}

function beta(x: Tensor, a: Tensor, b: Tensor): Tensor {
  const norming = sub(sub(s.lgamma(add(a, b)), s.lgamma(a)), s.lgamma(b));
  return add(norming, add(mul(sub(a, 1), s.log(x)), mul(sub(b, 1), s.log1p(s.neg(x)))));
}

function gaussianProcess(x: Tensor, y: Tensor, scale: Tensor, noise: Tensor): Tensor {
  const distance = div(sub(s.expandDims(x, 1), x), s.exp(scale));
  const k = add(s.exp(half(square(distance))), mul(s.exp(noise), s.eye(6)));
  return half(add(s.dot(y, s.solve(k, y)), s.logDet(k)));
}

function kalman(ys: Tensor, a: Tensor, q: Tensor): Tensor {
  let [m, p, total] = [s.zeros([2]), s.eye(2), s.zeros([])];
  for (const y of rows(ys)) {
    m = matmul(a, m);
    p = add(matmul(matmul(a, p), turn(a)), matmul(q, turn(q)));
    const spread = add(p, mul(0.3, s.eye(2)));
    const e = sub(y, m);
    const gain = turn(s.solve(spread, p));
    total = add(total, half(add(s.dot(e, s.solve(spread, e)), s.logDet(spread))));
    m = add(m, matmul(gain, e));
    p = sub(p, matmul(gain, p));
  }
  return total;
}

function oscillator(u0: Tensor, mu: Tensor): Tensor {
  const slope = (u: Tensor): Tensor => {
    const [x, v] = [s.take(u, 0), s.take(u, 1)];
    return s.stack([v, sub(mul(mul(mu, sub(1, square(x))), v), x)]);
  };
  let u = u0;
  for (let step = 0; step < 20; step++) {
    const k1 = slope(u);
    const k2 = slope(add(u, mul(0.05, k1)));
    const k3 = slope(add(u, mul(0.05, k2)));
    const k4 = slope(add(u, mul(0.1, k3)));
    u = add(u, mul(0.1 / 6, add(add(k1, mul(2, k2)), add(mul(2, k3), k4))));
  }
  return u;
}

function transport(c: Tensor): Tensor {
  let [f, g] = [s.zeros([4]), s.zeros([5])];
  for (let step = 0; step < 12; step++) {
    f = s.neg(s.logSumExp(sub(g, c), 1));
    g = s.neg(s.logSumExp(sub(s.expandDims(f, 1), c), 0));
  }
  return s.exp(sub(add(s.expandDims(f, 1), g), c));
}

function longShort(x: Tensor, w: Tensor, u: Tensor, b: Tensor): Tensor {
  let [h, c] = [s.zeros([3]), s.zeros([3])];
  for (const row of rows(x)) {
    const [i, o, r, n] = s.split(add(add(matmul(row, w), matmul(h, u)), b), 4, 0);
    c = add(mul(s.sigmoid(r), c), mul(s.sigmoid(i), tanh(n)));
    h = mul(s.sigmoid(o), tanh(c));
  }
  return h;
}

/** Two filters of 2 × 2 as sums of slices, then the largest of every 2 × 2 entries. */
function image(x: Tensor, w: Tensor): Tensor {
  const corners = [0, 1].flatMap((i) => [0, 1].map((j) => [i, j]));
  const weight = (i: number, j: number): Tensor => s.slice(w, [0, i, j], [2, i + 1, j + 1]);
  const filtered = corners
    .map(([i, j]) => mul(s.slice(x, [i, j], [i + 6, j + 6]), weight(i, j)))
    .reduce((a, b) => add(a, b));
  return s.max(s.reshape(filtered, [2, 3, 2, 3, 2]), [2, 4]);
}

function valley(x: Tensor): Tensor {
  const [first, second] = [s.slice(x, [0], [-1]), s.slice(x, [1], [4])];
  return sum(add(mul(100, square(sub(second, square(first)))), square(sub(1, first))));
}
const wave = (x: Tensor): Tensor => s.softmax(mul(s.sin(x), s.take(x, 0)));
const weighed = (x: Tensor): Tensor => sum(mul(wave(x), s.cos(x)));

export const programs: Readonly<Record<string, (...xs: Tensor[]) => Tensor>> = {
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
  "squared error": (x, y, a, b, c, d) => s.mean(square(sub(add(matmul(s.gelu(add(matmul(x, a), b)), c), d), y))),
  "causal heads": causalHeads,
  "batch norm": batchNorm,
  mixture,
  student,
  beta,
  "gaussian process": gaussianProcess,
  kalman,
  oscillator,
  transport,
  "long short": longShort,
  image,
  hessian: (x) => s.hessian(valley)(x),
  jacobian: (x) => s.jacobian(wave)(x),
  jvp: (x, v) => s.jvp(wave, [x], [v]).tangent,
  linearize: (x, v) => s.linearize(wave, x).push(v),
  hvp: (x, v) => s.hvp(valley, x, v),
  vjp: (x) => s.vjp(weighed, x).pull(1)[0],
  grad: (x) => s.grad(weighed)(x),
  valueAndGrad: (x) => s.valueAndGrad(weighed)(x).gradient,
  checkpoint: (x) => s.grad(s.checkpoint(weighed))(x),
  jit: (x) => s.jit(s.grad(weighed))(x),
};
