// Does the error of the implicit gradient follow the tolerance, and does the example see a gradient that does not?
import { describe, expect, test } from "vitest";
import { bounds, type Method, measureErrors } from "../../examples/gradient-error/measure.js";

describe.each(bounds)("with a weight matrix of norm %f", (bound) => {
  const points = measureErrors(bound);
  const of = (method: Method) => points.filter((point) => point.method === method);
  const factors = (method: Method) =>
    of(method)
      .filter(({ tolerance }) => tolerance >= 1e-12)
      .map(({ error, tolerance }) => error / tolerance);

  test("the gradient of the equation is as good as its tolerances say", () => {
    for (const method of [
      "both equations to the tolerance",
      "z to the tolerance, its gradient's equation to 1e-14",
      "z to 1e-14, its gradient's equation to the tolerance",
    ] as const) {
      expect(Math.max(...factors(method)), method).toBeLessThan(2);
    }
  });
  test("the gradient of the steps is worse at every tolerance", () => {
    const steps = factors("backpropagation through the steps");
    factors("both equations to the tolerance").forEach((factor, i) => {
      expect(steps[i]).toBeGreaterThan(factor);
    });
  });
  test("phantom gradients do not get better with the tolerance", () => {
    for (const method of ["phantom gradient, 5 steps", "Jacobian-free, 1 step"] as const) {
      expect(Math.min(...of(method).map(({ error }) => error)), method).toBeGreaterThan(1e-4);
    }
  });
});
