// Which arguments does each primitive get in the laws? A primitive without an entry here does not compile.
import {
  add,
  arange,
  atanh,
  broadcastTo,
  checkpoint,
  concat,
  diag,
  eye,
  fixedPoint,
  matmul,
  mul,
  scan,
  sub,
  type Tensor,
  tanh,
  tensor,
  transpose,
} from "stillpoint";
import { gradedMesh, productRule, solveCaputo } from "stillpoint/fractional";
import { calculusFamily } from "../../src/calculus/index.js";
import { fixedPointFamily } from "../../src/fixed-point/index.js";
import { makeIntegral } from "../../src/fractional/integral.js";
import { fractionalFamily } from "../../src/fractional/volterra.js";
import {
  activationFamily,
  arithmeticFamily,
  comparisonFamily,
  contractionFamily,
  drawFamily,
  elementaryFamily,
  hyperbolicFamily,
  indexingFamily,
  linearAlgebraFamily,
  moveFamily,
  piecewiseFamily,
  reductionFamily,
  roundingFamily,
  selectionFamily,
  trigonometricFamily,
} from "../../src/primitives/index.js";
import { specialFamily } from "../../src/special/operations.js";
import { type Application, type Primitive, record } from "../../src/tape/index.js";
import type { Draw } from "./draw.js";
import { reductionSamples } from "./reduction-samples.js";

export const families = [
  ...arithmeticFamily,
  ...elementaryFamily,
  ...trigonometricFamily,
  ...hyperbolicFamily,
  ...activationFamily,
  ...comparisonFamily,
  ...selectionFamily,
  ...piecewiseFamily,
  ...roundingFamily,
  ...specialFamily,
  ...moveFamily,
  ...contractionFamily,
  ...linearAlgebraFamily,
  ...reductionFamily,
  ...indexingFamily,
  ...drawFamily,
  ...calculusFamily,
  ...fixedPointFamily,
  ...fractionalFamily,
] as const;

/** Arguments of one application. Inputs that are `fixed` are data, not differentiated. */
export interface Sample {
  readonly inputs: readonly Tensor[];
  readonly parameters: unknown;
  readonly fixed?: readonly number[];
  /** How far the entries of each input are moved: they may be huge. */
  readonly units?: readonly Tensor[];
  /** A kink or a tie: the rules have to agree with each other, but there is no derivative that they would agree with. */
  readonly edge?: boolean;
}
export type Sampler = (draw: Draw) => Sample;
type PrimitiveName = (typeof families)[number]["name"];

const one =
  (low: number, high: number): Sampler =>
  (draw) => ({ inputs: [draw.tensor(draw.shape(), low, high)], parameters: undefined });

const two: Sampler = (draw) => {
  const shape = draw.shape();
  return { inputs: [draw.tensor(shape), draw.tensor(shape)], parameters: undefined };
};

/** Entries at least 0.3 away from 0. */
const awayFromZero: Sampler = (draw) => ({ inputs: [draw.awayFromZero(draw.shape())], parameters: undefined });

/** Entries of x and y that differ by at least 0.3. */
const apart: Sampler = (draw) => {
  const shape = draw.shape();
  const y = draw.tensor(shape);
  return { inputs: [add(y, draw.awayFromZero(shape)), y], parameters: undefined };
};

/** Entries in [low, high], moved by −3, 0 or 3. */
function spread(draw: Draw, low: number, high: number, shape = draw.shape()): Tensor {
  return add(draw.tensor(shape, low, high), mul(3, sub(draw.flags(shape), draw.flags(shape))));
}

const oneSpread =
  (low: number, high: number): Sampler =>
  (draw) => ({ inputs: [spread(draw, low, high)], parameters: undefined });

/** A shape and one that broadcasts to it; often with two axes of one size, which shapes do not tell apart. */
function stretched(draw: Draw): { small: number[]; large: number[] } {
  const n = draw.integer(2, 3);
  const large = draw.integer(0, 1) === 0 ? [draw.size(3), n, n] : [...draw.shape()];
  const small = large.slice(draw.integer(0, large.length)).map((n) => (draw.integer(0, 1) === 0 ? 1 : n));
  return { small, large };
}

function block(draw: Draw) {
  const whole = draw.shape();
  const sizes: number[] = [];
  const starts: number[] = [];
  const steps: number[] = [];
  for (const n of whole) {
    const backwards = draw.integer(0, 3) === 0;
    const step = draw.integer(1, 2);
    const start = draw.integer(0, n - 1);
    starts.push(start);
    steps.push(backwards ? -step : step);
    sizes.push(draw.integer(0, Math.floor((backwards ? start : n - 1 - start) / step)) + 1);
  }
  return { whole, starts, steps, sizes };
}

/** Numbers drawn from any key, in any shape. */
const drawn: Sampler = (draw) => {
  const word = (): number => draw.integer(0, 2 ** 32 - 1);
  return { inputs: [tensor([word(), word()])], parameters: draw.shape(), fixed: [0] };
};

/** Matrices whose diagonal dominates: regular, and with a positive definite lower triangle. */
function regular(draw: Draw, batch: readonly number[], n: number): Tensor {
  return add(mul(4, broadcastTo(eye(n), [...batch, n, n])), draw.tensor([...batch, n, n], -1, 1));
}

/** The application of a primitive inside a call of its word. */
function applicationIn(primitive: string, call: () => unknown): Sample {
  const { tape } = record(call);
  const { inputs, parameters } = tape.find(
    (application: Application) => application.primitive.name === primitive,
  ) as Application;
  return { inputs, parameters };
}

export const samples: Readonly<Record<PrimitiveName, Sampler>> = {
  ...reductionSamples,
  add: two,
  sub: two,
  neg: one(-3, 3),
  mul: two,
  div: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.tensor(shape), draw.awayFromZero(shape)], parameters: undefined };
  },
  pow: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.tensor(shape, 0.4, 3), draw.tensor(shape, -2, 3)], parameters: undefined };
  },
  square: one(-3, 3),
  sqrt: one(0.3, 4),
  exp: one(-3, 3),
  expm1: one(-3, 3),
  log: one(0.3, 4),
  log1p: one(-0.6, 3),
  sin: one(-4, 4),
  cos: one(-4, 4),
  tan: one(-1, 1),
  asin: one(-0.7, 0.7),
  acos: one(-0.7, 0.7),
  atan: one(-3, 3),
  atan2: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.awayFromZero(shape), draw.awayFromZero(shape)], parameters: undefined };
  },
  sinh: one(-3, 3),
  cosh: one(-3, 3),
  tanh: one(-3, 3),
  // away from the ends it is 1 − y² for every x
  tanhSlope: (draw) => {
    const y = draw.tensor(draw.shape(), -0.8, 0.8);
    return { inputs: [atanh(y), y], parameters: undefined, fixed: [0] };
  },
  asinh: one(-3, 3),
  acosh: one(1.4, 4),
  atanh: one(-0.7, 0.7),
  sigmoid: one(-3, 3),
  silu: one(-3, 3),
  softplus: one(-3, 3),
  elu: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.awayFromZero(shape), draw.tensor(shape)], parameters: undefined };
  },
  greater: apart,
  greaterEqual: apart,
  less: apart,
  lessEqual: apart,
  equal: apart,
  isFinite: one(-3, 3),
  where: (draw) => {
    const shape = draw.shape();
    return {
      inputs: [draw.flags(shape), draw.tensor(shape), draw.tensor(shape)],
      parameters: undefined,
      fixed: [0],
    };
  },
  weigh: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.flags(shape), draw.tensor(shape)], parameters: undefined, fixed: [0] };
  },
  abs: awayFromZero,
  maximum: apart,
  minimum: apart,
  shareOfLarger: apart,
  // around another place for each entry; at times the bounds are crossed
  clip: (draw) => {
    const shape = draw.shape();
    const place = draw.tensor(shape, -9, 9);
    const side = draw.integer(0, 3) === 0 ? -1 : 1;
    const bound = (sign: number): Tensor => add(place, mul(sign * side, draw.tensor(shape, 0.8, 1.2)));
    return { inputs: [add(place, spread(draw, -0.5, 0.5, shape)), bound(-1), bound(1)], parameters: undefined };
  },
  relu: awayFromZero,
  leakyRelu: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.awayFromZero(shape), draw.tensor(shape)], parameters: undefined };
  },
  sign: awayFromZero,
  floor: oneSpread(0.2, 0.8),
  ceil: oneSpread(0.2, 0.8),
  round: oneSpread(-0.3, 0.3),
  erf: one(-2, 2),
  erfc: one(-2, 2),
  gelu: one(-3, 3),
  lgamma: one(0.8, 4),
  digamma: one(0.8, 4),
  polygamma: (draw) => ({ inputs: [draw.tensor(draw.shape(), 1, 4)], parameters: draw.integer(0, 3) }),
  mittagLeffler: (draw) => ({
    inputs: [draw.tensor(draw.shape(), -2, 2)],
    parameters: { alpha: draw.integer(4, 16) / 8, beta: draw.integer(-4, 12) / 4, order: draw.integer(0, 2) },
  }),
  stopGradient: (draw) => ({ inputs: [draw.tensor(draw.shape())], parameters: undefined, fixed: [0] }),
  alias: one(-3, 3),
  reshape: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.tensor(shape)], parameters: [...shape].reverse() };
  },
  transpose: (draw) => {
    const shape = draw.shape();
    const axes = shape.map((_, axis) => axis);
    for (let i = axes.length - 1; i > 0; i--) axes.push(...axes.splice(draw.integer(0, i), 1));
    return { inputs: [draw.tensor(shape)], parameters: axes };
  },
  broadcastTo: (draw) => {
    const { small, large } = stretched(draw);
    return { inputs: [draw.tensor(small)], parameters: large };
  },
  sumTo: (draw) => {
    const { small, large } = stretched(draw);
    return { inputs: [draw.tensor(large)], parameters: small };
  },
  slice: (draw) => {
    const { whole, ...rest } = block(draw);
    return { inputs: [draw.tensor(whole)], parameters: rest };
  },
  embed: (draw) => {
    const parameters = block(draw);
    return { inputs: [draw.tensor(parameters.sizes)], parameters };
  },
  concat: (draw) => {
    const shape = [...draw.shape(2), draw.size()];
    const axis = draw.integer(0, shape.length - 1);
    const resized = (): number[] => shape.map((n, i) => (i === axis ? draw.size() : n));
    return { inputs: Array.from({ length: draw.size(3) }, () => draw.tensor(resized())), parameters: axis };
  },
  matmul: (draw) => {
    const [m, n, k] = [draw.size(6), draw.size(6), draw.size(6)];
    const batch = draw.integer(0, 1) === 0 ? [] : [draw.size(2)];
    const parameters = { transposeA: draw.integer(0, 1) === 1, transposeB: draw.integer(0, 1) === 1 };
    return {
      inputs: [
        draw.tensor([...batch, ...(parameters.transposeA ? [k, m] : [m, k])]),
        draw.tensor([...batch, ...(parameters.transposeB ? [n, k] : [k, n])]),
      ],
      parameters,
    };
  },
  solve: (draw) => {
    const [n, m] = [draw.size(3), draw.size(2)];
    const batch = draw.integer(0, 1) === 0 ? [] : [draw.size(2)];
    const flag = (): boolean => draw.integer(0, 1) === 1;
    const parameters = { triangular: flag(), lower: flag(), transposed: flag() };
    return { inputs: [regular(draw, batch, n), draw.tensor([...batch, n, m])], parameters };
  },
  cholesky: (draw) => {
    const n = draw.size(3);
    const a = regular(draw, draw.integer(0, 1) === 0 ? [] : [draw.size(2)], n);
    return { inputs: [a], parameters: undefined };
  },
  logDet: (draw) => ({
    inputs: [regular(draw, draw.integer(0, 1) === 0 ? [] : [2], draw.size(3))],
    parameters: undefined,
  }),
  qr: (draw) => {
    const n = draw.size(3);
    const batch = draw.integer(0, 1) === 0 ? [] : [2];
    const square = regular(draw, batch, n);
    const more = draw.tensor([...batch, n, draw.size(2)], -1, 1);
    const shape = draw.integer(0, 2);
    const turned = concat([square, transpose(more, batch.length > 0 ? [0, 2, 1] : [1, 0])], -2);
    return { inputs: [[square, concat([square, more], -1), turned][shape]], parameters: undefined };
  },
  // eigenvalues at least 1 apart, and eigenvectors near the axes: of each one entry is clearly the largest
  eigh: (draw) => {
    const n = draw.size(3);
    const batch = draw.integer(0, 1) === 0 ? [] : [2];
    const apartBy3 = broadcastTo(diag(mul(3, arange(n))), [...batch, n, n]);
    return { inputs: [add(apartBy3, draw.tensor([...batch, n, n], -0.5, 0.5))], parameters: undefined };
  },
  drawUniform: drawn,
  drawNormal: drawn,
  splitKey: (draw) => ({ ...drawn(draw), parameters: [draw.size(), 2] }),
  checkpoint: (draw) => {
    const [x, w] = [draw.tensor([draw.size()]), draw.tensor([])];
    return applicationIn("checkpoint", () => checkpoint((y: Tensor) => [tanh(mul(w, y)), mul(y, y)])(x));
  },
  // c ← tanh(c W + x) and y = c·x, over some rows, with W closed over
  scan: (draw) => {
    const n = draw.size(2);
    const [w, c0] = [draw.tensor([n, n], -1, 1), draw.tensor([n])];
    const xs = draw.tensor([draw.integer(0, 3), n]);
    const body = (c: Tensor, x: Tensor) => ({ carry: tanh(add(matmul(c, w), x)), y: mul(c, x) });
    return applicationIn("scan", () => scan(body, c0, xs));
  },
  // z = tanh(z A + b) with a small A: a contraction
  fixedPoint: (draw) => {
    const n = draw.size(3);
    const a = draw.tensor([n, n], -0.2, 0.2);
    const b = draw.tensor([n]);
    const z0 = draw.tensor([n]);
    const sample = applicationIn("fixedPoint", () =>
      fixedPoint((z) => tanh(add(matmul(z, a), b)), z0, { tolerance: 1e-14 }),
    );
    return { ...sample, fixed: [0] };
  },
  fractionalIntegral: (draw) => {
    const steps = draw.size(5);
    const d = draw.size(2);
    const rule = productRule(draw.integer(0, 1) === 0 ? "line" : "left", gradedMesh(steps, draw.size(2)));
    const orders = draw.tensor(draw.integer(0, 1) === 0 ? [] : [d], 0.3, 1.9);
    const parameters = {
      ...makeIntegral(rule),
      k: draw.integer(0, 1),
      transposed: draw.integer(0, 1) === 1,
    };
    return { inputs: [draw.tensor([steps + 1, d]), orders], parameters };
  },
  // D^α u = tanh(u A) + t on a few nodes, with a batch
  trajectory: (draw) => {
    const d = draw.size(2);
    const a = draw.tensor([d, d], -1, 1);
    const u0 = draw.tensor([draw.size(2), d], -1, 1);
    const order = draw.tensor(draw.integer(0, 1) === 0 ? [] : [d], 0.4, 1.6);
    const steps = draw.size(4);
    const field = (t: Tensor, u: Tensor): Tensor => add(tanh(matmul(u, a)), mul(0.5, t));
    return applicationIn("trajectory", () => solveCaputo(field, u0, { order, duration: 1.5, steps, tolerance: 1e-14 }));
  },
};

export const sampleOf = (primitive: Primitive): Sampler => samples[primitive.name as PrimitiveName];
