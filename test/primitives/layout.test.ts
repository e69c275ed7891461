// Do reshape, transpose, expandDims, squeeze and broadcastTo move entries where they should?
import fc from "fast-check";
import {
  broadcastTo,
  DomainError,
  expandDims,
  grad,
  mul,
  reshape,
  ShapeError,
  squeeze,
  sum,
  type Tensor,
  tensor,
  transpose,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { sumTo } from "../../src/primitives/index.js";
import { anyTensor, at, atBroadcast, build, indices, shapes, shrunk, tensors } from "./naive.js";

const seed = 20260304;
const x23 = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("reshape", () => {
  test("keeps the entries in row-major order, for every way to factor the size", () => {
    const factors = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });
    const cases = factors.chain((shape) =>
      fc.tuple(tensors(shape), fc.shuffledSubarray(shape, { minLength: shape.length })),
    );
    fc.assert(
      fc.property(cases, ([x, to]) => {
        const y = reshape(x, to);
        expect(y.shape).toEqual(to);
        expect([...y.data]).toEqual([...x.data]);
      }),
      { seed },
    );
  });
  test("computes one size that is −1, wherever it stands", () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
          .chain((shape) =>
            fc.tuple(tensors([shape.reduce((a, b) => a * b)]), fc.constant(shape), fc.nat({ max: shape.length - 1 })),
          ),
        ([x, shape, hidden]) => {
          const y = reshape(
            x,
            shape.map((n, axis) => (axis === hidden ? -1 : n)),
          );
          expect(y.shape).toEqual(shape);
        },
      ),
      { seed },
    );
  });
  test("handles empty tensors and scalars", () => {
    expect(reshape(tensor([]), [3, 0]).shape).toEqual([3, 0]);
    expect(reshape(tensor([]), [2, -1]).shape).toEqual([2, 0]);
    expect(reshape(3, [1, 1]).toArray()).toEqual([[3]]);
    expect(reshape(tensor([[3]]), []).item()).toBe(3);
    expect(reshape(3, [-1]).toArray()).toEqual([3]);
  });
  test("brings a gradient back in the old shape", () => {
    const f = (x: Tensor): Tensor =>
      sum(
        mul(
          reshape(x, [3, 2]),
          tensor([
            [1, 2],
            [3, 4],
            [5, 6],
          ]),
        ),
      );
    expect(grad(f)(x23).toArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });
  test("does not keep the caller's array", () => {
    const to = [3, 2];
    const y = reshape(x23, to);
    to[0] = 7;
    expect(y.shape).toEqual([3, 2]);
  });
  const refused: [string, readonly number[]][] = [
    ["another number of entries", [4, 2]],
    ["two sizes of −1", [-1, -1]],
    ["a −1 that does not divide", [4, -1]],
    ["a −1 beside a 0", [0, -1]],
    ["sizes whose product is right, but one of them negative", [-2, -3]],
    ["a fractional size", [1.5, 4]],
    ["NaN", [Number.NaN]],
  ];
  for (const [name, to] of refused) {
    test(`refuses ${name}, with both shapes and the remedy`, () => {
      expect(() => reshape(x23, to)).toThrow(ShapeError);
      expect(() => reshape(x23, to)).toThrow(
        `reshape: expected sizes with product 6, received [2, 3] to [${to.join(", ")}]`,
      );
      expect(() => reshape(x23, to)).toThrow("one size may be −1");
    });
  }
});

describe("transpose", () => {
  test("puts axis axes[i] at place i", () => {
    const cases = anyTensor(4).chain((x) => {
      const axes = x.shape.map((_, axis) => axis);
      return fc.tuple(
        fc.constant(x),
        fc.shuffledSubarray(axes, { minLength: axes.length }),
        fc.infiniteStream(fc.boolean()),
      );
    });
    fc.assert(
      fc.property(cases, ([x, axes, negative]) => {
        const rank = axes.length;
        const expected = build(
          axes.map((axis) => x.shape[axis]),
          (index) =>
            at(
              x,
              x.shape.map((_, axis) => index[axes.indexOf(axis)]),
            ),
        );
        const received = transpose(
          x,
          axes.map((axis) => (negative.next().value ? axis - rank : axis)),
        );
        expect(received.shape).toEqual(expected.shape);
        expect([...received.data]).toEqual([...expected.data]);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("without axes reverses them", () => {
    expect(transpose(x23).toArray()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(transpose(tensor(new Float64Array(24), [2, 3, 4])).shape).toEqual([4, 3, 2]);
    expect(transpose(tensor([1, 2])).toArray()).toEqual([1, 2]);
    expect(transpose(5).item()).toBe(5);
  });
  test("twice is the identity", () => {
    expect(transpose(transpose(x23)).toArray()).toEqual(x23.toArray());
  });
  const refused: [string, readonly number[], RegExp][] = [
    ["too few axes", [0], /^transpose: expected each of 2 axes once, received \[0\]/],
    ["an axis twice", [0, 0], /received \[0, 0\]/],
    ["an axis twice, in two spellings", [1, -1], /received \[1, -1\]/],
    ["an axis that does not exist", [0, 2], /^transpose: expected an axis from -2 to 1, received 2/],
  ];
  for (const [name, axes, message] of refused) {
    test(`refuses ${name}`, () => {
      expect(() => transpose(x23, axes)).toThrow(DomainError);
      expect(() => transpose(x23, axes)).toThrow(message);
    });
  }
});

describe("expandDims and squeeze", () => {
  test("expandDims puts a 1 where it is asked, from either end", () => {
    const shapeOf = (axis: number): readonly number[] => expandDims(x23, axis).shape;
    expect([0, 1, 2].map(shapeOf)).toEqual([
      [1, 2, 3],
      [2, 1, 3],
      [2, 3, 1],
    ]);
    expect([-3, -2, -1].map(shapeOf)).toEqual([
      [1, 2, 3],
      [2, 1, 3],
      [2, 3, 1],
    ]);
    expect(expandDims(4, 0).toArray()).toEqual([4]);
  });
  test("squeeze undoes expandDims and keeps the entries", () => {
    const cases = anyTensor().chain((x) => fc.tuple(fc.constant(x), fc.nat({ max: x.shape.length })));
    fc.assert(
      fc.property(cases, ([x, axis]) => {
        const y = squeeze(expandDims(x, axis), axis);
        expect(y.shape).toEqual(x.shape);
        expect([...y.data]).toEqual([...x.data]);
      }),
      { seed },
    );
  });
  test("squeeze without an axis drops every 1, and nothing else", () => {
    expect(squeeze(tensor(new Float64Array(6), [1, 2, 1, 3, 1])).shape).toEqual([2, 3]);
    expect(squeeze(tensor([[[1]]])).shape).toEqual([]);
    expect(squeeze(tensor([], [1, 0])).shape).toEqual([0]);
  });
  test("squeeze refuses an axis of another size, with the shape", () => {
    expect(() => squeeze(x23, -1)).toThrow(ShapeError);
    expect(() => squeeze(x23, -1)).toThrow(/^squeeze: expected size 1 along axis 1, received \[2, 3\]/);
  });
  test("both refuse axes that do not exist", () => {
    expect(() => squeeze(x23, 2)).toThrow(/^squeeze: expected an axis from -2 to 1, received 2/);
    expect(() => expandDims(x23, 3)).toThrow(/^expandDims: expected an axis from -3 to 2, received 3/);
    expect(() => expandDims(x23, -4)).toThrow(DomainError);
  });
});

describe("broadcastTo and sumTo", () => {
  const pairs = shapes().chain((large) => fc.tuple(fc.constant(large), shrunk(large)));
  test("broadcastTo repeats entries", () => {
    const cases = pairs.chain(([large, small]) => fc.tuple(fc.constant(large), tensors(small)));
    fc.assert(
      fc.property(cases, ([large, x]) => {
        const y = broadcastTo(x, large);
        expect(y.shape).toEqual(large);
        expect([...y.data]).toEqual([...build(large, (index) => atBroadcast(x, index)).data]);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("sumTo adds up what broadcastTo would repeat", () => {
    const cases = pairs.chain(([large, small]) => fc.tuple(tensors(large), fc.constant(small)));
    fc.assert(
      fc.property(cases, ([x, small]) => {
        const expected = build(small, () => 0);
        const place = build(small, (index) => index.reduce((offset, i, axis) => offset * small[axis] + i, 0));
        for (const index of indices(x.shape)) expected.data[atBroadcast(place, index)] += at(x, index);
        const received = sumTo(x, small);
        expect(received.shape).toEqual(small);
        expect([...received.data]).toEqual([...expected.data]);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("broadcastTo refuses shapes that do not fit, or would shrink, naming both", () => {
    expect(() => broadcastTo(x23, [2, 4])).toThrow(/^broadcastTo: .*\[2, 3\] and \[2, 4\]/);
    expect(() => broadcastTo(x23, [3])).toThrow(
      /^broadcastTo: expected a shape that broadcasts to \[3\], received \[2, 3\]/,
    );
    expect(() => broadcastTo(x23, [1, 3])).toThrow(ShapeError);
    expect(() => broadcastTo(1, [-1])).toThrow(/^broadcastTo: .*axis 0 is -1/);
  });
  test("the result does not keep the caller's array", () => {
    const to = [2, 2];
    const y = broadcastTo(1, to);
    to[0] = 7;
    expect(y.shape).toEqual([2, 2]);
  });
});
