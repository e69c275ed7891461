// Is every row dealt out once in each pass?
import fc from "fast-check";
import { arange, DomainError, random, reshape, ShapeError, type Tensor, tensor, zeros } from "stillpoint";
import { type BatchProgress, batches } from "stillpoint/optim";
import { describe, expect, expectTypeOf, test } from "vitest";

const seed = 20260603;

/** Rows are numbered, and carry their number in every column. */
const numbered = (rows: number): Tensor => reshape(arange(rows), [rows, 1]);
const ids = (parts: readonly Tensor[]): number[] => parts.flatMap((x) => [...x.data]);

describe("batches", () => {
  test("deal each row exactly once, in batches of the size asked for, the last one smaller", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 12 }), (s, rows, size) => {
        const parts = [...batches(numbered(rows), { size, random: random(s) })];
        expect(ids(parts).sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
        const sizes = parts.map(({ shape }) => shape[0]);
        expect(sizes.slice(0, -1).every((n) => n === size)).toBe(true);
        expect(parts.length).toBe(Math.ceil(rows / size));
        expect(parts.every(({ shape }) => shape.length === 2 && shape[1] === 1)).toBe(true);
      }),
      { seed },
    );
  });
  test("the same seed gives the same order, another seed another", () => {
    const order = (s: number): number[] => ids([...batches(numbered(20), { size: 3, random: random(s) })]);
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
  });
  test("a second pass with the same stream has another order", () => {
    const stream = random(3);
    const pass = (): number[] => ids([...batches(numbered(20), { size: 3, random: stream })]);
    expect(pass()).not.toEqual(pass());
  });
  test("without random the order is kept", () => {
    expect(ids([...batches(numbered(5), { size: 2 })])).toEqual([0, 1, 2, 3, 4]);
  });
  test("the tensors of a tree are dealt out together, in their form and type", () => {
    const data = { x: numbered(7), y: [reshape(arange(14), [7, 2])], t: arange(7) };
    for (const part of batches(data, { size: 3, random: random(4) })) {
      // type test
      expectTypeOf(part).toEqualTypeOf<typeof data>();
      expect(Object.keys(part)).toEqual(["x", "y", "t"]);
      part.t.data.forEach((id, i) => {
        expect(part.x.data[i]).toBe(id);
        expect(part.y[0].data[2 * i]).toBe(2 * id);
        expect(part.y[0].data[2 * i + 1]).toBe(2 * id + 1);
      });
    }
  });
  test("are copies: the data stays as it was", () => {
    const data = tensor([1, 2, 3]);
    for (const part of batches(data, { size: 2 })) part.data.fill(0);
    expect(data.toArray()).toEqual([1, 2, 3]);
  });
  test("rows may be empty", () => {
    expect([...batches(zeros([3, 0]), { size: 2 })].map(({ shape }) => shape)).toEqual([
      [2, 0],
      [1, 0],
    ]);
  });
  test("no rows give no batches", () => {
    expect([...batches(zeros([0, 2]), { size: 2, random: random(0) })]).toEqual([]);
  });
  test("with dropLast leave out the smaller one, and only it", () => {
    const sizes = (rows: number, size: number) =>
      [...batches(numbered(rows), { size, dropLast: true })].map(({ shape }) => shape[0]);
    expect([sizes(7, 3), sizes(6, 3), sizes(2, 3), sizes(0, 3)]).toEqual([[3, 3], [3, 3], [], []]);
    const all = [...batches(numbered(7), { size: 3, random: random(5) })];
    const some = [...batches(numbered(7), { size: 3, random: random(5), dropLast: true })];
    expect(ids(some)).toEqual(ids(all).slice(0, 6));
  });
  describe("tell onProgress", () => {
    const pass = (dropLast: boolean) => {
      const told: BatchProgress[] = [];
      const parts = batches(numbered(7), { size: 3, dropLast, onProgress: (progress) => told.push(progress) });
      return { told, parts };
    };
    test("about each batch after it was used, until all rows are done", () => {
      const { told, parts } = pass(false);
      const before = [...parts].map(() => told.length);
      expect(before.length).toBe(3);
      expect(told).toEqual([
        { batch: 1, batches: 3, rows: 3, of: 7 },
        { batch: 2, batches: 3, rows: 6, of: 7 },
        { batch: 3, batches: 3, rows: 7, of: 7 },
      ]);
      const again = pass(false);
      const seen: number[] = [];
      for (const part of again.parts) seen.push(part.shape[0] + 10 * again.told.length);
      expect(seen).toEqual([3, 13, 21]);
    });
    test("about the rows that are dealt with dropLast", () => {
      const { told, parts } = pass(true);
      expect([...parts].length).toBe(2);
      expect(told[1]).toEqual({ batch: 2, batches: 2, rows: 6, of: 6 });
    });
    test("not about a batch in which the loop was left", () => {
      const { told, parts } = pass(false);
      for (const part of parts) if (part.data[0] === 3) break;
      expect(told.length).toBe(1);
    });
    test("and end if it throws: the stream goes on, and the next pass is whole", () => {
      const stream = random(6);
      const onProgress = (): never => {
        throw new Error("enough");
      };
      const parts = batches(numbered(7), { size: 3, random: stream, onProgress });
      expect(() => [...parts]).toThrow("enough");
      expect([...parts]).toEqual([]);
      const other = random(6);
      other.permutation(7);
      expect(ids([...batches(numbered(7), { size: 3, random: stream })])).toEqual(other.permutation(7));
    });
  });
  const x = tensor([1, 2, 3]);
  const refused: [string, () => Iterable<unknown>, typeof DomainError | typeof ShapeError, RegExp][] = [
    [
      "tensors with different numbers of rows, with all shapes",
      () => batches({ x: zeros([3, 2]), y: zeros([4]) }, { size: 2 }),
      ShapeError,
      /^batches: expected tensors with one number of rows, received \[3, 2\], \[4\]/,
    ],
    ["a scalar among them", () => batches([x, tensor(1)], { size: 2 }), ShapeError, /^batches: .*\[3\], \[\]/],
    ["a size of 0", () => batches(x, { size: 0 }), DomainError, /^batches: .*size.*≥ 1, received 0/],
    ["a fractional size", () => batches(x, { size: 1.5 }), DomainError, /^batches: .*size/],
    ["no size", () => batches(x, {} as never), DomainError, /^batches: .*size.*undefined/],
    ["no options", () => batches(x, undefined as never), DomainError, /^batches: .*size/],
    [
      "a seed in place of a stream",
      () => batches(x, { size: 1, random: 3 as never }),
      DomainError,
      /^batches: .*random\(0\)/,
    ],
    [
      "a misspelt option",
      () => batches(x, { size: 1, rng: random(0) } as never),
      DomainError,
      /^batches: unknown option "rng"/,
    ],
    ["a dropLast that is a text", () => batches(x, { size: 1, dropLast: "no" as never }), DomainError, /dropLast.*no/],
    [
      "an onProgress that is no function",
      () => batches(x, { size: 1, onProgress: true as never }),
      DomainError,
      /^batches: onProgress: expected a function, received boolean/,
    ],
    ["data without a tensor", () => batches({}, { size: 1, random: random(0) }), ShapeError, /^batches: /],
    ["an array of numbers in place of a tensor", () => batches([1, 2] as never, { size: 1 }), ShapeError, /^batches: /],
  ];
  for (const [name, run, kind, message] of refused) {
    test(`refuse ${name}`, () => {
      expect(() => [...run()]).toThrow(kind);
      expect(() => [...run()]).toThrow(message);
    });
  }
  test("refuse when they are called, not when the first batch is taken", () => {
    expect(() => batches(x, { size: 0 })).toThrow(DomainError);
  });
});
