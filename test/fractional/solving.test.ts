// Does the way of solving change nothing but the cost, and does every rule converge as theory says?
import fc from "fast-check";
import {
  add,
  anderson,
  auto,
  broyden,
  ConvergenceError,
  compile,
  DomainError,
  grad,
  jvp,
  matmul,
  mul,
  neg,
  newtonKrylov,
  picard,
  pow,
  random,
  sin,
  slice,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
  transpose,
} from "stillpoint";
import {
  convolutionQuadrature,
  productRectangle,
  productTrapezoid,
  type Quadrature,
  solveCaputo,
  solveCaputoWithReport,
  spectral,
} from "stillpoint/fractional";
import { gamma, mittagLefflerMatrix } from "stillpoint/special";
import { describe, expect, test } from "vitest";
import { differentiateLine } from "../laws/differences.js";
import { readProblems } from "./problems.js";

const decay = (_: Tensor, u: Tensor): Tensor => neg(u);
const stream = random(4);
const mix = mul(0.8, stream.normal([3, 3]));
const field = (t: Tensor, u: Tensor): Tensor => add(tanh(matmul(u, mix)), sin(t));
const start = tensor([0.5, -1, 2]);
const options = { order: 0.7, duration: 2, steps: 100, tolerance: 1e-13 };
const largest = (x: Tensor, y: Tensor): number =>
  x.data.reduce((most, value, i) => Math.max(most, Math.abs(value - y.data[i])), 0);

describe("windows of any size, and any solver in them, give the same trajectory and gradient", () => {
  const loss = (more: object) => (u0: Tensor) => sum(pow(solveCaputo(field, u0, { ...options, ...more }).values, 2));
  const expected = solveCaputo(field, start, options).values;
  const gradient = grad(loss({}))(start);
  const ways: Record<string, object> = {
    stepping: { window: 1 },
    "windows of 7": { window: 7 },
    global: { window: 101 },
    anderson: { solver: anderson({ memory: 5 }), adjoint: { solver: anderson({ memory: 5 }) } },
    broyden: { solver: broyden(), adjoint: { solver: broyden() } },
    newtonKrylov: { solver: newtonKrylov(), adjoint: { solver: newtonKrylov() } },
    auto: { solver: auto(), adjoint: { solver: auto() } },
    "picard, stepping": { solver: picard(), window: 1, adjoint: { solver: picard() } },
  };
  for (const [name, more] of Object.entries(ways)) {
    test(name, () => {
      expect(largest(solveCaputo(field, start, { ...options, ...more }).values, expected)).toBeLessThan(1e-11);
      expect(largest(grad(loss(more))(start), gradient)).toBeLessThan(1e-10);
    });
  }
  test("the report names the solver and counts windows", () => {
    const { report } = solveCaputoWithReport(field, start, { ...options, solver: anderson(), window: 20 });
    expect(report).toMatchObject({ solver: "anderson", windows: 6, converged: true });
  });
  test("a solver that cannot do it fails with an error, after windows were cut to one node", () => {
    const stiff = (_: Tensor, u: Tensor): Tensor => mul(-1e6, u);
    const run = (): unknown => solveCaputo(stiff, start, { ...options, solver: picard() });
    expect(run).toThrow(ConvergenceError);
    expect(run).toThrow(/node 1\b/);
  });
});

describe("many states are solved by iterations without a Jacobian", () => {
  const n = 80;
  const wide = mul(1 / Math.sqrt(n), random(1).normal([n, n]));
  const u0 = random(2).normal([n]);
  const f = (_: Tensor, u: Tensor): Tensor => tanh(matmul(u, wide));
  const wideOptions = { order: 0.6, duration: 1, steps: 60, tolerance: 1e-12 };
  test("forward by Anderson's method, backward by GMRES, equal to Newton's sweeps", () => {
    const adjoints: string[] = [];
    const given = { ...wideOptions, onAdjoint: ({ solver }: { solver: string }) => adjoints.push(solver) };
    const { report, values } = solveCaputoWithReport(f, u0, given);
    expect(report.solver).toBe("anderson");
    const loss = (x: Tensor): Tensor => sum(slice(solveCaputo(f, x, given).values, [60], [61]));
    const [difference] = differentiateLine((s) => loss(add(u0, mul(s, u0))).data);
    expect(sum(mul(grad(loss)(u0), u0)).item()).toBeCloseTo(difference, 8);
    expect(adjoints[0]).toBe("newtonKrylov");
    const krylov = solveCaputo(f, u0, { ...wideOptions, solver: newtonKrylov() }).values;
    expect(largest(values, krylov)).toBeLessThan(1e-10);
  });
  test("and stiff ones by Newton's method at last", () => {
    const stiff = (_: Tensor, u: Tensor): Tensor => sub(tanh(matmul(u, wide)), mul(1e5, u));
    const { report } = solveCaputoWithReport(stiff, u0, { ...wideOptions, steps: 4, tolerance: 1e-10 });
    expect(report.residual).toBeLessThanOrEqual(1e-10);
  });
});

describe("orders of convergence are within 0.1 of theory", () => {
  const observed = (error: (steps: number) => number, steps: number): number =>
    Math.log2(error(steps) / error(2 * steps));
  const linear = readProblems("trajectories").filter(
    ({ name }) => /^linear, order 0\.(3|5)/.test(name) && !/-1000/.test(name),
  );
  test("there are two problems with u ~ t^α", () => {
    expect(linear.length).toBe(2);
  });
  // D^α u = t² has the smooth right side and the solution 2 t^(2+α)/Γ(3 + α), made that of an equation in u.
  const smooth =
    (alpha: number) =>
    (t: Tensor, u: Tensor): Tensor =>
      sub(pow(t, 2), sub(u, mul(2 / gamma(3 + alpha), pow(t, 2 + alpha))));
  const smoothError =
    (alpha: number, quadrature: Quadrature) =>
    (steps: number): number => {
      const { values } = solveCaputo(smooth(alpha), 0, {
        ...{ order: alpha, duration: 1, steps, quadrature, tolerance: 1e-14 },
        ...(alpha > 1 ? { initialDerivative: 0 } : {}),
      });
      return Math.abs(values.data[steps] - 2 / gamma(3 + alpha));
    };
  for (const alpha of [0.3, 0.5, 0.9, 1, 1.4]) {
    test(`rectangle 1, α = ${alpha}`, () => {
      expect(Math.abs(observed(smoothError(alpha, productRectangle()), 1024) - 1)).toBeLessThan(0.1);
    });
  }
  for (const alpha of [0.5, 0.9, 1, 1.4]) {
    test(`trapezoid 2 where f(t, u(t)) is smooth, α = ${alpha}`, () => {
      expect(Math.abs(observed(smoothError(alpha, productTrapezoid()), 512) - 2)).toBeLessThan(0.1);
    });
  }
  for (const problem of linear) {
    const alpha = problem.options.order as number;
    const error =
      (quadrature: Quadrature, where: "end" | "all") =>
      (steps: number): number => {
        const { values, times } = solveCaputo(problem.f, problem.u0, {
          ...problem.options,
          steps,
          quadrature,
          tolerance: 1e-14,
        });
        const exact = solveCaputo(problem.f, problem.u0, {
          ...problem.options,
          quadrature: spectral({ nodes: 48 }),
          tolerance: 1e-15,
          relativeTolerance: 1e-15,
        });
        const at = exact.at(times).data;
        const errors = values.data.map((value, n) => Math.abs(value - at[n]));
        return where === "end" ? errors[steps] : Math.max(...errors);
      };
    test(`trapezoid 1 + α at the end point, α = ${alpha}`, () => {
      expect(Math.abs(observed(error(productTrapezoid(), "end"), 1024) - (1 + alpha))).toBeLessThan(0.1);
    });
    test(`trapezoid min(2, 2α) in the maximum norm, α = ${alpha}`, () => {
      const steps = alpha < 0.4 ? 8192 : 1024;
      expect(Math.abs(observed(error(productTrapezoid(), "all"), steps) - Math.min(2, 2 * alpha))).toBeLessThan(0.1);
    });
    test(`trapezoid 2 on the graded mesh r = 2/α, in the maximum norm, α = ${alpha}`, () => {
      const graded = productTrapezoid({ grading: 2 / alpha });
      expect(Math.abs(observed(error(graded, "all"), 256) - 2)).toBeLessThan(0.1);
    });
  }
  for (const [formula, theory] of [
    [1, 1],
    [2, 2],
  ] as const) {
    test(`backward differences ${formula}: ${theory} where u is smooth and begins flat`, () => {
      // u = t⁴, away from the starting error
      const alpha = 0.6;
      const f = (t: Tensor, u: Tensor): Tensor =>
        sub(mul(gamma(5) / gamma(5 - alpha), pow(t, 4 - alpha)), sub(u, pow(t, 4)));
      const error = (steps: number): number =>
        Math.abs(
          solveCaputo(f, 0, {
            order: alpha,
            duration: 1,
            steps,
            quadrature: convolutionQuadrature({ formula }),
            tolerance: 1e-14,
          }).values.data[steps] - 1,
        );
      expect(Math.abs(observed(error, 256) - theory)).toBeLessThan(0.1);
    });
  }
});

test("a plan that is given another order or start keeps nothing of the one before, on short trajectories and on long ones", () => {
  for (const steps of [40, 400]) {
    const end = (alpha: Tensor, u0: Tensor): Tensor =>
      slice(solveCaputo(decay, u0, { order: alpha, duration: 1, steps }).values, [steps], [steps + 1]);
    const gradient = (alpha: Tensor, u0: Tensor): Tensor => grad((a: Tensor) => sum(end(a, u0)))(alpha);
    const both = (alpha: Tensor, u0: Tensor): Tensor[] => [end(alpha, u0), gradient(alpha, u0)];
    const plan = compile(trace(both, tensor(0.5), tensor([1, 2])));
    for (const [alpha, u0] of [
      [0.5, [1, 2]],
      [0.9, [1, 2]],
      [0.9, [3, -1]],
      [0.5, [1, 2]],
    ] as const) {
      const found = plan.run([tensor(alpha), tensor(u0)]) as unknown as Tensor[];
      expect(found.map((x) => x.toArray())).toEqual(both(tensor(alpha), tensor(u0)).map((x) => x.toArray()));
    }
  }
});

describe("dense output", () => {
  const rules: Record<string, { quadrature: Quadrature; steps?: number }> = {
    trapezoid: { quadrature: productTrapezoid(), steps: 40 },
    "graded trapezoid": { quadrature: productTrapezoid({ grading: 3 }), steps: 40 },
    rectangle: { quadrature: productRectangle(), steps: 40 },
    "backward differences": { quadrature: convolutionQuadrature({ formula: 2 }), steps: 40 },
    spectral: { quadrature: spectral({ nodes: 9, panels: 3, exponent: 3 }) },
  };
  for (const [name, rule] of Object.entries(rules)) {
    const solution = (order: number | readonly number[] = 0.7, more = {}) =>
      solveCaputo(field, start, { order, duration: 2, tolerance: 1e-13, ...rule, ...more });
    test(`${name}: at the nodes it is what was computed there`, () => {
      for (const s of [
        solution(),
        solution([0.5, 0.7, 1]),
        solution([1.2, 0.7, 1.8], { initialDerivative: tensor([1, 0, -1]) }),
      ]) {
        expect(largest(s.at(s.times), s.values)).toBeLessThan(1e-11);
      }
    });
    test(`${name}: between them it is near the true solution`, () => {
      const true_ = solveCaputo(field, start, {
        order: 0.7,
        duration: 2,
        quadrature: spectral({ nodes: 40 }),
        tolerance: 1e-13,
      });
      const times = [0.013, 0.33, 0.777, 1.99];
      const bound = /rectangle|backward/.test(name) ? 0.2 : 5e-3;
      expect(largest(solution().at(times), true_.at(times))).toBeLessThan(bound);
    });
  }
  test("of the trapezoid converges at any fixed time", () => {
    const exact = solveCaputo(decay, 1, {
      order: 0.8,
      duration: 1,
      quadrature: spectral({ nodes: 40 }),
      tolerance: 1e-14,
    });
    const error = (steps: number): number => {
      const quadrature = productTrapezoid({ grading: 2.5 });
      const { at } = solveCaputo(decay, 1, { order: 0.8, duration: 1, steps, quadrature, tolerance: 1e-14 });
      return Math.abs(at(0.4321).item() - exact.at(0.4321).item());
    };
    expect(error(320)).toBeLessThan(error(20) / 100);
  });
  for (const quadrature of [productTrapezoid(), productTrapezoid({ grading: 2 }), productRectangle()]) {
    test(`of ${quadrature.name} is differentiable in times, order and duration, to second order`, () => {
      type Point = { readonly when: Tensor; readonly order: Tensor; readonly duration: Tensor };
      const loss = ({ when, order, duration }: Point): Tensor => {
        const { at } = solveCaputo(field, start, { order, duration, steps: 7, quadrature, tolerance: 1e-14 });
        return sum(mul(at(when), tensor([[1], [-2]])));
      };
      const at: Point = { when: tensor([0.4, 1.3]), order: tensor(0.6), duration: tensor(1.7) };
      const along: Point = { when: tensor([0.2, -0.1]), order: tensor(0.3), duration: tensor(0.15) };
      const moved = (s: number): Point => ({
        when: add(at.when, mul(s, along.when)),
        order: add(at.order, mul(s, along.order)),
        duration: add(at.duration, mul(s, along.duration)),
      });
      const slope = (p: Point): Tensor => {
        const g = grad(loss)(p);
        return add(add(sum(mul(g.when, along.when)), mul(g.order, along.order)), mul(g.duration, along.duration));
      };
      const [first] = differentiateLine((s) => loss(moved(s)).data);
      const [second] = differentiateLine((s) => slope(moved(s)).data);
      expect(slope(at).item()).toBeCloseTo(first, 8);
      const g = grad(slope)(at);
      const curve = add(add(sum(mul(g.when, along.when)), mul(g.order, along.order)), mul(g.duration, along.duration));
      expect(curve.item() / second).toBeCloseTo(1, 6);
    });
  }
  test("times beyond the end, before the beginning and no times at all", () => {
    const { at } = solveCaputo(decay, tensor([1, 2]), { order: 0.5, duration: 1, steps: 4 });
    expect(() => at([0.5, 1.1])).toThrow(/times from 0 to the duration, 1, received 1.1/);
    expect(() => at(-0.1)).toThrow(DomainError);
    expect(() => at(Number.NaN)).toThrow(DomainError);
    expect(at([]).shape).toEqual([0, 2]);
    expect(at(0).toArray()).toEqual([1, 2]);
  });
  test("of random grids agrees with the values at their nodes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0.05, max: 2, noNaN: true }),
        (gaps, order) => {
          let t = 0;
          const times = [0, ...gaps.map((gap) => (t += gap))];
          const s = solveCaputo((time, u) => sub(sin(time), u), 0.5, {
            order,
            times,
            tolerance: 1e-14,
            relativeTolerance: 1e-14,
          });
          expect(largest(s.at(s.times), s.values)).toBeLessThan(1e-12);
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });
});

describe("every input has its derivatives, to second order", () => {
  type Point = Readonly<Record<"u0" | "v0" | "orders" | "duration" | "weights" | "times", Tensor>>;
  const at: Point = {
    u0: tensor([0.4, -1]),
    v0: tensor([0.7, 0.2]),
    orders: tensor([0.6, 1.4]),
    duration: tensor(1.3),
    weights: tensor([
      [0.5, -0.8],
      [1.1, 0.3],
    ]),
    times: tensor([0, 0.1, 0.25, 0.5, 0.9, 1.3]),
  };
  const along: Point = {
    u0: tensor([0.3, 0.8]),
    v0: tensor([-0.6, 0.5]),
    orders: tensor([0.4, -0.3]),
    duration: tensor(-0.4),
    weights: tensor([
      [0.2, 0.6],
      [-0.5, 0.9],
    ]),
    times: tensor([0, 1, -0.5, 0.3, 0.2, -0.4]),
  };
  const rules: Record<string, { quadrature: Quadrature; steps?: number; on?: "times" }> = {
    trapezoid: { quadrature: productTrapezoid(), steps: 6 },
    "graded rectangle": { quadrature: productRectangle({ grading: 2 }), steps: 6 },
    "backward differences": { quadrature: convolutionQuadrature({ formula: 2 }), steps: 6 },
    spectral: { quadrature: spectral({ nodes: 6, panels: [0, 0.3, 1] }) },
    "trapezoid on given nodes": { quadrature: productTrapezoid(), on: "times" },
    "rectangle on given nodes": { quadrature: productRectangle(), on: "times" },
  };
  for (const [name, { on, ...rule }] of Object.entries(rules)) {
    const loss = ({ u0, v0, orders, duration, weights, times }: Point): Tensor => {
      const f = (t: Tensor, u: Tensor): Tensor => add(sin(matmul(u, weights)), mul(0.3, t));
      const grid = on === "times" ? { times } : { duration };
      const given = { order: orders, initialDerivative: v0, tolerance: 1e-14, ...rule, ...grid };
      const { values, at: between } = solveCaputo(f, u0, given);
      return add(sum(pow(values, 2)), sum(between([0.33])));
    };
    const names = Object.keys(at).filter(
      (input) => input !== (on === "times" ? "duration" : "times"),
    ) as (keyof Point)[];
    const moved = (s: number): Point =>
      Object.fromEntries(names.map((input) => [input, add(at[input], mul(s, along[input]))])) as Point;
    const slope = (p: Point): Tensor => {
      const gradient = grad(loss)(p);
      return names.map((input) => sum(mul(gradient[input], along[input]))).reduce((a, b) => add(a, b));
    };
    test(name, () => {
      const point = moved(0);
      const [first] = differentiateLine((s) => loss(moved(s)).data);
      const [second] = differentiateLine((s) => slope(moved(s)).data);
      const tangents = Object.fromEntries(names.map((input) => [input, along[input]])) as Point;
      expect(slope(point).item()).toBeCloseTo(first, 8);
      expect(jvp(loss, [point], [tangents]).tangent.item()).toBeCloseTo(first, 8);
      const curve = grad(slope)(point);
      const total = names.map((input) => sum(mul(curve[input], along[input])).item()).reduce((a, b) => a + b);
      expect(total / second).toBeCloseTo(1, 7);
      expect(jvp(slope, [point], [tangents]).tangent.item() / second).toBeCloseTo(1, 7);
    });
  }
});

test("linear systems agree with the matrix function E_α(t^α A) u₀", () => {
  const a = [
    [-0.5, 2, 0.1],
    [-2, -0.5, 0],
    [0.3, 0, -1],
  ];
  for (const order of [0.4, 0.8, 1]) {
    const f = (_: Tensor, u: Tensor): Tensor => matmul(u, transpose(tensor(a)));
    const solution = solveCaputo(f, tensor([1, -1, 0.5]), {
      ...{ order, duration: 2, quadrature: spectral({ accuracy: 1e-11 }) },
    });
    for (const t of [0.01, 0.5, 2]) {
      const exact = mittagLefflerMatrix(order, mul(t ** order, tensor(a)), tensor([1, -1, 0.5]));
      expect(largest(solution.at(t), exact)).toBeLessThan(1e-11);
    }
  }
});

test("order 1 is an ordinary equation: the trapezoidal rule, and spectral collocation of it", () => {
  const solution = solveCaputo((_, u) => mul(-3, u), 1, {
    order: 1,
    duration: 1,
    quadrature: spectral({ nodes: 24 }),
    tolerance: 1e-14,
  });
  for (const t of [0.1, 0.5, 1]) expect(solution.at(t).item()).toBeCloseTo(Math.exp(-3 * t), 12);
});

describe("bad input", () => {
  const good = { order: 0.5, duration: 1 };
  const cases: [string, () => unknown, RegExp][] = [
    [
      "steps beside spectral",
      () => solveCaputo(decay, 1, { ...good, steps: 4, quadrature: spectral({ nodes: 4 }) }),
      /no steps or times with spectral/,
    ],
    ["spectral without nodes", () => spectral({} as never), /expected nodes to be an integer ≥ 2, received undefined/],
    ["spectral with nothing", () => spectral(undefined as never), /nodes/],
    ["one node", () => spectral({ nodes: 1 }), /nodes to be an integer ≥ 2/],
    [
      "panels that do not increase",
      () => spectral({ nodes: 4, panels: [0, 0.5, 0.5, 1] }),
      /panels to increase from 0 to 1/,
    ],
    ["panels of text", () => spectral({ nodes: 4, panels: "3" as never }), /panels/],
    ["no panel", () => spectral({ nodes: 4, panels: 0 }), /panels/],
    ["an exponent below 1", () => spectral({ nodes: 4, exponent: 0.5 }), /exponent/],
    ["an accuracy beside nodes", () => spectral({ nodes: 4, accuracy: 1e-6 }), /either an accuracy or nodes/],
    ["an accuracy that no float64 has", () => spectral({ accuracy: 1e-20 }), /accuracy/],
    ["another formula", () => convolutionQuadrature({ formula: 3 as never }), /1 or 2/],
    [
      "convolution on uneven times",
      () => solveCaputo(decay, 1, { order: 0.5, times: [0, 0.1, 1], quadrature: convolutionQuadrature() }),
      /equidistant/,
    ],
    ["a window of 0", () => solveCaputo(decay, 1, { ...good, steps: 4, window: 0 }), /window/],
    [
      "a solver that is none",
      () => solveCaputo(decay, 1, { ...good, steps: 4, solver: "anderson" as never }),
      /a solver such as/,
    ],
  ];
  for (const [name, run, message] of cases) {
    test(name, () => {
      expect(run).toThrow(message);
    });
  }
});
