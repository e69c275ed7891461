// Are the pictures of the gallery those of the solutions, and would it be seen if they were not?
import { readFileSync } from "node:fs";
import { add, type Tensor } from "stillpoint";
import { erfc, gamma } from "stillpoint/special";
import { describe, expect, test } from "vitest";
import { exactStep, measureSwing, swing } from "../../examples/gallery/bagley-torvik.js";
import { measureBrusselator } from "../../examples/gallery/brusselator.js";
import { measureChua } from "../../examples/gallery/chua.js";
import {
  type Comparison,
  type Curve,
  curveOf,
  errorOf,
  evenTimes,
  horizon,
} from "../../examples/gallery/comparison.js";
import { measureLorenz } from "../../examples/gallery/lorenz.js";
import { conserved, measureHunt } from "../../examples/gallery/lotka-volterra.js";
import { exactRelaxation, measureRelaxation, relaxationAlongCut, times } from "../../examples/gallery/relaxation.js";
import { chapters } from "../../examples/gallery/sections.js";
import type { Keep } from "../../examples/shared/work.js";

const errorsOf = (comparisons: readonly Comparison[], against: RegExp): readonly number[] =>
  comparisons.filter((comparison) => against.test(comparison.against)).map(({ error }) => error);

/** Computes, and compares what was kept with what a chapter tells of it. */
function counting(chapter: number): { readonly keep: Keep; readonly check: () => void } {
  const weights: number[] = [];
  const keep: Keep = async (_, work, weight = 1) => {
    weights.push(weight);
    return work();
  };
  const check = (): void => {
    const { parts, weight } = chapters[chapter];
    expect([weights.length, weights.reduce((sum, w) => sum + w)]).toEqual([parts, weight]);
  };
  return { keep, check };
}

describe("inverting Laplace transforms along the cut", () => {
  test("gives eᵗ erfc(√t) for order ½", () => {
    const at = relaxationAlongCut(0.5);
    for (const t of [0.01, 0.3, 1, 7, 20]) {
      expect(Math.abs(at(t) - Math.exp(t) * erfc(Math.sqrt(t)))).toBeLessThan(2e-15);
    }
  });
  test("gives the Mittag-Leffler function of 24 digits for other orders", () => {
    type Given = { problem: string; alpha: string; lambda: string; y1?: string; rows: [string, string][] };
    const file = new URL("../reference/trajectories.json", import.meta.url);
    const { problems } = JSON.parse(readFileSync(file, "utf8")) as { problems: Given[] };
    const known = problems.filter(
      ({ problem, lambda, y1, alpha }) =>
        /^linear(_order_1_2)?$/.test(problem) && lambda === "-1" && Number(y1 ?? 0) === 0 && Number(alpha) !== 1,
    );
    expect(known.map(({ alpha }) => Number(alpha))).toEqual([0.3, 0.8, 1.5]);
    for (const { alpha, rows } of known) {
      const [right, wrong] = [Number(alpha), Number(alpha) + 1e-12].map(relaxationAlongCut);
      const worst = (at: (t: number) => number): number =>
        Math.max(...rows.map(([t, u]) => Math.abs(at(Number(t)) - Number(u))));
      expect(worst(right), alpha).toBeLessThan(6e-15);
      expect(worst(wrong), alpha).toBeGreaterThan(5e-14);
    }
  });
  test("gives the series of the loaded plate", () => {
    // 8 s⁻³ Σ (−1)ⁿ (b s^(−1/2) + c s⁻²)ⁿ, term by term
    const series = (b: number, c: number, t: number): number => {
      let sum = 0;
      for (let n = 0; n <= 60; n++) {
        for (let k = 0, choose = 1; k <= n; choose *= (n - k) / (k + 1), k++) {
          const power = 2 + k / 2 + 2 * (n - k);
          sum += (8 * (-1) ** n * choose * b ** k * c ** (n - k) * t ** power) / gamma(power + 1);
        }
      }
      return sum;
    };
    for (const t of [0.2, 1, 2]) expect(Math.abs(exactStep(0.5, 0.5)(t) / series(0.5, 0.5, t) - 1)).toBeLessThan(1e-13);
    expect(Math.abs(exactStep(0.5, 0.5)(1) / series(0.5, 0.5 + 1e-9, 1) - 1)).toBeGreaterThan(1e-11);
  });
});

describe("relaxation and oscillation", async () => {
  const { keep, check } = counting(0);
  const measured = await measureRelaxation(keep);
  test("is kept order by order", check);
  test.each(measured)("of order $order agrees to 1e-13", ({ comparison }) => {
    expect(comparison.error).toBeLessThan(1e-13);
  });
  test("and not with that of another order", () => {
    const [, half] = measured;
    const other = Float64Array.from(times, exactRelaxation(0.5 + 1e-9).at);
    expect(errorOf(half.curve, [other])).toBeGreaterThan(1e-11);
  });
});

describe("the plate", () => {
  const { comparisons } = measureSwing();
  test("agrees with 1 + t to 1e-14, and the answer to the pulse to 1e-12", () => {
    expect(errorsOf(comparisons, /^1 \+ t/)[0]).toBeLessThan(1e-14);
    expect(errorsOf(comparisons, /^pulse/)[0]).toBeLessThan(1e-12);
  });
  test("has the half derivative 2√(t/π) and the derivative 1 of 1 + t as other states; a wrong coefficient is seen", () => {
    const load = (t: Tensor): Tensor => add(1, t);
    const places = evenTimes(10, 50);
    const exact = [(t: number) => 1 + t, (t: number) => 2 * Math.sqrt(t / Math.PI), () => 1, () => 0];
    const expected = exact.map((state) => Float64Array.from(places, state));
    const error = (b: number, c: number, initial: number): number =>
      errorOf(curveOf(swing({ b, c, load }, initial, 1, 10), places), expected);
    expect(error(1, 1, 1)).toBeLessThan(1e-13);
    expect(error(1, 1 + 1e-6, 1)).toBeGreaterThan(1e-8);
    expect(error(1, 1, 1 + 1e-6)).toBeGreaterThan(1e-8);
  });
});

test("Lorenz: resolutions agree to 1e-8 up to t = 20, and to 1 % up to their horizons, which are told", async () => {
  const { keep, check } = counting(2);
  const { comparisons, runs, curve } = await measureLorenz(keep);
  check();
  const [spectral, trapezoid] = runs;
  expect(comparisons[0].error).toBeLessThan(1e-8);
  expect(comparisons[1].error).toBeLessThan(2e-3);
  expect(trapezoid.horizon).toBeGreaterThan(20);
  expect(spectral.horizon).toBeGreaterThan(trapezoid.horizon + 15);
  // Chaos: later they have nothing to do with each other, and the trajectory has been in both wings.
  expect(spectral.horizon).toBeLessThan(60);
  expect(Math.max(...spectral.apart)).toBeGreaterThan(10);
  expect(Math.min(...curve[0].slice(3000))).toBeLessThan(-10);
  expect(Math.max(...curve[0].slice(3000))).toBeGreaterThan(10);
}, 120_000);

test("Chua: agrees with the power series to 1e-14, and two resolutions to 1e-6 at the end", async () => {
  const { keep, check } = counting(3);
  const { comparisons } = await measureChua(keep);
  check();
  expect(errorsOf(comparisons, /power series/)[0]).toBeLessThan(1e-14);
  expect(errorsOf(comparisons, /^spectral/)[0]).toBeLessThan(1e-6);
}, 120_000);

test("Brusselator: agrees with four references to 1e-14, and two resolutions to 1e-5", async () => {
  const { keep, check } = counting(4);
  const { comparisons } = await measureBrusselator(keep);
  check();
  const known = errorsOf(comparisons, /series|digits/);
  expect(known.length).toBe(4);
  expect(Math.max(...known)).toBeLessThan(1e-14);
  expect(Math.max(...errorsOf(comparisons, /^spectral/))).toBeLessThan(1e-5);
}, 120_000);

test("Lotka–Volterra: the constant of motion is constant to 1e-12 at order 1, and not below", () => {
  const { comparisons, runs } = measureHunt();
  expect(errorsOf(comparisons, /constant/)[0]).toBeLessThan(1e-12);
  expect(Math.max(...errorsOf(comparisons, /^spectral/))).toBeLessThan(1e-9);
  for (const { order, curve } of runs.filter((run) => run.order < 1)) {
    const value = conserved(curve);
    expect(value[0] - value[value.length - 1], String(order)).toBeGreaterThan(0.1);
  }
});

test("curves that part are seen, and so is NaN", () => {
  const curve: Curve = [Float64Array.of(1, 2, 3, 4)];
  const parted: Curve = [Float64Array.of(1, 2, 3.1, NaN)];
  expect(horizon([0, 1, 2, 3], parted, curve, 0.01)).toBe(1);
  expect(horizon([0, 1, 2, 3], parted, curve, 0.05)).toBe(2);
  expect(horizon([0, 1, 2, 3], curve, curve, 0.01)).toBe(3);
  expect(errorOf(parted, curve)).toBeNaN();
});
