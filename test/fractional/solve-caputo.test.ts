// Does solveCaputo solve, converge with its order, refuse bad input and never overflow?
import { readFileSync } from "node:fs";
import {
  add,
  ConvergenceError,
  compile,
  DomainError,
  exp,
  grad,
  jvp,
  listeningTapes,
  matmul,
  mean,
  mul,
  neg,
  random,
  relu,
  ShapeError,
  sin,
  slice,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
} from "stillpoint";
import {
  type CaputoOptions,
  caputoIntegral,
  productTrapezoid,
  solveCaputo,
  solveCaputoWithReport,
} from "stillpoint/fractional";
import { mlp } from "stillpoint/nn";
import { describe, expect, test } from "vitest";
import { differentiateLine } from "../laws/differences.js";

interface Problem {
  readonly problem: string;
  readonly alpha: string;
  readonly lambda: string;
  readonly T: string;
  readonly rows: readonly (readonly [string, string])[];
}
const { problems } = JSON.parse(readFileSync(new URL("../reference/trajectories.json", import.meta.url), "utf8")) as {
  problems: Problem[];
};

const decay = (_: Tensor, u: Tensor): Tensor => neg(u);
const last = (values: Tensor): number => values.data[values.data.length - 1];

describe("values", () => {
  test("an order of one is the trapezoidal rule for u' = −u", () => {
    const { values, times } = solveCaputo(decay, 1, { order: 1, duration: 2, steps: 8, tolerance: 1e-14 });
    const h = 0.25;
    times.data.forEach((t, n) => {
      expect(t).toBe(n * h);
      expect(values.data[n]).toBeCloseTo(((1 - h / 2) / (1 + h / 2)) ** n, 13);
    });
  });

  test("a field that depends on time alone is integrated", () => {
    const times = [0, 0.3, 0.4, 1];
    const { values } = solveCaputo((t) => sin(t), 0, { order: 0.6, times });
    const integral = caputoIntegral(tensor(times.map(Math.sin)), { order: 0.6, times });
    values.data.forEach((value, n) => {
      expect(value).toBeCloseTo(integral.data[n], 14);
    });
  });

  test("a batch gives what its members give alone", () => {
    const { params, apply } = mlp([2, 4, 2], { random: random(1) });
    const f = (_: Tensor, u: Tensor): Tensor => apply(params, u);
    const options = { order: [0.5, 0.9], duration: 1, steps: 50, tolerance: 1e-13 };
    const both = solveCaputo(
      f,
      tensor([
        [1, 2],
        [-1, 0.5],
      ]),
      options,
    ).values;
    [
      [1, 2],
      [-1, 0.5],
    ].forEach((start, member) => {
      const alone = solveCaputo(f, tensor(start), options).values;
      const row = slice(both, [0, member], [51, member + 1]);
      row.data.forEach((value, i) => {
        expect(value).toBeCloseTo(alone.data[i], 12);
      });
    });
  });

  test("the solution on explicit times is that on the uniform grid", () => {
    const times = Array.from({ length: 11 }, (_, j) => j / 5);
    const options = { order: 0.4, tolerance: 1e-13 };
    const a = solveCaputo(decay, tensor([1]), { ...options, duration: 2, steps: 10 }).values;
    const b = solveCaputo(decay, tensor([1]), { ...options, times }).values;
    a.data.forEach((value, i) => {
      expect(value).toBeCloseTo(b.data[i], 12);
    });
  });
});

describe("observed order of convergence on D^α u = λu, against closed forms", () => {
  // Theory: 1 + α at the end point on uniform grids, 2 on the graded mesh r = 2/α.
  const linear = problems.filter(
    ({ problem, lambda, alpha }) => problem === "linear" && lambda === "-1" && Number(alpha) < 1,
  );
  for (const { alpha, T, rows } of linear) {
    const exact = Number(rows[rows.length - 1][1]);
    const order = Number(alpha);
    const error = (steps: number, grading: number): number => {
      const quadrature = productTrapezoid({ grading });
      const { values } = solveCaputo(decay, 1, { order, duration: Number(T), steps, quadrature, tolerance: 1e-13 });
      return Math.abs(last(values) - exact);
    };
    test(`uniform, α = ${order}`, () => {
      const observed = Math.log2(error(512, 1) / error(1024, 1));
      expect(Math.abs(observed - (1 + order))).toBeLessThan(0.1);
    });
    test(`graded, α = ${order}`, () => {
      const observed = Math.log2(error(64, 2 / order) / error(128, 2 / order));
      expect(Math.abs(observed - 2)).toBeLessThan(0.25);
    });
  }
  test("there are such problems", () => {
    expect(linear.length).toBeGreaterThanOrEqual(2);
  });
});

describe("stiff and strongly nonlinear problems, where iterating over the whole time axis overflows", () => {
  const field = random(7);
  const mix = mul(1 / 2, field.normal([4, 4]));
  const shift = field.normal([4]);
  const cases: [string, (t: Tensor, u: Tensor) => Tensor, number][] = [];
  for (const alpha of [0.9, 0.5]) {
    for (const L of [1, 5, 20, 100]) {
      cases.push([`tanh field, L = ${L}, α = ${alpha}`, (_, u) => mul(L, tanh(add(matmul(u, mix), shift))), alpha]);
      cases.push([`−${L} u, α = ${alpha}`, (_, u) => mul(-L, u), alpha]);
    }
    cases.push([`−1000 u, α = ${alpha}`, (_, u) => mul(-1000, u), alpha]);
  }
  for (const [name, f, order] of cases) {
    test(name, () => {
      const { report, values } = solveCaputoWithReport(f, tensor([0.5, -0.3, 0.2, 1]), {
        order,
        duration: 1,
        steps: 256,
      });
      expect(report.converged).toBe(true);
      expect(report.residual).toBeLessThanOrEqual(1e-10);
      expect(values.data.every(Number.isFinite)).toBe(true);
      const loss = (u0: Tensor): Tensor => {
        const trajectory = solveCaputo(f, u0, { order, duration: 1, steps: 256 }).values;
        return mean(mul(trajectory, trajectory));
      };
      expect(grad(loss)(tensor([0.5, -0.3, 0.2, 1])).data.every(Number.isFinite)).toBe(true);
    });
  }
  test("a trajectory that blows up is an error that says where", () => {
    const run = (): unknown => solveCaputo((_, u) => exp(u), tensor([1]), { order: 1, duration: 3, steps: 30 });
    expect(run).toThrow(ConvergenceError);
    expect(run).toThrow(/residual ≤ 1e-10 at node \d+, received .* after \d+ steps/);
  });
});

describe("derivatives", () => {
  const { params, apply } = mlp([2, 3, 2], { random: random(3) });
  const loss = ({ u0, order, duration }: { u0: Tensor; order: Tensor; duration: Tensor }): Tensor => {
    const { values } = solveCaputo((t, u) => add(apply(params, u), mul(0.3, t)), u0, {
      order,
      duration,
      steps: 6,
      tolerance: 1e-14,
    });
    return sum(mul(values, values));
  };
  const at = { u0: tensor([0.4, -1]), order: tensor(0.7), duration: tensor(1.3) };
  const along = { u0: tensor([0.3, 0.8]), order: tensor(0.5), duration: tensor(-0.4) };
  const moved = (s: number): typeof at => ({
    u0: add(at.u0, mul(s, along.u0)),
    order: add(at.order, mul(s, along.order)),
    duration: add(at.duration, mul(s, along.duration)),
  });
  const inner = (a: typeof at, b: typeof at): Tensor =>
    add(add(sum(mul(a.u0, b.u0)), mul(a.order, b.order)), mul(a.duration, b.duration));

  test("forward mode, reverse mode and differences agree for u₀, the order and the duration", () => {
    const [difference] = differentiateLine((s) => loss(moved(s)).data);
    expect(jvp(loss, [at], [along]).tangent.item()).toBeCloseTo(difference, 10);
    expect(inner(grad(loss)(at), along).item()).toBeCloseTo(difference, 10);
  });

  test("second derivatives in all combinations of modes agree with differences", () => {
    const slope = (s: number): Float64Array => inner(grad(loss)(moved(s)), along).data;
    const [difference] = differentiateLine(slope);
    const directional = (x: typeof at): Tensor => jvp(loss, [x], [along]).tangent;
    const reverse = (x: typeof at): Tensor => inner(grad(loss)(x), along);
    expect(jvp(directional, [at], [along]).tangent.item()).toBeCloseTo(difference, 9);
    expect(jvp(reverse, [at], [along]).tangent.item()).toBeCloseTo(difference, 9);
    expect(inner(grad(directional)(at), along).item()).toBeCloseTo(difference, 9);
    expect(inner(grad(reverse)(at), along).item()).toBeCloseTo(difference, 9);
  });

  test("weights that the field merely closes over receive their gradient", () => {
    const weight = tensor([
      [0.3, -0.2],
      [0.1, 0.5],
    ]);
    const final = (w: Tensor): Tensor => {
      const { values } = solveCaputo((_, u) => tanh(matmul(u, w)), tensor([1, 2]), {
        order: 0.8,
        duration: 1,
        steps: 45,
        tolerance: 1e-14,
      });
      return sum(slice(values, [45], [46]));
    };
    const direction = tensor([
      [1, -1],
      [0.5, 0.25],
    ]);
    const [difference] = differentiateLine((s) => final(add(weight, mul(s, direction))).data);
    expect(sum(mul(grad(final)(weight), direction)).item()).toBeCloseTo(difference, 11);
  });

  test("a compiled solve and gradient has the bits of the eager one", () => {
    const start = tensor([0.4, -1]);
    const f = (u0: Tensor): Tensor => grad((x: Tensor) => loss({ ...at, u0: x }))(u0);
    const plan = compile(trace(f, start));
    expect(plan.run([start]).data).toEqual(f(start).data);
    expect(plan.run([tensor([1, 1])]).data.slice()).toEqual(f(tensor([1, 1])).data);
  });
});

describe("bad input is refused and loses nothing", () => {
  const good: CaputoOptions = { order: 0.5, duration: 1, steps: 4 };
  const solve =
    (changed: Record<string, unknown>, u0: unknown = 1, f: unknown = decay): (() => unknown) =>
    () =>
      solveCaputo(f as typeof decay, u0 as number, { ...good, ...changed } as CaputoOptions);
  const cases: [string, () => unknown, new () => Error, RegExp][] = [
    ["order 0", solve({ order: 0 }), DomainError as never, /order in \(0, 2\], received 0/],
    ["order 2.5", solve({ order: 2.5 }), DomainError as never, /order in \(0, 2\], received 2\.5/],
    ["order NaN", solve({ order: Number.NaN }), DomainError as never, /order/],
    ["no order", solve({ order: undefined }), DomainError as never, /order/],
    [
      "orders that do not fit the states",
      solve({ order: [0.5, 0.6, 0.7] }, tensor([1, 2])),
      ShapeError as never,
      /\[2\], received \[3\]/,
    ],
    ["duration 0", solve({ duration: 0 }), DomainError as never, /duration > 0/],
    ["duration ∞", solve({ duration: Number.POSITIVE_INFINITY }), DomainError as never, /duration/],
    ["steps 0", solve({ steps: 0 }), DomainError as never, /steps/],
    ["steps 2.5", solve({ steps: 2.5 }), DomainError as never, /steps/],
    ["no steps", solve({ steps: undefined }), DomainError as never, /duration and steps/],
    ["times beside duration", solve({ times: [0, 1] }), DomainError as never, /either times or/],
    [
      "times that do not increase",
      () => solveCaputo(decay, 1, { order: 0.5, times: [0, 1, 1] }),
      DomainError as never,
      /increase/,
    ],
    [
      "times that do not start at 0",
      () => solveCaputo(decay, 1, { order: 0.5, times: [1, 2] }),
      DomainError as never,
      /start at 0/,
    ],
    ["u0 NaN", solve({}, Number.NaN), DomainError as never, /u0 to be finite/],
    ["u0 a string", solve({}, "1"), DomainError as never, /tensor or a number/],
    ["f not a function", solve({}, 1, 3), DomainError as never, /expected a function/],
    [
      "f of another shape",
      solve({}, tensor([1, 2]), (_: Tensor, u: Tensor) => sum(u)),
      ShapeError as never,
      /shape of u/,
    ],
    [
      "initialDerivative with an order up to 1",
      solve({ initialDerivative: 1 }),
      DomainError as never,
      /initialDerivative/,
    ],
    ["an unknown option", solve({ tolerence: 1e-8 }), DomainError as never, /did you mean tolerance/],
    ["a tolerance of 0", solve({ tolerance: 0 }), DomainError as never, /tolerance/],
    ["an unknown adjoint option", solve({ adjoint: { tol: 1 } }), DomainError as never, /unknown option "tol"/],
    ["a grading below 1", () => productTrapezoid({ grading: 0.5 }), DomainError as never, /grading/],
    [
      "a field that mixes nodes",
      solve({}, tensor([1, 2]), (_: Tensor, u: Tensor) => sub(u, mean(u, 0, { keepDims: true }))),
      DomainError as never,
      /each time node alone/,
    ],
  ];
  for (const [name, run, kind, message] of cases) {
    test(name, () => {
      expect(run).toThrow(kind);
      expect(run).toThrow(message);
      expect(listeningTapes()).toBe(0);
    });
  }
  test("an exception inside f leaves no listening tape, and the next solve works", () => {
    const broken = (): Tensor => {
      throw new Error("inside f");
    };
    expect(() => grad((u0: Tensor) => sum(solveCaputo(broken, u0, good).values))(tensor([1]))).toThrow("inside f");
    expect(listeningTapes()).toBe(0);
    expect(solveCaputo(decay, 1, good).values.shape).toEqual([5]);
  });
  test("an order learned beyond its range is an error, also inside a plan", () => {
    const plan = compile(trace((order: Tensor) => solveCaputo(decay, 1, { ...good, order }).values, tensor(0.5)));
    expect(() => plan.run([tensor(2.5)])).toThrow(/orders in \[0, 2\]/);
  });
});

test("relu fields are solved to the tolerance", () => {
  const { params, apply } = mlp([5, 15, 15, 5], { activation: relu, random: random(0) });
  const u0 = random(1).normal([16, 5], 0, 3);
  const { report } = solveCaputoWithReport((_, u) => apply(params, u), u0, { order: 0.9, duration: 20, steps: 20 });
  expect(report.residual).toBeLessThanOrEqual(1e-10);
});
