// Do max, min, argmax and argmin choose the right entry, and share where several are right?
import fc from "fast-check";
import {
  argmax,
  argmin,
  compile,
  DomainError,
  grad,
  jvp,
  max,
  min,
  mul,
  sum,
  type Tensor,
  tensor,
  trace,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { at, indices, shapes, tensors } from "./naive.js";

const seed = 20260310;

/** A tensor without empty axes, many of whose entries are equal, and some of its axes. */
const cases = shapes(3, 1).chain((shape) =>
  fc.tuple(
    tensors(shape, fc.integer({ min: -2, max: 2 })),
    fc.subarray(shape.map((_, axis) => axis)),
    fc.infiniteStream(fc.boolean()),
  ),
);

/** The entries that each result is made of, in row-major order. */
function groups(x: Tensor, axes: readonly number[]): number[][] {
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  return indices(kept).map((index) =>
    indices(x.shape)
      .filter((other) => other.every((i, axis) => axes.includes(axis) || i === index[axis]))
      .map((other) => at(x, other)),
  );
}

const words = [
  ["max", max, (entries: number[]) => Math.max(...entries)],
  ["min", min, (entries: number[]) => Math.min(...entries)],
  ["argmax", argmax, (entries: number[]) => entries.indexOf(Math.max(...entries))],
  ["argmin", argmin, (entries: number[]) => entries.indexOf(Math.min(...entries))],
] as const;

describe("agrees with a naive search over any axes, with and without keepDims:", () => {
  for (const [name, word, model] of words) {
    test(name, () => {
      fc.assert(
        fc.property(cases, ([x, axes, negative]) => {
          const spelled = axes.map((axis) => (negative.next().value ? axis - x.shape.length : axis));
          const expected = groups(x, axes).map(model);
          const [dropped, kept] = [word(x, spelled), word(x, spelled, { keepDims: true })];
          expect([...dropped.data]).toEqual(expected);
          expect([...kept.data]).toEqual(expected);
          expect(dropped.shape).toEqual(x.shape.filter((_, axis) => !axes.includes(axis)));
          expect(kept.shape).toEqual(x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n)));
        }),
        { seed, numRuns: 300 },
      );
    });
  }
});

describe("special entries", () => {
  test("a NaN is the extremum, and stands where the first NaN does", () => {
    const x = tensor([
      [1, Number.NaN, 3, Number.NaN],
      [4, 9, 9, -1],
    ]);
    expect(max(x, 1).toArray()).toEqual([Number.NaN, 9]);
    expect(min(x, 1).toArray()).toEqual([Number.NaN, -1]);
    expect(argmax(x, 1).toArray()).toEqual([1, 1]);
    expect(argmin(x, 1).toArray()).toEqual([1, 3]);
  });
  test("infinities are entries like others", () => {
    const x = tensor([-Infinity, -Infinity, 5, Infinity]);
    expect([max(x).item(), min(x).item(), argmax(x).item(), argmin(x).item()]).toEqual([Infinity, -Infinity, 3, 0]);
    expect(max(tensor([-Infinity])).item()).toBe(-Infinity);
  });
  test("a number is its own extremum", () => {
    expect([max(3).item(), min(3).item(), argmax(3).item(), argmin(3).item()]).toEqual([3, 3, 0, 0]);
    expect([max(0).item(), min(0).item()]).toEqual([0, 0]);
  });
  test("no axes at all reduce nothing", () => {
    expect(max(tensor([1, 2]), []).toArray()).toEqual([1, 2]);
    expect(argmax(tensor([1, 2]), []).toArray()).toEqual([0, 0]);
  });
});

describe("derivatives", () => {
  const x = tensor([
    [4, 1, 4, 4],
    [0, 2, 2, 7],
  ]);
  test("several extrema share equally", () => {
    expect(grad((y: Tensor) => sum(mul(tensor([3, 5]), max(y, 1))))(x).toArray()).toEqual([
      [1, 0, 1, 1],
      [0, 0, 0, 5],
    ]);
    expect(grad((y: Tensor) => min(y))(tensor([1, 5, 1])).toArray()).toEqual([0.5, 0, 0.5]);
    expect(
      grad((y: Tensor) => max(y))(
        tensor([
          [2, 0],
          [2, 2],
        ]),
      ).data,
    ).toEqual(Float64Array.of(1 / 3, 0, 1 / 3, 1 / 3));
  });
  test("the tangent is the mean of theirs; an infinite one elsewhere does not enter", () => {
    expect(jvp((y: Tensor) => max(y), [tensor([3, 3, 1])], [tensor([2, 4, Infinity])]).tangent.item()).toBe(3);
  });
  test("a row of NaN shares among all, forwards and backwards alike", () => {
    const nan = tensor([Number.NaN, 1]);
    expect(grad((y: Tensor) => max(y))(nan).toArray()).toEqual([0.5, 0.5]);
    expect(jvp((y: Tensor) => max(y), [nan], [tensor([2, 4])]).tangent.item()).toBe(3);
  });
  test("argmax and argmin have none", () => {
    expect(grad((y: Tensor) => sum(argmax(y, 1)))(x).data.every((entry) => entry === 0)).toBe(true);
    expect(grad((y: Tensor) => sum(argmin(y, 1)))(x).data.every((entry) => entry === 0)).toBe(true);
  });
  test("a plan finds its ties anew", () => {
    const plan = compile(trace((y: Tensor) => grad((z: Tensor) => max(z))(y), tensor([1, 2])));
    expect(plan.run([tensor([1, 2])]).toArray()).toEqual([0, 1]);
    expect(plan.run([tensor([2, 2])]).toArray()).toEqual([0.5, 0.5]);
  });
});

describe("refused by name", () => {
  for (const [name, word] of words) {
    test(`${name}: an empty axis, with the shape`, () => {
      const run = (): unknown => word(tensor([], [2, 0]), 1);
      expect(run).toThrow(DomainError);
      expect(run).toThrow(new RegExp(`^${name}: expected at least one entry .*received shape \\[2, 0\\]`));
      expect(() => word(tensor([]))).toThrow(DomainError);
      expect(() => word(tensor([], [0, 0]), 1)).toThrow(DomainError);
    });
    test(`${name}: over nothing but with no results is empty`, () => {
      expect(word(tensor([], [0, 3]), 1).toArray()).toEqual([]);
      expect(word(tensor([], [0, 3]), 1, { keepDims: true }).shape).toEqual([0, 1]);
    });
    test(`${name}: axes, options and arguments that it does not know`, () => {
      expect(() => word(tensor([1]), 1)).toThrow(new RegExp(`^${name}: .*received 1`));
      expect(() => word(tensor([1]), [0, -1])).toThrow(new RegExp(`^${name}: .*axis 0 twice`));
      expect(() => word(tensor([1]), 0, { keepdims: true } as never)).toThrow(new RegExp(`^${name}: unknown option`));
      expect(() => word([1] as never)).toThrow(new RegExp(`^${name}: .*received an array`));
    });
  }
});
