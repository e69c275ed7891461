// Is the Mittag-Leffler function accurate in the whole plane, right at its closed forms, and lawful?
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { DomainError } from "stillpoint";
import { describe, expect, test } from "vitest";
import { type Complex, erfc, gamma, mittagLeffler } from "../../src/special/index.js";
import { cos, cosh, exp, sin } from "../../src/typed-array-ops/index.js";
import { readReference, violations } from "./reference-table.js";

interface Row {
  readonly alpha: number;
  readonly beta: number;
  readonly z: Complex;
  readonly value: Complex;
  readonly cond: number;
}

/** Rows of z and value in two parts; a table without cond has 0 there, which allows least. */
function readComplex(name: string): readonly Row[] {
  const text = readFileSync(new URL(`../reference/${name}.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { rows: string[][] }).rows.map((row) => {
    const [alpha, beta, x, y, re, im, cond = 0] = row.map(Number);
    return { alpha, beta, z: { re: x, im: y }, value: { re, im }, cond };
  });
}

const sizeOf = ({ re, im }: Complex): number => Math.hypot(re, im);

/** What is asked for: 1e-13, or 4 (1 + cond) 2^-52 where that is more. What is kept here is less. */
const allowedFor = (cond: number): number => Math.max(1e-14, 2 * (1 + cond) * 2 ** -52);

const errorOf = (received: Complex, { re, im }: Complex): number =>
  received.re === re && received.im === im
    ? 0
    : sizeOf({ re: received.re - re, im: received.im - im }) / sizeOf({ re, im });

function misses(rows: readonly Row[], f: (row: Row) => Complex): string[] {
  return rows.flatMap((row) => {
    const error = errorOf(f(row), row.value);
    return error <= allowedFor(row.cond) ? [] : [`${JSON.stringify(row)}: relative error ${error.toPrecision(3)}`];
  });
}

const evaluate = ({ alpha, beta, z }: Row): Complex =>
  z.im === 0 ? { re: mittagLeffler(alpha, z.re, beta), im: 0 } : mittagLeffler(alpha, z, beta);

const tables = ["mittag_leffler_complex", "mittag_leffler"] as const;

describe("the tables are met", () => {
  test("on the real axis, to 7 units of (1 + cond) 2^-52", () => {
    const table = readReference("mittag_leffler_real");
    expect(table.length).toBe(244);
    expect(violations(table, (a, b, z) => mittagLeffler(a, z, b), 7)).toEqual([]);
  });
  for (const name of tables) {
    test(`${name}, to 1e-14 or 2 (1 + cond) 2^-52`, () => {
      const rows = readComplex(name);
      expect(rows.length).toBeGreaterThan(60);
      expect(misses(rows, evaluate)).toEqual([]);
    });
    test(`${name}: an error of three times that is seen at every point`, () => {
      const rows = readComplex(name).filter(({ cond }) => cond < 1e8);
      const bent = (row: Row): Complex => {
        const factor = 1 + 3 * allowedFor(row.cond);
        const { re, im } = evaluate(row);
        return { re: re * factor, im: im * factor };
      };
      expect(misses(rows, bent).length).toBe(rows.length);
    });
  }
  test("real z are complex ones without an imaginary part, with the same bits", () => {
    for (const { alpha, beta, z } of readComplex("mittag_leffler").filter((row) => row.z.im === 0)) {
      expect(mittagLeffler(alpha, z, beta)).toEqual({ re: mittagLeffler(alpha, z.re, beta), im: 0 });
    }
  });
});

describe("closed forms", () => {
  const near = (x: number, y: number, units = 8): void => {
    expect(Math.abs(x - y)).toBeLessThanOrEqual(units * 2 ** -52 * Math.abs(y));
  };
  test("alpha = 1: e^z, also where it is tiny", () => {
    for (const z of [-700, -100, -40, -33, -25, -10, -3, -1, -0.1, 0.1, 1, 5, 30, 300]) {
      near(mittagLeffler(1, z), exp(z), 3 + Math.abs(z));
    }
    for (const z of [-30, -8, -3]) near(mittagLeffler(1, z, 0), z * exp(z), 3 + Math.abs(z));
  });
  test("alpha = 2: cosh, cos and sin", () => {
    for (const x of [0.1, 1, 5, 20]) {
      near(mittagLeffler(2, x * x), cosh(x), 4 + x);
      expect(Math.abs(mittagLeffler(2, -x * x) - cos(x))).toBeLessThan(2 ** -51 * (1 + x));
      expect(Math.abs(mittagLeffler(2, -x * x, 2) - sin(x) / x)).toBeLessThan(2 ** -51 * (1 + 1 / x));
    }
  });
  test("alpha = 1/2: e^(z^2) erfc(-z)", () => {
    for (const z of [-5, -2, -0.5, 0.25, 1, 3]) near(mittagLeffler(0.5, z), exp(z * z) * erfc(-z), 10 + 4 * z * z);
  });
  test("z = 0: 1/Gamma(beta), which is 0 at its poles", () => {
    for (const beta of [-2.5, -0.5, 0.5, 1, 3, 9.5]) near(mittagLeffler(0.7, 0, beta), 1 / gamma(beta));
    for (const beta of [0, -1, -2]) expect(mittagLeffler(0.7, 0, beta)).toBe(0);
    expect(mittagLeffler(0.7, { re: 0, im: 0 })).toEqual({ re: 1, im: 0 });
  });
  test("NaN and infinities", () => {
    const [infinity, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
    expect([mittagLeffler(0.5, infinity), mittagLeffler(0.5, -infinity), mittagLeffler(0.5, nan)]).toEqual([
      infinity,
      0,
      nan,
    ]);
    expect([mittagLeffler(2, -infinity), mittagLeffler(2, -infinity, 3)]).toEqual([nan, 0]);
    expect([mittagLeffler(nan, 1), mittagLeffler(1, 1, nan)]).toEqual([nan, nan]);
    expect(mittagLeffler(0.5, { re: nan, im: 0 })).toEqual({ re: nan, im: nan });
    expect([mittagLeffler(1, 800), mittagLeffler(0.1, 1e300), mittagLeffler(0.1, 1e300, 5)]).toEqual(
      new Array(3).fill(infinity),
    );
    expect([mittagLeffler(1, -800), mittagLeffler(0.5, -1e300)]).toEqual([0, 1 / (Math.sqrt(Math.PI) * 1e300)]);
  });
});

describe("laws", () => {
  const settings = { seed: 20261125, numRuns: 400 };
  const alphas = fc.double({ min: 0.05, max: 2, noNaN: true });
  const betas = fc.double({ min: -3, max: 10, noNaN: true });
  const entries = fc.double({ min: -12, max: 12, noNaN: true });
  test("E_a,b(z) = 1/Gamma(b) + z E_a,a+b(z)", () => {
    fc.assert(
      fc.property(alphas, betas, entries, entries, (alpha, beta, re, im) => {
        const z = { re, im };
        const [left, right] = [mittagLeffler(alpha, z, beta), mittagLeffler(alpha, z, alpha + beta)];
        const pole = beta <= 0 && Number.isInteger(beta) ? 0 : 1 / gamma(beta);
        if (!(sizeOf(left) < 1e290)) return;
        const product = { re: re * right.re - im * right.im, im: re * right.im + im * right.re };
        const scale = Math.abs(pole) + sizeOf(left) + sizeOf(product);
        // an error of one unit in w = |z|^(1/alpha) is one of w in e^w
        const w = Math.min(sizeOf(z) ** (1 / alpha), 800);
        const difference = sizeOf({ re: left.re - pole - product.re, im: left.im - product.im });
        expect(difference).toBeLessThanOrEqual(scale * (20 + 4 * w * (1 + 1 / alpha)) * 2 ** -52);
      }),
      settings,
    );
  });
  test("conjugate arguments have conjugate values", () => {
    fc.assert(
      fc.property(alphas, betas, entries, entries, (alpha, beta, re, im) => {
        const [up, down] = [mittagLeffler(alpha, { re, im }, beta), mittagLeffler(alpha, { re, im: -im }, beta)];
        expect(down.re).toBe(up.re);
        expect(-down.im).toBe(im === 0 ? -0 : up.im);
      }),
      settings,
    );
  });
  test("E_a(-x) falls from 1 to 0 and stays positive for a <= 1", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 60, noNaN: true }),
        (a, x) => {
          const [here, further] = [mittagLeffler(a, -x), mittagLeffler(a, -1.01 * x - 0.01)];
          expect(here).toBeGreaterThan(further);
          expect(further).toBeGreaterThan(0);
          expect(here).toBeLessThanOrEqual(1);
        },
      ),
      settings,
    );
  });
});

describe("it refuses", () => {
  test("orders outside (0, 2], a beta that is not finite, and what is no number", () => {
    for (const alpha of [0, -1, 2.1, Number.POSITIVE_INFINITY, "1" as never]) {
      expect(() => mittagLeffler(alpha, 1)).toThrow(DomainError);
      expect(() => mittagLeffler(alpha, 1)).toThrow(
        /^mittagLeffler: expected alpha to be a number in \(0, 2\], received/,
      );
    }
    expect(() => mittagLeffler(1, 1, Number.POSITIVE_INFINITY)).toThrow(/expected beta to be a finite number/);
    for (const z of ["1", null, [1], { re: 1 }]) {
      expect(() => mittagLeffler(1, z as never)).toThrow(/^mittagLeffler: expected z to be a number or \{ re, im \}/);
    }
  });
});
