// Do split, pad, flip and roll move entries as arrays do?
import fc from "fast-check";
import {
  compile,
  concat,
  DomainError,
  flip,
  grad,
  mul,
  pad,
  roll,
  ShapeError,
  split,
  sum,
  Tensor,
  tensor,
  trace,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { expectDerivatives } from "./derivatives.js";
import { at, build, shapes, tensors } from "./naive.js";

const seed = 20260316;
const withAxis = shapes(3)
  .filter((shape) => shape.length > 0)
  .chain((shape) => fc.tuple(tensors(shape), fc.nat({ max: shape.length - 1 })));
const expectSame = (received: Tensor, expected: Tensor): void => {
  expect(received.shape).toEqual(expected.shape);
  expect(received.data).toEqual(expected.data);
};
const x23 = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("split", () => {
  test("is undone by concat, for sizes and for equal parts", () => {
    fc.assert(
      fc.property(withAxis, fc.array(fc.nat({ max: 3 }), { maxLength: 3 }), ([x, axis], cuts) => {
        const n = x.shape[axis];
        const ends = [...cuts.map((cut) => Math.min(cut, n)), n].sort((a, b) => a - b);
        const sizes = ends.map((end, i) => end - (ends[i - 1] ?? 0));
        const parts = split(x, sizes, axis);
        expect(parts.map((part) => part.shape[axis])).toEqual(sizes);
        expectSame(concat(parts, axis), x);
        if (n > 0) expectSame(concat(split(x, n, axis - x.shape.length), axis), x);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("takes the first axis by default", () => {
    expect(split(x23, 2).map((part) => part.toArray())).toEqual([[[1, 2, 3]], [[4, 5, 6]]]);
    expect(split(x23, [1, 2], 1).map((part) => part.toArray())).toEqual([
      [[1], [4]],
      [
        [2, 3],
        [5, 6],
      ],
    ]);
    expect(split(tensor([], [0, 2]), 3).map((part) => part.shape)).toEqual([
      [0, 2],
      [0, 2],
      [0, 2],
    ]);
  });
  test("sends each part's cotangent to its place", () => {
    const f = (x: Tensor): Tensor => {
      const [a, , c] = split(x, 3);
      return sum(mul(a, c));
    };
    expect(grad(f)(tensor([1, 2, 3, 4, 5, 6])).toArray()).toEqual([5, 6, 0, 0, 1, 2]);
  });
  test("refuses parts that do not make up the axis, by name", () => {
    expect(() => split(x23, 2, 1)).toThrow(ShapeError);
    expect(() => split(x23, 2, 1)).toThrow(
      /^split: .*axis 1 of size 3, received 2 equal parts: 3 is not a multiple of 2/,
    );
    expect(() => split(x23, [1, 1], 1)).toThrow(/^split: .*size 3, received sizes \[1, 1\], which are 2 in all/);
    expect(() => split(x23, [4, -1], 1)).toThrow(ShapeError);
    expect(() => split(x23, 0)).toThrow(/^split: expected parts to be an integer ≥ 1, received 0/);
    expect(() => split(x23, 1.5)).toThrow(DomainError);
    expect(() => split(x23, [0.5, 1.5])).toThrow(/^split: expected parts to be an array of integers/);
    expect(() => split(x23, 1, 2)).toThrow(/^split: expected an axis from -2 to 1/);
    expect(() => split([1] as never, 1)).toThrow(/^split: .*received an array/);
  });
});

describe("pad", () => {
  test("agrees with a naive loop", () => {
    const width = fc.nat({ max: 2 });
    fc.assert(
      fc.property(
        shapes(3).chain((shape) =>
          fc.tuple(
            tensors(shape),
            fc.array(fc.tuple(width, width), { minLength: shape.length, maxLength: shape.length }),
          ),
        ),
        ([x, widths]) => {
          const whole = x.shape.map((n, axis) => widths[axis][0] + n + widths[axis][1]);
          const expected = build(whole, (index) => {
            const inner = index.map((i, axis) => i - widths[axis][0]);
            return inner.every((i, axis) => i >= 0 && i < x.shape[axis]) ? at(x, inner) : 0;
          });
          expectSame(pad(x, widths), expected);
        },
      ),
      { seed, numRuns: 300 },
    );
  });
  test("keeps its frame at 0 and passes what is inside", () => {
    expectDerivatives(
      (y) =>
        pad(mul(y, y), [
          [1, 0],
          [0, 2],
        ]),
      x23,
    );
    expect(pad(tensor(3), []).item()).toBe(3);
  });
  test("refuses anything but a pair for each axis, by name", () => {
    for (const wrong of [
      [],
      [[1, 1]],
      [[1, 1], [1]],
      [
        [1, 1],
        [0, -1],
      ],
      [
        [1, 1],
        [0, 0.5],
      ],
      [1, 1],
      2,
    ]) {
      expect(() => pad(x23, wrong as never)).toThrow(DomainError);
      expect(() => pad(x23, wrong as never)).toThrow(
        `pad: expected [before, after], two integers ≥ 0, for each of 2 axes of shape [2, 3], received ${JSON.stringify(wrong)}`,
      );
    }
  });
});

describe("flip", () => {
  test("agrees with a naive loop over any axes, and undoes itself", () => {
    const cases = shapes(3).chain((shape) =>
      fc.tuple(tensors(shape), fc.subarray(shape.map((_, axis) => axis)), fc.boolean()),
    );
    fc.assert(
      fc.property(cases, ([x, axes, negative]) => {
        const spelled = axes.map((axis) => (negative ? axis - x.shape.length : axis));
        const expected = build(x.shape, (index) =>
          at(
            x,
            index.map((i, axis) => (axes.includes(axis) ? x.shape[axis] - 1 - i : i)),
          ),
        );
        expectSame(flip(x, spelled), expected);
        expectSame(flip(flip(x, spelled), spelled), x);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("takes one axis as a number, and all by default", () => {
    expect(flip(x23, 0).toArray()).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ]);
    expect(flip(x23).toArray()).toEqual([
      [6, 5, 4],
      [3, 2, 1],
    ]);
    expect(flip(5).item()).toBe(5);
  });
  test("has right derivatives, and refuses axes by name", () => {
    expectDerivatives((y) => flip(mul(y, y), 1), x23);
    expect(() => flip(x23, 2)).toThrow(/^flip: expected an axis from -2 to 1, received 2/);
    expect(() => flip(x23, [1, -1])).toThrow(/^flip: .*axis 1 twice/);
  });
});

describe("roll", () => {
  test("agrees with a naive loop for any shift, and is undone by its opposite", () => {
    fc.assert(
      fc.property(withAxis, fc.integer({ min: -9, max: 9 }), ([x, axis], shift) => {
        const n = x.shape[axis];
        const expected = build(x.shape, (index) =>
          at(
            x,
            index.map((i, a) => (a === axis ? (((i - shift) % n) + n) % n : i)),
          ),
        );
        expectSame(roll(x, shift, axis - x.shape.length), expected);
        expectSame(roll(roll(x, shift, axis), -shift, axis), x);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("has right derivatives, and refuses by name", () => {
    expectDerivatives((y) => roll(mul(y, y), -1, 1), x23);
    expect(() => roll(x23, 0.5, 0)).toThrow(/^roll: expected shift to be an integer, received 0.5/);
    expect(() => roll(x23, 1, 2)).toThrow(/^roll: expected an axis from -2 to 1, received 2/);
    expect(() => roll(x23, 1, undefined as never)).toThrow(DomainError);
  });
});

test("empty tensors have derivatives and plans", () => {
  const nothing = new Tensor([2, 0], new Float64Array(0));
  for (const f of [
    (x: Tensor) => flip(x),
    (x: Tensor) => roll(x, 1, 1),
    (x: Tensor) => roll(x, 1, 0),
    (x: Tensor) =>
      pad(x, [
        [1, 1],
        [1, 1],
      ]),
    (x: Tensor) => split(x, 2)[1],
  ]) {
    expect(grad((x: Tensor) => sum(f(x)))(nothing).shape).toEqual([2, 0]);
    expect(compile(trace(f, nothing)).run([nothing]).data).toEqual(f(nothing).data);
  }
});
