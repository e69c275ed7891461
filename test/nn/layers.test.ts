// Do layers compute what they are named for, with the gradients that belong to it?
import {
  abs,
  add,
  ConvergenceError,
  DomainError,
  exp,
  grad,
  jit,
  matmul,
  max,
  mean,
  mul,
  neg,
  norm,
  random,
  ShapeError,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  variance,
  zeros,
} from "stillpoint";
import { solveCaputo } from "stillpoint/fractional";
import {
  type Affine,
  dropout,
  embedding,
  equilibrium,
  fractional,
  layerNorm,
  linear,
  mlp,
  spectralNorm,
  spectralNormOf,
  weightNorm,
} from "stillpoint/nn";
import { describe, expect, expectTypeOf, test } from "vitest";
import { differentiateLine } from "../laws/differences.js";

const seed = 20260602;
const draw = random(seed);
const distance = (x: Tensor, y: Tensor): number => {
  expect(x.shape).toEqual(y.shape);
  return max(abs(sub(x, y))).item();
};
/** The gradient of f at x along v, by differences. */
const slope = (f: (x: Tensor) => Tensor, x: Tensor, v: Tensor): number =>
  differentiateLine((s) => f(add(x, mul(s, v))).data)[0];

describe("layerNorm", () => {
  const layer = layerNorm(6);
  const x = mul(7, add(3, draw.normal([4, 6])));
  test("gives mean 0 and variance 1 to each row, then scales and shifts", () => {
    const y = layer.apply(layer.params, x);
    expect(max(abs(mean(y, -1))).item()).toBeLessThan(1e-14);
    expect(max(abs(sub(variance(y, -1), 1))).item()).toBeLessThan(1e-5);
    const moved = layer.apply({ scale: tensor([1, 2, 3, 4, 5, 6]), shift: mul(0.5, tensor([1, 1, 1, 1, 1, 1])) }, x);
    expect(distance(moved, add(mul(y, tensor([1, 2, 3, 4, 5, 6])), 0.5))).toBeLessThan(1e-14);
  });
  test("its gradient is that of differences", () => {
    const f = (y: Tensor): Tensor => sum(exp(mul(0.3, layer.apply(layer.params, y))));
    const v = draw.normal([4, 6]);
    expect(sum(mul(grad(f)(x), v)).item()).toBeCloseTo(slope(f, x, v), 9);
  });
  test("a row of equal entries has no NaN, and its gradient neither", () => {
    expect(layer.apply(layer.params, zeros([6])).toArray()).toEqual([0, 0, 0, 0, 0, 0]);
    expect(grad((y: Tensor) => sum(square(layer.apply(layer.params, y))))(zeros([6])).data.every(Number.isFinite)).toBe(
      true,
    );
  });
  test("refuses other sizes and options", () => {
    expect(() => layer.apply(layer.params, zeros([4, 5]))).toThrow(ShapeError);
    expect(() => layer.apply(layer.params, zeros([4, 5]))).toThrow(
      /^layerNorm: expected x of shape \[\.\.\., 6\], received \[4, 5\]/,
    );
    expect(() => layerNorm(0)).toThrow(/^layerNorm: expected size to be an integer ≥ 1/);
    expect(() => layerNorm(2, { epsilon: -1 })).toThrow(/^layerNorm: expected epsilon to be a number ≥ 0/);
    expect(() => layerNorm(2, { eps: 1 } as never)).toThrow(/did you mean epsilon\?/);
  });
});

describe("weightNorm", () => {
  const layer = linear(4, 3, { random: random(seed) });
  const directed = weightNorm(layer);
  const x = draw.normal([5, 4]);
  test("begins as the layer it is given", () => {
    expect(distance(directed.apply(directed.params, x), layer.apply(layer.params, x))).toBeLessThan(1e-15);
  });
  test("does not see the length of a direction, so that its gradient is at right angles to it", () => {
    const { direction, ...rest } = directed.params;
    const longer = { ...rest, direction: mul(3, direction) };
    expect(distance(directed.apply(longer, x), directed.apply(directed.params, x))).toBeLessThan(1e-14);
    const g = grad((p: typeof directed.params) => sum(square(directed.apply(p, x))))(directed.params);
    expect(max(abs(sum(mul(g.direction, direction), 0))).item()).toBeLessThan(1e-13);
  });
  test("refuses what is no layer", () => {
    expect(() => weightNorm({} as never)).toThrow(DomainError);
    expect(() => weightNorm({} as never)).toThrow(/^weightNorm: apply of the layer: expected a function/);
  });
});

describe("spectralNorm", () => {
  const wide = { weight: mul(5, draw.normal([4, 6])), bias: zeros([6]) };
  /** ‖W‖₂ by many steps of the power method: independent of eigh. */
  function powerMethod(weight: Tensor): number {
    const [m, n] = weight.shape;
    let v = Array.from({ length: n }, (_, i) => Math.sin(1 + i));
    let length = 0;
    for (let step = 0; step < 5000; step++) {
      const u = Array.from({ length: m }, (_, i) => v.reduce((total, x, j) => total + weight.data[i * n + j] * x, 0));
      v = Array.from({ length: n }, (_, j) => u.reduce((total, x, i) => total + weight.data[i * n + j] * x, 0));
      length = Math.hypot(...v);
      v = v.map((x) => x / length);
    }
    return Math.sqrt(length);
  }
  for (const shape of [
    [4, 6],
    [6, 4],
    [5, 5],
    [1, 3],
    [3, 1],
  ]) {
    test(`of ${shape.join(" × ")} weights is the norm that the power method finds, and bounds the layer`, () => {
      const weight = mul(3, draw.normal(shape));
      expect(spectralNormOf(weight).item() / powerMethod(weight)).toBeCloseTo(1, 13);
      let used: Tensor | undefined;
      const layer = spectralNorm(
        {
          params: { weight, bias: zeros([shape[1]]) },
          apply: (p: Affine) => {
            used = p.weight;
            return p.weight;
          },
        },
        { bound: 0.9 },
      );
      layer.apply(layer.params, zeros([1, shape[0]]));
      expect(powerMethod(used as Tensor)).toBeLessThan(0.9 * (1 + 1e-13));
    });
  }
  test("leaves shorter weights alone", () => {
    const layer = linear(3, 3, { random: random(seed) });
    const bounded = spectralNorm(layer, { bound: 100 });
    const x = draw.normal([2, 3]);
    expect(bounded.apply(layer.params, x).data).toEqual(layer.apply(layer.params, x).data);
  });
  test("its gradient is that of differences", () => {
    const layer = spectralNorm({ params: wide, apply: ({ weight }: Affine, x: Tensor) => matmul(x, weight) });
    const x = draw.normal([3, 4]);
    const f = (weight: Tensor): Tensor => sum(tanh(layer.apply({ weight, bias: wide.bias }, x)));
    const v = draw.normal([4, 6]);
    expect(sum(mul(grad(f)(wide.weight), v)).item()).toBeCloseTo(slope(f, wide.weight, v), 9);
  });
  test("refuses a bound that is none", () => {
    const layer = linear(2, 2, { random: random(0) });
    expect(() => spectralNorm(layer, { bound: 0 })).toThrow(
      /^spectralNorm: expected bound to be a number > 0, received 0/,
    );
    expect(() => spectralNorm(layer, { limit: 1 } as never)).toThrow(/unknown option "limit"/);
    expect(() => spectralNorm(undefined as never)).toThrow(/^spectralNorm: apply of the layer/);
  });
});

describe("embedding", () => {
  const table = embedding(5, 2, { random: random(seed) });
  test("gives rows, and their gradients go back to them, twice where they were used twice", () => {
    expect(
      table.apply(table.params, [
        [1, 4],
        [1, 0],
      ]).shape,
    ).toEqual([2, 2, 2]);
    const g = grad((p: Tensor) => sum(table.apply(p, [1, 4, 1])))(table.params);
    expect(g.toArray()).toEqual([
      [0, 0],
      [2, 2],
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
  });
  test("refuses what is not there", () => {
    expect(() => table.apply(table.params, [5])).toThrow(/received 5/);
    expect(() => embedding(0, 2, { random: random(0) })).toThrow(/^embedding: expected count/);
    expect(() => embedding(2, 1.5, { random: random(0) })).toThrow(/^embedding: expected size/);
    expect(() => embedding(2, 2, {} as never)).toThrow(/^embedding: expected the option random/);
    expect(() => embedding(2, 2, { random: random(0), seed: 1 } as never)).toThrow(/unknown option "seed"/);
  });
});

describe("dropout", () => {
  const layer = dropout(0.25);
  const x = add(1, draw.uniform([40, 50]));
  test("without a key changes nothing", () => {
    expect(layer.apply(layer.params, x)).toBe(x);
  });
  test("drops a quarter, to five standard errors, and scales the rest by 4/3", () => {
    const y = layer.apply([], x, random(seed).key());
    const dropped = y.data.filter((value) => value === 0).length;
    expect(Math.abs(dropped / 2000 - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / 2000));
    y.data.forEach((value, i) => {
      if (value !== 0) expect(value).toBeCloseTo((x.data[i] * 4) / 3, 15);
    });
  });
  test("inside a plan drops anew for each key, the same for the same, and as outside", () => {
    const plan = jit((p: Tensor, key: Tensor) => layer.apply([], p, key));
    const [a, b] = [random(seed).key(), random(seed + 1).key()];
    expect(plan(x, a).data).toEqual(layer.apply([], x, a).data);
    expect(plan(x, b).data).toEqual(layer.apply([], x, b).data);
    expect(plan(x, a).data).not.toEqual(plan(x, b).data);
    expect(plan(x, a).data).toEqual(plan(x, a).data);
  });
  test("refuses rates that are none", () => {
    for (const rate of [1, -0.1, Number.NaN, "0.5" as never])
      expect(() => dropout(rate)).toThrow(/^dropout: expected rate to be in \[0, 1\)/);
  });
});

describe("equilibrium", () => {
  const inner = linear(3, 3, { random: random(seed) });
  const cell = {
    params: { weight: mul(0.3, inner.params.weight), bias: inner.params.bias },
    apply: (p: Affine, z: Tensor, x: Tensor): Tensor => tanh(add(matmul(z, p.weight), add(x, p.bias))),
  };
  const layer = equilibrium(cell, { tolerance: 1e-14 });
  const x = draw.normal([4, 3]);
  test("is where its cell stands still, with the gradient of a long unrolled iteration", () => {
    const z = layer.apply(layer.params, x);
    expect(distance(z, cell.apply(cell.params, z, x))).toBeLessThan(1e-14);
    const unrolled = (p: Affine): Tensor => {
      let y = zeros([4, 3]);
      for (let i = 0; i < 60; i++) y = cell.apply(p, y, x);
      return sum(square(y));
    };
    const received = grad((p: Affine) => sum(square(layer.apply(p, x))))(layer.params);
    const expected = grad(unrolled)(cell.params);
    expectTypeOf(received).toEqualTypeOf<Affine>();
    expect(distance(received.weight, expected.weight)).toBeLessThan(1e-12);
    expect(distance(received.bias, expected.bias)).toBeLessThan(1e-12);
  });
  test("starts where it is told, with a state of another size than x", () => {
    const summed = equilibrium(
      { params: [] as const, apply: (_p, z: Tensor, y: Tensor) => mul(0.5, add(z, sum(y))) },
      { start: () => zeros([2]) },
    );
    expect(distance(summed.apply([], tensor([1, 2])), tensor([3, 3]))).toBeLessThan(1e-9);
  });
  test("says so where there is no fixed point, and refuses options it does not know", () => {
    const running = equilibrium({ params: [] as const, apply: (_p, z: Tensor) => add(z, 1) }, { maxSteps: 20 });
    expect(() => running.apply([], x)).toThrow(ConvergenceError);
    expect(() => equilibrium({} as never)).toThrow(/^equilibrium: apply of the layer/);
    expect(() => equilibrium(cell, { start: 3 as never })).toThrow(
      /^equilibrium: start: expected a function, received 3/,
    );
    expect(() => equilibrium(cell, { tol: 1 } as never).apply(cell.params, x)).toThrow(
      /unknown option "tol": did you mean/,
    );
  });
});

describe("fractional", () => {
  const network = mlp([2, 4, 2], { random: random(seed) });
  const field = {
    params: network.params,
    apply: (p: typeof network.params, _t: Tensor, u: Tensor) => neg(network.apply(p, u)),
  };
  const options = { order: 0.7, duration: 1, steps: 6 };
  const layer = fractional(field, options);
  const u0 = tensor([0.5, -0.3]);
  test("is the solution, with its gradients, of the order too", () => {
    const direct = (p: typeof network.params, order: Tensor | number): Tensor =>
      solveCaputo((_t, u) => neg(network.apply(p, u)), u0, { ...options, order }).values;
    expect(layer.apply(layer.params, u0).data).toEqual(direct(network.params, 0.7).data);
    const loss = (values: Tensor): Tensor => sum(square(values));
    const [a, b] = [
      grad((q: { p: typeof network.params; order: Tensor }) => loss(layer.apply(q.p, u0, q.order)))({
        p: layer.params,
        order: tensor(0.7),
      }),
      grad((q: { p: typeof network.params; order: Tensor }) => loss(direct(q.p, q.order)))({
        p: layer.params,
        order: tensor(0.7),
      }),
    ];
    expect(a.p[0].weight.data).toEqual(b.p[0].weight.data);
    expect(a.order.item()).toBe(b.order.item());
    expect(Math.abs(a.order.item())).toBeGreaterThan(0.01);
  });
  test("refuses what is no field, and what solveCaputo refuses", () => {
    expect(() => fractional({} as never, options)).toThrow(/^fractional: apply of the layer/);
    expect(() => fractional(field, { ...options, stepps: 3 } as never).apply(layer.params, u0)).toThrow(
      /unknown option "stepps"/,
    );
  });
});

test("layers compose: a normalised, embedded network learns to tell classes apart by gradient steps", () => {
  const table = embedding(4, 3, { random: random(seed) });
  const normal = layerNorm(3);
  const last = linear(3, 2, { random: random(seed) });
  type All = { table: Tensor; normal: typeof normal.params; last: Affine };
  const start: All = { table: table.params, normal: normal.params, last: last.params };
  const loss = (p: All): Tensor => {
    const y = last.apply(p.last, normal.apply(p.normal, table.apply(p.table, [0, 1, 2, 3])));
    return mean(square(sub(y, stack([tensor([1, 0]), tensor([0, 1]), tensor([1, 0]), tensor([0, 1])]))));
  };
  let p = start;
  for (let i = 0; i < 200; i++) {
    const g = grad(loss)(p);
    const move = (x: Tensor, d: Tensor): Tensor => sub(x, mul(0.5, d));
    p = {
      table: move(p.table, g.table),
      normal: { scale: move(p.normal.scale, g.normal.scale), shift: move(p.normal.shift, g.normal.shift) },
      last: { weight: move(p.last.weight, g.last.weight), bias: move(p.last.bias, g.last.bias) },
    };
  }
  expect(loss(p).item()).toBeLessThan(0.01 * loss(start).item());
  expect(norm(p.table).item()).toBeGreaterThan(0);
});
