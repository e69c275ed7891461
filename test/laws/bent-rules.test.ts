// Are the laws themselves any good? Each must reject a rule that is slightly wrong.
import { add, mul, square, stopGradient, sub, type Tensor } from "stillpoint";
import { describe, expect, test } from "vitest";
import {
  argmaxPrimitive,
  comparisonFamily,
  drawFamily,
  intervalPrimitive,
  oneHotPrimitive,
  roundingFamily,
  shareOfLargerPrimitive,
  stopGradientPrimitive,
  tanhPrimitive,
} from "../../src/primitives/index.js";
import type { MaybeTensor, Primitive } from "../../src/tape/index.js";
import { brokenLaw } from "./broken-law.js";
import { families } from "./samples.js";

const seed = 20260102;

const scaled = (xs: readonly MaybeTensor[], by: number): MaybeTensor[] => xs.map((x) => x && mul(by, x));

/** Both rules wrong by the same factor: only a reference can tell. */
const bentAlike = (p: Primitive, by: number): Primitive => ({
  ...p,
  vjp: (...args) => scaled(p.vjp(...args), by),
  jvp: (...args) => scaled(p.jvp(...args), by),
});

const bentBackwards = (p: Primitive, by: number): Primitive => ({ ...p, vjp: (...args) => scaled(p.vjp(...args), by) });

/** Those whose derivative is 0 wherever it exists. */
const flat = [
  ...comparisonFamily,
  ...roundingFamily,
  shareOfLargerPrimitive,
  stopGradientPrimitive,
  argmaxPrimitive,
  oneHotPrimitive,
  intervalPrimitive,
  ...drawFamily,
] as readonly Primitive[];
const differentiable = (families as readonly Primitive[]).filter((primitive) => !flat.includes(primitive));

describe("the laws reject, for every primitive that has a derivative,", () => {
  for (const primitive of differentiable) {
    test(`${primitive.name}: rules wrong by 1e-9`, () => {
      expect(brokenLaw(bentAlike(primitive, 1 + 1e-9), seed)).toMatch(/differences/);
    });
    test(`${primitive.name}: a vjp that disagrees with its jvp by 1e-9`, () => {
      expect(brokenLaw(bentBackwards(primitive, 1 + 1e-9), seed)).toMatch(/Jᵀu/);
    });
  }
});

describe("tanh", () => {
  const tanhWith = (slope: (y: Tensor) => Tensor): Primitive =>
    ({
      ...tanhPrimitive,
      vjp: ([g], [y]) => [g && mul(g, slope(y))],
      jvp: ([dx], [y]) => [dx && mul(dx, slope(y))],
    }) satisfies Primitive<void>;
  test("is accepted with its right slope", () => {
    expect(
      brokenLaw(
        tanhWith((y) => sub(1, square(y))),
        seed,
      ),
    ).toBeUndefined();
  });
  test("is rejected with a rule that is wrong only in second order", () => {
    expect(
      brokenLaw(
        tanhWith((y) => sub(1, square(stopGradient(y)))),
        seed,
      ),
    ).toMatch(/second order/);
  });
  test("is rejected with a slope that is wrong by a constant 1e-9", () => {
    expect(
      brokenLaw(
        tanhWith((y) => add(1 + 1e-9, mul(-1, square(y)))),
        seed,
      ),
    ).toMatch(/differences/);
  });
  test("is rejected if it writes to its argument", () => {
    const writing: Primitive = {
      ...(tanhPrimitive as Primitive),
      kernel: (shapes, parameters) => {
        const run = tanhPrimitive.kernel(shapes, parameters as undefined);
        return (outputs, inputs) => {
          run(outputs, inputs);
          if (inputs[0].length > 0) inputs[0][0] += 1e-3;
        };
      },
    };
    expect(brokenLaw(writing, seed)).toBeDefined();
  });
  test("is rejected if its kernel gives other bits on its second run", () => {
    const drifting: Primitive = {
      ...(tanhPrimitive as Primitive),
      kernel: (shapes, parameters) => {
        const run = tanhPrimitive.kernel(shapes, parameters as undefined);
        let runs = 0;
        return (outputs, inputs) => {
          run(outputs, inputs);
          if (runs++ > 0) outputs[0][0] *= 1 + 2 ** -52;
        };
      },
    };
    expect(brokenLaw(drifting, seed)).toMatch(/compiled/);
  });
});
