// Do adaptive panels meet the accuracy that is asked for, and say so truly?
import {
  abs,
  ConvergenceError,
  grad,
  jit,
  mul,
  neg,
  slice,
  sub,
  sum,
  type Tensor,
  TraceError,
  tensor,
} from "stillpoint";
import { solveCaputo, solveCaputoWithReport, spectral } from "stillpoint/fractional";
import { describe, expect, test } from "vitest";
import { deviation, readProblems } from "./problems.js";

const problems = [...readProblems("trajectories"), ...readProblems("trajectories_long")];

for (const accuracy of [1e-6, 1e-9, 1e-11]) {
  describe(`to ${accuracy}`, () => {
    for (const problem of problems) {
      test(problem.name, () => {
        const options = { ...problem.options, quadrature: spectral({ accuracy }) };
        const solution = solveCaputoWithReport(problem.f, problem.u0, options);
        expect(solution.report.errorEstimate).toBeLessThanOrEqual(accuracy);
        expect(deviation(problem, solution)).toBeLessThanOrEqual(accuracy);
      });
    }
  });
}

test("a kink is found and enclosed, or the accuracy is refused", () => {
  const kinked = (_: Tensor, u: Tensor): Tensor => neg(abs(sub(u, 0.5)));
  const options = { order: 0.7, duration: 2 };
  const close = solveCaputo(kinked, 1, { ...options, quadrature: spectral({ accuracy: 1e-7 }) })
    .at(2)
    .item();
  const closer = solveCaputo(kinked, 1, { ...options, quadrature: spectral({ accuracy: 1e-8 }) })
    .at(2)
    .item();
  expect(Math.abs(close - closer)).toBeLessThan(2e-7);
});

test("a solution that blows up is an error", () => {
  const run = (): unknown =>
    solveCaputo((_, u) => mul(u, u), 1, { order: 1, duration: 2, quadrature: spectral({ accuracy: 1e-6 }) });
  expect(run).toThrow(ConvergenceError);
});

test("the derivative is that of the equation on the panels that were found", () => {
  const [problem] = problems.filter(({ name }) => name.startsWith("brusselator"));
  const final = (accuracy: number) => (u0: Tensor) => {
    const { values } = solveCaputo(problem.f, u0, { ...problem.options, quadrature: spectral({ accuracy }) });
    const n = values.shape[0];
    return sum(slice(values, [n - 1], [n]));
  };
  const [rough, fine] = [1e-8, 1e-12].map((accuracy) => grad(final(accuracy))(problem.u0).data);
  rough.forEach((value, i) => {
    expect(Math.abs(value - fine[i])).toBeLessThan(1e-7);
  });
});

test("panels cannot be sought within a trace", () => {
  const f = jit(
    (u0: Tensor) =>
      solveCaputo((_, u) => neg(u), u0, { order: 0.5, duration: 1, quadrature: spectral({ accuracy: 1e-6 }) }).values,
  );
  expect(() => f(tensor([1]))).toThrow(TraceError);
});
