// Which arguments does each primitive get in the laws? A primitive without an entry here does not compile.
import { add, checkpoint, fixedPoint, matmul, mul, scan, type Tensor, tanh } from "stillpoint";
import { gradedMesh, productTrapezoid, solveCaputo } from "stillpoint/fractional";
import { calculusFamily } from "../../src/calculus/index.js";
import { fixedPointFamily } from "../../src/fixed-point/index.js";
import { makeIntegral } from "../../src/fractional/integral.js";
import { fractionalFamily } from "../../src/fractional/volterra.js";
import {
  arithmeticFamily,
  contractionFamily,
  elementaryFamily,
  moveFamily,
  selectionFamily,
} from "../../src/primitives/index.js";
import { type Application, type Primitive, record } from "../../src/tape/index.js";
import type { Draw } from "./draw.js";

export const families = [
  ...arithmeticFamily,
  ...elementaryFamily,
  ...selectionFamily,
  ...moveFamily,
  ...contractionFamily,
  ...calculusFamily,
  ...fixedPointFamily,
  ...fractionalFamily,
] as const;

/** Arguments of one application. Inputs that are `fixed` are data, not differentiated. */
export interface Sample {
  readonly inputs: readonly Tensor[];
  readonly parameters: unknown;
  readonly fixed?: readonly number[];
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

/** A shape and one that broadcasts to it. */
function stretched(draw: Draw): { small: number[]; large: number[] } {
  const large = [...draw.shape()];
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

/** The application of a primitive inside a call of its word. */
function applicationIn(primitive: string, call: () => unknown): Sample {
  const { tape } = record(call);
  const { inputs, parameters } = tape.find(
    (application: Application) => application.primitive.name === primitive,
  ) as Application;
  return { inputs, parameters };
}

export const samples: Readonly<Record<PrimitiveName, Sampler>> = {
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
  log: one(0.3, 4),
  sin: one(-4, 4),
  cos: one(-4, 4),
  tanh: one(-3, 3),
  greater: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.awayFromZero(shape), draw.tensor(shape, 0, 0)], parameters: undefined };
  },
  equal: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.awayFromZero(shape), draw.tensor(shape, 0, 0)], parameters: undefined };
  },
  where: (draw) => {
    const shape = draw.shape();
    return {
      inputs: [draw.flags(shape), draw.tensor(shape), draw.tensor(shape)],
      parameters: undefined,
      fixed: [0],
    };
  },
  relu: (draw) => ({ inputs: [draw.awayFromZero(draw.shape())], parameters: undefined }),
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
    const mesh = gradedMesh(steps, draw.size(2));
    const orders = draw.tensor(draw.integer(0, 1) === 0 ? [] : [d], 0.3, 1.9);
    const parameters = {
      ...makeIntegral(productTrapezoid(), mesh),
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
