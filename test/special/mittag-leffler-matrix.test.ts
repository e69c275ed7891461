// Is the Mittag-Leffler function of a matrix right, also where eigenvectors are few or almost parallel?
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { DomainError, matmul, type Nested, ShapeError, type Tensor, tensor, transpose } from "stillpoint";
import { productTrapezoid, solveCaputo } from "stillpoint/fractional";
import { mittagLeffler, mittagLefflerMatrix } from "stillpoint/special";
import { describe, expect, test } from "vitest";
import { complexSchur } from "../../src/special/complex-schur.js";

interface Case {
  readonly name: string;
  readonly a: number[][];
  readonly v: number[];
  readonly values: readonly { readonly alpha: number; readonly beta: number; readonly value: number[] }[];
}

const text = readFileSync(new URL("../reference/mittag_leffler_matrix.json", import.meta.url), "utf8");
const cases = (JSON.parse(text) as { cases: Case[] }).cases;

const largest = (x: ArrayLike<number>): number => Array.from(x).reduce((most, y) => Math.max(most, Math.abs(y)), 0);
/** The largest error beside the largest entry. */
const errorOf = (received: ArrayLike<number>, expected: ArrayLike<number>): number =>
  largest(Array.from(received, (x, i) => x - expected[i])) / largest(expected);

describe("the table is met, to 1e-13 of the largest entry:", () => {
  for (const { name, a, v, values } of cases) {
    test(name, () => {
      for (const { alpha, beta, value } of values) {
        const error = errorOf(mittagLefflerMatrix(alpha, a, v, beta).data, value);
        expect(error, `alpha ${alpha}, beta ${beta}`).toBeLessThanOrEqual(1e-13);
      }
    });
  }
  test("a matrix that is off by 1e-12 is seen", () => {
    for (const { a, v, values } of cases.filter(({ name }) => /^(dense|Jordan|stiff)/.test(name))) {
      const bent = a.map((row, i) => row.map((x, j) => (i === j ? x * (1 + 1e-12) : x)));
      const [{ alpha, beta, value }] = values;
      expect(errorOf(mittagLefflerMatrix(alpha, bent, v, beta).data, value)).toBeGreaterThan(1e-13);
    }
  });
});

describe("laws", () => {
  test("of a diagonal matrix it is that of the entries, however far they are apart", () => {
    const entries = [-1e6, -1e3, -40, -3, -0.2, 0, 0.5, 1.5];
    const a = entries.map((x, i) => entries.map((_, j) => (i === j ? x : 0)));
    for (const [alpha, beta] of [
      [0.4, 1],
      [0.9, 0.9],
      [1.5, 1],
    ]) {
      const u = mittagLefflerMatrix(alpha, a, new Array(entries.length).fill(1), beta).data;
      const expected = entries.map((x) => mittagLeffler(alpha, x, beta));
      expect(errorOf(u, expected)).toBeLessThan(1e-14);
    }
  });
  test("columns are treated alike, one by one", () => {
    const { a } = cases.find(({ name }) => name === "dense 4") as Case;
    const v = tensor([
      [1, 0.5],
      [0, 2],
      [-1, 1],
      [3, 0],
    ]);
    const both = mittagLefflerMatrix(0.7, a, v);
    expect(both.shape).toEqual([4, 2]);
    const rows = transpose(v).toArray() as number[][];
    rows.forEach((column, c) => {
      const one = mittagLefflerMatrix(0.7, tensor(a), column).data;
      expect([...one]).toEqual((transpose(both).toArray() as number[][])[c]);
    });
  });
  test("E_1(A) E_1(A) v = E_1(2 A) v, for random matrices", () => {
    const entry = fc.double({ min: -1.5, max: 1.5, noNaN: true });
    const square = fc
      .integer({ min: 1, max: 6 })
      .chain((d) => fc.array(fc.array(entry, { minLength: d, maxLength: d }), { minLength: d, maxLength: d }));
    fc.assert(
      fc.property(square, (a) => {
        const v = a.map((_, i) => 1 + i);
        const twice = mittagLefflerMatrix(1, a, mittagLefflerMatrix(1, a, v)).data;
        const once = mittagLefflerMatrix(
          1,
          a.map((row) => row.map((x) => 2 * x)),
          v,
        ).data;
        const norm = a.reduce(
          (most, row) =>
            Math.max(
              most,
              row.reduce((sum, x) => sum + Math.abs(x), 0),
            ),
          0,
        );
        expect(largest(twice.map((x, i) => x - once[i]))).toBeLessThan(1e-13 * Math.exp(2 * norm) * largest(v));
      }),
      { seed: 20261126, numRuns: 40 },
    );
  });
  test("solveCaputo converges to it with second order", () => {
    const a = [
      [-1, 2],
      [-2, -1.5],
    ];
    const errorWith = (steps: number): number => {
      const field = (_t: Tensor, u: Tensor): Tensor => matmul(u, transpose(tensor(a)));
      const quadrature = productTrapezoid({ grading: 2 / 0.7 });
      const { values } = solveCaputo(field, tensor([1, -0.5]), { order: 0.7, duration: 1, steps, quadrature });
      return errorOf(values.data.slice(-2), mittagLefflerMatrix(0.7, a, [1, -0.5]).data);
    };
    const [coarse, fine] = [errorWith(40), errorWith(80)];
    expect(fine).toBeLessThan(1e-3);
    expect(coarse / fine).toBeGreaterThan(3.5);
  });
});

describe("the Schur form", () => {
  test("is A = Q T Q* with a unitary Q and a triangular T", () => {
    for (const { a } of cases) {
      const { q, t } = complexSchur(a);
      const scale = Math.max(1, largest(a.flat()));
      a.forEach((row, i) => {
        row.forEach((entry, j) => {
          if (i > j) expect(Math.abs(t[i][j].re) + Math.abs(t[i][j].im)).toBe(0);
          let [re, im, ortho] = [0, 0, 0];
          for (let k = 0; k < a.length; k++) {
            let [x, y] = [0, 0]; // (T Q*)[k][j]
            for (let l = k; l < a.length; l++) {
              x += t[k][l].re * q[j][l].re + t[k][l].im * q[j][l].im;
              y += t[k][l].im * q[j][l].re - t[k][l].re * q[j][l].im;
            }
            re += q[i][k].re * x - q[i][k].im * y;
            im += q[i][k].re * y + q[i][k].im * x;
            ortho += q[i][k].re * q[j][k].re + q[i][k].im * q[j][k].im;
          }
          expect(Math.hypot(re - entry, im)).toBeLessThan(1e-14 * scale * a.length);
          expect(Math.abs(ortho - (i === j ? 1 : 0))).toBeLessThan(1e-14 * a.length);
        });
      });
    }
  });
});

describe("it refuses", () => {
  const refused: [string, () => unknown, new (text: string) => Error, RegExp][] = [
    [
      "a matrix that is not square",
      () => mittagLefflerMatrix(1, [[1, 2]], [1]),
      ShapeError,
      /expected a square matrix, received \[1, 2\]/,
    ],
    [
      "a vector of another length",
      () => mittagLefflerMatrix(1, [[1]], [1, 2]),
      ShapeError,
      /expected v of shape \[1\] or \[1, m\], received \[2\]/,
    ],
    [
      "a number for a matrix",
      () => mittagLefflerMatrix(1, 1 as Nested, [1]),
      ShapeError,
      /expected a square matrix, received \[\]/,
    ],
    [
      "entries that are not finite",
      () => mittagLefflerMatrix(1, [[Number.NaN]], [1]),
      DomainError,
      /expected finite entries/,
    ],
    [
      "an order beyond 2",
      () => mittagLefflerMatrix(3, [[1]], [1]),
      DomainError,
      /^mittagLefflerMatrix: expected alpha/,
    ],
  ];
  for (const [what, run, kind, message] of refused) {
    test(what, () => {
      expect(run).toThrow(kind);
      expect(run).toThrow(message);
    });
  }
});
