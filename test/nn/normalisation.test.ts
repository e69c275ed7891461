// Do normalising layers keep sizes, with the gradients that belong to it?
import {
  abs,
  add,
  DomainError,
  exp,
  eye,
  grad,
  hvp,
  jit,
  matmul,
  max,
  mean,
  mul,
  norm,
  random,
  ShapeError,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  valueAndGrad,
  variance,
  zeros,
} from "stillpoint";
import {
  type Affine,
  type Directed,
  type Layer,
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
  test("loses nothing of a small spread about a large mean", () => {
    const row = layerNorm(3, { epsilon: 0 });
    const y = row.apply(row.params, add(1e12, tensor([1, 2, 3])));
    expect(distance(y, mul(Math.sqrt(1.5), tensor([-1, 0, 1])))).toBeLessThan(1e-15);
  });
  test("a row of equal entries has no NaN, and its gradient neither", () => {
    expect(layer.apply(layer.params, zeros([6])).toArray()).toEqual([0, 0, 0, 0, 0, 0]);
    expect(grad((y: Tensor) => sum(square(layer.apply(layer.params, y))))(zeros([6])).data.every(Number.isFinite)).toBe(
      true,
    );
  });
  test("refuses other sizes and options", () => {
    expect(() => layer.apply(layer.params, zeros([4, 5]))).toThrow(ShapeError);
    expect(() => layer.apply(layer.params, 3 as never)).toThrow(ShapeError);
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
  test("its gradient is that of differences, in direction, length and bias", () => {
    const f = (p: Directed): Tensor => sum(tanh(directed.apply(p, x)));
    const g = grad(f)(directed.params);
    expectTypeOf(g).toEqualTypeOf<Directed>();
    for (const name of ["direction", "length", "bias"] as const) {
      const v = draw.normal(g[name].shape);
      const along = slope((part) => f({ ...directed.params, [name]: part }), directed.params[name], v);
      expect(sum(mul(g[name], v)).item()).toBeCloseTo(along, 9);
    }
  });
  test("refuses what is no layer, another kind of layer, and columns without a direction", () => {
    expect(() => weightNorm({} as never)).toThrow(DomainError);
    expect(() => weightNorm({} as never)).toThrow(/^weightNorm: apply of the layer: expected a function/);
    expect(() => weightNorm({ apply: layer.apply } as never)).toThrow(/\{ weight, bias \}.*received params undefined/);
    expect(() => weightNorm(mlp([2, 2], { random: random(0) }) as never)).toThrow(DomainError);
    expect(() => weightNorm(mlp([2, 2], { random: random(0) }) as never)).toThrow(
      /^weightNorm: expected a layer with params \{ weight, bias \}.*received params an array; of an mlp, wrap each layer/,
    );
    const weight = tensor([
      [1, 0],
      [2, 0],
    ]);
    expect(() => weightNorm({ ...layer, params: { weight, bias: zeros([2]) } })).toThrow(
      /^weightNorm: expected columns of weights that have a direction, received zeros in column 1/,
    );
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
  test("neither overflows nor vanishes with the square of its weights, and bounds them", () => {
    const weight = tensor([
      [3, 0],
      [0, 4],
    ]);
    for (const scale of [1e-200, 1e200]) {
      expect(spectralNormOf(mul(scale, weight)).item()).toBe(4 * scale);
      expect(grad(spectralNormOf)(mul(scale, weight)).toArray()).toEqual([
        [0, 0],
        [0, 1],
      ]);
    }
    const layer = spectralNorm(
      {
        params: { weight: mul(1e-200, weight), bias: zeros([2]) },
        apply: (p: Affine, x: Tensor) => matmul(x, p.weight),
      },
      { bound: 1e-210 },
    );
    expect(norm(layer.apply(layer.params, tensor([0, 1]))).item() / 1e-210).toBeCloseTo(1, 14);
  });
  test("has a mean of gradients where the largest is not single, and no second derivative, as documented", () => {
    const both = mul(2, eye(2));
    expect(grad(spectralNormOf)(both).toArray()).toEqual([
      [0.5, 0],
      [0, 0.5],
    ]);
    expect(hvp(spectralNormOf, both, both).data.every(Number.isNaN)).toBe(true);
  });
  test("lets weights of 0 be, and gives them the gradient of the plain layer", () => {
    const weight = zeros([4, 6]);
    expect(spectralNormOf(weight).item()).toBe(0);
    expect(grad(spectralNormOf)(weight).data).toEqual(weight.data);
    const plain = { params: { weight, bias: zeros([6]) }, apply: (p: Affine, x: Tensor) => matmul(x, p.weight) };
    const bounded = spectralNorm(plain, { bound: 0.9 });
    const x = draw.normal([3, 4]);
    const gradientOf = (layer: Layer<Affine>): Affine => grad((p: Affine) => sum(layer.apply(p, x)))(layer.params);
    expect(gradientOf(bounded).weight.data).toEqual(gradientOf(plain).weight.data);
  });
  test("inside a plan gives the same bits, gradient included", () => {
    const layer = spectralNorm(linear(4, 4, { random: random(seed) }), { bound: 0.5 });
    const loss = (p: Affine, x: Tensor): Tensor => sum(square(layer.apply(p, x)));
    const step = (p: Affine, x: Tensor) => valueAndGrad(loss)(p, x);
    const x = draw.normal([3, 4]);
    const [inside, outside] = [jit(step)(layer.params, x), step(layer.params, x)];
    expect(inside.value.item()).toBe(outside.value.item());
    expect(inside.gradient.weight.data).toEqual(outside.gradient.weight.data);
  });
  test("refuses a bound that is none, and what is no affine layer", () => {
    const layer = linear(2, 2, { random: random(0) });
    expect(() => spectralNorm(layer, { bound: 0 })).toThrow(
      /^spectralNorm: expected bound to be a number > 0, received 0/,
    );
    expect(() => spectralNorm(layer, { limit: 1 } as never)).toThrow(/unknown option "limit"/);
    expect(() => spectralNorm(undefined as never)).toThrow(/^spectralNorm: apply of the layer/);
    expect(() => spectralNorm(weightNorm(layer) as never)).toThrow(
      /^spectralNorm: expected a layer with params \{ weight, bias \}.*received params object/,
    );
  });
});
