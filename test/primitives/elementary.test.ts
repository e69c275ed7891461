// Do the elementary words keep their accuracy, their special values and the digits of their slopes?
import { readFileSync } from "node:fs";
import * as stillpoint from "stillpoint";
import { acos, acosh, asin, asinh, atan, atan2, atanh, expm1, log1p, type Tensor, tensor, vjp } from "stillpoint";
import { describe, expect, test } from "vitest";
import { expectNear, expectSlope, expectSlopeNear, type Scalar } from "./slopes.js";

const words = stillpoint as unknown as Record<string, Scalar>;
const infinity = Number.POSITIVE_INFINITY;
const unary = ["expm1", "log1p", "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh"] as const;

type Row = readonly number[];
const tables = JSON.parse(readFileSync(new URL("../reference/elementary.json", import.meta.url), "utf8")) as Record<
  string,
  readonly Row[]
>;

describe("values", () => {
  for (const name of unary) {
    test(`${name} agrees with the reference table`, () => {
      const rows = tables[name];
      const y = words[name](tensor(rows.map(([x]) => x)));
      rows.forEach(([x, value], i) => {
        if (Math.abs(value) > 2 ** -1022) expectNear(y.data[i], value, 1, `${name}(${x})`);
        else expect(Math.abs(y.data[i] - value)).toBeLessThanOrEqual(2 ** -1074);
      });
    });
    test(`${name} has the special values of Math.${name}`, () => {
      const special = [Number.NaN, infinity, -infinity, 0, -0, 1, -1, 2, -2, 5e-324, 1e308, -1e308];
      const y = words[name](tensor(special));
      special.forEach((x, i) => {
        const expected = Math[name](x);
        if (Number.isFinite(expected) && expected !== 0) expectNear(y.data[i], expected, 4, `${name}(${x})`);
        else expect([x, y.data[i]]).toEqual([x, expected]);
      });
    });
  }
  test("atan2 agrees with the reference table, y first, and has the special values of Math.atan2", () => {
    const rows = tables.atan2;
    const y = atan2(tensor(rows.map(([v]) => v)), tensor(rows.map(([, u]) => u)));
    rows.forEach(([, , value], i) => {
      expect(Math.abs(y.data[i] - value)).toBeLessThanOrEqual(Math.max(2 ** -52 * Math.abs(value), 2 ** -1074));
    });
    const special = [Number.NaN, infinity, -infinity, 0, -0, 1, -1];
    for (const v of special) for (const u of special) expect(atan2(v, u).item()).toEqual(Math.atan2(v, u));
  });
  test("atan2 broadcasts", () => {
    expect(atan2(tensor([[0], [1]]), tensor([1, 0, -1])).toArray()).toEqual([
      [0, 0, Math.PI],
      [Math.PI / 4, Math.PI / 2, (3 * Math.PI) / 4],
    ]);
  });
});

describe("slopes keep their digits", () => {
  test("of expm1 for large negative x, where y + 1 has none left", () => {
    for (const x of [-700, -40, -1, 1e-20, 40]) expectSlopeNear(expm1, x, Math.exp(x), 2);
  });
  test("of log1p near −1", () => {
    for (const t of [2 ** -52, 2 ** -40, 0.25]) expectSlope(log1p, -1 + t, 1 / t);
    expectSlope(log1p, -1, infinity);
  });
  test("of asin, acos and atanh near ±1: with t = 1 − |x|, 1 − x² is t(2 − t)", () => {
    for (const t of [2 ** -52, 3 * 2 ** -50, 2 ** -30, 0.125]) {
      for (const x of [1 - t, t - 1]) {
        expectSlopeNear(asin, x, 1 / Math.sqrt(t * (2 - t)), 3);
        expectSlopeNear(acos, x, -1 / Math.sqrt(t * (2 - t)), 3);
        expectSlopeNear(atanh, x, 1 / (t * (2 - t)), 3);
      }
    }
    for (const x of [1, -1]) {
      expectSlope(asin, x, infinity);
      expectSlope(acos, x, -infinity);
      expectSlope(atanh, x, infinity);
    }
  });
  test("of acosh near 1 and where x² overflows", () => {
    for (const t of [2 ** -52, 2 ** -30, 0.5]) expectSlopeNear(acosh, 1 + t, 1 / Math.sqrt(t * (2 + t)), 3);
    for (const x of [1e100, 1e200, 1e308]) expectSlopeNear(acosh, x, 1 / x, 3);
    expectSlope(acosh, 1, infinity);
  });
  test("of asinh where x² overflows, and in second order", () => {
    for (const x of [-1e308, -1e200, -1e10, 1e10, 1e200, 1e308]) expectSlopeNear(asinh, x, 1 / Math.abs(x), 3);
    for (const x of [-3, -0.5, 0, 1e-300, 1, 2]) expectSlopeNear(asinh, x, 1 / Math.hypot(1, x), 4);
    const second: Scalar = (x) => vjp((u: Tensor) => vjp(asinh, u).pull(tensor(1))[0], x).pull(tensor(1))[0];
    for (const x of [1e10, 1e100, 1e150]) expectNear(second(tensor(x)).item(), -1 / x / x, 8);
    for (const x of [0.3, 1, 1.5]) expectNear(second(tensor(x)).item(), -x / Math.hypot(1, x) ** 3, 16);
  });
  test("of atan, which vanish at infinity", () => {
    for (const x of [-1e200, 1e200, infinity, -infinity]) expectSlope(atan, x, 0);
    for (const x of [1e-200, 1, 1e8, 1e150]) expectSlopeNear(atan, x, 1 / (1 + x * x), 3);
  });
});

describe("the slopes of atan2", () => {
  const slopes = (y: number, x: number): number[] => {
    const { pull } = vjp((v: Tensor, u: Tensor) => atan2(v, u), tensor(y), tensor(x));
    return pull(tensor(1)).map((g) => g.item());
  };
  test("are x/(x² + y²) and −y/(x² + y²) in all four quadrants", () => {
    for (const y of [-2, -0.3, 0.7, 5]) {
      for (const x of [-4, -0.1, 0.2, 3]) {
        const [toY, toX] = slopes(y, x);
        expectNear(toY, x / (x * x + y * y), 4);
        expectNear(toX, -y / (x * x + y * y), 4);
      }
    }
  });
  test("scale with the point, bit for bit, where x² + y² would overflow or vanish", () => {
    const [toY, toX] = slopes(1.7, -0.6);
    for (const k of [-1000, -600, 600, 1000]) {
      const scale = 2 ** k;
      expect(slopes(1.7 * scale, -0.6 * scale)).toEqual([toY / scale, toX / scale]);
    }
  });
  test("on the axes are those of the arctangent", () => {
    expect(slopes(0, 2)).toEqual([0.5, -0]);
    expect(slopes(0, -2)).toEqual([-0.5, -0]);
    expect(slopes(2, 0)).toEqual([0, -0.5]);
    expect(slopes(1, 1e300)[0]).toBe(1e-300);
  });
  test("at the origin are NaN, as documented", () => {
    expect(slopes(0, 0)).toEqual([Number.NaN, Number.NaN]);
  });
});
