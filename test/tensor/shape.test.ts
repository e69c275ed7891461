// Do shapes meet as in NumPy, and do the messages name both?
import fc from "fast-check";
import { DomainError, ShapeError } from "stillpoint";
import { describe, expect, test } from "vitest";
import {
  broadcastShapes,
  checkShape,
  normalizeAxes,
  normalizeAxis,
  type Shape,
  sameShape,
  showShape,
  sizeOf,
  stridesOf,
} from "../../src/tensor/index.js";

const seed = 20260202;
const shapes = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });

/** Both shapes are padded with ones in front; along each axis at most one size other than 1 may occur. */
function meet(a: Shape, b: Shape): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const pad = (shape: Shape): number[] => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const sizes = pad(a).map((m, axis) => [...new Set([m, pad(b)[axis]])].filter((n) => n !== 1));
  return sizes.some((others) => others.length > 1) ? undefined : sizes.map(([n = 1]) => n);
}

describe("broadcastShapes", () => {
  test("agrees with a model that pads with ones", () => {
    fc.assert(
      fc.property(shapes, shapes, (a, b) => {
        const expected = meet(a, b);
        if (expected) expect(broadcastShapes("f", a, b)).toEqual(expected);
        else expect(() => broadcastShapes("f", a, b)).toThrow(ShapeError);
      }),
      { seed, numRuns: 1000 },
    );
  });
  test("does not depend on the order of its arguments", () => {
    fc.assert(
      fc.property(shapes, shapes, (a, b) => {
        fc.pre(meet(a, b) !== undefined);
        expect(broadcastShapes("f", a, b)).toEqual(broadcastShapes("f", b, a));
      }),
      { seed },
    );
  });
  test("a refusal names the operation, both shapes, the axis, both sizes and the remedy", () => {
    const run = (): unknown => broadcastShapes("add", [4, 2, 3], [5, 3]);
    expect(run).toThrow(/^add: .*\[4, 2, 3\] and \[5, 3\]: axis −2 is 2 in the first and 5 in the second.*reshape/);
  });
  test("a size of 0 meets 0 and 1, but not 3", () => {
    expect(broadcastShapes("f", [0], [1])).toEqual([0]);
    expect(broadcastShapes("f", [2, 0], [0])).toEqual([2, 0]);
    expect(() => broadcastShapes("f", [0], [3])).toThrow(ShapeError);
  });
});

describe("shapes as data", () => {
  test("sizeOf multiplies; a scalar has one entry", () => {
    expect(sizeOf([])).toBe(1);
    expect(sizeOf([2, 3])).toBe(6);
    expect(sizeOf([2, 0, 3])).toBe(0);
  });
  test("sameShape compares rank and sizes", () => {
    expect(sameShape([2, 3], [2, 3])).toBe(true);
    expect(sameShape([2, 3], [3, 2])).toBe(false);
    expect(sameShape([2], [2, 1])).toBe(false);
    expect(sameShape([], [])).toBe(true);
  });
  test("showShape is the literal", () => {
    expect(showShape([])).toBe("[]");
    expect(showShape([2, 3])).toBe("[2, 3]");
  });
  test("strides say how far the next index along each axis lies", () => {
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
    expect(stridesOf([])).toEqual([]);
  });
  test("checkShape returns a good shape and refuses others by name", () => {
    expect(checkShape("f", [2, 0])).toEqual([2, 0]);
    expect(() => checkShape("f", [2, -1])).toThrow(/^f: .*\[2, -1\]: axis 1 is -1/);
    expect(() => checkShape("f", [2 ** 60])).toThrow(ShapeError);
  });
});

describe("axes", () => {
  test("negative axes count from the end", () => {
    expect([-3, -2, -1, 0, 1, 2].map((axis) => normalizeAxis("f", axis, 3))).toEqual([0, 1, 2, 0, 1, 2]);
  });
  test("several axes come in ascending order; none given means all", () => {
    expect(normalizeAxes("f", [-1, 0], 3)).toEqual([0, 2]);
    expect(normalizeAxes("f", 1, 3)).toEqual([1]);
    expect(normalizeAxes("f", [], 3)).toEqual([]);
    expect(normalizeAxes("f", undefined, 3)).toEqual([0, 1, 2]);
  });
  const refused: [string, () => unknown, RegExp][] = [
    ["an axis beyond the last", () => normalizeAxis("sum", 2, 2), /^sum: .*from -2 to 1, received 2/],
    ["an axis before the first", () => normalizeAxis("sum", -3, 2), /received -3/],
    ["a fractional axis", () => normalizeAxis("sum", 0.5, 2), /received 0.5/],
    ["any axis of a scalar", () => normalizeAxis("sum", 0, 0), /scalar has none, received 0/],
    ["the same axis twice, in two spellings", () => normalizeAxes("sum", [0, -2], 2), /axis 0 twice/],
  ];
  for (const [name, run, message] of refused) {
    test(`refused: ${name}`, () => {
      expect(run).toThrow(DomainError);
      expect(run).toThrow(message);
    });
  }
});
