// Do the functions of straight pieces follow Math, and their conventions where pieces meet?
import fc from "fast-check";
import {
  abs,
  ceil,
  clip,
  floor,
  greater,
  greaterEqual,
  isFinite,
  leakyRelu,
  less,
  lessEqual,
  log,
  maximum,
  minimum,
  mul,
  relu,
  round,
  ShapeError,
  sign,
  sqrt,
  type Tensor,
  type TensorLike,
  tensor,
  vjp,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { atBroadcast, build, together } from "./naive.js";
import { derivative, expectSlope, forward, reverse } from "./slopes.js";

const seed = 20260501;
const infinity = Number.POSITIVE_INFINITY;
const nan = Number.NaN;
const pulled = (f: (...xs: Tensor[]) => Tensor, ...xs: number[]): number[] =>
  vjp(f, ...xs.map((x) => tensor(x)))
    .pull(tensor(1))
    .map((g) => g.item());

describe("unary words give the bits of", () => {
  const words: [string, (x: TensorLike) => Tensor, (x: number) => number][] = [
    ["abs: Math.abs", abs, Math.abs],
    ["sign: Math.sign", sign, Math.sign],
    ["floor: Math.floor", floor, Math.floor],
    ["ceil: Math.ceil", ceil, Math.ceil],
    ["isFinite: Number.isFinite", isFinite, (x) => Number(Number.isFinite(x))],
  ];
  for (const [name, word, model] of words) {
    test(name, () => {
      fc.assert(
        fc.property(together(1, fc.oneof(fc.double(), fc.double({ min: -3, max: 3 }))), ([x]) => {
          expect([...word(x).data]).toEqual([...x.data].map(model));
        }),
        { seed },
      );
      const special = [nan, infinity, -infinity, 0, -0, 5e-324, -5e-324, 1e308, -1e308, 2 ** 52 + 1, 0.5, -0.5];
      expect([...word(tensor(special)).data]).toEqual(special.map(model));
    });
  }
});

describe("binary words broadcast and give the bits of", () => {
  const words: [string, (x: TensorLike, y: TensorLike) => Tensor, (x: number, y: number) => number][] = [
    ["maximum: Math.max", maximum, Math.max],
    ["minimum: Math.min", minimum, Math.min],
    ["greaterEqual: x ≥ y", greaterEqual, (x, y) => Number(x >= y)],
    ["less: x < y", less, (x, y) => Number(x < y)],
    ["lessEqual: x ≤ y", lessEqual, (x, y) => Number(x <= y)],
  ];
  for (const [name, word, model] of words) {
    for (const entries of [fc.double(), fc.constantFrom(nan, infinity, -infinity, 0, -0, 1, -1)]) {
      test(name, () => {
        fc.assert(
          fc.property(together(2, entries), fc.boolean(), ([wide, narrow], swapped) => {
            const [x, y] = swapped ? [narrow, wide] : [wide, narrow];
            const expected = build(wide.shape, (index) => model(atBroadcast(x, index), atBroadcast(y, index)));
            expect([...word(x, y).data]).toEqual([...expected.data]);
          }),
          { seed },
        );
      });
    }
  }
});

describe("round", () => {
  test("takes the nearest integer, and the even one of two", () => {
    const halves = [-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 2 ** 52 - 0.5];
    expect([...round(tensor(halves)).data]).toEqual([-4, -2, -2, -0, 0, 2, 2, 4, 2 ** 52]);
    const others = [0.49999999999999994, -0.2, 0.5000000000000001, 1e308, 2 ** 52 + 1, nan, infinity, -infinity, -0];
    expect([...round(tensor(others)).data]).toEqual([0, -0, 1, 1e308, 2 ** 52 + 1, nan, infinity, -infinity, -0]);
  });
  test("is never more than a half away", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x) => {
        const rounded = round(x).item();
        expect(Number.isInteger(rounded)).toBe(true);
        expect(Math.abs(rounded - x)).toBeLessThanOrEqual(0.5);
        expect(round(-x).item()).toBe(-rounded);
      }),
      { seed },
    );
  });
});

describe("clip", () => {
  test("is min(max(x, low), high), also where low > high, and for NaN", () => {
    expect(clip(tensor([-5, 0.5, 5, nan, infinity, -infinity]), -1, 1).toArray()).toEqual([-1, 0.5, 1, nan, 1, -1]);
    expect(clip(tensor([-5, 0, 5]), 2, 1).toArray()).toEqual([1, 1, 1]);
  });
  test("takes bounds that are tensors, which broadcast", () => {
    expect(clip(tensor([[0], [9]]), tensor([1, 2]), tensor([3, 4])).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(() => clip(tensor([1, 2, 3]), tensor([1, 2]), 3)).toThrow(ShapeError);
    expect(() => clip(tensor([1, 2, 3]), tensor([1, 2]), 3)).toThrow(/^clip: /);
  });
  test("counts its bounds as inside", () => {
    for (const x of [-1, 0, 1]) expectSlope((u) => clip(u, -1, 1), x, 1);
    for (const x of [-1.5, 1.5]) expectSlope((u) => clip(u, -1, 1), x, 0);
  });
  test("gives its derivative to exactly one of x, low and high", () => {
    for (const [x, low, high, expected] of [
      [0, -1, 1, [1, 0, 0]],
      [-1, -1, 1, [1, 0, 0]],
      [1, -1, 1, [1, 0, 0]],
      [-2, -1, 1, [0, 1, 0]],
      [2, -1, 1, [0, 0, 1]],
      [0, 1, 1, [0, 1, 0]],
      [2, 1, 1, [0, 0, 1]],
      [1, 1, 1, [1, 0, 0]],
      [0, 2, 1, [0, 0, 1]],
      [3, 2, 1, [0, 0, 1]],
      [1.5, 2, 1, [0, 0, 1]],
      [1, 2, 1, [0, 0, 1]],
    ] as const) {
      expect(pulled((u, a, b) => clip(u, a, b), x, low, high)).toEqual(expected);
    }
  });
});

describe("derivatives where pieces meet", () => {
  test("maximum and minimum share equally at a tie", () => {
    for (const [x, y] of [
      [2, 2],
      [0, -0],
      [infinity, infinity],
    ]) {
      expect(pulled(maximum, x, y)).toEqual([0.5, 0.5]);
      expect(pulled(minimum, x, y)).toEqual([0.5, 0.5]);
    }
    expect(pulled(maximum, 3, 2)).toEqual([1, 0]);
    expect(pulled(minimum, 3, 2)).toEqual([0, 1]);
    expectSlope((u) => maximum(u, 3), 3, 0.5);
    expectSlope((u) => minimum(3, u), 3, 0.5);
    expectSlope((u) => maximum(u, u), 3, 1);
  });
  test("abs has slope 0 at 0, ±1 beside it", () => {
    for (const x of [0, -0]) expectSlope(abs, x, 0);
    for (const x of [5e-324, infinity]) expectSlope(abs, x, 1);
    for (const x of [-5e-324, -infinity]) expectSlope(abs, x, -1);
  });
  test("sign, floor, ceil, round, isFinite and comparisons are flat everywhere", () => {
    for (const f of [sign, floor, ceil, round, isFinite]) for (const x of [-1.5, 0, 0.5, 1]) expectSlope(f, x, 0);
    for (const f of [greaterEqual, less, lessEqual]) for (const x of [-1, 0, 1]) expectSlope((u) => f(u, 0), x, 0);
  });
  test("second derivatives are 0", () => {
    for (const f of [abs, relu, leakyRelu, (u: Tensor) => maximum(u, 1), (u: Tensor) => clip(u, 0, 1)]) {
      for (const x of [-1, 0, 1, 2]) expectSlope(derivative(f), x, 0);
    }
  });
});

describe("a piece of slope 0 passes no infinite cotangent", () => {
  test("from √ and log at the flat side", () => {
    expect(reverse((u) => sqrt(relu(u)), -1)).toBe(0);
    expect(reverse((u) => sqrt(maximum(u, 0)), -1)).toBe(0);
    expect(reverse((u) => sqrt(minimum(mul(-1, u), 0)), -1)).toBe(-0);
    expect(reverse((u) => log(clip(u, 0, 1)), -1)).toBe(0);
    expect(reverse((u) => sqrt(abs(u)), 0)).toBe(0);
  });
  test("nor an infinite tangent", () => {
    expect(forward((u) => relu(mul(u, infinity)), -1)).toBe(0);
  });
  test("and passes it where the slope is not 0", () => {
    expectSlope((u) => sqrt(maximum(u, -1)), 0, infinity);
  });
  test("as a comparison does", () => {
    expectSlope((u) => mul(u, greater(u, 1)), 2, 1);
  });
});
