// Does the lab's page on fractional equations show what the library computes, and what is true?
import { grad, mul, neg, slice, sub, sum, type Tensor, tensor } from "stillpoint";
import { productTrapezoid, solveCaputo } from "stillpoint/fractional";
import { erfc, gamma, mittagLeffler } from "stillpoint/special";
import { describe, expect, it } from "vitest";
import { problemNamed, problems } from "../../site/.vitepress/theme/lab/fractional/problems.js";
import {
  lastWeights,
  observedOrder,
  quadratures,
  type Settings,
  sceneOf,
  slopeInOrder,
  stepsOf,
} from "../../site/.vitepress/theme/lab/fractional/scene.js";

const settings = (changes: Partial<Settings>): Settings => {
  const problem = changes.problem ?? "relaxation";
  return { problem, ...problemNamed(problem).start, quadrature: "trapezoid", power: 6, ...changes };
};
const last = <T>(list: readonly T[]): T => list[list.length - 1];
const largest = (points: readonly { y: number }[]) => Math.max(...points.map(({ y }) => y));

describe("the exact solution", () => {
  it("is e^t erfc(√t) for order ½", () => {
    for (const { t, y } of sceneOf(settings({ order: 0.5 })).exact.slice(1)) {
      expect(y).toBeCloseTo(Math.exp(t) * erfc(Math.sqrt(t)), 13);
    }
  });

  it("is a cosine for order 2", () => {
    const { exact, exactSlopes } = sceneOf(settings({ problem: "oscillator", order: 2 }));
    for (const { t, y } of exact) expect(y).toBeCloseTo(Math.cos(2 * t), 11);
    const { t, y } = last(exactSlopes);
    const h = 1e-4;
    const E = (order: number) => mittagLeffler(order, -4 * t ** order);
    expect(y).toBeCloseTo((E(2) - E(2 - h)) / h, 1);
  });

  it("has a derivative in the order that five values give", () => {
    expect(slopeInOrder((x) => Math.exp(x), 0.7)).toBeCloseTo(Math.exp(0.7), 10);
    expect(slopeInOrder((x) => Math.exp(x), 2)).toBeCloseTo(Math.exp(2), 9);
  });
});

describe("every quadrature", () => {
  const names = Object.keys(quadratures);

  it.each(names)("solves every equation: %s", (quadrature) => {
    for (const problem of Object.keys(problems)) {
      const scene = sceneOf(settings({ problem, quadrature }));
      expect(last(scene.errors).y).toBeLessThan(quadrature === "spectral" ? 1e-8 : 0.12);
      expect(last(scene.slopeErrors).y).toBeLessThan(quadrature === "spectral" ? 1e-5 : 0.4);
    }
  });

  it.each(names)("weighs f so that the last value comes out: %s", (quadrature) => {
    const own = settings({ quadrature });
    const { values } = sceneOf(own);
    const { times, weights } = lastWeights(own);
    expect(times).toHaveLength(stepsOf(own) + 1);
    const total = values.reduce((all, { y }, j) => all - weights[j] * y, 1);
    expect(total).toBeCloseTo(last(values).y, 11);
  });

  it.each([
    ["rectangle", 0.6],
    ["trapezoid", 0.6],
    ["graded", 0.6],
    ["convolution", 0.9],
    ["convolution2", 0.9],
  ] as const)("has the order of theory at the end: %s", (quadrature, order) => {
    const observed = observedOrder(sceneOf(settings({ quadrature, order, power: 9 })));
    const expected = quadratures[quadrature].expected(order);
    expect(Math.abs((observed ?? Number.NaN) - (expected ?? Number.NaN))).toBeLessThan(0.1);
  });

  it("leaves out of the study what has no solution", () => {
    const { study } = sceneOf(settings({ problem: "logistic", quadrature: "spectral" }));
    expect(study[0].steps).toBeGreaterThan(4);
    expect(last(study).steps).toBe(64);
  });
});

describe("the gradient in the order", () => {
  it("is that of reverse mode", () => {
    const scene = sceneOf(settings({}));
    const end = (order: Tensor) => {
      const quadrature = productTrapezoid();
      const { values } = solveCaputo((_, u) => neg(u), 1, {
        order,
        duration: 5,
        steps: 64,
        quadrature,
        tolerance: 1e-13,
      });
      return sum(slice(values, [64], [65]));
    };
    expect(last(scene.slopes).y).toBeCloseTo(grad(end)(tensor(0.6)).item(), 11);
  });

  it("comes near to the exact one as the steps grow", () => {
    const [coarse, fine] = [4, 8].map((power) =>
      largest(sceneOf(settings({ power, quadrature: "graded" })).slopeErrors),
    );
    expect(fine).toBeLessThan(coarse / 50);
  });
});

describe("growth", () => {
  it("is measured by panels, which agree with the product rule", () => {
    const scene = sceneOf(settings({ problem: "logistic", quadrature: "graded", power: 8 }));
    expect(scene.reference).toContain("1e-11");
    expect(largest(scene.errors)).toBeLessThan(1e-4);
    const field = (_: Tensor, u: Tensor) => mul(1, mul(u, sub(1, u)));
    const options = { order: 0.7, duration: 10, steps: 256, quadrature: productTrapezoid({ grading: 2 / 0.7 }) };
    expect(last(scene.values).y).toBeCloseTo(solveCaputo(field, 0.1, options).values.data[256], 8);
  });
});

describe("the memory", () => {
  it.each(Object.keys(quadratures))("weighs what is old as its kernel does: %s", (quadrature) => {
    const { weights, kernel } = sceneOf(settings({ power: 7, quadrature }));
    const old = weights.filter(({ t }) => t > 1 && t < 4.5);
    expect(old.length).toBeGreaterThan(15);
    for (const { t, y, negative } of old) {
      expect(negative).toBe(false);
      expect(y * t ** 0.4 * gamma(0.6)).toBeCloseTo(1, quadrature === "convolution2" ? 1 : 2);
    }
    for (const { t, y } of kernel) expect(y * t ** 0.4 * gamma(0.6)).toBeCloseTo(1, 12);
  });
});

describe("an input that is none", () => {
  it("is refused by the library, in its words", () => {
    expect(() => sceneOf(settings({ u0: "one" }))).toThrow(/^solveCaputo.*: expected u0 to be finite, received NaN/);
    expect(() => sceneOf(settings({ u0: " " }))).toThrow(/expected u0 to be finite/);
  });
});
