// Are the special functions on tensors those of numbers, and are their slopes right to the last digits?
import { DomainError, digamma, erf, erfc, gelu, lgamma, polygamma, type Tensor, tensor } from "stillpoint";
import { describe, expect, test } from "vitest";
import * as numbers from "../../src/special/index.js";
import { derivative, expectNear, expectSlope, expectSlopeNear, forward, reverse } from "../primitives/slopes.js";
import { readReference, violations } from "./reference-table.js";

const infinity = Number.POSITIVE_INFINITY;
const special = [Number.NaN, infinity, -infinity, 0, -0, -1, -2.5, 0.5, 1, 3, 5e-324, 1e308, -1e308];

describe("values are those of the functions of numbers, bit for bit", () => {
  const pairs = [
    ["erf", erf, numbers.erf],
    ["erfc", erfc, numbers.erfc],
    ["lgamma", lgamma, numbers.lgamma],
    ["digamma", digamma, numbers.digamma],
  ] as const;
  for (const [name, word, ofNumber] of pairs) {
    test(name, () => {
      const x = [...special, ...readReference(name).map(({ args }) => args[0])];
      expect([...word(tensor(x)).data]).toEqual(x.map(ofNumber));
    });
  }
  test("polygamma, for every order", () => {
    for (const n of [0, 1, 2, 5]) {
      expect([...polygamma(n, tensor(special)).data]).toEqual(special.map((x) => numbers.polygamma(n, x)));
    }
  });
  test("shapes are kept, and plain numbers taken", () => {
    expect(erf(tensor([[0], [0]])).toArray()).toEqual([[0], [0]]);
    expect(lgamma(1).item()).toBe(0);
  });
});

describe("slopes, in units of the reference tables", () => {
  const both = (f: (x: Tensor) => Tensor): ((x: number) => number)[] => [(x) => reverse(f, x), (x) => forward(f, x)];
  test("of lgamma are digamma", () => {
    for (const slope of both(lgamma)) expect(violations(readReference("digamma"), slope, 4)).toEqual([]);
  });
  test("of digamma and polygamma are polygamma of the next order", () => {
    for (const n of [0, 1, 2, 3]) {
      const table = readReference("polygamma").filter(({ args }) => args[0] === n + 1);
      expect(table.length).toBeGreaterThan(10);
      for (const slope of both((x) => polygamma(n, x))) {
        expect(violations(table, (_, x) => slope(x), 4)).toEqual([]);
      }
      if (n === 0) for (const slope of both(digamma)) expect(violations(table, (_, x) => slope(x), 4)).toEqual([]);
    }
  });
  // Values computed with 300 bits and rounded; e^(−x²) has sensitivity 2x².
  test("of erf and erfc are ±2/√π e^(−x²), to 2 (1 + 2x²) units", () => {
    for (const [x, slope] of [
      [0, 1.1283791670955126],
      [0.5, 0.8787825789354448],
      [-5, 1.5670866531017336e-11],
      [10, 4.197656231354417e-44],
      [26, 2.9470349932662697e-294],
    ]) {
      expectSlopeNear(erf, x, slope, 2 * (1 + 2 * x * x));
      expectSlopeNear(erfc, x, -slope, 2 * (1 + 2 * x * x));
    }
    for (const x of [40, -40, 1e308, infinity]) expectSlope(erf, x, 0);
  });
});

describe("gelu", () => {
  // Values computed with 300 bits and rounded; the sensitivity is about x² on the left.
  test("keeps its digits for negative x, to 2 (1 + x²) units", () => {
    for (const [x, value] of [
      [-35, -3.937187472653422e-267],
      [-10, -7.619853024160526e-23],
      [-5, -1.4332578593959695e-6],
      [-1, -0.15865525393145705],
      [-0.5, -0.15426876936299344],
      [0.5, 0.34573123063700656],
      [3, 2.99595030590511],
      [10, 10],
    ]) {
      expectNear(gelu(x).item(), value, 2 * (1 + x * x), `gelu(${x})`);
    }
  });
  test("has slopes Φ(x) + x φ(x) that keep theirs", () => {
    for (const [x, slope] of [
      [-35, -1.378013786291136e-265],
      [-10, -7.618400096464814e-22],
      [-5, -7.146946001792295e-6],
      [-1, -0.0833154705876863],
      [0, 0.5],
      [0.5, 0.8674951246561629],
      [10, 1],
    ]) {
      expectSlopeNear(gelu, x, slope, 2 * (1 + x * x));
    }
  });
  test("has second derivative (2 − x²) φ(x)", () => {
    for (const x of [-3, -0.5, 0, 1, 2]) {
      const phi = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
      expectSlopeNear(derivative(gelu), x, (2 - x * x) * phi, 32);
    }
  });
  test("has its limits and NaN", () => {
    expect([...gelu(tensor([-infinity, -1e308, -0, 0, 1e308, infinity, Number.NaN])).data]).toEqual([
      ...[-0, -0, -0, 0, 1e308, infinity, Number.NaN],
    ]);
    expectSlope(gelu, -1e308, 0);
    expectSlope(gelu, 1e308, 1);
  });
});

describe("polygamma refuses", () => {
  test("orders that are not integers ≥ 0", () => {
    for (const n of [-1, 0.5, Number.NaN, infinity, "1" as never, tensor(1) as never]) {
      expect(() => polygamma(n, 1)).toThrow(DomainError);
      expect(() => polygamma(n, 1)).toThrow(/^polygamma: expected n to be an integer ≥ 0/);
    }
  });
  test("what is no tensor", () => {
    expect(() => polygamma(1, [1] as never)).toThrow(/^polygamma: .*received an array.*tensor\(/);
    expect(() => erf([1] as never)).toThrow(/^erf: .*received an array.*tensor\(/);
  });
});
