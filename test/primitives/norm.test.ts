// Is the norm right for entries of any size, and its derivative at 0 what it is said to be?
import fc from "fast-check";
import { compile, grad, hvp, norm, sum, type Tensor, tensor, trace } from "stillpoint";
import { describe, expect, test } from "vitest";
import { expectDerivatives } from "./derivatives.js";
import { tensors } from "./naive.js";

const seed = 20260312;
const relative = (received: number, expected: number): number => Math.abs(received - expected) / expected;

describe("values", () => {
  test("agree with √Σx², whatever power of two the entries are scaled by", () => {
    const cases = fc
      .integer({ min: 1, max: 200 })
      .chain((n) => fc.tuple(tensors([n], fc.integer({ min: 1, max: 99 })), fc.integer({ min: -1000, max: 1000 })));
    fc.assert(
      fc.property(cases, ([x, exponent]) => {
        const expected = Math.sqrt(x.data.reduce((total, entry) => total + entry * entry, 0));
        const scale = 2 ** exponent;
        expect(norm(tensor(x.data.map((entry) => scale * entry))).item()).toBe(scale * expected);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("neither overflow nor underflow", () => {
    expect(relative(norm(tensor([3e300, 4e300])).item(), 5e300)).toBeLessThanOrEqual(2e-16);
    expect(relative(norm(tensor([3e-300, -4e-300])).item(), 5e-300)).toBeLessThanOrEqual(2e-16);
    expect(norm(tensor([1e300, 1e-300])).item()).toBe(1e300);
    expect(norm(tensor([-Number.MAX_VALUE])).item()).toBe(Number.MAX_VALUE);
    expect(norm(tensor([3 * Number.MIN_VALUE, 4 * Number.MIN_VALUE])).item()).toBe(5 * Number.MIN_VALUE);
  });
  test("at infinities, NaN and nothing", () => {
    expect(norm(tensor([-Infinity, 1])).item()).toBe(Infinity);
    expect(norm(tensor([Number.NaN, 1])).item()).toBeNaN();
    expect(norm(tensor([])).item()).toBe(0);
    expect(norm(tensor([], [2, 0]), 1).toArray()).toEqual([0, 0]);
    expect(norm(-3).item()).toBe(3);
  });
  test("reduce several axes, with and without keepDims", () => {
    const x = tensor([
      [3, 0],
      [4, 12],
    ]);
    expect(norm(x).item()).toBe(13);
    expect(norm(x, 0).toArray()).toEqual([5, 12]);
    expect(norm(x, [-1, 0], { keepDims: true }).toArray()).toEqual([[13]]);
  });
});

describe("derivatives", () => {
  test("are right, twice", () => {
    const x = tensor([
      [3, -1, 0.5],
      [0, 2, 1],
    ]);
    for (const axes of [undefined, 0, 1]) expectDerivatives((y) => norm(y, axes), x);
  });
  test("are 0 at 0, row by row, of both orders", () => {
    const x = tensor([
      [0, 0],
      [3, 4],
    ]);
    expect(grad((y: Tensor) => sum(norm(y, 1)))(x).toArray()).toEqual([
      [0, 0],
      [0.6, 0.8],
    ]);
    expect(hvp((y: Tensor) => norm(y), tensor([0, 0]), tensor([1, 1])).toArray()).toEqual([0, 0]);
  });
  test("are those of the direction for entries of any size", () => {
    for (const size of [1e300, 1, 1e-300]) {
      const [a, b] = grad((y: Tensor) => norm(y))(tensor([3 * size, 4 * size])).data;
      expect(a).toBeCloseTo(0.6, 14);
      expect(b).toBeCloseTo(0.8, 14);
    }
  });
  test("compiled, at 0 and elsewhere", () => {
    const plan = compile(trace((y: Tensor) => grad((z: Tensor) => norm(z))(y), tensor([0, 0])));
    expect(plan.run([tensor([0, 0])]).toArray()).toEqual([0, 0]);
    expect(plan.run([tensor([0, -2])]).toArray()).toEqual([0, -1]);
  });
});

test("refused by name", () => {
  expect(() => norm(tensor([1]), 1)).toThrow(/^norm: .*received 1/);
  expect(() => norm(tensor([1]), 0, { order: 1 } as never)).toThrow(/^norm: unknown option "order"/);
  expect(() => norm([1] as never)).toThrow(/^norm: .*received an array/);
});
