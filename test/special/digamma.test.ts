// Are digamma and polygamma accurate, right at their special values, and lawful?

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digamma, gamma, polygamma } from "../../src/special/index.js";
import { centralDifference, differenceInUlps, readReference, violations } from "./reference-table.js";

const SEED = { seed: 6359, numRuns: 2000 };
const POLES: readonly number[] = [0, -0, -1, -2, -3, -40, -1e6, -9007199254740992, -1e300];

/** Multiples of 1/1024, so that x + 1 and 1 - x are exact, without the poles. */
function gridWithoutPoles(min: number, max: number): fc.Arbitrary<number> {
  return fc
    .integer({ min: min * 1024, max: max * 1024 })
    .map((k) => k / 1024)
    .filter((x) => !(Number.isInteger(x) && x <= 0));
}

describe("digamma", () => {
  it("agrees with the reference table to 2 (1+cond) 2^-52", () => {
    expect(violations(readReference("digamma"), digamma, 2)).toEqual([]);
  });

  it("is NaN at its poles, at -Infinity and at NaN", () => {
    for (const x of [...POLES, Number.NEGATIVE_INFINITY, Number.NaN]) {
      expect(digamma(x)).toBeNaN();
    }
    expect(digamma(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(digamma(5e-324)).toBe(Number.NEGATIVE_INFINITY);
    expect(digamma(-5e-324)).toBe(Number.POSITIVE_INFINITY);
    expect(digamma(1e-300)).toBe(-1 / 1e-300);
  });

  it("keeps its relative accuracy at the positive zero", () => {
    // The zero lies between these two neighbours; the values are digamma of the two float64 numbers, from mpmath.
    expect(differenceInUlps(digamma(1.4616321449683622), -9.241265521729427e-17)).toBeLessThanOrEqual(2);
    expect(differenceInUlps(digamma(1.4616321449683625), 1.224537462200407e-16)).toBeLessThanOrEqual(2);
  });

  it("satisfies digamma(x+1) = digamma(x) + 1/x", () => {
    fc.assert(
      fc.property(gridWithoutPoles(-100, 100), (x) => {
        const scale = Math.abs(digamma(x)) + Math.abs(1 / x) + 1;
        // Between poles both sides inherit the rounding of pi x in the cotangent, hence the factor |slope|.
        const slope = Math.abs(polygamma(1, x)) + 1;
        expect(differenceInUlps(digamma(x + 1), digamma(x) + 1 / x, scale + slope)).toBeLessThanOrEqual(6);
      }),
      SEED,
    );
  });

  it("satisfies digamma(1-x) - digamma(x) = pi cot(pi x)", () => {
    fc.assert(
      fc.property(gridWithoutPoles(-50, 0), (x) => {
        const cotangent = Math.PI / Math.tan(Math.PI * (x - Math.round(x)));
        const scale = Math.abs(digamma(1 - x)) + Math.abs(cotangent) + Math.PI;
        expect(differenceInUlps(digamma(1 - x) - digamma(x), cotangent, scale)).toBeLessThanOrEqual(6);
      }),
      SEED,
    );
  });

  it("satisfies the duplication formula 2 digamma(2x) = digamma(x) + digamma(x + 1/2) + 2 log 2", () => {
    fc.assert(
      fc.property(gridWithoutPoles(0, 100), (x) => {
        const right = digamma(x) + digamma(x + 0.5) + 2 * Math.LN2;
        expect(differenceInUlps(2 * digamma(2 * x), right, 2 + Math.abs(digamma(x)))).toBeLessThanOrEqual(8);
      }),
      SEED,
    );
  });

  it("has the derivative polygamma(1, x)", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.25, max: 100, noNaN: true }), (x) => {
        const slope = centralDifference(digamma, x, 1e-3 * x);
        expect(Math.abs(slope / polygamma(1, x) - 1)).toBeLessThan(1e-9);
      }),
      SEED,
    );
  });
});

describe("polygamma", () => {
  it("agrees with the reference table to 2 (1+cond) 2^-52", () => {
    const evaluate = (...args: number[]): number => polygamma(args[0] as number, args[1] as number);
    expect(violations(readReference("polygamma"), evaluate, 2)).toEqual([]);
  });

  it("is digamma for n = 0", () => {
    for (const x of [-7.25, -0.5, 1e-10, 1, 3.5, 1e10]) {
      expect(polygamma(0, x)).toBe(digamma(x));
    }
  });

  it("is NaN at its poles, at -Infinity and at NaN, and tends to 0", () => {
    for (const n of [1, 2, 3, 6]) {
      for (const x of [...POLES, Number.NEGATIVE_INFINITY, Number.NaN]) {
        expect(polygamma(n, x)).toBeNaN();
      }
      expect(Math.abs(polygamma(n, Number.POSITIVE_INFINITY))).toBe(0);
      expect(polygamma(n, 5e-324)).toBe(n % 2 === 1 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
      expect(polygamma(n, -5e-324)).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it("rejects an order that is not a whole number from 0 on", () => {
    for (const n of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => polygamma(n, 1)).toThrow(RangeError);
    }
  });

  it("stays in range where n! and x^(n+1) do not", () => {
    // Values from mpmath.
    expect(differenceInUlps(polygamma(100, 1e4), -9.379363201543512e-245)).toBeLessThanOrEqual(100);
    expect(differenceInUlps(polygamma(200, 200), -3.8829615876191336e-88)).toBeLessThanOrEqual(200);
    expect(polygamma(2, 1e200)).toBe(-0);
  });

  it("satisfies polygamma(n, x+1) = polygamma(n, x) + (-1)^n n! / x^(n+1)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), gridWithoutPoles(-20, 20), (n, x) => {
        const step = ((n % 2 === 0 ? 1 : -1) * gamma(n + 1)) / x ** (n + 1);
        const scale = Math.abs(polygamma(n, x)) + Math.abs(step);
        expect(differenceInUlps(polygamma(n, x + 1), polygamma(n, x) + step, scale)).toBeLessThanOrEqual(4 * n + 8);
      }),
      SEED,
    );
  });

  it("has the derivative polygamma(n+1, x), on both sides of 0", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), gridWithoutPoles(-10, 10), (n, x) => {
        fc.pre(x >= 0.25 || Math.abs(x - Math.round(x)) > 0.2);
        const slope = centralDifference((y) => polygamma(n, y), x, 1e-3 * Math.min(1, Math.abs(x)));
        const scale = Math.abs(polygamma(n, x)) + Math.abs(polygamma(n + 1, x));
        expect(Math.abs(slope - polygamma(n + 1, x))).toBeLessThan(1e-6 * scale);
      }),
      SEED,
    );
  });
});
