// Is the sweep of an explicit rule what the rule says, node by node, and is its gradient that of the steps?
import fc from "fast-check";
import {
  add,
  ConvergenceError,
  compile,
  div,
  grad,
  jvp,
  log,
  matmul,
  mul,
  neg,
  newtonKrylov,
  random,
  relu,
  reshape,
  sin,
  slice,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
  valueAndGrad,
} from "stillpoint";
import {
  type CaputoOptions,
  causalWeights,
  gradedMesh,
  productRectangle,
  productTrapezoid,
  rectangleCells,
  sampledRectangle,
  solveCaputo,
  solveCaputoWithReport,
  stepThroughTime,
  type TrajectoryReport,
} from "stillpoint/fractional";
import { mlp } from "stillpoint/nn";
import { describe, expect, test } from "vitest";

const largest = (x: Float64Array, y: Float64Array): number =>
  x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i])), 0);
const stream = random(5);
const mix = mul(0.8, stream.normal([3, 3]));
const field = (t: Tensor, u: Tensor): Tensor => add(tanh(matmul(u, mix)), sin(t));
const start = tensor([0.5, -1, 2]);

/** The rule written down in plain loops, for one order or one for each state. */
function byLoops(orders: readonly number[], steps: number, grading: number, duration: number): Float64Array {
  const d = 3;
  const mesh = gradedMesh(steps, grading);
  const u = new Float64Array((steps + 1) * d);
  const f = new Float64Array((steps + 1) * d);
  const rules = orders.map((alpha) => causalWeights(rectangleCells, mesh, alpha, 0));
  for (let n = 0; n <= steps; n++) {
    for (let c = 0; c < d; c++) {
      const { uniform, lags, first, rows } = rules[c % rules.length];
      let value = start.data[c];
      for (let j = 0; j < n; j++) {
        const weight = uniform ? (j === 0 ? first[n] : lags[n - j]) : rows[(n * (n + 1)) / 2 + j];
        value += duration ** orders[c % orders.length] * weight * f[j * d + c];
      }
      u[n * d + c] = value;
    }
    for (let c = 0; c < d; c++) {
      let inner = 0;
      for (let k = 0; k < d; k++) inner += u[n * d + k] * mix.data[k * d + c];
      f[n * d + c] = Math.tanh(inner) + Math.sin(duration * mesh.nodes[n]);
    }
  }
  return u;
}

describe("the values are those of plain loops", () => {
  const cases: [string, readonly number[], number, number][] = [
    ["one order", [0.7], 100, 1],
    ["one window", [0.7], 20, 1],
    ["one step", [0.7], 1, 1],
    ["graded", [0.6], 60, 2],
    ["one order for each state", [0.4, 0.9, 1], 70, 1],
    ["as many nodes as go through Fourier transforms", [0.8], 700, 1],
    ["the same for several orders", [0.5, 0.8, 0.7], 400, 1],
  ];
  for (const [name, orders, steps, grading] of cases) {
    test(name, () => {
      const order = orders.length === 1 ? orders[0] : orders;
      const quadrature = productRectangle({ grading });
      const { values } = solveCaputo(field, start, { order, duration: 2, steps, quadrature });
      expect(largest(values.data, byLoops(orders, steps, grading, 2))).toBeLessThan(1e-12);
      const bent = byLoops([orders[0] + 1e-9, ...orders.slice(1)], steps, grading, 2);
      expect(largest(values.data, bent)).toBeGreaterThan(1e-12);
    });
  }
  test("of random orders, durations and numbers of steps", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.integer({ min: 1, max: 90 }),
        (order, duration, steps) => {
          const { values } = solveCaputo(field, start, { order, duration, steps, quadrature: productRectangle() });
          const expected = byLoops([order], steps, 1, duration);
          expect(largest(values.data, expected)).toBeLessThan(1e-12 * (1 + expected.reduce((m, x) => Math.max(m, x))));
        },
      ),
      { seed: 3, numRuns: 40 },
    );
  });
});

describe("nothing is iterated", () => {
  const options = { order: 0.7, duration: 2, steps: 50, quadrature: productRectangle() };
  const told = (more: Partial<CaputoOptions>): TrajectoryReport[] => {
    const reports: TrajectoryReport[] = [];
    const listen = (report: TrajectoryReport): void => {
      reports.push(report);
    };
    grad((x: Tensor) => sum(solveCaputo(field, x, { ...options, ...more, onSolve: listen, onAdjoint: listen }).values))(
      start,
    );
    return reports;
  };
  test("each node is evaluated once, forward and backward, and the report says so", () => {
    const expected = {
      solver: "explicit sweep",
      steps: 51,
      evaluations: 51,
      products: 0,
      residual: 0,
      converged: true,
    };
    expect(told({})).toMatchObject([expected, expected]);
    expect(told({ quadrature: sampledRectangle() })).toMatchObject([expected, expected]);
    expect(told({ quadrature: productTrapezoid() })[0].solver).toBe("newton sweep");
  });
  test("a solver that is asked for is used", () => {
    const solvers = told({ solver: newtonKrylov(), adjoint: { solver: newtonKrylov() } }).map(({ solver }) => solver);
    expect(solvers).toEqual(["newtonKrylov", "newtonKrylov"]);
    expect(told({ solver: newtonKrylov() })[1].solver).toBe("explicit sweep");
  });
  test("no tolerance, no window and no step limit changes a bit", () => {
    const values = (more: object): Float64Array => solveCaputo(field, start, { ...options, ...more }).values.data;
    for (const more of [{ tolerance: 1 }, { tolerance: 1e-300 }, { maxSteps: 1 }, { window: 3 }]) {
      expect(values(more)).toEqual(values({}));
    }
  });
  test("a step that no iteration over a window survives", () => {
    const stiff = (_: Tensor, u: Tensor): Tensor => mul(-1e6, u);
    const { report } = solveCaputoWithReport(stiff, 1, { ...options, steps: 20 });
    expect(report.evaluations).toBe(21);
  });
});

describe("gradients are those of Newton's method, of first and second order", () => {
  type Point = Readonly<Record<"u0" | "weights" | "order" | "duration", Tensor>>;
  const point: Point = { u0: start, weights: mix, order: tensor(0.7), duration: tensor(1.5) };
  const fields: Record<string, (weights: Tensor) => (t: Tensor, u: Tensor) => Tensor> = {
    tanh: (w) => (t, u) => add(tanh(matmul(u, w)), sin(t)),
    relu: (w) => (_, u) => relu(matmul(u, w)),
    "a product with itself": (w) => (t, u) => mul(mul(0.3, t), mul(u, matmul(u, w))),
    linear: (w) => (_, u) => matmul(u, w),
    "constant in u": (w) => (t, u) => add(mul(0, u), matmul(mul(t, tensor([[1, 2, 3]])), w)),
    "the state itself": () => (_, u) => u,
    "a constant of its own": (w) => (_, u) => mul(tensor([0.5, -0.3, 0.2]), tanh(matmul(u, w))),
    "rows that are not the first axis": (w) => (_, u) =>
      reshape(tanh(reshape(matmul(u, w), [3 * u.shape[0]])), u.shape),
    "another program for one node": (w) => (_, u) => {
      const v = tanh(matmul(u, w));
      return u.shape[0] === 1 ? neg(neg(v)) : v;
    },
  };
  const names = Object.keys(point) as (keyof Point)[];
  const along: Point = {
    u0: tensor([0.2, 0.3, -0.4]),
    weights: random(6).normal([3, 3]),
    order: tensor(0.2),
    duration: tensor(-0.3),
  };
  for (const [name, make] of Object.entries(fields)) {
    for (const grading of [1, 2]) {
      const loss =
        (more: object) =>
        ({ u0, weights, order, duration }: Point): Tensor => {
          const grid = { order, duration, steps: 40, quadrature: productRectangle({ grading }) };
          const { values } = solveCaputo(make(weights), u0, { ...grid, ...more });
          return sum(mul(values, sub(values, 0.5)));
        };
      const slope = (more: object) => (p: Point) => {
        const gradient = grad(loss(more))(p);
        return names.map((input) => sum(mul(gradient[input], along[input]))).reduce((x, y) => add(x, y));
      };
      const newton = {
        tolerance: 1e-13,
        solver: newtonKrylov(),
        adjoint: { tolerance: 1e-13, solver: newtonKrylov() },
      };
      test(`${name}, grading ${grading}`, () => {
        const swept = { first: grad(loss({}))(point), second: grad(slope({}))(point) };
        const solved = { first: grad(loss(newton))(point), second: grad(slope(newton))(point) };
        for (const order of ["first", "second"] as const) {
          for (const input of names) {
            const size = solved[order][input].data.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
            expect(largest(swept[order][input].data, solved[order][input].data) / size).toBeLessThan(1e-10);
          }
        }
        const { tangent } = jvp(slope({}), [point], [along]);
        const total = names.map((input) => sum(mul(swept.second[input], along[input])).item());
        expect(tangent.item() / total.reduce((x, y) => x + y)).toBeCloseTo(1, 9);
      });
    }
  }
  test("and those of backpropagation through the steps, for some of the arguments only", () => {
    const network = mlp([3, 7, 3], { activation: relu, random: random(8) });
    const batch = random(9).normal([4, 3]);
    const options = { order: 0.6, duration: 1, steps: 30, quadrature: productRectangle() };
    const loss = (solver: typeof solveCaputo | typeof stepThroughTime) => (params: typeof network.params) =>
      sum(slice(solver((_, u) => network.apply(params, u), batch, options).values, [30], [31]));
    const [swept, stepped] = [grad(loss(solveCaputo)), grad(loss(stepThroughTime))].map((of) => of(network.params));
    swept.forEach(({ weight, bias }, i) => {
      expect(largest(weight.data, stepped[i].weight.data)).toBeLessThan(1e-13);
      expect(largest(bias.data, stepped[i].bias.data)).toBeLessThan(1e-13);
    });
  });
});

test("a compiled step is the eager one bit for bit, also with an order that changes from run to run", () => {
  const options = { duration: 1, steps: 25, quadrature: productRectangle() };
  const loss = (order: Tensor, u0: Tensor): Tensor => sum(solveCaputo(field, u0, { ...options, order }).values);
  const both = (order: Tensor, u0: Tensor): readonly Tensor[] => {
    const { value, gradient } = valueAndGrad(loss)(order, u0);
    return [value, gradient];
  };
  const compiled = compile(trace(both, tensor(0.5), start));
  for (const alpha of [0.3, 0.9, 0.3, 0.31, 0.32, 0.33, 0.34, 0.3]) {
    const found = compiled.run([tensor(alpha), start]) as unknown as readonly Tensor[];
    const expected = both(tensor(alpha), start);
    expect(found.map((x) => x.item())).toEqual(expected.map((x) => x.item()));
  }
});

describe("a field that is not finite is an error that says where", () => {
  const options = { order: 1, duration: 2, steps: 20, quadrature: productRectangle() };
  test("at the node", () => {
    // u falls by 0.1 in each step, from 0.45; at node 5 it is negative.
    const f = (_: Tensor, u: Tensor): Tensor => add(mul(0, log(u)), -1);
    expect(() => solveCaputo(f, 0.45, options)).toThrow(ConvergenceError);
    expect(() => solveCaputo(f, 0.45, options)).toThrow(/expected a finite f\(t, u\), received NaN from node 5 on/);
  });
  test("at the last node, and at the first one", () => {
    const pole = (at: number) => (t: Tensor, u: Tensor) => add(mul(0, u), div(1, sub(t, at)));
    expect(() => solveCaputo(pole(2), 1, options)).toThrow(/from node 20 on/);
    expect(() => solveCaputo(pole(0), 1, options)).toThrow(/from node 0 on/);
  });
  test("in the derivative", () => {
    const loss = (u0: Tensor): Tensor => {
      const { values } = solveCaputo((_, u) => mul(0.1, u), u0, options);
      return sum(mul(values, tensor(Float64Array.from({ length: 21 }, (_, n) => (n === 7 ? Number.NaN : 1)))));
    };
    expect(() => grad(loss)(tensor(1))).toThrow(/node 7 \(backwards\)/);
  });
  test("where the states overflow", () => {
    const f = (_: Tensor, u: Tensor): Tensor => mul(1e200, u);
    expect(() => solveCaputo(f, 1, options)).toThrow(ConvergenceError);
  });
});
