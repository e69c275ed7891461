// Is what is recorded what happened?
import {
  add,
  anderson,
  ConvergenceError,
  fixedPoint,
  fixedPointWithReport,
  grad,
  mul,
  picard,
  type Tensor,
  tanh,
  tensor,
} from "stillpoint";
import { drawSolves, recordSolves } from "stillpoint/pictures";
import { expect, test } from "vitest";

const cell =
  (a: Tensor) =>
  (z: Tensor): Tensor =>
    mul(0.8, tanh(add(z, a)));

test("a solve and its adjoint are recorded with every residual, and drawn", () => {
  const adjoint = { solver: anderson() };
  const { result, solves, failure } = recordSolves(
    (options) => grad((a: Tensor) => fixedPoint(cell(a), 0, options))(tensor(0.3)),
    { solver: anderson(), adjoint },
  );
  expect(failure).toBeUndefined();
  expect(result?.item()).toBe(
    grad((a: Tensor) => fixedPoint(cell(a), 0, { solver: anderson(), adjoint }))(tensor(0.3)).item(),
  );
  expect(solves.map(({ role }) => role)).toEqual(["forward", "derivative"]);
  const { report } = fixedPointWithReport(cell(tensor(0.3)), 0, { solver: anderson() });
  expect(solves[0].steps.map(({ residual }) => residual)).toEqual(report.residuals);
  expect(solves[0].steps.map(({ state }) => state[0])[0]).toBe(0);
  const sums = solves[0].steps.flatMap(({ weights }) => (weights ? [weights.reduce((sum, w) => sum + w, 0)] : []));
  expect(sums.length).toBeGreaterThan(2);
  for (const sum of sums) expect(sum).toBeCloseTo(1, 10);
  expect(drawSolves(solves)).toContain("anderson");
});

test("a solve that fails is recorded with its message", () => {
  const { result, solves, failure } = recordSolves((options) => fixedPoint((z) => add(z, 1), 0, options), {
    solver: picard(),
    maxSteps: 5,
  });
  expect(result).toBeUndefined();
  expect(failure).toBeInstanceOf(ConvergenceError);
  expect(solves[0].failure).toMatch(/after 5 steps of picard/);
  expect(solves[0].steps.length).toBe(6);
});

test("the solver that ran is named, also where it was not the one of the options", () => {
  const { solves } = recordSolves((options) => fixedPoint(cell(tensor(1)), 0, { ...options, solver: anderson() }));
  expect(solves.map(({ operation, solver }) => [operation, solver])).toEqual([["fixedPoint", "anderson"]]);
});

test("what the caller listens to is heard as well, and other errors pass", () => {
  const heard: number[] = [];
  recordSolves((options) => fixedPoint(cell(tensor(1)), 0, options), { onStep: ({ step }) => heard.push(step) });
  expect(heard.length).toBeGreaterThan(1);
  expect(() =>
    recordSolves(() => {
      throw new Error("mine");
    }),
  ).toThrow("mine");
});
