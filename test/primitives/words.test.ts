// Do the pointwise words agree with plain JavaScript, entry by entry, and broadcast?
import fc from "fast-check";
import {
  abs,
  add,
  atan2,
  ceil,
  clip,
  cos,
  DomainError,
  div,
  elu,
  equal,
  erf,
  exp,
  floor,
  gelu,
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
  neg,
  pow,
  relu,
  round,
  ShapeError,
  sigmoid,
  sign,
  silu,
  sin,
  softplus,
  sqrt,
  square,
  stopGradient,
  sub,
  type Tensor,
  type TensorLike,
  tanh,
  tensor,
  where,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { alias, broadcast, toTensor } from "../../src/primitives/index.js";
import { atBroadcast, build, epsilon, together } from "./naive.js";

const seed = 20260301;
const bits = (x: Tensor): number[] => [...x.data];

describe("unary words give the bits of", () => {
  const exact: [string, (x: TensorLike) => Tensor, (x: number) => number][] = [
    ["neg: −x", neg, (x) => -x],
    ["square: x·x", square, (x) => x * x],
    ["sqrt: √x", sqrt, Math.sqrt],
    ["relu: max(x, 0)", relu, (x) => Math.max(x, 0)],
    ["stopGradient: x", stopGradient, (x) => x],
    ["alias: x", (x) => alias(toTensor("test", x)), (x) => x],
  ];
  for (const [name, word, model] of exact) {
    test(name, () => {
      fc.assert(
        fc.property(together(1, fc.double()), ([x]) => {
          const y = word(x);
          expect(y.shape).toEqual(x.shape);
          expect(bits(y)).toEqual(bits(x).map(model));
        }),
        { seed },
      );
    });
  }
});

describe("unary words agree to 4 units of rounding with", () => {
  const close: [string, (x: TensorLike) => Tensor, (x: number) => number, number, number][] = [
    ["exp", exp, Math.exp, -700, 700],
    ["log", log, Math.log, 1e-300, 1e300],
    ["sin", sin, Math.sin, -100, 100],
    ["cos", cos, Math.cos, -100, 100],
    ["tanh", tanh, Math.tanh, -20, 20],
  ];
  for (const [name, word, model, min, max] of close) {
    test(`Math.${name}`, () => {
      fc.assert(
        fc.property(together(1, fc.double({ min, max, noNaN: true })), ([x]) => {
          const y = word(x);
          expect(y.shape).toEqual(x.shape);
          x.data.forEach((value, i) => {
            const expected = model(value);
            expect(Math.abs(y.data[i] - expected)).toBeLessThanOrEqual(4 * epsilon * Math.abs(expected));
          });
        }),
        { seed },
      );
    });
    test(`Math.${name} at NaN, infinities and zeros, exactly`, () => {
      const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0];
      expect(bits(word(tensor(special)))).toEqual(special.map(model));
    });
  }
});

describe("binary words broadcast and give the bits of", () => {
  const exact: [string, (x: TensorLike, y: TensorLike) => Tensor, (x: number, y: number) => number][] = [
    ["add: x + y", add, (x, y) => x + y],
    ["sub: x − y", sub, (x, y) => x - y],
    ["mul: x·y", mul, (x, y) => x * y],
    ["div: x/y", div, (x, y) => x / y],
    ["greater: x > y", greater, (x, y) => Number(x > y)],
    ["equal: x = y", equal, (x, y) => Number(x === y)],
  ];
  for (const [name, word, model] of exact) {
    for (const [kind, entries] of [
      ["any numbers", fc.double()],
      ["small integers, often equal", fc.integer({ min: -2, max: 2 })],
    ] as const) {
      test(`${name}, of ${kind}`, () => {
        fc.assert(
          fc.property(together(2, entries), fc.boolean(), ([wide, narrow], swapped) => {
            const [x, y] = swapped ? [narrow, wide] : [wide, narrow];
            const expected = build(wide.shape, (index) => model(atBroadcast(x, index), atBroadcast(y, index)));
            const received = word(x, y);
            expect(received.shape).toEqual(expected.shape);
            expect(bits(received)).toEqual(bits(expected));
          }),
          { seed },
        );
      });
    }
  }
  test("both operands may stretch", () => {
    expect(add(tensor([[1], [2]]), tensor([10, 20, 30])).toArray()).toEqual([
      [11, 21, 31],
      [12, 22, 32],
    ]);
  });
  test("numbers stand for scalars on either side", () => {
    expect(sub(1, tensor([1, 2])).toArray()).toEqual([0, -1]);
    expect(sub(tensor([1, 2]), 1).toArray()).toEqual([0, 1]);
    expect(sub(1, 2).item()).toBe(-1);
  });
  test("the result of plain numbers is a tensor, not a literal", () => {
    expect(add(1, 2).literal).toBe(false);
  });
});

describe("pow", () => {
  test("agrees with ** to 4 units of rounding", () => {
    const entries = fc.double({ min: -40, max: 40, noNaN: true });
    fc.assert(
      fc.property(together(2, entries), ([x, y]) => {
        const received = pow(x, y);
        const expected = build(x.shape, (index) => atBroadcast(x, index) ** atBroadcast(y, index));
        received.data.forEach((value, i) => {
          const model = expected.data[i];
          if (Number.isNaN(model)) expect(value).toBeNaN();
          // below the normal numbers a unit of rounding is 2⁻¹⁰⁷⁴, whatever the size
          else if (Number.isFinite(model)) {
            expect(Math.abs(value - model)).toBeLessThanOrEqual(4 * Math.max(epsilon * Math.abs(model), 2 ** -1074));
          } else expect(value).toBe(model);
        });
      }),
      { seed },
    );
  });
  test("has the special values of **", () => {
    const special = [Number.NaN, -Infinity, -3, -2.5, -1, -0.5, -0, 0, 0.5, 1, 2, 3, Infinity];
    for (const x of special) {
      for (const y of special) {
        const [received, expected] = [pow(x, y).item(), x ** y];
        if (Number.isFinite(expected) && !Number.isInteger(expected)) {
          expect(Math.abs(received - expected)).toBeLessThanOrEqual(epsilon * Math.abs(expected));
        } else expect([x, y, received]).toEqual([x, y, expected]);
      }
    }
  });
});

describe("where", () => {
  test("chooses by entries that are not 0, and broadcasts all three arguments", () => {
    fc.assert(
      fc.property(
        together(3, fc.constantFrom(0, -0, 1, -3, 0.5)),
        fc.constantFrom([0, 1, 2], [1, 2, 0], [2, 0, 1]),
        (operands, order) => {
          const [condition, x, y] = order.map((i) => operands[i]);
          const received = where(condition, x, y);
          const expected = build(operands[0].shape, (index) =>
            atBroadcast(condition, index) !== 0 ? atBroadcast(x, index) : atBroadcast(y, index),
          );
          expect(received.shape).toEqual(expected.shape);
          expect(bits(received)).toEqual(bits(expected));
        },
      ),
      { seed },
    );
  });
  test("NaN on the side that is not chosen does not matter", () => {
    expect(where(tensor([1, 0]), tensor([1, Number.NaN]), tensor([Number.NaN, 2])).toArray()).toEqual([1, 2]);
  });
});

describe("errors name the operation and say what arrived", () => {
  const binary: [string, (x: TensorLike, y: TensorLike) => unknown][] = [
    ["add", add],
    ["sub", sub],
    ["mul", mul],
    ["div", div],
    ["pow", pow],
    ["greater", greater],
    ["equal", equal],
    ["where", (x, y) => where(x, y, 0)],
    ["clip", (x, y) => clip(x, y, 9)],
    ["elu", elu],
    ...Object.entries({ atan2, maximum, minimum, greaterEqual, less, lessEqual, leakyRelu }),
  ];
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  for (const [name, word] of binary) {
    test(`${name}: shapes that do not broadcast, both shown, with the axis and the remedy`, () => {
      const run = (): unknown => word(x, tensor([1, 2]));
      expect(run).toThrow(ShapeError);
      expect(run).toThrow(
        new RegExp(`^${name}: .*\\[2, 3\\] and \\[2\\]: axis −1 is 3 .* 2 .*\\(reshape or expandDims\\)`),
      );
    });
    test(`${name}: an array in place of a tensor, with the remedy`, () => {
      expect(() => word(x, [1, 2, 3] as never)).toThrow(DomainError);
      expect(() => word(x, [1, 2, 3] as never)).toThrow(new RegExp(`^${name}: .*received an array.*tensor\\(`));
    });
  }
  const unary: [string, (x: TensorLike) => unknown][] = [
    ["neg", neg],
    ["square", square],
    ["sqrt", sqrt],
    ["exp", exp],
    ["log", log],
    ["sin", sin],
    ["cos", cos],
    ["tanh", tanh],
    ["relu", relu],
    ["stopGradient", stopGradient],
    ["leakyRelu", leakyRelu],
    ["elu", elu],
    ...Object.entries({ abs, sign, floor, ceil, round, isFinite, sigmoid, silu, softplus, erf, gelu }),
  ];
  for (const [name, word] of unary) {
    for (const [wrong, shown] of [
      ["1", "string"],
      [null, "null"],
      [undefined, "undefined"],
      [[1], "an array"],
      [true, "boolean"],
      [new Float64Array(1), "object"],
    ] as const) {
      test(`${name} refuses ${shown}`, () => {
        expect(() => word(wrong as never)).toThrow(DomainError);
        expect(() => word(wrong as never)).toThrow(new RegExp(`^${name}: .*received ${shown}.*tensor\\(`));
      });
    }
  }
});

describe("broadcast", () => {
  test("gives all arguments their common shape", () => {
    fc.assert(
      fc.property(together(3), (xs) => {
        const spread = broadcast("f", ...xs);
        spread.forEach((y, i) => {
          expect(y.shape).toEqual(xs[0].shape);
          expect(bits(y)).toEqual(bits(build(xs[0].shape, (index) => atBroadcast(xs[i], index))));
        });
      }),
      { seed },
    );
  });
});
