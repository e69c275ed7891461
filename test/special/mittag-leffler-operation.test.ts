// Is the Mittag-Leffler function on tensors that of numbers, with derivatives that are right to the last digits?
import { DomainError, exp, grad, jvp, neg, type Tensor, tensor, trace } from "stillpoint";
import { mittagLeffler, mittagLefflerOf } from "stillpoint/special";
import { assertGradients } from "stillpoint/verify";
import { describe, expect, test } from "vitest";
import { mittagLefflerPrimitive } from "../../src/special/mittag-leffler-operation.js";
import { apply1 } from "../../src/tape/index.js";
import { makeOracle } from "../../src/verify/oracle/oracle.js";
import { widen } from "../../src/verify/oracle/wide-tensor.js";
import { readReference } from "./reference-table.js";

const derivative = (order: number, alpha: number, beta: number, z: number): number =>
  apply1(mittagLefflerPrimitive, [tensor(z)], { alpha, beta, order }).item();

describe("values", () => {
  test("are those of numbers, bit for bit", () => {
    const z = [-1e9, -300, -40, -3, -0.5, -0, 0, 0.3, 1, 2, Number.NaN, Number.NEGATIVE_INFINITY];
    for (const [alpha, beta] of [
      [0.3, 1],
      [0.9, 0.9],
      [1.6, -0.5],
      [2, 1],
    ]) {
      expect([...mittagLefflerOf(alpha, tensor(z), beta).data]).toEqual(z.map((x) => mittagLeffler(alpha, x, beta)));
    }
  });
  test("keep shapes, and take plain numbers", () => {
    expect(mittagLefflerOf(0.5, tensor([[0], [0]])).toArray()).toEqual([[1], [1]]);
    expect(mittagLefflerOf(0.5, -1).item()).toBe(mittagLeffler(0.5, -1));
  });
});

describe("derivatives", () => {
  const table = readReference("mittag_leffler_derivatives");
  const errors = table.map(({ args: [order, alpha, beta, z], value, cond }) => ({
    order,
    what: `order ${order}, E_${alpha},${beta}(${z})`,
    error: Math.abs(derivative(order, alpha, beta, z) - value) / Math.abs(value) / (4 * (1 + cond) * 2 ** -52),
    relative: Math.abs(derivative(order, alpha, beta, z) - value) / Math.abs(value),
  }));
  for (const [order, allowed] of [
    [1, 1e-13],
    [2, 1e-13],
    [3, 1e-13],
    [4, 1e-13],
  ]) {
    test(`of order ${order} are within ${allowed}, or 4 (1 + cond) 2^-52, of the table`, () => {
      const rows = errors.filter((row) => row.order === order);
      expect(rows.length).toBeGreaterThan(40);
      expect(rows.filter(({ error, relative }) => !(error <= 1 || relative <= allowed))).toEqual([]);
    });
  }
  test("by reverse and forward mode are the same function with the next order", () => {
    const f = (z: Tensor): Tensor => mittagLefflerOf(0.7, z, 1.2);
    for (const z of [-5, -0.4, 0, 0.8]) {
      expect(grad(f)(tensor(z)).item()).toBe(derivative(1, 0.7, 1.2, z));
      expect(grad(grad(f))(tensor(z)).item()).toBe(derivative(2, 0.7, 1.2, z));
      expect(jvp(f, [tensor(z)], [tensor(1)]).tangent.item()).toBe(derivative(1, 0.7, 1.2, z));
    }
  });
  test("at 0 are n!/Gamma(alpha n + beta)", () => {
    expect(derivative(2, 1, 1, 0)).toBe(1);
    expect(derivative(3, 2, 1, 0)).toBe(1 / 120);
  });
  test("agree with the oracle and with differences", () => {
    assertGradients((z: Tensor) => mittagLefflerOf(0.8, z, 0.8), [tensor([-3, -0.7, 0.2, 2])]);
    assertGradients((z: Tensor) => mittagLefflerOf(1.7, neg(exp(z))), [tensor([-1, 0.5, 2])], { order: 2 });
  });
});

describe("it refuses", () => {
  test("orders and arguments that are none", () => {
    expect(() => mittagLefflerOf(0, 1)).toThrow(DomainError);
    expect(() => mittagLefflerOf(1, 1, Number.NaN)).toThrow(/^mittagLefflerOf: expected beta to be a finite number/);
    expect(() => mittagLefflerOf(1, [1] as never)).toThrow(/^mittagLefflerOf: .*received an array.*tensor\(/);
  });
  test("by the oracle, where its series would cancel", () => {
    const program = trace((z: Tensor) => mittagLefflerOf(0.5, z), tensor(-5));
    expect(() => makeOracle(program)([widen(tensor(-5))])).toThrow(/^oracle: expected \|z\|\^\(1\/alpha\) ≤ 20/);
  });
});
