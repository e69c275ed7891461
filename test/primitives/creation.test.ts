// Are tensors made from nothing but numbers right?
import fc from "fast-check";
import {
  arange,
  DomainError,
  eye,
  full,
  grad,
  linspace,
  mul,
  ones,
  ShapeError,
  sum,
  type Tensor,
  tensor,
  trace,
  zeros,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { build, shapes } from "./naive.js";

const seed = 20260306;

describe("full, zeros and ones", () => {
  test("have one value everywhere", () => {
    fc.assert(
      fc.property(shapes(), fc.double(), (shape, value) => {
        for (const [x, expected] of [
          [full(shape, value), value],
          [zeros(shape), 0],
          [ones(shape), 1],
        ] as const) {
          expect(x.shape).toEqual(shape);
          expect([...x.data]).toEqual([...build(shape, () => expected).data]);
        }
      }),
      { seed },
    );
  });
  for (const [name, make] of [
    ["full", (shape: number[]) => full(shape, 3)],
    ["zeros", zeros],
    ["ones", ones],
  ] as const) {
    test(`${name} does not keep the caller's array`, () => {
      const shape = [2, 3];
      const x = make(shape);
      shape[0] = 9;
      expect(x.shape).toEqual([2, 3]);
    });
    for (const wrong of [[-1], [1.5], [2, Number.NaN]]) {
      test(`${name} refuses the shape [${wrong}] by its own name`, () => {
        expect(() => make(wrong)).toThrow(ShapeError);
        expect(() => make(wrong)).toThrow(new RegExp(`^${name}: expected sizes`));
      });
    }
    test(`${name} refuses a number in place of a shape by its own name`, () => {
      expect(() => make(3 as never)).toThrow(new RegExp(`^${name}: .*3`));
    });
  }
  test("a scalar made by full is a tensor that programs close over, not a literal", () => {
    const w = full([], 3);
    const program = trace((x) => mul(x, w), tensor(1));
    expect(program.closure[0]).toBe(w);
    expect(program.literals).toEqual([]);
  });
  test("make parameters that receive their gradients", () => {
    const gradient = grad((p: { w: Tensor; s: Tensor }) => mul(p.s, sum(p.w)))({ w: ones([2]), s: full([], 3) });
    expect(gradient.w.toArray()).toEqual([3, 3]);
    expect(gradient.s.item()).toBe(2);
  });
});

describe("arange", () => {
  test("counts from 0, from a start, in steps, and down", () => {
    expect(arange(4).toArray()).toEqual([0, 1, 2, 3]);
    expect(arange(2, 5).toArray()).toEqual([2, 3, 4]);
    expect(arange(0, 1, 0.25).toArray()).toEqual([0, 0.25, 0.5, 0.75]);
    expect(arange(3, 0, -1).toArray()).toEqual([3, 2, 1]);
    expect(arange(2.5).toArray()).toEqual([0, 1, 2]);
  });
  test("is empty if the end lies behind the start", () => {
    expect(arange(0).shape).toEqual([0]);
    expect(arange(-3).shape).toEqual([0]);
    expect(arange(3, 1).shape).toEqual([0]);
    expect(arange(0, 1, -1).shape).toEqual([0]);
  });
  test("agrees with a loop on multiples of 1/8, where nothing is rounded", () => {
    const eighths = fc.integer({ min: -40, max: 40 }).map((k) => k / 8);
    fc.assert(
      fc.property(eighths, eighths, eighths, (start, end, step) => {
        fc.pre(step !== 0);
        const expected: number[] = [];
        for (let value = start; step > 0 ? value < end : value > end; value += step) expected.push(value);
        expect([...arange(start, end, step).data].map((value) => value + 0)).toEqual(
          expected.map((value) => value + 0),
        );
      }),
      { seed, numRuns: 300 },
    );
  });
  test("stays below its end, however start and step are rounded", () => {
    const tenths = fc.integer({ min: 0, max: 50 }).map((k) => k / 10);
    fc.assert(
      fc.property(tenths, tenths, (start, end) => {
        for (const value of arange(start, end, 0.1).data) expect(value).toBeLessThan(end);
      }),
      { seed, numRuns: 300 },
    );
  });
  test("keeps all its numbers however small or large the step", () => {
    for (const step of [2 ** -600, 2 ** 600]) {
      expect(arange(0, 3 * step, step).toArray()).toEqual([0, step, 2 * step]);
      expect(arange(0, -3 * step, -step).shape).toEqual([3]);
    }
  });
  for (const wrong of [[Number.NaN], [Infinity], [0, Number.NaN], [0, 1, 0], [0, 1, Number.NaN]]) {
    test(`refuses ${wrong.join(", ")}`, () => {
      const [start, end, step] = wrong;
      expect(() => arange(start, end, step)).toThrow(DomainError);
      expect(() => arange(start, end, step)).toThrow(/^arange: expected finite numbers and a step other than 0/);
    });
  }
});

describe("linspace", () => {
  test("includes both ends exactly and is evenly spaced", () => {
    const ends = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(ends, ends, fc.integer({ min: 2, max: 20 }), (a, b, n) => {
        const x = linspace(a, b, n).data;
        expect(x.length).toBe(n);
        expect(x[0] + 0).toBe(a + 0);
        expect(x[n - 1]).toBe(b);
        x.forEach((value, i) => {
          const exact = a * (1 - i / (n - 1)) + b * (i / (n - 1));
          expect(Math.abs(value - exact)).toBeLessThanOrEqual(1e-15 * (Math.abs(a) + Math.abs(b)) + Number.MIN_VALUE);
        });
      }),
      { seed },
    );
  });
  test("of one number is its beginning", () => {
    expect(linspace(2, 5, 1).toArray()).toEqual([2]);
  });
  for (const n of [0, -1, 2.5, Number.NaN]) {
    test(`refuses ${n} numbers`, () => {
      expect(() => linspace(0, 1, n)).toThrow(DomainError);
      expect(() => linspace(0, 1, n)).toThrow(/^linspace: expected n to be an integer ≥ 1/);
    });
  }
});

describe("eye", () => {
  test("has ones on the diagonal and zeros elsewhere", () => {
    for (const n of [0, 1, 2, 5]) {
      expect(eye(n).shape).toEqual([n, n]);
      expect([...eye(n).data]).toEqual([...build([n, n], ([i, j]) => Number(i === j)).data]);
    }
  });
  test("refuses sizes that are no counts", () => {
    expect(() => eye(-1)).toThrow(/^eye: expected n to be an integer ≥ 0/);
    expect(() => eye(1.5)).toThrow(DomainError);
  });
});

test("a shared tensor of creation is not changed by what is computed from it", () => {
  const x = zeros([2]);
  mul(x, tensor([1, 2]));
  expect(x.toArray()).toEqual([0, 0]);
});
