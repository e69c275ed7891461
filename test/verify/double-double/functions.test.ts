// Are the functions of double-double numbers right to the digits that they promise?
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as dd from "../../../src/verify/double-double/index.js";
import { type DoubleDouble, exactly, fromNumber } from "../../../src/verify/double-double/index.js";

type Row = readonly [readonly number[], string];
const cases: Readonly<Record<string, readonly Row[]>> = JSON.parse(
  readFileSync(new URL("../../reference/double-double.json", import.meta.url), "utf8"),
);

/** Each function, and its largest relative error in units of 2^-106. */
const functions: Readonly<Record<string, readonly [(...xs: DoubleDouble[]) => DoubleDouble, number]>> = {
  sqrt: [dd.sqrt, 2],
  exp: [dd.exp, 2],
  expm1: [dd.expm1, 2],
  log: [dd.log, 4],
  log1p: [dd.log1p, 4],
  sin: [dd.sin, 2],
  cos: [dd.cos, 2],
  tan: [dd.tan, 4],
  asin: [dd.asin, 2],
  acos: [dd.acos, 2],
  atan: [dd.atan, 2],
  sinh: [dd.sinh, 4],
  cosh: [dd.cosh, 2],
  tanh: [dd.tanh, 4],
  asinh: [dd.asinh, 4],
  acosh: [dd.acosh, 4],
  atanh: [dd.atanh, 4],
  erf: [dd.erf, 4],
  // x² is rounded before it becomes an exponent
  erfc: [dd.erfc, 2000],
  lgamma: [dd.lgamma, 400],
  digamma: [dd.digamma, 200],
  polygamma1: [(x) => dd.polygamma(1, x), 50],
  // left of 0 two terms cancel
  polygamma4: [(x) => dd.polygamma(4, x), 20_000],
  // the exponent y log x is rounded
  pow: [dd.pow, 500],
  atan2: [dd.atan2, 4],
  powerOverGamma2: [(p, t) => dd.powerOverGamma(p, 2)(t), 4000],
};

/** A decimal number as a fraction. */
function fraction(text: string): { top: bigint; bottom: bigint } {
  const [, sign, whole, rest = "", exponent = "0"] = /^(-?)(\d+)\.?(\d*)(?:e([+-]?\d+))?$/.exec(
    text,
  ) as RegExpExecArray;
  const power = Number(exponent) - rest.length;
  const digits = BigInt(sign + whole + rest);
  return power >= 0
    ? { top: digits * 10n ** BigInt(power), bottom: 1n }
    : { top: digits, bottom: 10n ** BigInt(-power) };
}

/** Their zeros stand between float64 numbers: beside 1, errors near to them are absolute. */
const withZeros = ["lgamma", "digamma"];

/** |x − reference|/|reference| in units of 2^-106. */
function errorOf(x: DoubleDouble, reference: string, absolute = false): number {
  const { top, bottom } = fraction(reference);
  const { significand, exponent } = exactly(x);
  const scale = exponent < 0 ? 1n << BigInt(-exponent) : 1n;
  const value = exponent < 0 ? significand : significand << BigInt(exponent);
  const difference = value * bottom - top * scale;
  const size = (absolute && Math.abs(x.high) < 1 ? bottom : top < 0n ? -top : top) * scale;
  if (size === 0n) return difference === 0n ? 0 : Infinity;
  return Number(((difference < 0n ? -difference : difference) * 2n ** 116n) / size) / 1024;
}

const pairsOf = (numbers: readonly number[]): DoubleDouble[] =>
  numbers.flatMap((high, i) => (i % 2 === 0 ? [{ high, low: numbers[i + 1] }] : []));

describe("beside values of 45 digits", () => {
  for (const [name, rows] of Object.entries(cases)) {
    test(name, () => {
      const [f, bound] = functions[name];
      let worst = 0;
      for (const [numbers, reference] of rows) {
        const value = f(...pairsOf(numbers));
        const error = errorOf(value, reference, withZeros.includes(name));
        expect(error, `${name}(${numbers.join(", ")}): ${dd.toDecimal(value, 36)}, expected ${reference}`).toBeLessThan(
          bound,
        );
        worst = Math.max(worst, error);
      }
      expect(rows.length).toBeGreaterThan(10);
      expect(Object.keys(functions)).toHaveLength(Object.keys(cases).length);
    });
  }
  test("a reference that is bent by 1e-30 is rejected", () => {
    const [numbers, reference] = cases.exp[10];
    const bent = reference.split("");
    bent[31] = bent[31] === "9" ? "8" : String(Number(bent[31]) + 1);
    expect(errorOf(dd.exp(...(pairsOf(numbers) as [DoubleDouble])), reference)).toBeLessThan(2);
    expect(errorOf(dd.exp(...(pairsOf(numbers) as [DoubleDouble])), bent.join(""))).toBeGreaterThan(2);
  });
});

describe("special values are those of float64", () => {
  const special = [Number.NaN, Infinity, -Infinity, 0, -0];
  const unary: readonly (readonly [string, (x: DoubleDouble) => DoubleDouble, (x: number) => number])[] = [
    ["sqrt", dd.sqrt, Math.sqrt],
    ["exp", dd.exp, Math.exp],
    ["expm1", dd.expm1, Math.expm1],
    ["log", dd.log, Math.log],
    ["log1p", dd.log1p, Math.log1p],
    ["sin", dd.sin, Math.sin],
    ["cos", dd.cos, Math.cos],
    ["tan", dd.tan, Math.tan],
    ["asin", dd.asin, Math.asin],
    ["acos", dd.acos, Math.acos],
    ["atan", dd.atan, Math.atan],
    ["sinh", dd.sinh, Math.sinh],
    ["cosh", dd.cosh, Math.cosh],
    ["tanh", dd.tanh, Math.tanh],
    ["asinh", dd.asinh, Math.asinh],
    ["acosh", dd.acosh, Math.acosh],
    ["atanh", dd.atanh, Math.atanh],
    ["floor", dd.floor, Math.floor],
    ["ceil", dd.ceil, Math.ceil],
    ["abs", dd.abs, Math.abs],
    ["neg", dd.neg, (x) => -x],
  ];
  for (const [name, f, float64] of unary) {
    test(name, () => {
      for (const x of [...special, 1, -1, 2, -2, 1000, -1000]) {
        const expected = float64(x);
        const { high, low } = f(fromNumber(x));
        if (special.some((value) => Object.is(value, expected))) expect([x, high, low]).toEqual([x, expected, 0]);
        else expect(Math.abs(high - expected)).toBeLessThanOrEqual(1e-15 * Math.abs(expected));
      }
    });
  }
  test("of two numbers", () => {
    const near = (x: number, y: number): boolean => Object.is(x, y) || Math.abs(x - y) <= 1e-14 * Math.abs(y);
    for (const x of [...special, 1, -2.5]) {
      for (const y of [...special, 1, 2, -2.5]) {
        const [a, b] = [fromNumber(x), fromNumber(y)];
        expect(near(dd.pow(a, b).high, x ** y), `pow ${x} ${y}`).toBe(true);
        expect(near(dd.atan2(a, b).high, Math.atan2(x, y)), `atan2 ${x} ${y}`).toBe(true);
        expect(Object.is(dd.max(a, b).high, Math.max(x, y)), `max ${x} ${y}`).toBe(true);
        expect(Object.is(dd.min(a, b).high, Math.min(x, y)), `min ${x} ${y}`).toBe(true);
        expect(Object.is(dd.add(a, b).high, x + y), `add ${x} ${y}`).toBe(true);
        expect(Object.is(dd.mul(a, b).high, x * y), `mul ${x} ${y}`).toBe(true);
        expect(Object.is(dd.div(a, b).high, x / y), `div ${x} ${y}`).toBe(true);
      }
    }
  });
});
