// Does interp give the straight lines between its points, and their slopes?
import fc from "fast-check";
import { compile, DomainError, grad, interp, ShapeError, sum, type Tensor, tensor, trace } from "stillpoint";
import { describe, expect, test } from "vitest";
import { expectDerivatives } from "./derivatives.js";
import { shapes, tensors } from "./naive.js";

const seed = 20260315;

/** The value between the points, found by going through all intervals. */
function model(x: number, xs: readonly number[], ys: readonly number[]): number {
  if (x <= xs[0]) return ys[0];
  for (let j = 1; j < xs.length; j++) {
    if (x <= xs[j]) return ys[j - 1] + ((x - xs[j - 1]) / (xs[j] - xs[j - 1])) * (ys[j] - ys[j - 1]);
  }
  return ys[ys.length - 1];
}

const points = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: -99, max: 99 })), { minLength: 1, maxLength: 9 })
  .map((list) => {
    let sum = -50;
    return { xs: list.map(([gap]) => (sum += gap)), ys: list.map(([, y]) => y) };
  });
const places = shapes(2).chain((shape) => tensors(shape, fc.double({ min: -80, max: 150, noNaN: true })));

describe("interp", () => {
  test("agrees with a naive search, outside too, for x of any shape", () => {
    fc.assert(
      fc.property(places, points, (x, { xs, ys }) => {
        const received = interp(x, tensor(xs), tensor(ys));
        expect(received.shape).toEqual(x.shape);
        received.data.forEach((y, i) => {
          expect(Math.abs(y - model(x.data[i], xs, ys))).toBeLessThanOrEqual(1e-12);
        });
      }),
      { seed, numRuns: 500 },
    );
  });
  test("is exact at its points, and between equal values", () => {
    const entries = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(
        fc.uniqueArray(entries, { minLength: 1, maxLength: 8, comparator: "IsStrictlyEqual" }),
        entries,
        (list, c) => {
          const xs = [...list].sort((a, b) => a - b);
          const ys = xs.map((x) => Math.cos(x));
          expect(interp(tensor(xs), tensor(xs), tensor(ys)).toArray()).toEqual(ys);
          const between = interp(tensor(xs.map((x) => x + 1e-3)), tensor(xs), tensor(xs.map(() => c)));
          expect(between.data.every((y) => y === c)).toBe(true);
        },
      ),
      { seed },
    );
  });
  const [xs, ys] = [tensor([0, 1, 3]), tensor([10, 20, 40])];
  test("at infinities and NaN", () => {
    expect(interp(tensor([-Infinity, Infinity, Number.NaN]), xs, ys).toArray()).toEqual([10, 40, Number.NaN]);
  });
  test("of nothing, and through one point", () => {
    expect(interp(tensor([]), xs, ys).toArray()).toEqual([]);
    expect(interp(tensor([-1, 5]), tensor([2]), tensor([7])).toArray()).toEqual([7, 7]);
    expect(grad((y: Tensor) => sum(interp(tensor([-1, 5]), tensor([2]), y)))(tensor([7])).toArray()).toEqual([2]);
  });
  test("has right derivatives in x, ys and xs, twice", () => {
    expectDerivatives((x, a, b) => interp(x, a, b), tensor([-1, 0.3, 0.8, 1.4, 2.9, 4]), xs, ys);
  });
  test("has the slope of the interval to the right at inner points, counts its ends as inside, and 0 outside", () => {
    const slope = grad((x: Tensor) => sum(interp(x, tensor([0, 1, 3]), tensor([0, 5, 7]))));
    expect(slope(tensor([-1, 0, 1, 3, 4])).toArray()).toEqual([0, 5, 1, 1, 0]);
  });
  test("a plan looks its intervals up anew", () => {
    const plan = compile(trace((x: Tensor, a: Tensor) => interp(x, a, ys), tensor([0.5]), xs));
    expect(plan.run([tensor([2]), xs]).toArray()).toEqual([30]);
    expect(plan.run([tensor([2]), tensor([0, 2, 3])]).toArray()).toEqual([20]);
    expect(() => plan.run([tensor([2]), tensor([0, 0, 3])])).toThrow(/^interp: expected ascending xs/);
  });
});

describe("interp refuses by name", () => {
  test("points that do not ascend, with the place", () => {
    for (const [xs, message] of [
      [[0, 2, 1], "received 1 after 2 (position 2)"],
      [[0, 0, 1], "received 0 after 0 (position 1)"],
      [[0, Number.NaN, 1], "received NaN after 0 (position 1)"],
    ] as const) {
      expect(() => interp(0, tensor(xs), tensor([1, 2, 3]))).toThrow(DomainError);
      expect(() => interp(0, tensor(xs), tensor([1, 2, 3]))).toThrow(message);
    }
  });
  test("points that are no two vectors of one size", () => {
    for (const [xs, ys] of [
      [tensor([1, 2]), tensor([1, 2, 3])],
      [tensor([]), tensor([])],
      [tensor([[1, 2]]), tensor([[1, 2]])],
      [tensor(1), tensor(2)],
    ]) {
      expect(() => interp(0, xs, ys)).toThrow(ShapeError);
      expect(() => interp(0, xs, ys)).toThrow(/^interp: expected xs and ys to be vectors of the same size/);
    }
  });
});
