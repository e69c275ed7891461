// Do initial weights have the spread that they are named for?
import {
  abs,
  DomainError,
  eye,
  matmul,
  max,
  mean,
  mul,
  random,
  ShapeError,
  sub,
  type Tensor,
  transpose,
  variance,
} from "stillpoint";
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initialiser,
  lecunNormal,
  lecunUniform,
  linear,
  mlp,
  orthogonal,
} from "stillpoint/nn";
import { describe, expect, test } from "vitest";

const seed = 20260601;
const [ins, outs] = [40, 160];
const cases: readonly (readonly [string, Initialiser, number, "uniform" | "normal"])[] = [
  ["glorotUniform", glorotUniform, 2 / (ins + outs), "uniform"],
  ["glorotNormal", glorotNormal, 2 / (ins + outs), "normal"],
  ["heUniform", heUniform, 2 / ins, "uniform"],
  ["heNormal", heNormal, 2 / ins, "normal"],
  ["lecunUniform", lecunUniform, 1 / ins, "uniform"],
  ["lecunNormal", lecunNormal, 1 / ins, "normal"],
];

describe("initial weights", () => {
  for (const [name, draw, expected, kind] of cases) {
    test(`${name}: mean 0 and variance ${expected}, to five standard errors`, () => {
      const w = draw([ins, outs], random(seed));
      const n = ins * outs;
      expect(w.shape).toEqual([ins, outs]);
      expect(Math.abs(mean(w).item())).toBeLessThan(5 * Math.sqrt(expected / n));
      // the variance of a sample's variance is (κ − 1) v²/n with the kurtosis κ = 9/5 or 3
      const spread = Math.sqrt(((kind === "uniform" ? 9 / 5 : 3) - 1) / n);
      expect(Math.abs(variance(w).item() / expected - 1)).toBeLessThan(5 * spread);
      const largest = max(abs(w)).item();
      if (kind === "uniform") expect(largest).toBeLessThanOrEqual(Math.sqrt(3 * expected));
      else expect(largest).toBeGreaterThan(Math.sqrt(3 * expected));
    });
    test(`${name}: windows count as inputs and as outputs`, () => {
      // the same numbers, on a scale for 25 times as many inputs and outputs
      const one = draw([8, 8], random(seed)).data[0];
      expect(draw([5, 5, 8, 8], random(seed)).data[0]).toBeCloseTo(one / 5, 14);
    });
    test(`${name}: refuses vectors and a seed in place of a stream`, () => {
      expect(() => draw([3], random(0))).toThrow(ShapeError);
      expect(() => draw([3], random(0))).toThrow(`${name}: expected weights of shape [..., in, out], received [3]`);
      expect(() => draw([3, 3], 0 as never)).toThrow(DomainError);
    });
  }
  test("orthogonal: columns of length 1 at right angles, rows where there are fewer", () => {
    const near = (x: Tensor, n: number): void => expect(max(abs(sub(x, eye(n)))).item()).toBeLessThan(1e-14);
    const tall = orthogonal([7, 4], random(seed));
    near(matmul(transpose(tall), tall), 4);
    const wide = orthogonal([4, 7], random(seed));
    near(matmul(wide, transpose(wide)), 4);
    expect(orthogonal([2, 3, 5], random(seed)).shape).toEqual([2, 3, 5]);
    expect(() => orthogonal([3], random(0))).toThrow(/^orthogonal: expected weights/);
  });
  test("orthogonal: a gain lengthens all directions alike, and others are refused", () => {
    const weight = orthogonal([7, 4], random(seed), { gain: 3 });
    expect(max(abs(sub(matmul(transpose(weight), weight), mul(9, eye(4))))).item()).toBeLessThan(9e-14);
    expect(() => orthogonal([2, 2], random(0), { gain: 0 })).toThrow(
      /^orthogonal: expected gain to be a number > 0, received 0/,
    );
    expect(() => orthogonal([2, 2], random(0), { gian: 1 } as never)).toThrow(/did you mean gain\?/);
  });
  test("orthogonal: no direction is preferred: the mean of many is 0", () => {
    const stream = random(seed);
    let total = 0;
    for (let i = 0; i < 400; i++) total += orthogonal([3, 3], stream).data[0];
    // an entry has variance 1/3
    expect(Math.abs(total / 400)).toBeLessThan(5 * Math.sqrt(1 / 3 / 400));
  });
  test("layers take one, and let biases be 0", () => {
    const layer = linear(4, 3, { random: random(seed), initialiser: heNormal });
    expect(layer.params.weight.data).toEqual(heNormal([4, 3], random(seed)).data);
    expect(layer.params.bias.toArray()).toEqual([0, 0, 0]);
    const network = mlp([2, 5, 1], { random: random(seed), initialiser: orthogonal });
    expect(network.params[1].bias.toArray()).toEqual([0]);
    expect(() => linear(2, 2, { random: random(0), initialiser: "he" as never })).toThrow(
      /^linear: initialiser: expected a function/,
    );
    expect(() => mlp([2, 2], { random: random(0), initializer: heNormal } as never)).toThrow(
      /did you mean initialiser\?/,
    );
  });
  test("layers refuse weights of another shape, and what is no tensor", () => {
    const options = { random: random(0), initialiser: () => eye(2) };
    expect(() => linear(2, 3, options)).toThrow(ShapeError);
    expect(() => linear(2, 3, options)).toThrow(
      "linear: initialiser: expected weights [in, out] of shape [2, 3], received [2, 2]",
    );
    expect(() => mlp([2, 2, 3], options)).toThrow(/^mlp: initialiser: .* \[2, 3\], received \[2, 2\]/);
    expect(() => linear(2, 3, { ...options, initialiser: (() => [1]) as never })).toThrow(/received an array/);
  });
});
