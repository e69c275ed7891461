// Does the checker of the reference tables reject a function that is wrong?

import { describe, expect, it } from "vitest";
import { digamma, erf, gamma } from "../../src/special/index.js";
import { errorInUnits, readReference, violations } from "./reference-table.js";

const ALLOWED = 2;

describe("the table checker", () => {
  const tables: readonly (readonly [string, (x: number) => number])[] = [
    ["gamma", gamma],
    ["digamma", digamma],
    ["erf", erf],
  ];

  it.each(tables)("rejects %s with an error of 10 (1+cond) units at every point", (name, f) => {
    const points = readReference(name).filter(({ value }) => value !== 0);
    const condOf = new Map(points.map(({ args, cond }) => [args[0], cond]));
    const wrong = (x: number): number => f(x) * (1 + 10 * (1 + (condOf.get(x) as number)) * Number.EPSILON);
    expect(violations(points, f, ALLOWED)).toEqual([]);
    expect(violations(points, wrong, ALLOWED)).toHaveLength(points.length);
  });

  it("finds the one wrong point and says where, what, and by how much", () => {
    const points = [
      { args: [1], value: 1, cond: 0 },
      { args: [2], value: 4, cond: 2 },
    ];
    const wrong = (x: number): number => (x === 2 ? 4 * (1 + 30 * Number.EPSILON) : x * x);
    expect(violations(points, wrong, ALLOWED)).toEqual([
      "x = 2: expected 4, received 4.000000000000027, error 10.0 > 2 units of (1+cond)*2^-52",
    ]);
  });

  it("takes NaN, a wrong infinity and a wrong sign for errors", () => {
    const point = { args: [1], value: 2, cond: 1 };
    for (const received of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -2]) {
      expect(errorInUnits(point, received)).toBeGreaterThan(ALLOWED);
    }
    expect(errorInUnits(point, 2)).toBe(0);
  });

  it("reads every table as finite numbers", () => {
    for (const name of ["gamma", "lgamma", "digamma", "polygamma", "erf", "erfc"]) {
      const points = readReference(name);
      expect(points.length).toBeGreaterThan(50);
      for (const { args, value, cond } of points) {
        expect([...args, value, cond].every(Number.isFinite)).toBe(true);
        expect(cond).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
