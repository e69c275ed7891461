// Do softmax, logSoftmax and logSumExp keep their digits where exponentials overflow or vanish?
import fc from "fast-check";
import { DomainError, grad, logSoftmax, logSumExp, softmax, sum, type Tensor, tensor } from "stillpoint";
import { describe, expect, test } from "vitest";
import { expectDerivatives } from "./derivatives.js";
import { shapes, tensors } from "./naive.js";

const seed = 20260311;
const vectors = fc
  .integer({ min: 1, max: 6 })
  .chain((n) => tensors([n], fc.double({ min: -30, max: 30, noNaN: true })));
const relative = (received: number, expected: number): number => Math.abs(received - expected) / Math.abs(expected);

describe("values", () => {
  test("agree with the formulas where these are harmless", () => {
    fc.assert(
      fc.property(vectors, (x) => {
        const total = x.data.reduce((all, entry) => all + Math.exp(entry), 0);
        expect(Math.abs(logSumExp(x).item() - Math.log(total))).toBeLessThanOrEqual(
          1e-14 * (1 + Math.abs(Math.log(total))),
        );
        softmax(x).data.forEach((entry, i) => {
          expect(relative(entry, Math.exp(x.data[i]) / total)).toBeLessThanOrEqual(1e-13);
        });
        logSoftmax(x).data.forEach((entry, i) => {
          expect(Math.abs(entry - (x.data[i] - Math.log(total)))).toBeLessThanOrEqual(1e-13);
        });
      }),
      { seed, numRuns: 300 },
    );
  });
  test("of softmax are probabilities along their axis, and do not notice a common offset", () => {
    const any = shapes(3, 1).filter((shape) => shape.length > 0);
    fc.assert(
      fc.property(
        any.chain((shape) => fc.tuple(tensors(shape), fc.nat({ max: shape.length - 1 }))),
        ([x, axis]) => {
          for (const total of sum(softmax(x, axis), axis).data) expect(Math.abs(total - 1)).toBeLessThanOrEqual(1e-14);
          const offset = tensor(
            x.data.map((entry) => entry + 1024),
            x.shape,
          );
          expect(softmax(offset, axis).data).toEqual(softmax(x, axis).data);
          expect(logSoftmax(offset, axis).data).toEqual(logSoftmax(x, axis).data);
        },
      ),
      { seed },
    );
  });
  test("take the last axis by default", () => {
    const x = tensor([
      [0, 0],
      [5, 5],
    ]);
    expect(softmax(x).toArray()).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    expect(softmax(x).data).toEqual(softmax(x, 1).data);
    expect(logSoftmax(x).data).toEqual(logSoftmax(x, 1).data);
  });
  test("logSumExp reduces axes as sum does", () => {
    const x = tensor([
      [
        [0, 0],
        [0, 0],
      ],
    ]);
    expect(logSumExp(x, [0, 2]).shape).toEqual([2]);
    expect(logSumExp(x, -1, { keepDims: true }).shape).toEqual([1, 2, 1]);
    expect(logSumExp(x).item()).toBe(Math.log(4));
    expect(logSumExp(3).item()).toBe(3);
  });
});

describe("extreme entries", () => {
  test("neither overflow nor vanish", () => {
    expect(logSumExp(tensor([1e300, -1e300])).item()).toBe(1e300);
    expect(logSumExp(tensor([-1e300, -1e300])).item()).toBe(-1e300);
    expect(logSumExp(tensor([1.7e308, -1.7e308])).item()).toBe(1.7e308);
    expect(softmax(tensor([1e300, 1e300, -1e300])).toArray()).toEqual([0.5, 0.5, 0]);
    expect(logSoftmax(tensor([1e300, -1e300])).toArray()).toEqual([0, -2e300]);
  });
  test("what is tiny beside the largest is not lost where the largest is 0", () => {
    expect(relative(logSumExp(tensor([0, -40])).item(), Math.log1p(Math.exp(-40)))).toBeLessThanOrEqual(1e-15);
    expect(relative(logSoftmax(tensor([1000, 960])).data[0], -Math.log1p(Math.exp(-40)))).toBeLessThanOrEqual(1e-15);
  });
  test("infinities", () => {
    expect(logSumExp(tensor([-Infinity, -Infinity])).item()).toBe(-Infinity);
    expect(logSumExp(tensor([-Infinity, 3])).item()).toBe(3);
    expect(logSumExp(tensor([Infinity, 3])).item()).toBe(Infinity);
    expect(logSumExp(tensor([Number.NaN, 3])).item()).toBeNaN();
    expect(softmax(tensor([-Infinity, 0, 0])).toArray()).toEqual([0, 0.5, 0.5]);
    expect(grad((x: Tensor) => logSumExp(x))(tensor([-Infinity, 0, 0])).toArray()).toEqual([0, 0.5, 0.5]);
  });
  test("of nothing: −∞, and nothing", () => {
    expect(logSumExp(tensor([])).item()).toBe(-Infinity);
    expect(logSumExp(tensor([], [2, 0]), 1).toArray()).toEqual([-Infinity, -Infinity]);
    expect(softmax(tensor([])).toArray()).toEqual([]);
    expect(logSoftmax(tensor([], [2, 0])).shape).toEqual([2, 0]);
    expect(softmax(tensor([], [0, 3])).shape).toEqual([0, 3]);
  });
});

describe("derivatives", () => {
  const x = tensor([
    [0.3, -1, 2],
    [2, 2, -0.5],
  ]);
  test("are right, twice", () => {
    for (const axis of [0, 1]) {
      expectDerivatives((y) => softmax(y, axis), x);
      expectDerivatives((y) => logSoftmax(y, axis), x);
      expectDerivatives((y) => logSumExp(y, axis), x);
    }
    expectDerivatives((y) => logSumExp(y), x);
  });
  test("stay right far out", () => {
    expect(grad((y: Tensor) => logSumExp(y))(tensor([1e300, 1e300])).toArray()).toEqual([0.5, 0.5]);
    expect(grad((y: Tensor) => sum(logSoftmax(y)))(tensor([1000, 0])).toArray()).toEqual([-1, 1]);
  });
});

describe("refused by name", () => {
  for (const [name, word] of [
    ["softmax", softmax],
    ["logSoftmax", logSoftmax],
  ] as const) {
    test(name, () => {
      expect(() => word(tensor([1]), 1)).toThrow(DomainError);
      expect(() => word(tensor([1]), 1)).toThrow(new RegExp(`^${name}: expected an axis from -1 to 0, received 1`));
      expect(() => word(3)).toThrow(new RegExp(`^${name}: .*scalar`));
      expect(() => word([1] as never)).toThrow(new RegExp(`^${name}: .*received an array`));
    });
  }
  test("logSumExp", () => {
    expect(() => logSumExp(tensor([1]), 1)).toThrow(/^logSumExp: .*received 1/);
    expect(() => logSumExp(tensor([1]), 0, { keep: true } as never)).toThrow(/^logSumExp: unknown option "keep"/);
  });
});
