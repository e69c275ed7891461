// Does matmul follow NumPy's rules for every combination of ranks?
import fc from "fast-check";
import { grad, matmul, ShapeError, sum, type Tensor, tensor } from "stillpoint";
import { describe, expect, test } from "vitest";
import { build, shrunk, tensors } from "./naive.js";

const seed = 20260302;
const sizes = fc.integer({ min: 0, max: 6 });
const entries = fc.double({ min: -1e3, max: 1e3, noNaN: true });

/** Three nested loops; `size` is the sum of the absolute products, in units of which rounding is measured. */
function tripleLoop(a: Tensor, b: Tensor): { product: Tensor; size: Tensor } {
  const k = a.shape[a.shape.length - 1];
  const [aVector, bVector] = [a.shape.length === 1, b.shape.length === 1];
  const aBatch = a.shape.slice(0, -2);
  const bBatch = b.shape.slice(0, -2);
  const batch = aBatch.length >= bBatch.length ? [...aBatch] : [...bBatch];
  for (let fromEnd = 1; fromEnd <= Math.min(aBatch.length, bBatch.length); fromEnd++) {
    const [m, n] = [aBatch[aBatch.length - fromEnd], bBatch[bBatch.length - fromEnd]];
    batch[batch.length - fromEnd] = m === 1 ? n : m;
  }
  const rows = aVector ? [] : [a.shape[a.shape.length - 2]];
  const columns = bVector ? [] : [b.shape[b.shape.length - 1]];
  const shape = [...batch, ...rows, ...columns];
  const entry = (
    x: Tensor,
    xBatch: readonly number[],
    index: readonly number[],
    row: number,
    column: number,
  ): number => {
    let offset = 0;
    xBatch.forEach((n, axis) => {
      offset = offset * n + (n === 1 ? 0 : index[batch.length - xBatch.length + axis]);
    });
    const [height, width] = x.shape.slice(-2);
    return x.data[(offset * height + row) * width + column];
  };
  const total = (term: (x: number, y: number) => number): Tensor =>
    build(shape, (index) => {
      const row = aVector ? 0 : index[batch.length];
      const column = bVector ? 0 : index[index.length - 1];
      let all = 0;
      for (let l = 0; l < k; l++) {
        const x = aVector ? a.data[l] : entry(a, aBatch, index, row, l);
        const y = bVector ? b.data[l] : entry(b, bBatch, index, l, column);
        all += term(x, y);
      }
      return all;
    });
  return { product: total((x, y) => x * y), size: total((x, y) => Math.abs(x * y)) };
}

/** Operands of these ranks that fit together; their batch axes broadcast. */
const operands = (aRank: number, bRank: number): fc.Arbitrary<[Tensor, Tensor]> =>
  fc
    .tuple(
      sizes,
      sizes,
      sizes,
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 2 }).chain((batch) =>
        fc.tuple(
          shrunk(batch).map((some) => [...batch.slice(0, 2 - some.length), ...some]),
          shrunk(batch).map((some) => [...batch.slice(0, 2 - some.length), ...some]),
        ),
      ),
    )
    .chain(([m, k, n, [aBatch, bBatch]]) =>
      fc.tuple(
        tensors(aRank === 1 ? [k] : [...aBatch.slice(4 - aRank), m, k], entries),
        tensors(bRank === 1 ? [k] : [...bBatch.slice(4 - bRank), k, n], entries),
      ),
    );

describe("matmul agrees with three nested loops to 1e-13 of the sum of absolute products", () => {
  for (const aRank of [1, 2, 3, 4]) {
    for (const bRank of [1, 2, 3, 4]) {
      test(`rank ${aRank} times rank ${bRank}`, () => {
        fc.assert(
          fc.property(operands(aRank, bRank), ([a, b]) => {
            const received = matmul(a, b);
            const { product, size } = tripleLoop(a, b);
            expect(received.shape).toEqual(product.shape);
            received.data.forEach((value, i) => {
              expect(Math.abs(value - product.data[i])).toBeLessThanOrEqual(1e-13 * size.data[i]);
            });
          }),
          { seed, numRuns: 60 },
        );
      });
    }
  }
});

describe("matmul", () => {
  test("of matrices, by hand", () => {
    const a = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(matmul(a, tensor([[1], [10]])).toArray()).toEqual([[21], [43], [65]]);
    expect(matmul(tensor([1, 10, 100]), a).toArray()).toEqual([531, 642]);
    expect(matmul(a, tensor([1, 10])).toArray()).toEqual([21, 43, 65]);
    expect(matmul(tensor([1, 2]), tensor([3, 4])).item()).toBe(11);
  });
  test("an inner size of 0 gives zeros", () => {
    expect(matmul(tensor([[], []]), tensor([], [0, 3])).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(matmul(tensor([]), tensor([])).item()).toBe(0);
  });
  test("NaN and infinities spread along their row and column", () => {
    const a = tensor([
      [1, Number.NaN],
      [0, 1],
    ]);
    expect(matmul(a, tensor([[Infinity], [1]])).toArray()).toEqual([[Number.NaN], [Number.NaN]]);
    expect(matmul(a, tensor([[1], [1]])).toArray()).toEqual([[Number.NaN], [1]]);
  });
  test("a row gives the same bits alone and among others", () => {
    fc.assert(
      fc.property(tensors([5, 7], entries), tensors([7, 6], entries), (a, b) => {
        const all = matmul(a, b);
        for (let i = 0; i < 5; i++) {
          const row = tensor(a.data.slice(7 * i, 7 * i + 7));
          expect([...matmul(row, b).data]).toEqual([...all.data.slice(6 * i, 6 * i + 6)]);
        }
      }),
      { seed, numRuns: 30 },
    );
  });
  test("gradients of a broadcast batch are summed over it", () => {
    const f = ({ a, b }: { a: Tensor; b: Tensor }): Tensor => sum(matmul(a, b));
    const a = tensor([[[1, 2]], [[3, 4]]]);
    const b = tensor([[[5], [6]]]);
    const gradient = grad(f)({ a, b });
    expect(gradient.a.toArray()).toEqual([[[5, 6]], [[5, 6]]]);
    expect(gradient.b.toArray()).toEqual([[[4], [6]]]);
  });
  test("an operand on both sides collects both cotangents", () => {
    const a = tensor([
      [1, 2],
      [3, 4],
    ]);
    // d Σ(A·A) / dA[i][j] = Σ over row j + Σ over column i
    expect(grad((x: Tensor) => sum(matmul(x, x)))(a).toArray()).toEqual([
      [3 + 4, 7 + 4],
      [3 + 6, 7 + 6],
    ]);
  });
});

describe("matmul refuses, with its pattern and both shapes:", () => {
  const m = (...shape: number[]): Tensor => tensor(new Float64Array(shape.reduce((x, y) => x * y, 1)), shape);
  const cases: [string, () => unknown, RegExp][] = [
    ["inner sizes that differ", () => matmul(m(2, 3), m(2, 3)), /\[2, 3\], \[2, 3\]: k is 3, then 2 in argument 1/],
    ["a vector of another length", () => matmul(m(2, 3), m(2)), /\[2, 3\], \[2\]: k is 3, then 2/],
    ["two vectors of different length", () => matmul(m(3), m(2)), /\[3\], \[2\]: k is 3, then 2/],
    ["a scalar on the left", () => matmul(2, m(2)), /\[\], \[2\]: argument 0 is a scalar; mul/],
    ["a scalar on the right", () => matmul(m(2), 2), /\[2\], \[\]: argument 1 is a scalar; mul/],
    ["batches that do not broadcast", () => matmul(m(2, 3, 4), m(5, 4, 2)), /\[2, 3, 4\], \[5, 4, 2\]: /],
  ];
  for (const [name, run, message] of cases) {
    test(name, () => {
      expect(run).toThrow(ShapeError);
      expect(run).toThrow(/^matmul: /);
      expect(run).toThrow(message);
    });
  }
});
