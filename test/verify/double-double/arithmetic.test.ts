// Do sums, products and quotients of double-double numbers keep 106 bits, and are their conversions exact?
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as dd from "../../../src/verify/double-double/index.js";
import { type DoubleDouble, exactly, renormalised } from "../../../src/verify/double-double/index.js";

const seed = 20261102;
const runs = 2000;

/** A number with 106 bits, of moderate size. */
const significands = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const numbers: fc.Arbitrary<DoubleDouble> = fc
  .tuple(fc.integer({ min: -60, max: 60 }), significands, significands, significands)
  .map(([exponent, a, b, c]) => renormalised((a + b * 2 ** -32) * 2 ** exponent, (c + 1) * 2 ** (exponent - 58)));

/** x as an integer multiple of 2^-1200. */
function integer(x: DoubleDouble): bigint {
  const { significand, exponent } = exactly(x);
  return significand << BigInt(exponent + 1200);
}

const size = (n: bigint): bigint => (n < 0n ? -n : n);

/** |received − numerator/denominator| is at most `units`·2^-106 of it. */
function expectNear(received: DoubleDouble, numerator: bigint, denominator: bigint, units: bigint): void {
  const difference = size((integer(received) << 1200n) * denominator - (numerator << 1200n));
  expect(difference << 106n <= units * size(numerator << 1200n), dd.toDecimal(received)).toBe(true);
}

describe("relative errors in units of 2^-106, beside exact fractions:", () => {
  const pairs = (check: (x: DoubleDouble, y: DoubleDouble) => void): void =>
    fc.assert(fc.property(numbers, numbers, check), { seed, numRuns: runs });
  test("sums, 3", () => pairs((x, y) => expectNear(dd.add(x, y), integer(x) + integer(y), 1n, 3n)));
  test("differences, 3, also of neighbours", () =>
    pairs((x, y) => {
      const near = dd.add(x, dd.scale(y, -90));
      expectNear(dd.sub(near, x), integer(near) - integer(x), 1n, 3n);
    }));
  test("products, 5", () => pairs((x, y) => expectNear(dd.mul(x, y), integer(x) * integer(y), 1n << 1200n, 5n)));
  test("quotients, 10", () =>
    pairs((x, y) => {
      if (y.high !== 0)
        expectNear(dd.div(x, y), (integer(x) << 1200n) * (integer(y) < 0n ? -1n : 1n), size(integer(y)), 10n);
    }));
  test("squares of roots, 9", () =>
    pairs((x) => {
      const y = dd.abs(x);
      expectNear(dd.square(dd.sqrt(y)), integer(y), 1n, 16n);
    }));
  test("products of very large and very small numbers", () => {
    for (const exponent of [-1000, -600, 500, 900]) {
      const x = dd.scale(dd.PI, exponent);
      const y = dd.scale(dd.PI, -exponent);
      expectNear(dd.mul(x, y), integer(dd.square(dd.PI)), 1n, exponent === -1000 || exponent === 900 ? 1n << 60n : 12n);
      expect(dd.div(x, x)).toEqual({ high: 1, low: 0 });
    }
  });
  test("an error of 2^-100 is seen", () => {
    const x = dd.PI;
    const off = { high: x.high, low: x.low * (1 + 2 ** -45) };
    expect(() => expectNear(off, integer(x), 1n, 10n)).toThrow();
  });
});

describe("exactly", () => {
  test("decimals there and back", () => {
    fc.assert(
      fc.property(numbers, (x) => {
        expect(dd.fromDecimal(dd.toDecimal(x, 60))).toEqual(x.high === 0 ? { high: x.high, low: 0 } : x);
      }),
      { seed, numRuns: 500 },
    );
  });
  test("the nearest float64 number of a decimal is the one that the language reads", () => {
    const decimals = fc.tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: -300, max: 280 }));
    fc.assert(
      fc.property(decimals, ([digits, power]) => {
        const text = `${digits}e${power}`;
        expect(dd.fromDecimal(text).high + 0).toBe(Number(text) + 0);
      }),
      { seed, numRuns: runs },
    );
  });
  test("π to 50 digits in four parts", () => {
    const sum = dd.HALF_PI_PARTS.map((part) => integer({ high: part, low: 0 })).reduce((a, b) => a + b);
    const digits = 157079632679489661923132169163975144209858469968755n;
    const scale = 10n ** 50n;
    expect(size(sum * scale - (digits << 1200n)) < 1n << 1200n).toBe(true);
  });
  test("what is no decimal is refused", () => {
    expect(() => dd.fromDecimal("1/3")).toThrow(/fromDecimal: expected a decimal number/);
    expect(() => dd.fromDecimal(3 as unknown as string)).toThrow(/received/);
  });
});

describe("order", () => {
  const below = (x: DoubleDouble): bigint => {
    const { significand, exponent } = exactly(x);
    return exponent >= 0 ? significand << BigInt(exponent) : significand >> BigInt(-exponent);
  };
  test("floor, ceil and round are those of exact numbers", () => {
    const near = fc
      .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -3, max: 3 }))
      .map(([n, k]) => dd.add(dd.fromNumber(n / 2), dd.fromNumber(k * 2 ** -80)));
    fc.assert(
      fc.property(fc.oneof(numbers, near), (x) => {
        const whole = integer(dd.floor(x)) >> 1200n;
        expect(whole).toBe(below(x));
        expect(integer(dd.ceil(x)) >> 1200n).toBe(-below(dd.neg(x)));
        const rounded = integer(dd.round(x)) >> 1200n;
        const twice = 2n * integer(x) - ((2n * rounded) << 1200n);
        expect(size(twice) < 1n << 1200n || (size(twice) === 1n << 1200n && rounded % 2n === 0n)).toBe(true);
      }),
      { seed, numRuns: runs },
    );
  });
  test("compare sees the low parts", () => {
    expect(dd.compare({ high: 1, low: 1e-20 }, dd.ONE)).toBe(1);
    expect(dd.compare({ high: 1, low: -1e-20 }, dd.ONE)).toBe(-1);
    expect(dd.compare(dd.ONE, dd.ONE)).toBe(0);
    expect(dd.compare(dd.ONE, dd.fromNumber(Number.NaN))).toBeNaN();
  });
});
