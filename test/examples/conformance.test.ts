// Is the conformance pack sound, does the library keep to it, and is a wrong gradient in it seen?
import { describe, expect, test } from "vitest";
import { evaluate } from "../../examples/conformance/evaluate.js";
import { distance, readDecimal, readFloat, readHex } from "../../examples/conformance/numbers.js";
import {
  type Case,
  kinds,
  type Reference,
  readCases,
  readVerdicts,
  toTensor,
} from "../../examples/conformance/pack.js";
import { answer, compare, score, verdictOf } from "../../examples/conformance/score.js";

/** In units of what one ulp in the inputs does, and of the entry's own. */
const allowed = 64;

/** Derivatives whose digits cancel inside the library's rules; docs/limits.md names them. */
const known = [
  "pow/edges, hvp y",
  "softmax/apart, gradient x",
  "hvp/logSumExp, value",
  "hvp/logSumExp, gradient x",
  "hvp/logSumExp, gradient v",
  "hvp/logSumExp, hvp x",
  "hvp/logSumExp, hvp v",
];

const referencesOf = ({ outputs: { value, gradient, hvp = {} } }: Case): Reference[] => [
  value,
  ...Object.values(gradient),
  ...Object.values(hvp),
];

describe("numbers", () => {
  test("hexadecimal ones are read as they are written", () => {
    expect(
      ["0x1.8p+1", "-0x0p+0", "0x1.999999999999ap-4", "0x0.0000000000001p-1022", "0x1.fffffffffffffp+1023"].map(
        readHex,
      ),
    ).toEqual([3, -0, 0.1, 5e-324, Number.MAX_VALUE]);
    expect(() => readHex("1.5")).toThrow(/hexadecimal/);
  });
  test("decimals and float64 numbers are compared exactly", () => {
    expect(distance(0.1, "0.1")).toBeCloseTo(5.551115123125783e-18, 30);
    expect(distance(1e-300, "1.0e-300")).toBeLessThan(1e-316);
    expect(distance(3, "3.0")).toBe(0);
    expect(readDecimal("-1.25e-3")).toEqual({ numerator: -125n, denominator: 100000n });
    expect(readFloat(-0.75)).toEqual({ numerator: -3n * 2n ** 51n, denominator: 2n ** 53n });
    expect(() => readDecimal("1/3")).toThrow(/decimal/);
  });
});

describe("the pack", () => {
  for (const kind of kinds) {
    test(`${kind}: shapes fit, and every reference is the nearest float64 number of its 30 digits`, () => {
      const cases = readCases(kind);
      expect(cases.length).toBeGreaterThanOrEqual(12);
      expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
      for (const one of cases) {
        for (const { shape, hex, digits, amplification } of referencesOf(one)) {
          const size = shape.reduce((product, n) => product * n, 1);
          expect([hex.length, digits.length, amplification.length], one.id).toEqual([size, size, size]);
          expect(hex.map(readHex), one.id).toEqual(digits.map(Number));
        }
        for (const name of one.wrt) expect(one.outputs.gradient[name].shape, one.id).toEqual(one.inputs[name].shape);
      }
    });
    test(`${kind}: the library keeps to it`, () => {
      const beyond = readCases(kind).flatMap((one) =>
        score(one, answer(one))
          .filter(({ units }) => !(units <= allowed))
          .map(({ id, what }) => `${id}, ${what}`),
      );
      expect(beyond.filter((line) => !known.includes(line))).toEqual([]);
      expect(beyond).toEqual(known.filter((line) => beyond.includes(line)));
    });
  }
  test("a reference that is bent in its 14th digit is not kept to", () => {
    const [one] = readCases("operations");
    const { value } = one.outputs;
    const received = evaluate(
      one.expression,
      Object.fromEntries(one.wrt.map((name) => [name, toTensor(one.inputs[name])])),
    );
    expect(compare("bent", "value", received, value).units).toBeLessThanOrEqual(1);
    const bent = value.digits.map((text) => String(Number(text) * (1 + 1e-13)));
    expect(compare("bent", "value", received, { ...value, digits: bent }).units).toBeGreaterThan(allowed);
  });
  test("a value of another shape scores nothing", () => {
    const [one] = readCases("operations");
    expect(compare("shape", "value", toTensor({ shape: [], hex: ["0x1p+0"] }), one.outputs.value).digits).toBe(0);
  });
});

describe("verdicts", () => {
  const lines = readVerdicts();
  test("there are some of each", () => {
    for (const verdict of ["right", "wrong", "undefined"]) {
      expect(lines.filter((line) => line.verdict === verdict).length).toBeGreaterThan(5);
    }
  });
  test("the checker accepts no wrong gradient, and raises no false alarm", () => {
    expect(lines.filter((line) => verdictOf(line) !== line.verdict).map(({ id }) => id)).toEqual([]);
  });
});
