// Does a mutant of any rule of any primitive survive the laws?
import fc from "fast-check";
import { flip, mul, stopGradient, type Tensor } from "stillpoint";
import { describe, expect, test } from "vitest";
import type { MaybeTensor, Primitive } from "../../src/tape/index.js";
import { sameShape } from "../../src/tensor/index.js";
import { brokenLaw } from "./broken-law.js";
import { drawFrom } from "./draw.js";
import { families, sampleOf } from "./samples.js";

const seed = 20260901;

/** What is done to the cotangents that a rule gives, or to what it is given. */
const mutations: Readonly<Record<string, (p: Primitive) => Primitive>> = {
  sign: (p) => changed(p, (x) => mul(-1, x)),
  factor: (p) => changed(p, (x) => mul(2, x)),
  "the first cotangent dropped": (p) => ({ ...p, vjp: (...args) => without(p.vjp(...args), 0) }),
  "the second cotangent dropped": (p) => ({ ...p, vjp: (...args) => without(p.vjp(...args), 1) }),
  "cotangents exchanged": (p) => ({ ...p, vjp: (...args) => exchanged(p.vjp(...args)) }),
  "entries in reverse": (p) => changed(p, (x) => (x.shape.length === 0 ? x : flip(x))),
  "the first tangent dropped": (p) => ({
    ...p,
    jvp: ([, ...dx], y, x, parameters) =>
      dx.some((d) => d !== undefined) ? p.jvp([undefined, ...dx], y, x, parameters) : y.map(() => undefined),
  }),
  "a slope that is taken for a constant": (p) => ({
    ...p,
    vjp: (g, y, x, ...rest) => p.vjp(g, y.map(stopGradient), x.map(stopGradient), ...rest),
  }),
};

const changed = (p: Primitive, change: (x: Tensor) => Tensor): Primitive => ({
  ...p,
  vjp: (...args) => p.vjp(...args).map((x) => x && change(x)),
});
const without = (xs: readonly MaybeTensor[], at: number): MaybeTensor[] => xs.map((x, i) => (i === at ? undefined : x));
const exchanged = ([a, b, ...rest]: readonly MaybeTensor[]): MaybeTensor[] =>
  a && b && sameShape(a.shape, b.shape)
    ? [b, a, ...rest]
    : a === undefined && b === undefined
      ? [a, b, ...rest]
      : [a, b, ...rest];

/** Mutants that compute the same as the original, and why. */
const equal: readonly {
  readonly mutations: readonly string[];
  readonly reason: string;
  readonly names: readonly string[];
}[] = [
  {
    mutations: ["a slope that is taken for a constant"],
    reason: "the slope is constant, or piecewise constant",
    names:
      "add sub neg where weigh abs maximum minimum clip relu alias reshape transpose broadcastTo sumTo slice embed concat max min cumsum take scatterAdd".split(
        " ",
      ),
  },
  {
    mutations: ["the first cotangent dropped", "the first tangent dropped"],
    reason: "the first input has no derivative",
    names: ["tanhSlope", "where", "weigh", "fixedPoint"],
  },
  {
    mutations: ["the second cotangent dropped"],
    reason: "the second input is a list of indices, which has no derivative",
    names: ["take", "scatterAdd"],
  },
  {
    mutations: ["cotangents exchanged"],
    reason: "the cotangents are equal, or of different shapes, or one of them is missing",
    names: "add tanhSlope where weigh take scatterAdd checkpoint scan fixedPoint fractionalIntegral trajectory".split(
      " ",
    ),
  },
];
const isEqual = (name: string, mutation: string): boolean =>
  equal.some(({ mutations: some, names }) => some.includes(mutation) && names.includes(name));

/** Mutations that need a second input. */
const forTwo = ["the second cotangent dropped", "cotangents exchanged"];
const hasTwoInputs = (p: Primitive): boolean =>
  fc.sample(fc.gen(), { seed, numRuns: 10 }).some((g) => sampleOf(p)(drawFrom(g)).inputs.length > 1);

/** Those whose derivative is 0 wherever it exists: there is nothing to change. */
const withoutDerivative = new Set([
  "greater",
  "greaterEqual",
  "less",
  "lessEqual",
  "equal",
  "isFinite",
  "sign",
  "floor",
  "ceil",
  "round",
  "shareOfLarger",
  "stopGradient",
  "argmax",
  "oneHot",
  "interval",
  "drawUniform",
  "drawNormal",
  "splitKey",
]);

describe("mutants of the rules", () => {
  const survivors: string[] = [];
  let made = 0;
  for (const primitive of families as readonly Primitive[]) {
    if (withoutDerivative.has(primitive.name)) continue;
    test(primitive.name, () => {
      const two = hasTwoInputs(primitive);
      for (const [what, mutate] of Object.entries(mutations)) {
        if (!two && forTwo.includes(what)) continue;
        made++;
        const alive = brokenLaw(mutate(primitive), seed, 25) === undefined;
        if (alive) survivors.push(`${primitive.name}: ${what}`);
        expect(alive, `${primitive.name}: ${what}`).toBe(isEqual(primitive.name, what));
      }
    });
  }
  test("all die, but for those that are equal to the original", () => {
    const reasons = equal.map(
      ({ mutations: some, reason, names }) => `${some.join(", ")}: ${names.join(" ")} (${reason})`,
    );
    console.log(
      `${made - survivors.length} of ${made} mutants killed; the others are equal to the original:\n${reasons.join("\n")}`,
    );
    expect(made).toBeGreaterThan(350);
  });
});
