// Does cumsum give the partial sums along its axis?
import fc from "fast-check";
import { cumsum, DomainError, grad, mul, sum, type Tensor, tensor } from "stillpoint";
import { describe, expect, test } from "vitest";
import { expectDerivatives } from "./derivatives.js";
import { at, build, shapes, tensors } from "./naive.js";

const seed = 20260313;

describe("cumsum", () => {
  test("agrees with a naive loop along any axis, negative ones and empty ones too", () => {
    const cases = shapes(3)
      .filter((shape) => shape.length > 0)
      .chain((shape) => fc.tuple(tensors(shape), fc.nat({ max: shape.length - 1 }), fc.boolean()));
    fc.assert(
      fc.property(cases, ([x, axis, negative]) => {
        const expected = build(x.shape, (index) => {
          let total = 0;
          for (let j = 0; j <= index[axis]; j++) {
            total += at(
              x,
              index.map((i, a) => (a === axis ? j : i)),
            );
          }
          return total;
        });
        const received = cumsum(x, negative ? axis - x.shape.length : axis);
        expect(received.shape).toEqual(x.shape);
        expect(received.data).toEqual(expected.data);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("its cotangents are the partial sums from the end", () => {
    const weights = tensor([1, 10, 100]);
    expect(grad((x: Tensor) => sum(mul(weights, cumsum(x, 0))))(tensor([5, 6, 7])).toArray()).toEqual([111, 110, 100]);
  });
  test("has right derivatives, twice", () => {
    const x = tensor([
      [1, 2, -1],
      [0.5, 0, 3],
    ]);
    for (const axis of [0, 1]) expectDerivatives((y) => cumsum(mul(y, y), axis), x);
  });
  test("a NaN spoils what follows, and not what precedes", () => {
    expect(cumsum(tensor([1, Number.NaN, 2]), 0).toArray()).toEqual([1, Number.NaN, Number.NaN]);
  });
  test("refuses an axis that does not exist, by name", () => {
    expect(() => cumsum(tensor([1]), 1)).toThrow(DomainError);
    expect(() => cumsum(tensor([1]), 1)).toThrow(/^cumsum: expected an axis from -1 to 0, received 1/);
    expect(() => cumsum(1, 0)).toThrow(/^cumsum: .*scalar/);
    expect(() => cumsum([1] as never, 0)).toThrow(/^cumsum: .*received an array/);
  });
});
