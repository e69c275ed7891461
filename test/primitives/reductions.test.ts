// Do sum, mean, variance and prod reduce the axes they are asked to, accurately?
import fc from "fast-check";
import { DomainError, grad, mean, mul, prod, square, sum, type Tensor, tensor, variance } from "stillpoint";
import { describe, expect, test } from "vitest";
import { expectDerivatives } from "./derivatives.js";
import { anyTensor, at, build, epsilon, indices } from "./naive.js";

const seed = 20260305;

/** Totals over the chosen axes, whose sizes become 1. Sums of small integers are exact in every order. */
function totals(x: Tensor, axes: readonly number[]): Tensor {
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  return build(kept, (index) =>
    indices(x.shape)
      .filter((other) => other.every((i, axis) => axes.includes(axis) || i === index[axis]))
      .reduce((total, other) => total + at(x, other), 0),
  );
}

/** A tensor, some of its axes, and the same axes in any order, some counted from the end. */
const cases = anyTensor(4).chain((x) => {
  const all = x.shape.map((_, axis) => axis);
  return fc.tuple(fc.shuffledSubarray(all), fc.infiniteStream(fc.boolean())).map(([axes, negative]) => ({
    x,
    axes,
    spelled: axes.map((axis) => (negative.next().value ? axis - all.length : axis)),
  }));
});

describe("sum and mean", () => {
  test("agree with a naive loop over several axes, negative ones too, with and without keepDims", () => {
    fc.assert(
      fc.property(cases, ({ x, axes, spelled }) => {
        const expected = totals(x, axes);
        const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
        const dropped = x.shape.filter((_, axis) => !axes.includes(axis));
        const averages = [...expected.data].map((total) => total / count);
        expect(sum(x, spelled).shape).toEqual(dropped);
        expect(sum(x, spelled, { keepDims: true }).shape).toEqual(expected.shape);
        expect(mean(x, spelled, { keepDims: true }).shape).toEqual(expected.shape);
        expect([...sum(x, spelled).data]).toEqual([...expected.data]);
        expect([...sum(x, spelled, { keepDims: true }).data]).toEqual([...expected.data]);
        expect([...mean(x, spelled).data]).toEqual(averages);
        expect(mean(x, spelled).shape).toEqual(dropped);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("without axes reduce all of them", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(sum(x).item()).toBe(10);
    expect(mean(x).item()).toBe(2.5);
    expect(sum(x, undefined, { keepDims: true }).toArray()).toEqual([[10]]);
  });
  test("with no axes at all reduce nothing", () => {
    expect(sum(tensor([1, 2]), []).toArray()).toEqual([1, 2]);
    expect(mean(tensor([1, 2]), []).toArray()).toEqual([1, 2]);
  });
  test("of a number are the number", () => {
    expect(sum(3).item()).toBe(3);
    expect(mean(3).item()).toBe(3);
  });
  test("of nothing are 0 and NaN", () => {
    expect(sum(tensor([])).item()).toBe(0);
    expect(mean(tensor([])).item()).toBeNaN();
    expect(sum(tensor([], [2, 0, 3]), 1).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(sum(tensor([], [2, 0]), 0).toArray()).toEqual([]);
  });
  test("of a million tenths lose no digits along the way", () => {
    const n = 2 ** 20;
    const x = tensor(new Float64Array(n).fill(0.1));
    expect(Math.abs(sum(x).item() - 0.1 * n)).toBeLessThanOrEqual(20 * epsilon * 0.1 * n);
  });
  test("do not let a NaN out of its row", () => {
    const x = tensor([
      [1, Number.NaN],
      [3, 4],
    ]);
    expect(sum(x, 1).toArray()).toEqual([Number.NaN, 7]);
  });
  test("spread their cotangents evenly", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const weights = tensor([10, 20]);
    expect(grad((y: Tensor) => sum(mul(weights, sum(y, -1))))(x).toArray()).toEqual([
      [10, 10, 10],
      [20, 20, 20],
    ]);
    const third = expect.closeTo(10 / 3, 14);
    const twoThirds = expect.closeTo(20 / 3, 14);
    expect(grad((y: Tensor) => sum(mul(weights, mean(y, -1))))(x).toArray()).toEqual([
      [third, third, third],
      [twoThirds, twoThirds, twoThirds],
    ]);
  });
});

/** The entries that each result of a reduction is made of, whose axes get size 1. */
function groups(x: Tensor, axes: readonly number[]): number[][] {
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  return indices(kept).map((index) =>
    indices(x.shape)
      .filter((other) => other.every((i, axis) => axes.includes(axis) || i === index[axis]))
      .map((other) => at(x, other)),
  );
}

describe("variance and prod", () => {
  test("agree with naive loops over several axes, negative ones too, with and without keepDims", () => {
    fc.assert(
      fc.property(cases, ({ x, axes, spelled }) => {
        const all = groups(x, axes);
        const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
        const dropped = x.shape.filter((_, axis) => !axes.includes(axis));
        for (const reduce of [variance, prod]) {
          expect(reduce(x, spelled).shape).toEqual(dropped);
          expect(reduce(x, spelled, { keepDims: true }).shape).toEqual(kept);
          expect(reduce(x, spelled, { keepDims: true }).data).toEqual(reduce(x, spelled).data);
        }
        all.forEach((group, i) => {
          const product = group.reduce((a, b) => a * b, 1);
          expect(Math.abs(prod(x, spelled).data[i] - product)).toBeLessThanOrEqual(1e-13 * Math.abs(product));
          const average = group.reduce((a, b) => a + b, 0) / group.length;
          const spread = group.reduce((a, b) => a + (b - average) ** 2, 0) / group.length;
          const received = variance(x, spelled).data[i];
          if (group.length === 0) expect(received).toBeNaN();
          else expect(Math.abs(received - spread)).toBeLessThanOrEqual(1e-13 * (spread + average ** 2 * epsilon));
        });
      }),
      { seed, numRuns: 300 },
    );
  });
  test("variance keeps its digits beside a large offset", () => {
    expect(variance(tensor([1e9, 1e9 + 1, 1e9 + 2])).item()).toBeCloseTo(2 / 3, 15);
    const gradient = grad((x: Tensor) => variance(x))(tensor([1e15, 1e15 + 1, 1e15 + 3]));
    [-8 / 9, -2 / 9, 10 / 9].forEach((slope, i) => {
      expect(gradient.data[i]).toBeCloseTo(slope, 14);
    });
    expect(variance(tensor([3])).item()).toBe(0);
    expect(variance(5).item()).toBe(0);
  });
  test("prod of nothing is 1, also of several nothings", () => {
    expect(prod(tensor([])).item()).toBe(1);
    expect(prod(tensor([], [2, 0]), 1).toArray()).toEqual([1, 1]);
    expect(prod(tensor([], [2, 0]), 0).toArray()).toEqual([]);
    expect(prod(7).item()).toBe(7);
  });
  test("prod multiplies neighbours first: large and small factors meet early", () => {
    expect(prod(tensor([1e300, 1e-300, 1e300, 1e-300, 3])).item()).toBeCloseTo(3, 14);
  });
  test.each([
    ["no zero", [2, 3, 5], [15, 10, 6]],
    ["one zero", [2, 0, 5], [0, 10, 0]],
    ["two zeros", [0, 3, 0], [0, 0, 0]],
    ["seven factors", [1, 2, 1, 2, 1, 2, 0], [0, 0, 0, 0, 0, 0, 8]],
  ])("the derivative of prod with %s is the product of the others", (_, x, expected) => {
    expect(grad((y: Tensor) => prod(y))(tensor(x)).toArray()).toEqual(expected);
  });
  test("the second derivative of prod with two zeros is the product of the rest", () => {
    const second = grad((y: Tensor) => sum(mul(tensor([0, 1, 0, 0]), grad((z: Tensor) => prod(z))(y))));
    expect(second(tensor([0, 0, 3, 4])).toArray()).toEqual([12, 0, 0, 0]);
  });
  test("have right derivatives, twice", () => {
    const x = tensor([
      [0, 1.5, -2],
      [3, 0.5, 1],
    ]);
    for (const axes of [undefined, 0, -1]) {
      expectDerivatives((y) => prod(y, axes), x);
      expectDerivatives((y) => square(variance(y, axes, { keepDims: true })), x);
    }
  });
});

describe("refused by name", () => {
  const x = tensor([[1, 2, 3]]);
  for (const [name, reduce] of [
    ["sum", sum],
    ["mean", mean],
    ["variance", variance],
    ["prod", prod],
  ] as const) {
    const wrong: [string, () => unknown, RegExp][] = [
      ["an axis that does not exist", () => reduce(x, 2), new RegExp(`^${name}: .*axis from -2 to 1, received 2`)],
      ["an axis named twice", () => reduce(x, [0, -2]), new RegExp(`^${name}: .*axis 0 twice`)],
      ["a fractional axis", () => reduce(x, 0.5), new RegExp(`^${name}: .*received 0.5`)],
      ["an axis of a scalar", () => reduce(1, 0), new RegExp(`^${name}: .*scalar`)],
      [
        "a misspelt option",
        () => reduce(x, 0, { keepdims: true } as never),
        new RegExp(`^${name}: unknown option "keepdims": did you mean keepDims`),
      ],
      ["a flag in place of options", () => reduce(x, 0, true as never), new RegExp(`^${name}: .*record of options`)],
      ["an array in place of a tensor", () => reduce([1] as never), new RegExp(`^${name}: .*received an array`)],
    ];
    for (const [what, run, message] of wrong) {
      test(`${name}: ${what}`, () => {
        expect(run).toThrow(DomainError);
        expect(run).toThrow(message);
      });
    }
  }
});
