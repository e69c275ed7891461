// Are the weights of the product rule right, one by one?
import { readFileSync } from "node:fs";
import { causalWeights, gradedMesh, trapezoidCells } from "stillpoint/fractional";
import { describe, expect, test } from "vitest";
import { gamma } from "../../src/special/index.js";
import { causalWeight } from "../../src/typed-array-ops/index.js";

type Row = [order: number, k: number, far: number, near: number, left: string, right: string];
const { rows } = JSON.parse(readFileSync(new URL("../reference/trapezoid_weights.json", import.meta.url), "utf8")) as {
  rows: Row[];
};

type Weigh = (order: number, k: number, far: number, near: number) => ArrayLike<number>;

const library: Weigh = (order, k, far, near) => {
  const cells = trapezoidCells(order, k);
  cells.weigh(near, far - near);
  return cells.ends;
};

/** The differences of the textbook, which cancel in cells far from the node. */
const textbook: Weigh = (order, _, far, near) => {
  const power = (p: number, d: number): number => (d === 0 ? 0 : d ** p / gamma(p + 1));
  const mean = (power(order + 1, far) - power(order + 1, near)) / (far - near);
  return [power(order, far) - mean, mean - power(order, near)];
};

/**
 * The worst error over the table. A derivative may pass through zero: its error is measured against the sum of the sizes
 * of the weight and of its derivatives up to this one.
 */
function worstError(weigh: Weigh, derivatives: readonly number[]): number {
  let worst = 0;
  rows.forEach(([order, k, far, near, ...expected], i) => {
    if (!derivatives.includes(k)) return;
    const received = weigh(order, k, far, near);
    expected.forEach((value, end) => {
      let scale = 0;
      for (let lower = 0; lower <= k; lower++) scale += Math.abs(Number(rows[i - k + lower][4 + end]));
      worst = Math.max(worst, Math.abs(received[end] - Number(value)) / scale);
    });
  });
  return worst;
}

describe("the weights of single cells agree with 30 digits", () => {
  test("themselves, to 6 units of rounding", () => {
    expect(worstError(library, [0])).toBeLessThan(6 * 2 ** -52);
  });
  test("and their first and second derivatives in the order, to 8", () => {
    expect(worstError(library, [1])).toBeLessThan(8 * 2 ** -52);
    expect(worstError(library, [2])).toBeLessThan(8 * 2 ** -52);
  });
  test("while the differences of the textbook lose all their digits in far cells", () => {
    expect(worstError(textbook, [0])).toBeGreaterThan(1e-3);
  });
});

describe("the matrix of weights", () => {
  for (const grading of [1, 2]) {
    test(`integrates linear functions exactly, grading ${grading}`, () => {
      // I^α (1 + t) = t^α/Γ(α + 1) + t^(α+1)/Γ(α + 2)
      const mesh = gradedMesh(12, grading);
      for (const alpha of [0.2, 0.7, 1, 1.8]) {
        const weights = causalWeights(trapezoidCells, mesh, alpha, 0);
        mesh.nodes.forEach((t, n) => {
          let sum = 0;
          for (let j = 0; j <= n; j++) sum += causalWeight(weights, n, j) * (1 + mesh.nodes[j]);
          expect(sum).toBeCloseTo(t ** alpha / gamma(alpha + 1) + t ** (alpha + 1) / gamma(alpha + 2), 14);
        });
      }
    });
  }
  test("scales as h^α, so that far weights are as good for 1000 steps as for 1024", () => {
    const lags = (steps: number): Float64Array => causalWeights(trapezoidCells, gradedMesh(steps), 0.4, 0).lags;
    const [even, odd] = [lags(1024), lags(1000)];
    for (const lag of [0, 1, 2, 10, 100, 999]) {
      const ratio = (odd[lag] / even[lag]) * (1000 / 1024) ** 0.4;
      expect(Math.abs(ratio - 1), `lag ${lag}`).toBeLessThan(2e-15);
    }
  });
  test("is the same whether equidistant nodes are known to be so or not", () => {
    const mesh = gradedMesh(9);
    for (const k of [0, 1]) {
      const lags = causalWeights(trapezoidCells, mesh, 0.4, k);
      const dense = causalWeights(trapezoidCells, { ...mesh, uniform: false }, 0.4, k);
      for (let n = 0; n < 10; n++) {
        for (let j = 0; j <= n; j++) expect(causalWeight(lags, n, j)).toBeCloseTo(causalWeight(dense, n, j), 14);
      }
    }
  });
});
