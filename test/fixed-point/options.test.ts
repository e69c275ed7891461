// Do norms, batches, inexact derivatives and failures keep what they promise?
import {
  add,
  anderson,
  auto,
  broyden,
  ConvergenceError,
  DomainError,
  fixedPoint,
  fixedPointWithReport,
  grad,
  jacobian,
  jvp,
  log,
  matmul,
  mean,
  mul,
  newton,
  newtonKrylov,
  phantom,
  picard,
  random,
  ShapeError,
  solve,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  transpose,
  unrolled,
  vjp,
  zeros,
} from "stillpoint";
import { describe, expect, test } from "vitest";

const distance = (x: Tensor, y: Tensor): number => Math.max(0, ...x.data.map((v, i) => Math.abs(v - y.data[i])));
const [forW, forX, forV, forG] = random(20261125).split(4);
const W = mul(0.15, forW.normal([6, 6]));
const x = forX.normal([5, 6]);

describe("vector equilibria equal a long unroll and the dense (I − J)⁻¹ to 1e-12", () => {
  const step = (w: Tensor, u: Tensor, z: Tensor): Tensor => tanh(add(matmul(z, w), u));
  const row = tensor(x.data.slice(0, 6));
  const long = (w: Tensor, u: Tensor): Tensor => {
    let z = zeros([6]);
    for (let i = 0; i < 120; i++) z = step(w, u, z);
    return z;
  };
  const g = forG.normal([6]);
  for (const adjoint of [
    picard(),
    anderson(),
    broyden(),
    broyden({ variant: "good" }),
    newtonKrylov(),
    newton(),
    auto(),
  ]) {
    test(`adjoint by ${adjoint.name}`, () => {
      const implicit = (w: Tensor, u: Tensor): Tensor =>
        fixedPoint((z) => step(w, u, z), zeros([6]), { tolerance: 1e-14, adjoint: { solver: adjoint } });
      const [ofW, ofX] = vjp(implicit, W, row).pull(g);
      const [longW, longX] = vjp(long, W, row).pull(g);
      expect(distance(ofW, longW)).toBeLessThan(1e-12);
      expect(distance(ofX, longX)).toBeLessThan(1e-12);
      const z = implicit(W, row);
      const J = jacobian((y: Tensor) => step(W, row, y))(z);
      const S = jacobian((u: Tensor) => step(W, u, z))(row);
      const identity = tensor(
        Float64Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 1 : 0)),
        [6, 6],
      );
      const dense = matmul(transpose(S), solve(transpose(sub(identity, J)), g));
      expect(distance(ofX, dense)).toBeLessThan(1e-12);
      const tangent = jvp((u: Tensor) => implicit(W, u), [row], [g]).tangent;
      expect(distance(tangent, solve(sub(identity, J), matmul(S, g)))).toBeLessThan(1e-12);
    });
  }
});

describe("a norm", () => {
  const f = (z: Tensor): Tensor => add(mul(0.5, z), 1);
  test("is that of the stop rule, in the report and the error", () => {
    const start = zeros([4]);
    expect(fixedPointWithReport(f, start, { norm: "euclidean" }).report.residuals[0]).toBe(2);
    expect(fixedPointWithReport(f, start).report.residuals[0]).toBe(1);
    const sumOf = (r: Float64Array): number => r.reduce((total, entry) => total + Math.abs(entry), 0);
    expect(fixedPointWithReport(f, start, { norm: sumOf }).report.residuals[0]).toBe(4);
    const run = (): unknown =>
      fixedPoint((z) => add(z, 1), start, { norm: "euclidean", solver: picard(), maxSteps: 3 });
    expect(run).toThrow(/‖f\(z\) − z‖₂ ≤ 1e-10, received residual 2/);
  });
  test("that is none is refused", () => {
    expect(() => fixedPoint(f, 0, { norm: "two" as never })).toThrow(/expected norm to be "max"/);
    expect(() => fixedPoint(f, 0, { norm: () => -1 })).toThrow(/expected norm to give a number ≥ 0, received -1/);
  });
});

describe("a batch whose samples are solved one by one", () => {
  // Samples contract more and more slowly.
  const pace = tensor([[0.1], [0.5], [0.9], [0.2], [0.7]]);
  const f = (z: Tensor, [y, p]: readonly [Tensor, Tensor]): Tensor => mul(p, tanh(add(matmul(z, W), y)));
  const z0 = zeros([5, 6]);
  const samples = [x, pace] as const;
  const tight = { tolerance: 1e-13 };
  for (const solver of [picard(), anderson(), broyden(), newtonKrylov(), newton(), auto()]) {
    test(`has the solution and the gradients of the whole: ${solver.name}`, () => {
      const options = { ...tight, solver, adjoint: { solver } };
      const whole = fixedPoint((z: Tensor) => f(z, samples), z0, { tolerance: 1e-14 });
      const { z, report } = fixedPointWithReport(f, z0, { ...options, samples });
      expect(distance(z, whole)).toBeLessThan(1e-12);
      expect(report.samples?.length).toBe(5);
      expect(Math.max(...(report.samples ?? []).map(({ residual }) => residual))).toBeLessThanOrEqual(1e-13);
      type P = { w: Tensor; y: Tensor };
      const g = (w: Tensor, z: Tensor, [y, p]: readonly [Tensor, Tensor]): Tensor => mul(p, tanh(add(matmul(z, w), y)));
      const one = grad(({ w, y }: P) =>
        mean(square(fixedPoint((s: Tensor, own) => g(w, s, own), z0, { ...options, samples: [y, pace] as const }))),
      )({ w: W, y: x });
      const all = grad(({ w, y }: P) => mean(square(fixedPoint((s: Tensor) => g(w, s, [y, pace]), z0, tight))))({
        w: W,
        y: x,
      });
      expect(distance(one.w, all.w)).toBeLessThan(1e-12);
      expect(distance(one.y, all.y)).toBeLessThan(1e-12);
    });
  }
  test("to second order too", () => {
    const loss = (options: object, y: Tensor): Tensor =>
      sum(
        square(
          fixedPoint((s: Tensor, own: readonly [Tensor, Tensor]) => f(s, own), z0, {
            ...tight,
            ...options,
            samples: [y, pace] as const,
          }),
        ),
      );
    const whole = (y: Tensor): Tensor => sum(square(fixedPoint((s: Tensor) => f(s, [y, pace]), z0, tight)));
    const v = forV.normal([5, 6]);
    const second = (h: (y: Tensor) => Tensor): Tensor => jvp(grad(h), [x], [v]).tangent;
    expect(
      distance(
        second((y) => loss({}, y)),
        second(whole),
      ),
    ).toBeLessThan(1e-11);
  });
  test("finished samples cost nothing more: rows that f is given become fewer", () => {
    const { report } = fixedPointWithReport(f, z0, { solver: picard(), samples });
    const counts = (report.samples ?? []).map(({ evaluations }) => evaluations);
    expect(Math.min(...counts)).toBeLessThan(Math.max(...counts) / 2);
    expect(report.evaluations).toBe(Math.max(...counts));
  });
  test("an f that mixes samples is refused, and so are samples of another number", () => {
    const mixing = (z: Tensor, own: Tensor): Tensor =>
      mul(0.5, add(mean(z, 0, { keepDims: true }), mul(own, add(mul(z, 0), 1))));
    expect(() => fixedPoint(mixing, x, { samples: x })).toThrow(/expected f to act on each sample alone/);
    expect(() => fixedPoint((z: Tensor) => z, x, { samples: zeros([4, 2]) })).toThrow(ShapeError);
    expect(() => fixedPoint((z: Tensor) => z, 0, { samples: x })).toThrow(ShapeError);
  });
  test("a sample that fails is named", () => {
    const growing = tensor([[0.01], [3]]);
    const run = (): unknown =>
      fixedPoint((z: Tensor, p: Tensor) => add(mul(p, z), 1), zeros([2, 1]), {
        solver: picard(),
        samples: growing,
        maxSteps: 20,
      });
    expect(run).toThrow(/20 steps of picard for sample 1/);
  });
  test("an empty batch is its own solution", () => {
    expect(fixedPoint((z: Tensor) => mul(0.5, z), zeros([0, 3]), { samples: zeros([0, 1]) }).shape).toEqual([0, 3]);
  });
});

describe("inexact and unrolled derivatives", () => {
  const f = (a: Tensor, z: Tensor): Tensor => mul(0.5, tanh(add(z, a)));
  const by = (adjoint: object) => (a: Tensor) => fixedPoint((z) => f(a, z), 0, { tolerance: 1e-13, adjoint });
  const at = tensor(0.7);
  const exact = grad(by({}))(at).item();
  const z = by({})(at).item();
  const slope = 0.5 * (1 - Math.tanh(z + 0.7) ** 2);
  test("unrolled is exact, to second order, if it meets the stop rule, and fails if it does not", () => {
    expect(grad(by(unrolled({ steps: 60 })))(at).item()).toBeCloseTo(exact, 12);
    expect(grad(grad(by(unrolled({ steps: 60 }))))(at).item()).toBeCloseTo(grad(grad(by({})))(at).item(), 11);
    expect(by(unrolled({ steps: 60 }))(at).item()).toBeCloseTo(z, 12);
    expect(() => by(unrolled({ steps: 5 }))(at)).toThrow(/5 unrolled steps: expected ‖f\(z\) − z‖∞ ≤ 1e-13/);
  });
  test("phantom with k steps is the truncated Neumann series, one step is f's own slope", () => {
    for (const steps of [1, 2, 5]) {
      const series = Array.from({ length: steps }, (_, k) => slope * slope ** k).reduce(
        (total, term) => total + term,
        0,
      );
      expect(grad(by(phantom({ steps })))(at).item()).toBeCloseTo(series, 12);
    }
    expect(Math.abs(grad(by(phantom({ steps: 1 })))(at).item() - exact)).toBeGreaterThan(0.01);
    expect(grad(by(phantom({ steps: 200, damping: 0.5 })))(at).item()).toBeCloseTo(exact, 12);
  });
  test("bad options are refused", () => {
    expect(() => unrolled({} as never)).toThrow(DomainError);
    expect(() => phantom({ steps: 0 })).toThrow(/phantom: expected steps/);
    expect(() => phantom({ steps: 1, damp: 1 } as never)).toThrow(/did you mean damping/);
  });
});

describe("failure", () => {
  test("carries history, switches and the last iterate at which f was finite", () => {
    // From 3 the logarithm goes 1.1, 0.094, −2.4, and then is none.
    const run = (): unknown => fixedPoint(({ z }) => ({ z: log(z) }), { z: tensor(3) }, { solver: picard() });
    try {
      run();
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConvergenceError);
      const { iterate, residuals, steps, solver, evaluations, message } = error as ConvergenceError;
      expect(message).toMatch(/f gave NaN after 3 steps of picard/);
      expect(residuals.length).toBe(4);
      expect([steps, solver, evaluations]).toEqual([3, "picard", 4]);
      expect((iterate as { z: Tensor }).z.item()).toBeCloseTo(Math.log(Math.log(3)), 12);
    }
  });
  test("a singular I − J in the adjoint is an error that says so", () => {
    const at = (solver: ReturnType<typeof auto>) => () =>
      grad((a: Tensor) => fixedPoint((z) => add(mul(z, z), a), 0.5, { adjoint: { solver } }))(tensor(0.25));
    for (const solver of [auto(), newtonKrylov(), newton()]) {
      expect(at(solver), solver.name).toThrow(/linear equation of its derivative.*I − J is singular/);
    }
  });
  test("options of the solve do not reach the adjoint, nor the other way round", () => {
    const steps: number[] = [];
    const f = (a: Tensor) =>
      fixedPoint((z) => mul(0.9, tanh(add(z, a))), 0, {
        ...{ maxSteps: 400, solver: picard(), adjoint: { solver: picard(), maxSteps: 5 } },
        onStep: ({ step }) => steps.push(step),
      });
    expect(() => grad(f)(tensor(0.2))).toThrow(/linear equation of its derivative: .* after 5 steps of picard/);
    expect(steps.length).toBeGreaterThan(6);
    const g = (a: Tensor) =>
      fixedPoint((z) => mul(0.9, tanh(add(z, a))), 0, { maxSteps: 12, adjoint: { solver: picard() } });
    expect(grad(g)(tensor(0.01)).item()).toBeGreaterThan(1);
  });
});
