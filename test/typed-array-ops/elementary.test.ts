// Are the elementary functions within one unit in the last place, right at their special values, and lawful?

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as elementary from "../../src/typed-array-ops/elementary/index.js";
import * as oracle from "../../src/verify/double-double/index.js";

const { exp, expm1, log, log1p, sin, cos, tan, tanh, sinh, cosh, pow } = elementary;
const { asin, acos, atan, atan2, asinh, acosh, atanh } = elementary;
const SEED = { seed: 6359, numRuns: 3000 };
const INFINITY = Number.POSITIVE_INFINITY;

type Row = readonly number[];
const TABLES = JSON.parse(readFileSync(new URL("../reference/elementary.json", import.meta.url), "utf8")) as Record<
  string,
  readonly Row[]
>;

const NUMBER = new Float64Array(1);
const BITS = new BigInt64Array(NUMBER.buffer);

/** The neighbour of x that is larger in size. */
function nextAway(x: number): number {
  NUMBER[0] = x;
  BITS[0] += 1n;
  return NUMBER[0];
}

/** The distance of neighbouring float64 numbers at x. */
function unitInLastPlace(x: number): number {
  return Math.abs(x) === Number.MAX_VALUE ? 2 ** 971 : nextAway(Math.abs(x)) - Math.abs(x);
}

/** By how many units in the last place the function misses the true value of a table row; wrong kinds are Infinity. */
function errorInUnits(evaluate: (...args: number[]) => number, row: Row): number {
  const value = row.at(-2) as number;
  const received = evaluate(...row.slice(0, -2));
  // The distance of two neighbouring numbers is exact, and dividing by a power of two is, too.
  const units = (received - value) / unitInLastPlace(value) + (row.at(-1) as number);
  return Number.isNaN(units) ? INFINITY : Math.abs(units);
}

function largestError(name: string, evaluate: (...args: number[]) => number): number {
  return (TABLES[name] as readonly Row[]).reduce((worst, row) => Math.max(worst, errorInUnits(evaluate, row)), 0);
}

describe("accuracy", () => {
  const functions = { exp, expm1, log, log1p, sin, cos, tan, tanh, sinh, cosh, pow };
  const inverses = { asin, acos, atan, atan2, asinh, acosh, atanh };
  for (const [name, evaluate] of Object.entries({ ...functions, ...inverses })) {
    it(`${name} errs by less than one unit in the last place on the reference table`, () => {
      expect(largestError(name, evaluate as (...args: number[]) => number)).toBeLessThan(1);
    });
  }

  // The oracle has 31 digits, by other formulas: e²ˣ − 1 from its own series.
  const missesOracle = (evaluate: (x: number) => number, at: readonly number[]): number =>
    at.reduce((worst, x) => {
      const { high, low } = oracle.tanh({ high: x, low: 0 });
      const units = (evaluate(x) - high - low) / unitInLastPlace(high);
      return Math.max(worst, Math.abs(units));
    }, 0);
  /** Densely where k changes or is small, and at all sizes. */
  const places = [
    ...Array.from({ length: 12000 }, (_, i) => 0.05 + i * 6.1e-5),
    ...Array.from({ length: 4000 }, (_, i) => 0.7 + i * 0.00533),
    ...Array.from({ length: 4000 }, (_, i) => 10 ** (-12 + i * 0.003)),
    ...Array.from({ length: 60 }, (_, k) => ((k + 2 / 3) * Math.LN2) / 2).flatMap((x) => [
      x * (1 - 1e-12),
      x,
      x * (1 + 1e-12),
    ]),
  ];
  it("tanh errs by less than 0.9 units at 20,000 places, and another last bit is noticed", () => {
    expect(missesOracle(tanh, places)).toBeLessThan(0.9);
    expect(missesOracle((x) => tanh(x) * (1 + 2 ** -52), places)).toBeGreaterThan(0.9);
  });

  it("is measured by a rule that rejects a function two units off, and any that is not a number", () => {
    expect(largestError("exp", (x) => exp(x) + 2 * unitInLastPlace(exp(x)))).toBeGreaterThan(1.5);
    expect(largestError("exp", (x) => exp(x) - 2 * unitInLastPlace(exp(x)))).toBeGreaterThan(1.5);
    expect(largestError("sin", (x) => (x > 1e100 ? Number.NaN : sin(x)))).toBe(INFINITY);
  });
});

describe("special values", () => {
  const ONE_ARGUMENT = {
    exp,
    expm1,
    log,
    log1p,
    sin,
    cos,
    tan,
    tanh,
    sinh,
    cosh,
    asin,
    acos,
    atan,
    asinh,
    acosh,
    atanh,
  };
  const EXTREMES = [0, -0, INFINITY, -INFINITY, Number.NaN, -1, -2, 2, 1e-310, -1e-310, 5e-324, -5e-324];

  it("agree with the ones the language prescribes, including the sign of zero", () => {
    for (const [name, evaluate] of Object.entries(ONE_ARGUMENT)) {
      for (const x of [0, -0, INFINITY, -INFINITY, Number.NaN]) {
        const prescribed = Math[name as keyof typeof ONE_ARGUMENT](x);
        const error = errorInUnits(evaluate, [x, prescribed, 0]);
        if (Number.isFinite(prescribed) && prescribed !== 0) expect(error, `${name}(${x})`).toBeLessThan(1);
        else expect(evaluate(x), `${name}(${x})`).toBe(prescribed);
      }
    }
    for (const evaluate of [log, log1p, asin, acos, acosh, atanh]) expect(evaluate(-2)).toBeNaN();
    expect(log1p(-1)).toBe(-INFINITY);
    expect([atanh(1), atanh(-1), acosh(1), log(1), acos(1)]).toEqual([INFINITY, -INFINITY, 0, 0, 0]);
  });

  it("keep tiny arguments, subnormal ones too", () => {
    for (const evaluate of [expm1, log1p, sin, tan, tanh, sinh, asin, atan, asinh, atanh]) {
      for (const x of [1e-310, -1e-310, 5e-324, -5e-324, 1e-200]) expect(evaluate(x)).toBe(x);
    }
  });

  it("overflow and underflow where the true value does", () => {
    expect(exp(709.782712893384)).toBe(1.7976931348622732e308);
    expect(exp(709.7827128933841)).toBe(INFINITY);
    expect(exp(-745.1332191019411)).toBe(5e-324);
    expect(exp(-745.1332191019412)).toBe(0);
    expect(exp(-1e300)).toBe(0);
    expect(cosh(710.4758600739439)).toBeLessThan(INFINITY);
    expect(sinh(-710.475860073944)).toBe(-INFINITY);
    for (const x of [710.5, 711, 1e308]) expect([sinh(x), sinh(-x), cosh(x)]).toEqual([INFINITY, -INFINITY, INFINITY]);
    expect(pow(2, 1024)).toBe(INFINITY);
    expect(pow(2, -1074)).toBe(5e-324);
    expect(pow(2, -1075)).toBe(0);
    expect(tanh(-1e300)).toBe(-1);
  });

  it("of pow agree with Math.pow for all pairs of extremes", () => {
    for (const x of [...EXTREMES, 1, 0.5, -0.5, 1e308, -1e308]) {
      for (const y of [...EXTREMES, 1, 3, -3, 0.5, -0.5, 1e300, -1e300, 2 ** 53, 2 ** 53 - 1, 1e-30]) {
        const prescribed = x ** y;
        if (Number.isFinite(prescribed) && prescribed !== 0) {
          expect(errorInUnits(pow, [x, y, prescribed, 0]), `pow(${x}, ${y})`).toBeLessThanOrEqual(1);
        } else expect(pow(x, y), `pow(${x}, ${y})`).toBe(prescribed);
      }
    }
  });

  it("of atan2 agree with Math.atan2 for all pairs of extremes", () => {
    for (const y of EXTREMES) {
      for (const x of EXTREMES) {
        const prescribed = Math.atan2(y, x);
        if (Number.isFinite(prescribed) && prescribed !== 0) {
          expect(errorInUnits(atan2, [y, x, prescribed, 0]), `atan2(${y}, ${x})`).toBeLessThanOrEqual(1);
        } else expect(atan2(y, x), `atan2(${y}, ${x})`).toBe(prescribed);
      }
    }
  });

  it("of pow are exact where the power is a float64 number", () => {
    for (let k = -1074; k < 1024; k++) expect(pow(2, k)).toBe(2 ** k);
    for (let base = -30; base <= 30; base++) {
      for (let y = 0, power = 1; Math.abs(power) < 2 ** 53; y++, power *= base) {
        expect(pow(base, y)).toBe(power);
        if (Math.abs(base) < 2) break;
      }
    }
    for (let root = 1; root < 1000; root++) expect(pow(root * root, 0.5)).toBe(root);
  });
});

describe("laws", () => {
  const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true });
  const moderate = fc.double({ noNaN: true, min: -700, max: 700 });

  it("exp(x) exp(-x) is 1 up to the two roundings", () => {
    fc.assert(
      fc.property(moderate, (x) => {
        expect(Math.abs(exp(x) * exp(-x) - 1)).toBeLessThanOrEqual(4 * Number.EPSILON);
      }),
      SEED,
    );
  });

  it("odd functions are odd and even functions even, bit for bit", () => {
    fc.assert(
      fc.property(anyDouble, (x) => {
        for (const odd of [sin, tan, tanh, sinh, asin, atan, asinh, atanh]) expect(odd(-x)).toBe(-odd(x));
        for (const even of [cos, cosh]) expect(even(-x)).toBe(even(x));
      }),
      SEED,
    );
  });

  it("sin^2 + cos^2 is 1, for angles of every size", () => {
    fc.assert(
      fc.property(anyDouble, (x) => {
        expect(Math.abs(sin(x) * sin(x) + cos(x) * cos(x) - 1)).toBeLessThanOrEqual(3 * Number.EPSILON);
      }),
      SEED,
    );
  });

  it("pow(x, y) pow(x, -y) is 1 and pow(x, 1) is x", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: 1e-3, max: 1e3 }),
        fc.double({ noNaN: true, min: -90, max: 90 }),
        (x, y) => {
          expect(Math.abs(pow(x, y) * pow(x, -y) - 1)).toBeLessThanOrEqual(4 * Number.EPSILON);
          expect(pow(x, 1)).toBe(x);
        },
      ),
      SEED,
    );
  });

  it("exp, log, tanh, sinh and atan never decrease from one float64 number to the next", () => {
    for (const [evaluate, min, max] of [
      [exp, 0, 709],
      [log, 0, 1e308],
      [tanh, 0, 25],
      [sinh, 0, 710],
      [atan, 0, 1e20],
    ] as const) {
      fc.assert(
        fc.property(fc.oneof(fc.double({ noNaN: true, min, max }), fc.double({ noNaN: true, min, max: 3 })), (x) => {
          expect(evaluate(nextAway(x))).toBeGreaterThanOrEqual(evaluate(x));
        }),
        SEED,
      );
    }
  });
});
