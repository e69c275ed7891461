// Do diag, tril and triu keep the entries that they should?
import fc from "fast-check";
import { compile, diag, grad, jit, mul, ShapeError, sum, type Tensor, tensor, trace, tril, triu } from "stillpoint";
import { describe, expect, test } from "vitest";
import { expectDerivatives } from "./derivatives.js";
import { at, build, shapes, tensors } from "./naive.js";

const seed = 20260317;
const expectSame = (received: Tensor, expected: Tensor): void => {
  expect(received.shape).toEqual(expected.shape);
  expect(received.data).toEqual(expected.data);
};
const size = fc.nat({ max: 4 });
const x33 = tensor([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]);

describe("diag", () => {
  test("puts a vector on the diagonal, and takes it off", () => {
    fc.assert(
      fc.property(
        size.chain((n) => tensors([n])),
        (x) => {
          const [n] = x.shape;
          expectSame(
            diag(x),
            build([n, n], ([i, j]) => (i === j ? x.data[i] : 0)),
          );
          expectSame(diag(diag(x)), x);
        },
      ),
      { seed },
    );
  });
  test("of a matrix, square or not, agrees with a naive loop", () => {
    fc.assert(
      fc.property(
        fc.tuple(size, size).chain((shape) => tensors(shape)),
        (x) => {
          expectSame(
            diag(x),
            build([Math.min(...x.shape)], ([i]) => at(x, [i, i])),
          );
        },
      ),
      { seed },
    );
  });
  test("has right derivatives", () => {
    expectDerivatives((x) => diag(mul(x, x)), x33);
    expectDerivatives((x) => diag(mul(x, x)), tensor([1, 2, 3]));
    expect(
      grad((x: Tensor) => sum(mul(tensor([10, 20]), diag(x))))(
        tensor([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ).toArray(),
    ).toEqual([
      [10, 0, 0],
      [0, 20, 0],
    ]);
  });
  test("refuses what is neither", () => {
    expect(() => diag(1)).toThrow(ShapeError);
    expect(() => diag(1)).toThrow(/^diag: expected a vector or a matrix, received \[\]/);
    expect(() => diag(tensor([[[1]]]))).toThrow(/^diag: .*received \[1, 1, 1\]/);
  });
});

describe("tril and triu", () => {
  test("agree with naive loops, for batches and every k", () => {
    const cases = fc.tuple(shapes(1), size, size).chain(([batch, m, n]) => tensors([...batch, m, n]));
    fc.assert(
      fc.property(cases, fc.integer({ min: -5, max: 5 }), (x, k) => {
        const keep = (yes: (i: number, j: number) => boolean): Tensor =>
          build(x.shape, (index) => (yes(index[index.length - 2], index[index.length - 1]) ? at(x, index) : 0));
        expectSame(
          tril(x, k),
          keep((i, j) => j <= i + k),
        );
        expectSame(
          triu(x, k),
          keep((i, j) => j >= i + k),
        );
      }),
      { seed, numRuns: 300 },
    );
  });
  test("drop what they drop, even NaN and infinities, of values and of cotangents", () => {
    expect(
      tril(
        tensor([
          [1, Number.NaN],
          [2, 3],
        ]),
      ).toArray(),
    ).toEqual([
      [1, 0],
      [2, 3],
    ]);
    const f = (x: Tensor): Tensor =>
      sum(
        mul(
          tensor([
            [1, Infinity],
            [1, 1],
          ]),
          tril(x),
        ),
      );
    expect(
      grad(f)(
        tensor([
          [1, 1],
          [1, 1],
        ]),
      ).data[2],
    ).toBe(1);
  });
  test("have right derivatives", () => {
    expectDerivatives((x) => tril(mul(x, x), -1), x33);
    expectDerivatives((x) => triu(mul(x, x)), x33);
  });
  test("their masks are no inputs of a program", () => {
    const program = trace((x: Tensor) => triu(tril(x)), x33);
    expect(program.free).toBe(0);
    const expected = diag(diag(x33)).toArray();
    expect(compile(program).run([x33]).toArray()).toEqual(expected);
    expect(jit((x: Tensor) => triu(tril(x)))(x33).toArray()).toEqual(expected);
  });
  test("refuse vectors and fractions by name", () => {
    for (const [name, word] of [
      ["tril", tril],
      ["triu", triu],
    ] as const) {
      expect(() => word(tensor([1, 2]))).toThrow(ShapeError);
      expect(() => word(tensor([1, 2]))).toThrow(
        new RegExp(`^${name}: expected a matrix or a batch of them, received \\[2\\]`),
      );
      expect(() => word(x33, 0.5)).toThrow(new RegExp(`^${name}: expected k to be an integer, received 0.5`));
      expect(() => word([1] as never)).toThrow(new RegExp(`^${name}: .*received an array`));
    }
  });
});
