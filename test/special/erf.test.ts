// Are erf and erfc accurate, right at their special values, and lawful?

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { erf, erfc } from "../../src/special/index.js";
import { centralDifference, differenceInUlps, readReference, violations } from "./reference-table.js";

const SEED = { seed: 1969, numRuns: 2000 };

/** Where Cody's three intervals meet, and the float64 numbers around. */
const SEAMS: readonly number[] = [0.46875, 4];

describe("erf", () => {
  it("agrees with the reference table to 2 (1+cond) 2^-52", () => {
    expect(violations(readReference("erf"), erf, 2)).toEqual([]);
  });

  it("has its limits, signed zeros and NaN", () => {
    expect(erf(0)).toBe(0);
    expect(erf(-0)).toBe(-0);
    expect(erf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(erf(Number.NEGATIVE_INFINITY)).toBe(-1);
    expect(erf(6)).toBe(1);
    expect(erf(1e300)).toBe(1);
    expect(erf(Number.NaN)).toBeNaN();
    expect(erf(5e-324)).toBe(5e-324);
    expect(differenceInUlps(erf(1e-300), 1.1283791670955126e-300)).toBeLessThanOrEqual(2);
  });

  it("is odd, bit for bit", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => {
        expect(erf(-x)).toBe(-erf(x));
      }),
      SEED,
    );
  });

  it("lies in [-1, 1] and does not decrease over steps that float64 can see", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -7, max: 7, noNaN: true }),
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        (x, step) => {
          expect(Math.abs(erf(x))).toBeLessThanOrEqual(1);
          expect(erf(x + step)).toBeGreaterThanOrEqual(erf(x) - Number.EPSILON);
        },
      ),
      SEED,
    );
  });

  it("has the derivative 2 / sqrt(pi) e^(-x^2)", () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), (x) => {
        const expected = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
        expect(Math.abs(centralDifference(erf, x, 1e-3) - expected)).toBeLessThan(1e-11);
        expect(Math.abs(centralDifference(erfc, x, 1e-3) + expected)).toBeLessThan(1e-11);
      }),
      SEED,
    );
  });
});

describe("erfc", () => {
  it("agrees with the reference table to 2 (1+cond) 2^-52", () => {
    expect(violations(readReference("erfc"), erfc, 2)).toEqual([]);
  });

  it("has its limits and NaN", () => {
    expect(erfc(0)).toBe(1);
    expect(erfc(-0)).toBe(1);
    expect(erfc(Number.POSITIVE_INFINITY)).toBe(0);
    expect(erfc(Number.NEGATIVE_INFINITY)).toBe(2);
    expect(erfc(-10)).toBe(2);
    expect(erfc(Number.NaN)).toBeNaN();
  });

  it("underflows gradually", () => {
    expect(erfc(26.5)).toBeGreaterThan(2.2250738585072014e-308);
    expect(erfc(27)).toBeGreaterThan(0);
    expect(erfc(27)).toBeLessThan(1e-318);
    expect(erfc(27.3)).toBe(0);
    expect(erfc(1e300)).toBe(0);
  });

  it("satisfies erf(x) + erfc(x) = 1", () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
        expect(Math.abs(erf(x) + erfc(x) - 1)).toBeLessThanOrEqual(2 * Number.EPSILON);
      }),
      SEED,
    );
  });

  it("satisfies erfc(x) + erfc(-x) = 2", () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
        expect(Math.abs(erfc(x) + erfc(-x) - 2)).toBeLessThanOrEqual(2 * Number.EPSILON);
      }),
      SEED,
    );
  });

  it("is continuous where its formulas meet", () => {
    for (const seam of SEAMS) {
      const step = 4 * Number.EPSILON * seam;
      expect(differenceInUlps(erfc(seam - step), erfc(seam + step))).toBeLessThan(16 * (1 + 2 * seam * seam));
    }
  });
});
