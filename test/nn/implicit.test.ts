// Do layers solve their equations, with the gradients of the solution?
import {
  abs,
  add,
  ConvergenceError,
  DomainError,
  grad,
  matmul,
  max,
  mul,
  neg,
  picard,
  random,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from "stillpoint";
import { solveCaputo } from "stillpoint/fractional";
import { type Affine, equilibrium, fractional, heNormal, linear, mlp, spectralNorm } from "stillpoint/nn";
import { describe, expect, expectTypeOf, test } from "vitest";

const seed = 20260602;
const draw = random(seed);
const distance = (x: Tensor, y: Tensor): number => {
  expect(x.shape).toEqual(y.shape);
  return max(abs(sub(x, y))).item();
};

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
    expect(() => equilibrium(cell, { strat: 1 } as never)).toThrow(
      /^equilibrium: unknown option "strat": did you mean start\? It takes start, perSample, solver, adjoint/,
    );
    expect(() => equilibrium(cell, 3 as never)).toThrow(/^equilibrium: expected a record of options, received 3/);
    expect(() => equilibrium(cell, null as never)).toThrow(/^equilibrium: expected a record of options, received null/);
    expect(() => equilibrium(cell, { tolerance: 0 }).apply(cell.params, x)).toThrow(
      /expected tolerance to be a number > 0/,
    );
  });
  test("is a contraction, solved by plain iteration, with a bounded inner layer and tanh", () => {
    const bounded = spectralNorm(linear(3, 3, { random: random(seed), initialiser: heNormal }), { bound: 0.5 });
    const contraction = {
      params: bounded.params,
      apply: (p: Affine, z: Tensor, y: Tensor): Tensor => tanh(add(bounded.apply(p, z), y)),
    };
    const residuals: number[] = [];
    const onStep = ({ residual }: { residual: number }): void => {
      residuals.push(residual);
    };
    const row = tensor([0.3, -1, 2]);
    equilibrium(contraction, { solver: picard(), onStep }).apply(contraction.params, row);
    // ‖f(z) − z‖₂ halves at every step, and ‖·‖∞ ≤ ‖·‖₂ ≤ √3 ‖·‖∞
    residuals.forEach((residual, i) => {
      expect(residual).toBeLessThanOrEqual(Math.sqrt(3) * residuals[0] * 0.5 ** i * (1 + 1e-12) + 1e-15);
    });
    expect(residuals.length).toBeGreaterThan(5);
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
    expect(() => fractional(field, undefined as never).apply(layer.params, u0)).toThrow(/expected the option order/);
    expect(() => fractional(field, 3 as never).apply(layer.params, u0)).toThrow(DomainError);
  });
});
