// Are tensors made, read and refused as documented?
import fc from "fast-check";
import { add, ShapeError, Tensor, TraceError, tensor, trace } from "stillpoint";
import { describe, expect, test } from "vitest";
import { type Nested, tracedTensor } from "../../src/tensor/index.js";

const seed = 20260201;

describe("tensor(values)", () => {
  test("a number becomes a scalar", () => {
    const x = tensor(3.5);
    expect(x.shape).toEqual([]);
    expect([...x.data]).toEqual([3.5]);
    expect(x.item()).toBe(3.5);
    expect(x.toArray()).toBe(3.5);
  });
  test("nested arrays give their shape and row-major entries", () => {
    const x = tensor([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [7, 8, 9],
        [10, 11, 12],
      ],
    ]);
    expect(x.shape).toEqual([2, 2, 3]);
    expect([...x.data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
  test("a Float64Array is copied", () => {
    const values = Float64Array.of(1, 2);
    const x = tensor(values);
    values[0] = 9;
    expect(x.shape).toEqual([2]);
    expect([...x.data]).toEqual([1, 2]);
  });
  test("a Float64Array that views a part of a buffer gives that part", () => {
    expect(tensor(Float64Array.of(1, 2, 3, 4).subarray(1, 3)).toArray()).toEqual([2, 3]);
  });
  test("a shape arranges the values, nested ones too", () => {
    expect(tensor(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]).toArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        [4],
      ).toArray(),
    ).toEqual([1, 2, 3, 4]);
    expect(tensor(7, [1, 1]).toArray()).toEqual([[7]]);
  });
  test("the shape is copied", () => {
    const shape = [2, 1];
    const x = tensor([1, 2], shape);
    shape[0] = 5;
    expect(x.shape).toEqual([2, 1]);
  });
  test("NaN, infinities and the sign of zero are kept", () => {
    expect(tensor([Number.NaN, Number.POSITIVE_INFINITY, -0]).toArray()).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -0,
    ]);
  });
});

describe("empty tensors", () => {
  test("[0] comes from an empty array", () => {
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([]).toArray()).toEqual([]);
  });
  test("[2, 0] comes from empty rows", () => {
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor([[], []]).toArray()).toEqual([[], []]);
  });
  test("[2, 0, 3] comes from a shape", () => {
    const x = tensor([], [2, 0, 3]);
    expect(x.shape).toEqual([2, 0, 3]);
    expect(x.data.length).toBe(0);
    expect(x.toArray()).toEqual([[], []]);
  });
});

describe("tensor refuses", () => {
  const cases: [string, () => unknown, RegExp][] = [
    ["a shorter row, and says where", () => tensor([[1, 2], [3]]), /tensor: .*1 values at \[1\].*has 2/],
    ["a longer row", () => tensor([[1], [2, 3]]), /tensor: .*2 values at \[1\].*has 1/],
    ["a ragged row far down", () => tensor([[[1, 2]], [[3]]]), /at \[1\]\[0\]/],
    ["a number among rows", () => tensor([[1], 2]), /received 2 at \[1\]/],
    ["a row among numbers", () => tensor([1, [2]]), /number at \[1\], received 1 values/],
    ["an empty row among full ones", () => tensor([[1], []]), /0 values at \[1\]/],
    ["a string", () => tensor("1" as never), /received string/],
    ["a string inside", () => tensor([[1, "2"]] as never), /number at \[0\]\[1\], received string/],
    ["null", () => tensor(null as never), /received null/],
    ["nothing", () => tensor(undefined as never), /received undefined/],
    ["holes in an array", () => tensor(new Array(3) as never), /received undefined/],
    ["too many values", () => tensor([1, 2, 3], [2]), /expected 2 values for shape \[2\], received 3/],
    ["too few values", () => tensor(new Float64Array(5), [2, 3]), /expected 6 values for shape \[2, 3\], received 5/],
    ["a negative size", () => tensor([1, 2], [-1, -2]), /\[-1, -2\]: axis 0 is -1/],
    ["a fractional size", () => tensor([1, 2, 3], [2, 1.5]), /axis 1 is 1.5/],
    ["NaN as a size", () => tensor([1], [Number.NaN]), /axis 0 is NaN/],
    ["a size that is no number", () => tensor([1], ["1"] as never), /axis 0 is 1/],
  ];
  for (const [name, run, message] of cases) {
    test(name, () => {
      expect(run).toThrow(ShapeError);
      expect(run).toThrow(message);
    });
  }
});

describe("reading", () => {
  test("item reads the only entry of any rank", () => {
    expect(tensor([[[4]]]).item()).toBe(4);
  });
  test("item refuses several entries or none, with shape, count and remedy", () => {
    expect(() => tensor([1, 2]).item()).toThrow(ShapeError);
    expect(() => tensor([1, 2]).item()).toThrow(/item: .*\[2\] with 2; toArray/);
    expect(() => tensor([]).item()).toThrow(/\[0\] with 0/);
  });
  test("toArray undoes tensor", () => {
    const arrays = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 }).chain((shape) => {
      let level: fc.Arbitrary<Nested> = fc.double();
      for (const n of [...shape].reverse()) level = fc.array(level, { minLength: n, maxLength: n });
      return level;
    });
    fc.assert(
      fc.property(arrays, (values) => {
        expect(tensor(values).toArray()).toEqual(values);
      }),
      { seed },
    );
  });
  test("toArray gives a copy", () => {
    const x = tensor([1, 2]);
    (x.toArray() as number[])[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });
  test("a constructed tensor knows that it is one", () => {
    expect(tensor([1])).toBeInstanceOf(Tensor);
    expect(tensor([1]).traced).toBe(false);
  });
});

describe("a traced tensor", () => {
  const x = tracedTensor([2, 3]);
  test("has a shape and says that it is traced", () => {
    expect(x.shape).toEqual([2, 3]);
    expect(x.traced).toBe(true);
  });
  const readings: [string, (y: Tensor) => unknown][] = [
    ["data", (y) => y.data],
    ["item", (y) => y.item()],
    ["toArray", (y) => y.toArray()],
  ];
  for (const [name, read] of readings) {
    test(`refuses ${name} with its shape and names where`, () => {
      expect(() => read(x)).toThrow(TraceError);
      expect(() => read(x)).toThrow(/traced tensor of shape \[2, 3\].*\bwhere\b/);
    });
    test(`refuses ${name} inside trace`, () => {
      expect(() =>
        trace((y) => {
          read(add(y, 1));
          return y;
        }, tensor(1)),
      ).toThrow(/\bwhere\b/);
    });
  }
});
