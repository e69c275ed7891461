// Is the oracle right where float64 is not, and does it refuse what it cannot know?
import {
  add,
  cholesky,
  custom,
  div,
  eigh,
  exp,
  fixedPoint,
  matmul,
  mul,
  picard,
  qr,
  scan,
  solve,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
} from "stillpoint";
import { gradedMesh, productRule, solveCaputo } from "stillpoint/fractional";
import { measurePrecision } from "stillpoint/verify";
import { describe, expect, test } from "vitest";
import { fractionalIntegral, makeIntegral } from "../../src/fractional/integral.js";
import * as dd from "../../src/verify/double-double/index.js";
import { evaluators } from "../../src/verify/oracle/evaluators.js";
import { makeOracle } from "../../src/verify/oracle/oracle.js";
import { at, type WideTensor, widen } from "../../src/verify/oracle/wide-tensor.js";

/** The values of f to 31 digits. */
function valuesOf(f: (...xs: Tensor[]) => unknown, ...xs: Tensor[]): readonly WideTensor[] {
  const program = trace(f as never, ...(xs as never[]));
  return makeOracle(program)([...xs, ...program.closure].map(widen));
}

const digitsOf = (x: WideTensor, i: number): string => dd.toDecimal(at(x, i), 28);

/** |x − y| as a number, to all digits that it has. */
const distance = (x: dd.DoubleDouble, y: dd.DoubleDouble): number => Math.abs(dd.sub(x, y).high);

describe("values with known digits:", () => {
  test("e", () => {
    expect(digitsOf(valuesOf((x) => exp(x), tensor(1))[0], 0)).toBe("2.718281828459045235360287471e+0");
  });
  test("a square root, by an iteration that stops at 1e-3", () => {
    const [z] = valuesOf(
      (x) => fixedPoint((y: Tensor) => mul(x, div(add(y, div(2, y)), 2)), tensor(1), { tolerance: 1e-3 }),
      tensor(1),
    );
    expect(digitsOf(z, 0)).toBe("1.414213562373095048801688724e+0");
  });
  test("a repelling fixed point, from the solution that a damped iteration found", () => {
    // z = 3 − z³ has the slope −3 z² ≈ −4.4 at its solution
    const [z] = valuesOf(
      (c) => fixedPoint((y: Tensor) => sub(c, mul(y, mul(y, y))), tensor(1.2), { solver: picard({ damping: 0.3 }) }),
      tensor(3),
    );
    expect(digitsOf(z, 0)).toBe("1.213411662762229634132131377e+0");
  });
  test("weights of the fractional integral, beside their closed form at order 1/2", () => {
    const integral = makeIntegral(productRule("line", gradedMesh(4)));
    const [y] = valuesOf(
      (alpha) => fractionalIntegral(tensor([[1], [1], [1], [1], [1]]), alpha, integral),
      tensor(0.5),
    );
    // I^(1/2) 1 = 2 √(t/π)
    for (const n of [1, 2, 3, 4]) {
      const expected = dd.scale(dd.sqrt(dd.div(dd.fromNumber(n / 4), dd.PI)), 1);
      expect(distance(at(y, n), expected)).toBeLessThan(1e-28);
    }
  });
});

describe("factors multiply to the matrix, to 28 digits:", () => {
  const a = tensor([
    [4, 1, 0.1],
    [1, 3, 0.7],
    [0.1, 0.7, 2],
  ]);
  const product = (x: WideTensor, y: WideTensor, turned = false): dd.DoubleDouble[] =>
    Array.from({ length: 9 }, (_, e) => {
      const [i, j] = [Math.floor(e / 3), e % 3];
      return [0, 1, 2].reduce(
        (total, k) => dd.add(total, dd.mul(at(x, 3 * i + k), at(y, turned ? 3 * j + k : 3 * k + j))),
        dd.ZERO,
      );
    });
  const expectMatrix = (entries: readonly dd.DoubleDouble[], expected: WideTensor): void =>
    entries.forEach((entry, e) => {
      expect(distance(entry, at(expected, e))).toBeLessThan(1e-29);
    });
  test("cholesky", () => {
    const [l] = valuesOf((x) => cholesky(x), a);
    expectMatrix(product(l, l, true), widen(a));
  });
  test("qr", () => {
    const [q, r] = valuesOf((x) => qr(x), a);
    expectMatrix(product(q, r), widen(a));
    expect([0, 4, 8].every((i) => r.high[i] > 0)).toBe(true);
  });
  test("solve, with and without the transpose", () => {
    const [x] = valuesOf((m) => solve(m, a), a);
    expectMatrix(product(widen(a), x), widen(a));
  });
  test("eigh", () => {
    const [values, v] = valuesOf((x) => eigh(x), a);
    const scaled = { ...v, high: v.high.slice(), low: v.low.slice() };
    for (let e = 0; e < 9; e++) {
      const entry = dd.mul(at(v, e), at(values, e % 3));
      [scaled.high[e], scaled.low[e]] = [entry.high, entry.low];
    }
    expectMatrix(product(scaled, v, true), widen(a));
    const float64 = eigh(a).vectors.data;
    expect(v.high.every((entry, e) => Math.abs(entry - float64[e]) < 1e-12)).toBe(true);
  });
});

describe("programs within programs", () => {
  test("scan and custom are replayed", () => {
    const cube = custom("cube", (x) => mul(x, mul(x, x)), {});
    const f = (x: Tensor): Tensor => scan((c: Tensor, r: Tensor) => ({ carry: add(c, r), y: cube(r) }), tensor(0), x).y;
    const [y] = valuesOf(f, tensor([0.1, 3]));
    const tenth = dd.fromNumber(0.1);
    expect(at(y, 0)).toEqual(dd.mul(tenth, dd.mul(tenth, tenth)));
    expect(at(y, 1)).toEqual(dd.fromNumber(27));
  });
  test("a trajectory solves its equation on every node, whatever its tolerance was", () => {
    const w = tensor([
      [0.4, -0.6],
      [0.9, 0.2],
    ]);
    const f = (tolerance: number) => (u0: Tensor) =>
      solveCaputo((_t, u) => tanh(matmul(u, w)), u0, { order: 0.6, duration: 2, steps: 12, tolerance }).values;
    const u0 = tensor([0.5, -0.3]);
    const [loose, tight] = [valuesOf(f(1e-2), u0)[0], valuesOf(f(1e-12), u0)[0]];
    for (let e = 0; e < 26; e++) expect(distance(at(loose, e), at(tight, e))).toBeLessThan(1e-27);
    const float64 = f(1e-14)(u0).data;
    expect(loose.high.every((entry, e) => Math.abs(entry - float64[e]) < 1e-13)).toBe(true);
  });
});

test("an operation without an evaluator does not compile", () => {
  const { exp: _exp, ...others } = evaluators;
  // @ts-expect-error exp is missing
  const incomplete: typeof evaluators = others;
  expect(Object.keys(incomplete).length).toBe(Object.keys(evaluators).length - 1);
});

describe("it refuses", () => {
  const refused = (f: (...xs: Tensor[]) => unknown, ...xs: Tensor[]): unknown => {
    try {
      return valuesOf(f, ...xs);
    } catch (error) {
      return (error as Error).message;
    }
  };
  test("a fixed point whose equation is singular", () => {
    // z = z + (z − 1)²: the slope is 1 at the solution
    const f = (x: Tensor): Tensor =>
      fixedPoint((z: Tensor) => sub(z, mul(x, mul(sub(z, 1), sub(z, 1)))), tensor(1.001), { tolerance: 1e-4 });
    expect(refused(f, tensor(1))).toMatch(/oracle: expected/);
  });
  test("singular matrices", () => {
    expect(
      refused(
        (x) => solve(x, tensor([1, 1])),
        tensor([
          [1, 2],
          [2, 4],
        ]),
      ),
    ).toMatch(/regular matrix/);
    expect(
      refused(
        (x) => cholesky(x),
        tensor([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toMatch(/positive definite/);
    expect(
      refused(
        (x) => qr(x).r,
        tensor([
          [1, 1],
          [1, 1],
        ]),
      ),
    ).toMatch(/full rank/);
  });
});

describe("measurePrecision", () => {
  test("tells digits and ulps, entry by entry", () => {
    const { values, gradients, text } = measurePrecision((x: Tensor) => exp(x), [tensor([1, 10])]);
    expect(values.map(({ index }) => index)).toEqual([[0], [1]]);
    expect(values[0].reference).toBe("2.7182818284590452353602874713527e+0");
    expect(gradients).toHaveLength(4);
    for (const { ulps, digits } of [...values, ...gradients]) {
      expect(ulps).toBeLessThan(1);
      expect(digits).toBeGreaterThan(15.5);
    }
    expect(text).toMatch(/^worst value: f\[\d\], value\[\d\]: .* digits, .* ulp\nworst gradient: /);
  });
  test("sees what cancellation leaves", () => {
    const [{ digits, ulps }] = measurePrecision((x: Tensor) => sub(add(x, 1e8), 1e8), [tensor(0.1)]).values;
    expect(digits).toBeGreaterThan(7);
    expect(digits).toBeLessThan(9);
    expect(ulps).toBeGreaterThan(1e6);
  });
  test("sees what a loose solver leaves, in value and gradient", () => {
    const f = (x: Tensor): Tensor =>
      sum(fixedPoint((z: Tensor) => mul(0.5, tanh(add(z, x))), tensor([0, 0]), { tolerance: 1e-3 }));
    const { values, gradients } = measurePrecision(f, [tensor([0.3, 1])]);
    const seen = gradients.filter(({ input }) => input === "xs[0]");
    for (const { digits } of [...values, ...seen]) expect(digits).toBeLessThan(6);
  });
  test("names what f closes over", () => {
    const w = tensor([2, 3]);
    const { gradients } = measurePrecision((x: { a: Tensor }) => mul(x.a, w), [{ a: tensor([1, 1]) }]);
    expect(new Set(gradients.map(({ input }) => input))).toEqual(new Set(["xs[0].a", "closure[0]"]));
    expect(gradients.every(({ digits }) => digits === Infinity)).toBe(true);
  });
  test("refuses functions that read values, and arguments without their array", () => {
    expect(() => measurePrecision((x: Tensor) => (x.item() > 0 ? x : mul(2, x)), [tensor(1)])).toThrow(/reads values/);
    expect(() => measurePrecision(exp, tensor(1) as never)).toThrow(/array of arguments/);
  });
  test("an empty tensor has no entries", () => {
    expect(measurePrecision((x: Tensor) => exp(x), [tensor([])]).text).toBe("worst value: none\nworst gradient: none");
  });
});
