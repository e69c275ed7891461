// Are fixed points found, differentiated exactly to every order, and refused where there are none?
import fc from "fast-check";
import {
  add,
  anderson,
  broadcastTo,
  ConvergenceError,
  compile,
  DomainError,
  div,
  exp,
  fixedPoint,
  fixedPointWithReport,
  grad,
  jvp,
  listeningTapes,
  matmul,
  mul,
  picard,
  random,
  ShapeError,
  type Solver,
  sqrt,
  sub,
  sum,
  type Tensor,
  TraceError,
  tanh,
  tensor,
  trace,
  transpose,
  vjp,
} from "stillpoint";
import { mlp } from "stillpoint/nn";
import { describe, expect, test } from "vitest";
import { a, exact, first, forward, second } from "./half-tanh.js";

describe("z = ½ tanh(z + a) at a = 0.7", () => {
  const solvers: [string, Solver][] = [
    ["anderson", anderson()],
    ["picard", picard()],
    ["damped picard", picard({ damping: 0.7 })],
  ];
  for (const [name, solver] of solvers) {
    const z = (x: Tensor): Tensor =>
      fixedPoint((state) => mul(0.5, tanh(add(state, x))), 0, { solver, tolerance: 1e-15, adjoint: { solver } });
    const at = tensor(a);
    test(`${name}: value and first derivatives to 1e-12`, () => {
      expect(Math.abs(z(at).item() - exact)).toBeLessThan(1e-12);
      expect(Math.abs(grad(z)(at).item() - first)).toBeLessThan(1e-12);
      expect(Math.abs(forward(z)(at).item() - first)).toBeLessThan(1e-12);
    });
    test(`${name}: second derivatives in reverse, forward and both mixed, to 1e-12`, () => {
      expect(Math.abs(grad(grad(z))(at).item() - second)).toBeLessThan(1e-12);
      expect(Math.abs(forward(forward(z))(at).item() - second)).toBeLessThan(1e-12);
      expect(Math.abs(grad(forward(z))(at).item() - second)).toBeLessThan(1e-12);
      expect(Math.abs(forward(grad(z))(at).item() - second)).toBeLessThan(1e-12);
    });
  }

  test("a compiled second derivative has the same bits", () => {
    const z = (x: Tensor): Tensor => fixedPoint((state) => mul(0.5, tanh(add(state, x))), 0);
    const f = grad(grad(z));
    expect(
      compile(trace(f, tensor(a)))
        .run([tensor(a)])
        .item(),
    ).toBe(f(tensor(a)).item());
  });
});

test("derivatives of every order of z = √a by Newton's map agree with the closed form", () => {
  // ∂f/∂z = 0 at the solution, so a rule that linearises at a detached solution would lose every higher derivative.
  const root = (a: Tensor): Tensor => fixedPoint((z) => mul(0.5, add(z, div(a, z))), 1, { tolerance: 1e-14 });
  let f = root;
  for (const [order, expected] of [0.5 * 2 ** -0.5, -0.25 * 2 ** -1.5, 0.375 * 2 ** -2.5].entries()) {
    f = grad(f);
    expect(f(tensor(2)).item(), `order ${order + 1}`).toBeCloseTo(expected, 11);
  }
});

describe("what f merely closes over receives its gradient", () => {
  const options = { tolerance: 1e-14 };
  test("a weight, equal to the dense solution of (I − J)ᵀ u = g", () => {
    const W = tensor([
      [0.3, -0.2],
      [0.1, 0.4],
    ]);
    const b = tensor([0.5, -1]);
    const solve = (w: Tensor): Tensor => fixedPoint((z) => tanh(add(matmul(z, w), b)), tensor([0, 0]), options);
    const z = solve(W);
    // With D = diag(1 − z²): z = tanh(zW + b) gives u = (I − D Wᵀ)⁻ᵀ g row-wise; the gradient of Σz is z ⊗ (D u).
    const d = z.data.map((v) => 1 - v * v);
    const [w00, w01, w10, w11] = W.data;
    const m = [1 - d[0] * w00, -d[1] * w01, -d[0] * w10, 1 - d[1] * w11];
    const determinant = m[0] * m[3] - m[1] * m[2];
    const u = [(m[3] - m[1]) / determinant, (m[0] - m[2]) / determinant];
    const expected = [z.data[0], z.data[1]].flatMap((v) => [v * d[0] * u[0], v * d[1] * u[1]]);
    const received = grad((w: Tensor) => sum(solve(w)))(W);
    received.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 12);
    });
  });

  test("a whole network, as by a long unroll", () => {
    const net = mlp([3, 4, 3], { random: random(5) });
    const x = tensor([0.2, -0.4, 1]);
    const step = (params: typeof net.params, z: Tensor): Tensor => mul(0.4, tanh(add(net.apply(params, z), x)));
    const implicit = grad((params: typeof net.params) => sum(fixedPoint((z) => step(params, z), x, options)))(
      net.params,
    );
    const unrolled = grad((params: typeof net.params) => {
      let z = x;
      for (let i = 0; i < 80; i++) z = step(params, z);
      return sum(z);
    })(net.params);
    implicit.forEach((layer, i) => {
      layer.weight.data.forEach((value, e) => {
        expect(value).toBeCloseTo(unrolled[i].weight.data[e], 12);
      });
      layer.bias.data.forEach((value, e) => {
        expect(value).toBeCloseTo(unrolled[i].bias.data[e], 12);
      });
    });
  });

  test("through a fixed point inside a fixed point", () => {
    // inner: y = ½ y + a, so y = 2a; outer: z = ¼ z + y, so z = 8a/3.
    const nested = (a: Tensor): Tensor =>
      fixedPoint(
        (z) =>
          add(
            mul(0.25, z),
            fixedPoint((y) => add(mul(0.5, y), a), 0, options),
          ),
        0,
        options,
      );
    expect(grad(nested)(tensor(3)).item()).toBeCloseTo(8 / 3, 12);
    // inner: y = ½ tanh(y + z a), whose solution depends on the outer state
    const coupled = (a: Tensor): Tensor =>
      fixedPoint(
        (z) =>
          add(
            0.3,
            fixedPoint((y) => mul(0.5, tanh(add(y, mul(z, a)))), 0, options),
          ),
        0,
        options,
      );
    const h = 1e-4;
    const difference =
      (8 * (coupled(tensor(0.5 + h)).item() - coupled(tensor(0.5 - h)).item()) -
        (coupled(tensor(0.5 + 2 * h)).item() - coupled(tensor(0.5 - 2 * h)).item())) /
      (12 * h);
    expect(grad(coupled)(tensor(0.5)).item()).toBeCloseTo(difference, 9);
  });

  test("the start receives none", () => {
    const solve = (z0: Tensor): Tensor => fixedPoint((z) => add(mul(0.5, z), 1), z0);
    expect(grad(solve)(tensor(7)).item()).toBe(0);
    expect(jvp(solve, [tensor(7)], [tensor(1)]).tangent.item()).toBe(0);
  });
});

test("a state may be a tree", () => {
  const solve = (a: Tensor): { x: Tensor; y: Tensor } =>
    fixedPoint(({ x, y }) => ({ x: mul(0.5, y), y: add(mul(0.5, x), a) }), { x: tensor(0), y: tensor(0) }) as {
      x: Tensor;
      y: Tensor;
    };
  const { x, y } = solve(tensor(3));
  expect(x.item()).toBeCloseTo(2, 9);
  expect(y.item()).toBeCloseTo(4, 9);
  expect(grad((a: Tensor) => solve(a).x)(tensor(3)).item()).toBeCloseTo(2 / 3, 9);
});

test("linear maps: random contractions are solved, with vjp and jvp adjoint to each other", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 8 }), (seed, n) => {
      const [forMatrix, forVector, forG, forB] = random(seed).split(4);
      const A = mul(0.9 / n, forMatrix.uniform([n, n], -1, 1));
      const b = forVector.normal([n]);
      const solve = (right: Tensor): Tensor => fixedPoint((z) => add(matmul(z, A), right), b, { tolerance: 1e-13 });
      const z = solve(b);
      const residual = sub(sub(z, matmul(z, A)), b);
      expect(Math.max(...residual.data.map(Math.abs))).toBeLessThan(1e-12);
      const g = forG.normal([n]);
      const db = forB.normal([n]);
      const pulled = sum(mul(vjp(solve, b).pull(g)[0], db)).item();
      const pushed = sum(mul(jvp(solve, [b], [db]).tangent, g)).item();
      expect(Math.abs(pulled - pushed)).toBeLessThan(1e-10 * (1 + Math.abs(pulled)));
    }),
    { seed: 20260103, numRuns: 100 },
  );
});

test("a tiny cotangent gives a gradient as accurate as a large one", () => {
  const solve = (a: Tensor): Tensor => fixedPoint((z) => mul(0.5, tanh(add(z, a))), 0, { tolerance: 1e-12 });
  const { pull } = vjp(solve, tensor(0.7));
  const [large] = pull(tensor(1e30));
  const [tiny] = pull(tensor(1e-30));
  expect(tiny.item() * 1e60).toBeCloseTo(large.item(), -20);
  expect(Math.abs(tiny.item() * 1e60 - large.item()) / large.item()).toBeLessThan(1e-11);
});

describe("failure is an error that says how far it came", () => {
  for (const solver of [picard(), anderson()]) {
    test(`${solver.name}: a map without a fixed point`, () => {
      const run = (): unknown => fixedPoint((z) => add(z, 1), 0, { solver, maxSteps: 50 });
      expect(run).toThrow(ConvergenceError);
      expect(run).toThrow(/≤ 1e-10, received residual 1 after 50 steps/);
      try {
        run();
      } catch (error) {
        expect(error).toMatchObject({ residual: 1, steps: 50, tolerance: 1e-10 });
        expect((error as ConvergenceError).residuals.length).toBe(51);
      }
      expect(listeningTapes()).toBe(0);
    });
  }
  test("a map that overflows stops at once", () => {
    const run = (): unknown => fixedPoint((z) => exp(mul(2, z)), 1, { solver: picard() });
    expect(run).toThrow(ConvergenceError);
    expect(run).toThrow(/gave Infinity|gave NaN/);
  });
  test("NaN from f stops at once", () => {
    expect(() => fixedPoint((z) => sqrt(sub(z, 5)), 1)).toThrow(/gave NaN after 0 steps/);
  });
  test("a singular adjoint", () => {
    // z = z² + ¼ has the double fixed point ½, where I − J = 0
    const run = (): unknown =>
      grad((a: Tensor) => fixedPoint((z) => add(mul(z, z), a), 0.5, { tolerance: 1e-12, maxSteps: 60 }))(tensor(0.25));
    expect(run).toThrow(ConvergenceError);
    expect(run).toThrow(/linear equation of its derivative/);
  });
  test("a non-finite start", () => {
    expect(() => fixedPoint((z) => mul(0.5, z), Number.NaN)).toThrow(/gave NaN after 0 steps/);
  });
});

describe("bad calls are refused", () => {
  const half = (z: Tensor): Tensor => mul(0.5, z);
  test("another shape", () => {
    const run = (): unknown => fixedPoint((z) => broadcastTo(z, [2]), tensor(1));
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(/\[\], received \[2\]/);
  });
  test("another form", () => {
    expect(() => fixedPoint((z) => ({ z }), tensor(1))).toThrow(ShapeError);
  });
  test("unknown options, with the nearest name", () => {
    expect(() => fixedPoint(half, 1, { tolerence: 1 } as never)).toThrow(
      /unknown option "tolerence": did you mean tolerance/,
    );
    expect(() => fixedPoint(half, 1, { adjoint: { solve: 1 } } as never)).toThrow(/did you mean solver/);
    expect(() => anderson({ depth: 5 } as never)).toThrow(DomainError);
    expect(() => picard({ damping: 0 })).toThrow(/in \(0, 1\]/);
  });
  test("options out of range", () => {
    for (const options of [
      { tolerance: 0 },
      { tolerance: Number.NaN },
      { maxSteps: 0 },
      { relativeTolerance: -1 },
      { solver: {} as Solver },
    ]) {
      expect(() => fixedPoint(half, 1, options)).toThrow(DomainError);
    }
  });
  test("a branch on a value inside f", () => {
    expect(() => fixedPoint((z) => (z.item() > 0 ? half(z) : z), 1)).toThrow(TraceError);
    expect(listeningTapes()).toBe(0);
  });
});

test("the report tells what happened, and callbacks hear of every step and adjoint", () => {
  const steps: number[] = [];
  const adjoints: number[] = [];
  const solves: number[] = [];
  const solve = (a: Tensor): Tensor =>
    fixedPoint((z) => mul(0.5, tanh(add(z, a))), 0, {
      onStep: ({ step }) => steps.push(step),
      onSolve: (report) => solves.push(report.steps),
      onAdjoint: (report) => adjoints.push(report.residual),
    });
  grad(solve)(tensor(1));
  expect(steps).toEqual(Array.from(steps, (_, i) => i));
  expect(adjoints.length).toBe(1);
  const { report } = fixedPointWithReport((z) => mul(0.5, z), 1, { solver: picard() });
  expect(report).toMatchObject({ converged: true, solver: "picard", evaluations: report.steps + 1 });
  expect(report.residuals.length).toBe(report.evaluations);
  expect(report.residual).toBeLessThanOrEqual(1e-10);
});

test("anderson needs far fewer evaluations than picard on a slow contraction", () => {
  const A = tensor([
    [0.9, 0.3, 0],
    [0, 0.8, 0.2],
    [0, 0, 0.95],
  ]);
  const f = (z: Tensor): Tensor => add(matmul(transpose(A), z), 1);
  const start = tensor([0, 0, 0]);
  const fast = fixedPointWithReport(f, start).report.evaluations;
  const slow = fixedPointWithReport(f, start, { solver: picard(), maxSteps: 5000 }).report.evaluations;
  expect(fast).toBeLessThan(10);
  expect(slow).toBeGreaterThan(10 * fast);
});
