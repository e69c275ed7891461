// Do slice, concat and stack agree with what arrays do?
import fc from "fast-check";
import { concat, DomainError, grad, mul, ShapeError, slice, stack, sum, type Tensor, tensor } from "stillpoint";
import { describe, expect, test } from "vitest";
import { anyTensor, at, build, tensors } from "./naive.js";

const seed = 20260303;
const positions = fc.integer({ min: -8, max: 8 });
const steps = fc.constantFrom(-3, -2, -1, 1, 2, 3);

/** Which of 0 … n − 1 a slice takes: a filter, then every |step|-th of what is left. */
function taken(n: number, start: number, end: number, step: number): number[] {
  const from = start < 0 ? start + n : start;
  const to = end < 0 ? end + n : end;
  const all = Array.from({ length: n }, (_, i) => i);
  const inside = step > 0 ? all.filter((i) => i >= from && i < to) : all.reverse().filter((i) => i <= from && i > to);
  return inside.filter((_, i) => i % Math.abs(step) === 0);
}

describe("slice", () => {
  test("agrees with a model on every axis, for negative positions and steps", () => {
    const cases = anyTensor().chain((x) =>
      fc.tuple(
        fc.constant(x),
        fc.array(fc.tuple(positions, positions, steps), { minLength: x.shape.length, maxLength: x.shape.length }),
      ),
    );
    fc.assert(
      fc.property(cases, ([x, cuts]) => {
        const chosen = cuts.map(([start, end, step], axis) => taken(x.shape[axis], start, end, step));
        const expected = build(
          chosen.map((list) => list.length),
          (index) =>
            at(
              x,
              index.map((i, axis) => chosen[axis][i]),
            ),
        );
        const received = slice(
          x,
          cuts.map(([start]) => start),
          cuts.map(([, end]) => end),
          cuts.map(([, , step]) => step),
        );
        expect(received.shape).toEqual(expected.shape);
        expect([...received.data]).toEqual([...expected.data]);
      }),
      { seed, numRuns: 1000 },
    );
  });
  test("without steps does what Array.prototype.slice does", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 6 }), positions, positions, (values, start, end) => {
        expect(slice(tensor(values), [start], [end]).toArray()).toEqual(values.slice(start, end));
      }),
      { seed, numRuns: 500 },
    );
  });
  test("keeps the axes that are not named", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    expect(slice(x, [1], [2]).toArray()).toEqual([[4, 5, 6]]);
    expect(slice(x, [0, 1], [3, 3], [2, 1]).toArray()).toEqual([
      [2, 3],
      [8, 9],
    ]);
    expect(slice(x, [], []).toArray()).toEqual(x.toArray());
  });
  test("reverses with a step of −1", () => {
    expect(slice(tensor([1, 2, 3]), [-1], [-4], [-1]).toArray()).toEqual([3, 2, 1]);
  });
  test("sends its cotangent to the entries that were taken, and nowhere else", () => {
    const f = (x: Tensor): Tensor => sum(mul(tensor([10, 20]), slice(x, [4], [0], [-2])));
    expect(grad(f)(tensor([1, 2, 3, 4, 5])).toArray()).toEqual([0, 0, 20, 0, 10]);
  });
  test("two overlapping slices add up their cotangents", () => {
    const f = (x: Tensor): Tensor => sum(mul(slice(x, [0], [2]), slice(x, [1], [3])));
    expect(grad(f)(tensor([2, 3, 5])).toArray()).toEqual([3, 7, 3]);
  });
  const x = tensor([[1, 2, 3]]);
  const refused: [string, () => unknown, RegExp][] = [
    ["more starts than axes", () => slice(x, [0, 0, 0], [1, 1, 1]), /^slice: .*at most 2 for shape \[1, 3\].*3, 3/],
    ["fewer ends than starts", () => slice(x, [0, 0], [1]), /^slice: .*2, 1/],
    ["fewer steps than starts", () => slice(x, [0, 0], [1, 1], [1]), /^slice: .*2, 2 and 1/],
    ["a step of 0", () => slice(x, [0], [1], [0]), /^slice: .*received 0 for axis 0/],
    ["a fractional step", () => slice(x, [0], [1], [0.5]), /^slice: .*steps.*0\.5/],
    ["a fractional start", () => slice(x, [0, 0.5], [1, 2]), /^slice: .*0.5/],
    ["a fractional end", () => slice(x, [0, 0], [1, 1.5]), /^slice: .*1.5/],
    ["a start that is NaN", () => slice(x, [0, Number.NaN], [1, 2]), /^slice: .*NaN/],
    ["an end that is NaN", () => slice(x, [0, 0], [1, Number.NaN]), /^slice: .*NaN/],
    ["any position of a scalar", () => slice(3, [0], [1]), /^slice: .*at most 0 for shape \[\]/],
  ];
  for (const [name, run, message] of refused) {
    test(`refuses ${name}`, () => {
      expect(run).toThrow(DomainError);
      expect(run).toThrow(message);
    });
  }
});

/** Tensors whose shapes agree but for one axis, that axis, and whether it is counted from the end. */
const joinable = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }), fc.nat(), fc.boolean())
  .chain(([shape, pick, fromEnd]) => {
    const axis = pick % shape.length;
    const part = fc.integer({ min: 0, max: 3 }).chain((n) => tensors(shape.map((m, a) => (a === axis ? n : m))));
    return fc.tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constant({ axis, fromEnd }));
  });

describe("concat", () => {
  test("agrees with a model that looks up which part holds an index", () => {
    fc.assert(
      fc.property(joinable, ([parts, { axis, fromEnd }]) => {
        const rank = parts[0].shape.length;
        const owners = parts.flatMap((part, p) => Array.from({ length: part.shape[axis] }, (_, i) => [p, i]));
        const expected = build(
          parts[0].shape.map((n, a) => (a === axis ? owners.length : n)),
          (index) => {
            const [p, i] = owners[index[axis]];
            return at(
              parts[p],
              index.map((j, a) => (a === axis ? i : j)),
            );
          },
        );
        const received = concat(parts, fromEnd ? axis - rank : axis);
        expect(received.shape).toEqual(expected.shape);
        expect([...received.data]).toEqual([...expected.data]);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("joins along the first axis by default", () => {
    expect(concat([tensor([[1]]), tensor([[2]])]).toArray()).toEqual([[1], [2]]);
  });
  test("a tensor that is joined with itself collects both cotangents", () => {
    const f = (x: Tensor): Tensor => sum(mul(tensor([1, 2, 10, 20]), concat([x, x], 0)));
    expect(grad(f)(tensor([0, 0])).toArray()).toEqual([11, 22]);
  });
  test("refuses shapes that differ elsewhere, naming both and the argument", () => {
    const run = (): unknown => concat([tensor([[1, 2]]), tensor([[1, 2]]), tensor([[1, 2, 3]])], 0);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(/^concat: .*axis 0.*\[1, 2\] and \[1, 3\] \(argument 2\)/);
  });
  test("refuses ranks that differ", () => {
    expect(() => concat([tensor([1]), tensor([[1]])], 0)).toThrow(ShapeError);
  });
  test("refuses no tensors, an axis that does not exist, and scalars", () => {
    expect(() => concat([], 0)).toThrow(/^concat: expected at least one tensor/);
    expect(() => concat([tensor([1])], 1)).toThrow(/^concat: expected an axis from -1 to 0, received 1/);
    expect(() => concat([1, 2], 0)).toThrow(/^concat: .*scalar/);
  });
});

describe("stack", () => {
  test("agrees with a model: the new axis says which tensor", () => {
    const cases = fc
      .tuple(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }), fc.nat(), fc.boolean())
      .chain(([shape, pick, fromEnd]) =>
        fc.tuple(
          fc.array(tensors(shape), { minLength: 1, maxLength: 4 }),
          fc.constant({ axis: pick % (shape.length + 1), fromEnd }),
        ),
      );
    fc.assert(
      fc.property(cases, ([parts, { axis, fromEnd }]) => {
        const { shape } = parts[0];
        const expected = build([...shape.slice(0, axis), parts.length, ...shape.slice(axis)], (index) =>
          at(parts[index[axis]], [...index.slice(0, axis), ...index.slice(axis + 1)]),
        );
        const received = stack(parts, fromEnd ? axis - shape.length - 1 : axis);
        expect(received.shape).toEqual(expected.shape);
        expect([...received.data]).toEqual([...expected.data]);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("of numbers is a vector", () => {
    expect(stack([1, 2, 3]).toArray()).toEqual([1, 2, 3]);
  });
  const refused: [string, () => unknown, RegExp][] = [
    ["shapes that differ, naming both", () => stack([tensor([1, 2]), tensor([1])]), /^stack: .*\[2\] and \[1\]/],
    ["no tensors", () => stack([]), /^stack: /],
    ["an axis that does not exist", () => stack([tensor([1])], 3), /^stack: .*axis.*received 3/],
    ["an array among them", () => stack([[1] as never]), /^stack: .*received an array/],
  ];
  for (const [name, run, message] of refused) {
    test(`refuses ${name}`, () => {
      expect(run).toThrow(RangeError);
      expect(run).toThrow(message);
    });
  }
});
