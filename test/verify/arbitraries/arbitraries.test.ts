// Do arbitraries draw what they promise, edges included?
import fc from "fast-check";
import { abs, add, eigh, matmul, max, min, sqrt, sub, type Tensor, transpose } from "stillpoint";
import { spectralNormOf } from "stillpoint/nn";
import {
  broadcastablePairs,
  contractions,
  orders,
  shapes,
  symmetricPositive,
  tensors,
  wellConditioned,
} from "stillpoint/verify/arbitraries";
import { describe, expect, test } from "vitest";

const seed = 20260801;
const run = { seed, numRuns: 300 };

describe("tensors", () => {
  test("are finite, within their range, of their shape, and often at its edges", () => {
    const seen = { zero: 0, minusZero: 0, end: 0, tiny: 0 };
    fc.assert(
      fc.property(tensors(shapes({ minSize: 1 }), { min: -2, max: 3 }), (x) => {
        expect(x.data.length).toBe(x.shape.reduce((size, n) => size * n, 1));
        for (const value of x.data) {
          expect(value >= -2 && value <= 3).toBe(true);
          if (Object.is(value, 0)) seen.zero++;
          if (Object.is(value, -0)) seen.minusZero++;
          if (value === -2 || value === 3) seen.end++;
          if (value !== 0 && Math.abs(value) < 2 ** -1000) seen.tiny++;
        }
      }),
      { seed, numRuns: 1500 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  });
  test("shrink to the smallest that fails", () => {
    const { counterexample } = fc.check(
      fc.property(tensors(shapes()), (x) => x.data.length < 2),
      run,
    );
    expect((counterexample as [Tensor])[0].data.length).toBe(2);
  });
  test("shapes keep to their limits, and are empty at times", () => {
    const drawn = fc.sample(shapes({ maxRank: 2, maxSize: 3 }), run);
    expect(drawn.every((shape) => shape.length <= 2 && shape.every((n) => n <= 3))).toBe(true);
    expect(drawn.some((shape) => shape.includes(0))).toBe(true);
    expect(drawn.some((shape) => shape.length === 0)).toBe(true);
  });
  test("pairs broadcast, and differ in shape most of the time", () => {
    let different = 0;
    fc.assert(
      fc.property(broadcastablePairs({ minSize: 1, min: -1, max: 1 }), ([x, y]) => {
        expect(add(x, y).shape.length).toBe(Math.max(x.shape.length, y.shape.length));
        expect(max(abs(x)).item()).toBeLessThanOrEqual(1);
        if (String(x.shape) !== String(y.shape)) different++;
      }),
      run,
    );
    expect(different).toBeGreaterThan(100);
  });
  test("orders lie in (0, most], and hit 1 and most", () => {
    const drawn = fc.sample(orders(1.5), run);
    expect(drawn.every((alpha) => alpha > 0 && alpha <= 1.5)).toBe(true);
    expect(drawn).toContain(1);
    expect(drawn).toContain(1.5);
  });
});

describe("matrices", () => {
  const sizes = [1, 2, 5];
  for (const n of sizes) {
    test(`of ${n} rows: singular values from 1 to 1/condition`, () => {
      fc.assert(
        fc.property(wellConditioned(n, { condition: 50 }), (a) => {
          const squares = eigh(matmul(transpose(a), a)).values;
          expect(sqrt(max(squares)).item()).toBeCloseTo(1, 13);
          expect(sqrt(min(squares)).item()).toBeCloseTo(n === 1 ? 1 : 1 / 50, 11);
        }),
        { seed, numRuns: 60 },
      );
    });
    test(`of ${n} rows, symmetric and positive: eigenvalues from 1 to 1/condition`, () => {
      fc.assert(
        fc.property(symmetricPositive(n, { condition: 50 }), (a) => {
          expect(max(abs(sub(a, transpose(a)))).item()).toBe(0);
          const { values } = eigh(a);
          expect(max(values).item()).toBeCloseTo(1, 13);
          expect(min(values).item()).toBeCloseTo(n === 1 ? 1 : 1 / 50, 13);
        }),
        { seed, numRuns: 60 },
      );
    });
    test(`of ${n} rows, contracting: the radius is the one that was chosen, of both signs`, () => {
      const signs = new Set<number>();
      fc.assert(
        fc.property(contractions(n, 0.9), (a) => {
          expect(spectralNormOf(a).item()).toBeCloseTo(0.9, 13);
          signs.add(Math.sign(eigh(a).values.data.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most))));
        }),
        { seed, numRuns: 60 },
      );
      expect(signs.size).toBe(2);
    });
  }
});

describe("it is refused:", () => {
  const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
    ["a rank below 0", () => shapes({ maxRank: -1 }), /^shapes: expected maxRank/],
    [
      "sizes in the wrong order",
      () => shapes({ minSize: 5, maxSize: 4 }),
      /^shapes: expected maxSize to be an integer ≥ 5/,
    ],
    ["an unknown option", () => shapes({ maxranc: 1 } as never), /did you mean maxRank\?/],
    ["no shape", () => tensors(3 as never), /^tensors: expected a shape or an arbitrary of shapes first/],
    [
      "ends in the wrong order",
      () => tensors([2], { min: 1, max: 0 }),
      /^tensors: expected max to be a finite number ≥ min/,
    ],
    ["an infinite end", () => tensors([2], { max: Infinity }), /^tensors: expected max/],
    [
      "an unknown option of pairs",
      () => broadcastablePairs({ maximum: 1 } as never),
      /^broadcastablePairs: unknown option/,
    ],
    ["an order above 2", () => orders(3), /^orders: expected most to be in \(0, 2\]/],
    ["no rows", () => wellConditioned(0), /^wellConditioned: expected n/],
    [
      "a condition below 1",
      () => symmetricPositive(2, { condition: 0.5 }),
      /^symmetricPositive: expected condition to be a number ≥ 1/,
    ],
    ["a negative radius", () => contractions(2, -1), /^contractions: expected radius to be a number ≥ 0/],
  ];
  for (const [what, call, message] of refused) {
    test(what, () => {
      expect(call).toThrow(message);
    });
  }
});
