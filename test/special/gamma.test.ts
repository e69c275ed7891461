// Are gamma and lgamma accurate, right at their special values, and lawful?

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digamma, gamma, lgamma } from "../../src/special/index.js";
import { centralDifference, differenceInUlps, readReference, violations } from "./reference-table.js";

const SEED = { seed: 6138, numRuns: 2000 };

/** Multiples of 1/1024, so that x + 1 and 1 - x are exact. */
function grid(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: min * 1024, max: max * 1024 }).map((k) => k / 1024);
}

const isInteger = Number.isInteger;

describe("gamma", () => {
  it("agrees with the reference table to 2 (1+cond) 2^-52", () => {
    expect(violations(readReference("gamma"), gamma, 2)).toEqual([]);
  });

  it("has the special values of C99", () => {
    expect(gamma(0)).toBe(Number.POSITIVE_INFINITY);
    expect(gamma(-0)).toBe(Number.NEGATIVE_INFINITY);
    for (const pole of [-1, -2, -3, -50, -170, -184, -1000, -9007199254740992, -1e300, Number.NEGATIVE_INFINITY]) {
      expect(gamma(pole)).toBeNaN();
    }
    expect(gamma(Number.NaN)).toBeNaN();
    expect(gamma(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });

  it("is the factorial, exactly as far as float64 has it", () => {
    let factorial = 1n;
    for (let n = 1; n <= 170; n++) {
      expect(gamma(n)).toBe(Number(factorial));
      factorial *= BigInt(n);
    }
  });

  it("overflows and underflows where it should", () => {
    expect(gamma(171.6243769563027)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(gamma(171.6243769563028)).toBe(Number.POSITIVE_INFINITY);
    expect(gamma(172)).toBe(Number.POSITIVE_INFINITY);
    expect(gamma(1e300)).toBe(Number.POSITIVE_INFINITY);
    expect(gamma(1e-308)).toBe(1e308);
    expect(gamma(5e-324)).toBe(Number.POSITIVE_INFINITY);
    expect(gamma(-5e-324)).toBe(Number.NEGATIVE_INFINITY);
    // Subnormal results, then zeros, with the sign (-1)^ceil(-x).
    expect(gamma(-175.5)).toBe(2.1075e-319);
    expect(gamma(-177.5)).toBe(5e-324);
    expect(gamma(-182.5)).toBe(-0);
    expect(gamma(-183.5)).toBe(0);
    expect(gamma(-184.5)).toBe(-0);
    expect(gamma(-185.5)).toBe(0);
    expect(gamma(-1000.5)).toBe(-0);
  });

  it("satisfies gamma(x+1) = x gamma(x)", () => {
    fc.assert(
      fc.property(grid(-169, 170), (x) => {
        fc.pre(!(isInteger(x) && x <= 0));
        expect(differenceInUlps(gamma(x + 1), x * gamma(x))).toBeLessThanOrEqual(3);
      }),
      SEED,
    );
  });

  it("satisfies gamma(x) gamma(1-x) sin(pi x) = pi", () => {
    fc.assert(
      fc.property(grid(-100, 100), (x) => {
        fc.pre(!isInteger(x));
        const nearest = Math.round(x);
        const sine = (nearest % 2 === 0 ? 1 : -1) * Math.sin(Math.PI * (x - nearest));
        expect(differenceInUlps(gamma(x) * gamma(1 - x) * sine, Math.PI)).toBeLessThanOrEqual(6);
      }),
      SEED,
    );
  });

  it("has the derivative gamma(x) digamma(x)", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 20, noNaN: true }), (x) => {
        const slope = centralDifference(gamma, x, 1e-3);
        const scale = gamma(x) * (1 + Math.abs(digamma(x)));
        expect(Math.abs(slope - gamma(x) * digamma(x))).toBeLessThan(1e-7 * scale);
      }),
      SEED,
    );
  });
});

describe("lgamma", () => {
  it("agrees with the reference table to 2 (1+cond) 2^-52", () => {
    expect(violations(readReference("lgamma"), lgamma, 2)).toEqual([]);
  });

  it("is Infinity at the poles and at both infinities", () => {
    for (const x of [0, -0, -1, -2, -10, -11, -1e20, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(lgamma(x)).toBe(Number.POSITIVE_INFINITY);
    }
    expect(lgamma(Number.NaN)).toBeNaN();
  });

  it("is exactly 0 at 1 and 2, and keeps its relative accuracy next to them", () => {
    expect(lgamma(1)).toBe(0);
    expect(lgamma(2)).toBe(0);
    const EULER = 0.5772156649015329;
    for (const t of [1e-15, 1e-12, -1e-15, -1e-12]) {
      const atOne = 1 + t - 1;
      expect(differenceInUlps(lgamma(1 + t), -EULER * atOne)).toBeLessThan(2 + (2 * Math.abs(t)) / Number.EPSILON);
      const atTwo = 2 + t - 2;
      expect(differenceInUlps(lgamma(2 + t), (1 - EULER) * atTwo)).toBeLessThan(2 + (2 * Math.abs(t)) / Number.EPSILON);
    }
  });

  it("overflows where it should and takes tiny arguments", () => {
    expect(lgamma(2.5e305)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(lgamma(2.6e305)).toBe(Number.POSITIVE_INFINITY);
    expect(differenceInUlps(lgamma(5e-324), 744.4400719213812)).toBeLessThanOrEqual(2);
    expect(lgamma(-5e-324)).toBe(lgamma(5e-324));
  });

  it("is log |gamma(x)|", () => {
    fc.assert(
      fc.property(fc.double({ min: -170, max: 170, noNaN: true }), (x) => {
        const expected = Math.log(Math.abs(gamma(x)));
        fc.pre(Number.isFinite(expected));
        expect(differenceInUlps(lgamma(x), expected, 1)).toBeLessThanOrEqual(6);
      }),
      SEED,
    );
  });

  it("satisfies lgamma(x+1) = log x + lgamma(x)", () => {
    fc.assert(
      fc.property(grid(0, 1000), (x) => {
        fc.pre(x > 0);
        expect(differenceInUlps(lgamma(x + 1), Math.log(x) + lgamma(x), 1 + Math.abs(Math.log(x)))).toBeLessThanOrEqual(
          6,
        );
      }),
      SEED,
    );
  });

  it("has the derivative digamma(x), also for negative x", () => {
    fc.assert(
      fc.property(grid(-30, 30), (x) => {
        const distance = Math.min(1, Math.abs(x - Math.round(x)));
        fc.pre(distance > 0.1);
        expect(Math.abs(centralDifference(lgamma, x, 1e-4) - digamma(x))).toBeLessThan(
          1e-9 * (1 + Math.abs(lgamma(x))),
        );
      }),
      SEED,
    );
  });
});
