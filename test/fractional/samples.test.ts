// Do integral and derivative of samples converge to those of functions, and are they transposed rightly?
import fc from "fast-check";
import { grad, jvp, mul, sub, sum, type Tensor, tensor } from "stillpoint";
import { boundedOrder, caputoDerivative, caputoIntegral } from "stillpoint/fractional";
import { gamma } from "stillpoint/special";
import { describe, expect, test } from "vitest";
import { differentiateLine } from "../laws/differences.js";

const uniform = (steps: number, end = 1): number[] => Array.from({ length: steps + 1 }, (_, j) => (end * j) / steps);
const graded = (steps: number): number[] => uniform(steps).map((t) => t * t);

/** D^α t^p = Γ(p + 1)/Γ(p + 1 − α) t^(p − α) */
const derivativeOfPower = (p: number, alpha: number, t: number): number =>
  (gamma(p + 1) / gamma(p + 1 - alpha)) * t ** (p - alpha);

describe("caputoDerivative", () => {
  for (const [alpha, theory] of [
    [0.3, 1.7],
    [0.5, 1.5],
    [0.8, 1.2],
    [1.3, 1.7],
    [1.6, 1.4],
  ]) {
    test(`of t³ converges with order ${theory} for α = ${alpha}`, () => {
      const error = (steps: number): number => {
        const times = uniform(steps);
        const d = caputoDerivative(tensor(times.map((t) => t ** 3)), { order: alpha, times });
        return Math.abs(d.data[steps] - derivativeOfPower(3, alpha, 1));
      };
      expect(Math.abs(Math.log2(error(512) / error(1024)) - theory)).toBeLessThan(0.1);
    });
  }
  test("of lines is exact up to order 1, and that of parabolas beyond, on any times", () => {
    const times = graded(9);
    for (const alpha of [0.2, 0.7, 1]) {
      const d = caputoDerivative(tensor(times.map((t) => 1 + 2 * t)), { order: alpha, times });
      times.forEach((t, n) => {
        expect(d.data[n]).toBeCloseTo(n === 0 ? 0 : 2 * derivativeOfPower(1, alpha, t), 12);
      });
    }
    for (const alpha of [1.2, 1.7, 2]) {
      const d = caputoDerivative(tensor(times.map((t) => 1 - t + 3 * t * t)), { order: alpha, times });
      times.forEach((t, n) => {
        expect(d.data[n]).toBeCloseTo(n === 0 ? 0 : 3 * derivativeOfPower(2, alpha, t), 11);
      });
    }
  });
  test("undoes the integral of what begins at 0, up to the error of the schemes", () => {
    const times = uniform(400);
    const y = tensor(times.map((t) => t * t * (1 - t)));
    const back = caputoDerivative(caputoIntegral(y, { order: 0.6, times }), { order: 0.6, times });
    back.data.forEach((value, n) => {
      expect(Math.abs(value - y.data[n])).toBeLessThan(2e-3);
    });
  });
  test("refuses orders on both sides of 1 at once, and too few samples", () => {
    const y = tensor([
      [1, 2],
      [2, 3],
    ]);
    expect(() => caputoDerivative(y, { order: [0.5, 1.5], times: [0, 1] })).toThrow(/all up to 1 or all above 1/);
    expect(() => caputoDerivative(y, { order: 1.5, times: [0, 1] })).toThrow(/three samples/);
  });
});

describe("both are linear, and their pull-back is the transpose", () => {
  for (const [name, operator, orders] of [
    ["integral", caputoIntegral, [0.1, 2]],
    ["derivative up to 1", caputoDerivative, [0.1, 1]],
    ["derivative above 1", caputoDerivative, [1.1, 2]],
  ] as const) {
    test(name, () => {
      const numbers = (n: number) =>
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n, maxLength: n });
      fc.assert(
        fc.property(
          fc.integer({ min: 3, max: 8 }).chain((n) => fc.tuple(numbers(n), numbers(n))),
          fc.double({ min: orders[0], max: orders[1], noNaN: true }),
          fc.boolean(),
          ([a, b], order, equal) => {
            const times = equal ? uniform(a.length - 1, 2) : graded(a.length - 1);
            const apply = (y: Tensor): Tensor => operator(y, { order, times });
            const [x, g] = [tensor(a), tensor(b)];
            const forwards = sum(mul(g, apply(x))).item();
            const backwards = sum(mul(grad((y: Tensor) => sum(mul(g, apply(y))))(x), x)).item();
            const size = sum(mul(mul(g, g), 1)).item() + sum(mul(apply(x), apply(x))).item() + 1;
            expect(Math.abs(forwards - backwards) / size).toBeLessThan(1e-12);
            expect(jvp(apply, [x], [x]).tangent.data).toEqual(apply(x).data);
          },
        ),
        { seed: 5, numRuns: 60 },
      );
    });
    test(`${name}: the order receives its gradient, to second order`, () => {
      const times = graded(6);
      const y = tensor(times.map((t) => Math.sin(3 * t)));
      const loss = (order: Tensor): Tensor => sum(mul(tensor([1, 2, -1, 3, 0.5, 1, 2]), operator(y, { order, times })));
      const middle = orders[0] === 1.1 ? 1.6 : 0.6;
      const [first] = differentiateLine((s) => loss(tensor(middle + s)).data);
      const [second] = differentiateLine((s) => grad(loss)(tensor(middle + s)).data);
      expect(grad(loss)(tensor(middle)).item()).toBeCloseTo(first, 8);
      expect(grad(grad(loss))(tensor(middle)).item() / second).toBeCloseTo(1, 7);
    });
  }
});

describe("boundedOrder", () => {
  test("stays within its bounds for any number, and is smooth", () => {
    for (const rho of [-1e3, -5, 0, 2, 1e3]) {
      const order = boundedOrder(rho, { low: 1, high: 2 }).item();
      expect(order >= 1 && order <= 2).toBe(true);
    }
    expect(grad((rho: Tensor) => boundedOrder(rho))(tensor(0)).item()).toBe(0.25);
    expect(() => boundedOrder(0, { low: 1, high: 1 })).toThrow(/in \(low, 2\]/);
    expect(sub(boundedOrder(0), 0.5).item()).toBe(0);
  });
});
