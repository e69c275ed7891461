// Are the weights of spectral collocation right, one by one?
import { readFileSync } from "node:fs";
import { gamma } from "stillpoint/special";
import { describe, expect, test } from "vitest";
import { type Lobatto, lobattoPoints } from "../../src/fractional/lobatto.js";
import { type Panels, panelNodes, spectralWeights } from "../../src/fractional/spectral-weights.js";
import { causalWeight } from "../../src/typed-array-ops/index.js";

interface Row {
  readonly order: number;
  readonly exponent: number;
  readonly points: number;
  readonly edges: readonly number[];
  readonly panel: number;
  readonly node: number;
  /** Σ |weight| and Σ |slope| over the whole row. */
  readonly norms: readonly [number, number];
  readonly columns: readonly number[];
  readonly weights: readonly string[];
  readonly slopes: readonly string[];
}

const reference = JSON.parse(readFileSync(new URL("../reference/spectral_weights.json", import.meta.url), "utf8")) as {
  readonly points: Record<string, readonly number[]>;
  readonly rows: readonly Row[];
};

const unit = 2 ** -52;

/** The points of the table, which need not be the library's to the last bit. */
function pointsOf(n: number): Lobatto {
  const x = Float64Array.from(reference.points[n]);
  return { x, barycentric: x.map((a, j) => 1 / x.reduce((p, b, i) => (i === j ? p : p * 4 * (a - b)), 1)) };
}

/** The matrices of the weights and of their derivatives on the panels of a row. */
type Matrices = (panels: Panels, order: number) => (k: number, row: number, column: number) => number;

const library: Matrices = (panels, order) => {
  const matrices = [0, 1].map((k) => spectralWeights(panels, order, k));
  return (k, row, column) => causalWeight(matrices[k], row, column);
};

/** The way of the literature: ℓ_k in powers of x, each integrated in closed form. */
const monomials: Matrices = ({ exponent: r, points: { x } }, order) => {
  const n = x.length;
  return (_, row, column) => {
    let coefficients = [1];
    x.forEach((point, j) => {
      if (j === column) return;
      const over = x[column] - point;
      const [shifted, held] = [
        [0, ...coefficients],
        [...coefficients, 0],
      ];
      coefficients = shifted.map((c, m) => (c - point * held[m]) / over);
    });
    let sum = 0;
    for (let m = 0; m < n; m++) {
      sum += ((coefficients[m] * gamma(1 + m / r)) / gamma(1 + order + m / r)) * x[row] ** (m + r * order);
    }
    return sum;
  };
};

const wrongOrder: Matrices = (panels, order) => library(panels, order * (1 + 1e-12));

/**
 * The largest errors of weights and slopes, in units of rounding of a row's norm (for slopes: those of weights and slopes),
 * and of weights in units of their own rounding, where they are at least their share of the norm.
 */
function worstErrors(rows: readonly Row[], matrices: Matrices): { weight: number; slope: number; own: number } {
  const worst = { weight: 0, slope: 0, own: 0 };
  const note = (name: keyof typeof worst, error: number): void => {
    if (!(error / unit <= worst[name])) worst[name] = error / unit;
  };
  const known = new Map<string, ReturnType<Matrices>>();
  for (const { order, exponent, points, edges, panel, node, norms, columns, weights, slopes } of rows) {
    const key = JSON.stringify([order, exponent, points, edges]);
    const entry =
      known.get(key) ?? matrices({ edges: Float64Array.from(edges), exponent, points: pointsOf(points) }, order);
    known.set(key, entry);
    const row = panel * (points - 1) + node;
    const share = norms[0] / ((panel + 1) * points);
    columns.forEach((column, i) => {
      const error = Math.abs(entry(0, row, column) - Number(weights[i]));
      note("weight", error / norms[0]);
      if (Math.abs(Number(weights[i])) >= share) note("own", error / Math.abs(Number(weights[i])));
      note("slope", Math.abs(entry(1, row, column) - Number(slopes[i])) / (norms[0] + norms[1]));
    });
  }
  return worst;
}

const panelCounts = { "one panel": 1, "three panels, equal or not": 3, "ten panels": 10 };
const counts = [8, 16, 32, 48];

test("the table has seven orders, exponents 2/order, 4 and 6, and four numbers of points", () => {
  const { rows } = reference;
  expect(new Set(rows.map(({ order }) => order))).toEqual(new Set([0.05, 0.3, 0.5, 0.8, 1, 1.25, 2]));
  expect(new Set(rows.map(({ points }) => points))).toEqual(new Set(counts));
  expect(rows.length).toBe(482);
});

test.each(counts)("of %i points the library's are right to 2^-53 of the interval", (n) => {
  lobattoPoints(n).x.forEach((x, j) => {
    expect(Math.abs(x - reference.points[n][j])).toBeLessThanOrEqual(unit / 2);
  });
});

describe.each(Object.entries(panelCounts))("on %s", (_, panels) => {
  const own = reference.rows.filter(({ edges }) => edges.length === panels + 1);
  for (const n of panels === 10 ? [16, 48] : counts) {
    test(`with ${n} points, weights to 20 units of rounding and first derivatives to 40`, () => {
      const errors = worstErrors(
        own.filter(({ points }) => points === n),
        library,
      );
      console.log(`${panels} panels, ${n} points: ${JSON.stringify(errors)}`);
      expect(errors.weight).toBeLessThan(20);
      expect(errors.slope).toBeLessThan(40);
      expect(errors.own).toBeLessThan(250);
    });
  }
});

describe("what is wrong is seen:", () => {
  const onePanel = reference.rows.filter(({ edges, points }) => edges.length === 2 && points === 32);
  test("powers of x lose all their digits by 32 points", () => {
    const few = reference.rows.filter(({ edges, points }) => edges.length === 2 && points === 8);
    expect(worstErrors(few, monomials).weight).toBeLessThan(1e-10 / unit);
    expect(worstErrors(onePanel, monomials).weight).toBeGreaterThan(1e-2 / unit);
  });
  test("an order that is off by 1e-12", () => {
    const { weight, slope } = worstErrors(onePanel, wrongOrder);
    expect(weight).toBeGreaterThan(1000);
    expect(slope).toBeGreaterThan(1000);
  });
});

test("just behind an edge between panels of unlike lengths no digits are lost", () => {
  for (const alpha of [0.05, 0.5]) {
    const panels = { edges: Float64Array.of(0, 0.5, 0.99, 1), exponent: 2, points: lobattoPoints(48) };
    const nodes = panelNodes(panels);
    const weights = spectralWeights(panels, alpha, 0);
    // I^α t³, which the polynomials of all panels hold exactly, at the first nodes of the last panel.
    for (let n = 95; n < 100; n++) {
      let [sum, size] = [0, 0];
      nodes.forEach((t, j) => {
        const part = causalWeight(weights, n, j) * t ** 3;
        sum += part;
        size += Math.abs(part);
      });
      const exact = (6 / gamma(4 + alpha)) * nodes[n] ** (3 + alpha);
      expect(Math.abs(sum - exact) / size, `node ${n}, order ${alpha}`).toBeLessThan(20 * unit);
    }
  }
});
