// Does spectral collocation give trajectories to the last digits, exponentially fast, with the right derivatives?
import { add, grad, jvp, mul, sin, slice, sum, type Tensor, tensor } from "stillpoint";
import { solveCaputo, spectral } from "stillpoint/fractional";
import { describe, expect, test } from "vitest";
import { differentiateLine } from "../laws/differences.js";
import { deviation, readProblems } from "./problems.js";

describe("trajectories that are known to many digits, to 1e-11 of their scale", () => {
  const problems = readProblems("trajectories");
  test("there are 27", () => {
    expect(problems.length).toBe(27);
  });
  for (const problem of problems) {
    test(problem.name, () => {
      const quadrature = spectral({ nodes: problem.stiff ? 128 : 48 });
      const solution = solveCaputo(problem.f, problem.u0, { ...problem.options, quadrature, tolerance: 1e-13 });
      expect(deviation(problem, solution)).toBeLessThan(1e-11);
    });
  }
  for (const problem of readProblems("trajectories_long")) {
    test(`${problem.name}, on ten panels`, () => {
      const quadrature = spectral({ nodes: 48, panels: 10 });
      const solution = solveCaputo(problem.f, problem.u0, { ...problem.options, quadrature, tolerance: 1e-13 });
      expect(deviation(problem, solution)).toBeLessThan(1e-11);
    });
  }
  test("a wrong order is seen", () => {
    const [problem] = problems;
    const options = { ...problem.options, order: 0.31, quadrature: spectral({ nodes: 48 }) };
    expect(deviation(problem, solveCaputo(problem.f, problem.u0, options))).toBeGreaterThan(1e-3);
  });
});

describe("on smooth problems the error falls exponentially, below 1e-13 by 32 nodes", () => {
  const smooth = readProblems("trajectories").filter(
    ({ name, stiff }) => !stiff && /^(tanh_mlp|linear).*(0\.5|0\.8)\d*, /.test(name),
  );
  for (const problem of smooth) {
    test(problem.name, () => {
      const error = (nodes: number): number => {
        const options = {
          ...problem.options,
          quadrature: spectral({ nodes }),
          tolerance: 1e-15,
          relativeTolerance: 4e-16,
        };
        return deviation(problem, solveCaputo(problem.f, problem.u0, options));
      };
      const errors = [4, 8, 16, 32].map(error);
      console.log(`${problem.name}: ${errors.map((e) => e.toExponential(1)).join(" ")}`);
      expect(errors[1]).toBeLessThan(errors[0] / 4);
      expect(errors[3]).toBeLessThan(1e-13);
    });
  }
});

describe("derivatives", () => {
  const quadratures = {
    "one panel": spectral({ nodes: 14, exponent: 3 }),
    "three panels": spectral({ nodes: 8, panels: 3, exponent: 2.5 }),
  };
  for (const [name, quadrature] of Object.entries(quadratures)) {
    type Point = { readonly u0: Tensor; readonly order: Tensor; readonly duration: Tensor; readonly when: Tensor };
    const loss = ({ u0, order, duration, when }: Point): Tensor => {
      const f = (t: Tensor, u: Tensor): Tensor => add(sin(mul(1.5, u)), mul(0.3, t));
      const solution = solveCaputo(f, u0, { order, duration, quadrature, tolerance: 1e-14 });
      const last = slice(solution.values, [3], [solution.values.shape[0]]);
      return add(sum(mul(solution.at(when), tensor([[1], [2], [-1]]))), sum(mul(last, last)));
    };
    const at: Point = {
      u0: tensor([0.4, -1]),
      order: tensor(0.7),
      duration: tensor(1.3),
      when: tensor([0.1, 0.7, 1.25]),
    };
    const along: Point = {
      u0: tensor([0.3, 0.8]),
      order: tensor(0.5),
      duration: tensor(-0.4),
      when: tensor([0.1, -0.2, 0.05]),
    };
    const moved = (s: number): Point => ({
      u0: add(at.u0, mul(s, along.u0)),
      order: add(at.order, mul(s, along.order)),
      duration: add(at.duration, mul(s, along.duration)),
      when: add(at.when, mul(s, along.when)),
    });
    const inner = (a: Point, b: Point): Tensor =>
      add(add(sum(mul(a.u0, b.u0)), mul(a.order, b.order)), add(mul(a.duration, b.duration), sum(mul(a.when, b.when))));
    test(`of u₀, order, duration and observation times, to second order, ${name}`, () => {
      const [first] = differentiateLine((s) => loss(moved(s)).data);
      expect(jvp(loss, [at], [along]).tangent.item()).toBeCloseTo(first, 9);
      expect(inner(grad(loss)(at), along).item()).toBeCloseTo(first, 9);
      const reverse = (x: Point): Tensor => inner(grad(loss)(x), along);
      const [second] = differentiateLine((s) => reverse(moved(s)).data);
      expect(jvp(reverse, [at], [along]).tangent.item() / second).toBeCloseTo(1, 8);
      expect(inner(grad(reverse)(at), along).item() / second).toBeCloseTo(1, 8);
    });
  }
});
