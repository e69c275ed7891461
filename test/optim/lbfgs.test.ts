// Does L-BFGS reach the minimum in few evaluations, and say so when it does not?
import {
  abs,
  add,
  ConvergenceError,
  cos,
  DomainError,
  exp,
  full,
  grad,
  jit,
  log,
  mul,
  ShapeError,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  TraceError,
  tensor,
  trace,
  zeros,
} from "stillpoint";
import { type LbfgsOptions, lbfgs, type MinimiseInfo } from "stillpoint/optim";
import { describe, expect, expectTypeOf, test } from "vitest";

/** Rosenbrock (1960), chained: Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)². */
const rosenbrock = (x: Tensor): Tensor => {
  const n = x.shape[0];
  const [left, right] = [slice(x, [0], [n - 1]), slice(x, [1], [n])];
  return sum(add(mul(100, square(sub(right, square(left)))), square(sub(1, left))));
};
/** −1.2, 1, −1.2, 1, … */
const usualStart = (n: number): Tensor => tensor(Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1)));

describe("minimise", () => {
  // n, most evaluations. SciPy's L-BFGS-B needs 47, 98 and 647 from here.
  for (const [n, most] of [
    [2, 50],
    [10, 105],
    [100, 660],
  ]) {
    test(`reaches a gradient of 1e-10 on Rosenbrock's function of ${n} variables within ${most} evaluations`, () => {
      const { params, value, report } = lbfgs({ tolerance: 1e-10 }).minimise(rosenbrock, usualStart(n));
      expect(report.converged).toBe(true);
      expect(report.gradientNorm).toBeLessThanOrEqual(1e-10);
      expect(report.evaluations).toBeLessThanOrEqual(most);
      expect(report.gradientNorms.length).toBe(report.steps + 1);
      for (const x of params.data) expect(Math.abs(x - 1)).toBeLessThan(1e-9);
      expect(value.item()).toBeLessThan(1e-20);
      expect(Math.max(...grad(rosenbrock)(params).data.map(Math.abs))).toBe(report.gradientNorm);
    });
  }
  test("reaches it where differences of f are rounding errors", () => {
    const { report } = lbfgs({ tolerance: 1e-10 }).minimise((x) => add(1e3, rosenbrock(x)), usualStart(10));
    expect(report.gradientNorm).toBeLessThanOrEqual(1e-10);
  });
  test("is the same, bit for bit, every time", () => {
    const run = () => lbfgs().minimise(rosenbrock, usualStart(10));
    expect(run().params.data).toEqual(run().params.data);
    expect(run().report).toEqual(run().report);
  });
  test("takes trees, plain numbers in them, and further arguments, which stay as they are", () => {
    const loss = (p: { w: Tensor[]; b: Tensor }, target: Tensor): Tensor =>
      add(sum(square(sub(p.w[0], target))), add(square(sub(p.b, 2)), sum(square(mul(p.w[1], p.b)))));
    const start = { w: [zeros([2, 2]), tensor(3)], b: tensor(1) };
    const target = tensor([
      [1, 2],
      [3, 4],
    ]);
    const { params } = lbfgs({ tolerance: 1e-11 }).minimise(loss, start, target);
    // type test
    expectTypeOf(params).toEqualTypeOf<typeof start>();
    expect(params.w[0].shape).toEqual([2, 2]);
    params.w[0].data.forEach((x, i) => {
      expect(x).toBeCloseTo(i + 1, 10);
    });
    expect([params.w[1].item(), params.b.item()].map((x) => Math.round(x * 1e9) / 1e9)).toEqual([0, 2]);
    expect(start.w[0].toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(
      lbfgs()
        .minimise((p: [Tensor, Tensor]) => square(sub(p[0], p[1])), [1, 3] as never)
        .value.item(),
    ).toBe(0);
  });
  test("sees what f closes over as it is at the call", () => {
    const found = [2, 5].map((c) => {
      const centre = tensor([c]);
      return lbfgs()
        .minimise((x) => sum(square(sub(x, centre))), zeros([1]))
        .params.item();
    });
    expect(found[0]).toBeCloseTo(2, 12);
    expect(found[1]).toBeCloseTo(5, 12);
  });
  test("turns back where f is not finite", () => {
    // log is NaN beyond 0, exp overflows: the first step of each is far too long
    const barrier = lbfgs({ tolerance: 1e-10 }).minimise((x) => sum(sub(x, log(x))), tensor([1e-3, 50, 3]));
    for (const x of barrier.params.data) expect(x).toBeCloseTo(1, 9);
    const root = lbfgs().minimise((x) => sum(sub(square(x), sqrt(sub(1, x)))), tensor([-100, 0.9]));
    expect(root.report.converged).toBe(true);
    const steep = lbfgs({ tolerance: 1e-10 }).minimise((x) => sum(sub(exp(x), mul(3, x))), tensor([-50, 20, 3]));
    for (const x of steep.params.data) expect(x).toBeCloseTo(Math.log(3), 10);
  });
  test("finds minima of functions that are hard: badly scaled, with many of them, with a kink", () => {
    const scales = tensor([1, 1e2, 1e4, 1e6]);
    const scaled = lbfgs({ tolerance: 1e-10 }).minimise((x) => sum(mul(scales, square(sub(x, 1)))), zeros([4]));
    for (const x of scaled.params.data) expect(x).toBeCloseTo(1, 9);
    const waves = lbfgs().minimise((x) => sum(mul(-1, cos(mul(x, tensor([1, 10]))))), tensor([0.1, 0.01]));
    expect(waves.value.item()).toBeCloseTo(-2, 12);
  });
  test("is done at once where it starts at the minimum", () => {
    const { report, params } = lbfgs({ maxSteps: 0 }).minimise((x) => sum(square(x)), zeros([3]));
    expect(report).toEqual({ converged: true, steps: 0, evaluations: 1, gradientNorm: 0, gradientNorms: [0] });
    expect(params.toArray()).toEqual([0, 0, 0]);
  });
  test("remembers as many pairs as it is told", () => {
    const steps = [1, 10].map((memory) => lbfgs({ memory }).minimise(rosenbrock, usualStart(10)).report.steps);
    expect(steps[0]).toBeGreaterThan(steps[1]);
  });
  test("tells onStep about the start and every step, with the parameters", () => {
    const told: MinimiseInfo[] = [];
    const { report, params } = lbfgs({ onStep: (info) => told.push(info) }).minimise(rosenbrock, usualStart(2));
    expect(told.map(({ step }) => step)).toEqual(Array.from({ length: report.steps + 1 }, (_, i) => i));
    expect(told.map(({ gradientNorm }) => gradientNorm)).toEqual(report.gradientNorms);
    told.slice(1).forEach(({ value, evaluations }, i) => {
      expect(value).toBeLessThan(told[i].value);
      expect(evaluations).toBeGreaterThan(told[i].evaluations);
    });
    expect((told[0].params as Tensor).toArray()).toEqual([-1.2, 1]);
    expect((told[report.steps].params as Tensor).data).toEqual(params.data);
  });
  test("leaves nothing behind when onStep throws", () => {
    const stop = (): never => {
      throw new Error("enough");
    };
    expect(() => lbfgs({ onStep: stop }).minimise(rosenbrock, usualStart(2))).toThrow("enough");
    expect(lbfgs().minimise(rosenbrock, usualStart(2)).report.converged).toBe(true);
  });
});

describe("minimise gives up, with the facts,", () => {
  const giveUp = (f: (x: Tensor) => Tensor, start: Tensor, options: LbfgsOptions = {}): ConvergenceError => {
    try {
      lbfgs(options).minimise(f, start);
    } catch (error) {
      expect(error).toBeInstanceOf(ConvergenceError);
      return error as ConvergenceError;
    }
    throw new Error("it converged");
  };
  test("after maxSteps", () => {
    const error = giveUp(rosenbrock, usualStart(2), { maxSteps: 3, tolerance: 1e-10 });
    expect(error.message).toMatch(/^lbfgs: expected ‖∇f‖∞ ≤ 1e-10, received \d.* after 3 steps and 5 evaluations/);
    expect(error.message).toMatch(/more maxSteps/);
    expect([error.steps, error.tolerance, error.residuals.length]).toEqual([3, 1e-10, 4]);
    expect(error.residual).toBe(error.residuals[3]);
  });
  test("where f is NaN or infinite at the start", () => {
    expect(giveUp((x) => sum(log(x)), tensor([-1])).message).toMatch(/where f is NaN: start where f/);
    expect(giveUp((x) => sum(exp(x)), tensor([1e3])).message).toMatch(/where f is Infinity: start where f/);
  });
  test("where only the gradient is not finite", () => {
    expect(giveUp((x) => sum(sqrt(x)), tensor([0])).message).toMatch(/received Infinity after 0 steps/);
  });
  test("where f falls without end", () => {
    expect(giveUp((x) => sum(x), tensor([0, 1])).message).toMatch(/f falls without end: it is -/);
  });
  test("where no gradient leads down: at a kink, or where rounding hides it", () => {
    const kinked = giveUp((x) => sum(add(abs(sub(x, 0.3)), mul(0.25, x))), tensor([1, 2]));
    expect(kinked.message).toMatch(/f does not fall along its negative gradient/);
    const hidden = giveUp((x) => sum(sub(exp(x), mul(3, x))), tensor([0.3, 7]), { tolerance: 1e-300 });
    expect(hidden.message).toMatch(/rounding/);
  });
});

describe("update", () => {
  const bowl = (p: { a: Tensor; b: Tensor }): Tensor => add(sum(square(sub(exp(p.a), 2))), mul(3, square(sub(p.b, 1))));
  const start = { a: tensor([0.5, 0.2]), b: tensor(3) };
  const optimiser = lbfgs({ memory: 4 });
  type State = ReturnType<typeof optimiser.init>;
  const step = (p: typeof start, state: State) => optimiser.update(grad(bowl)(p), state, p);
  test("is the same protocol as of other optimisers, without values of f, and converges", () => {
    let params = start;
    let state = optimiser.init(params);
    for (let i = 0; i < 15; i++) ({ params, state } = step(params, state));
    expect(state.step.item()).toBe(15);
    for (const x of params.a.data) expect(x).toBeCloseTo(Math.log(2), 12);
    expect(params.b.item()).toBeCloseTo(1, 12);
    // type test
    expectTypeOf(params).toEqualTypeOf<typeof start>();
  });
  test("compiles, with the same bits", () => {
    const compiled = jit(step);
    let [one, two] = [
      { params: start, state: optimiser.init(start) },
      { params: start, state: optimiser.init(start) },
    ];
    for (let i = 0; i < 8; i++) {
      one = step(one.params, one.state);
      two = compiled(two.params, two.state);
      expect(two.params.a.data).toEqual(one.params.a.data);
      expect(two.state.gradient.data).toEqual(one.state.gradient.data);
    }
  });
  test("first follows the gradient, no entry by more than the learning rate", () => {
    const { update, init } = lbfgs({ learningRate: 0.5 });
    const x = tensor([1, 2]);
    expect(update(tensor([0.25, -0.5]), init(x), x).params.toArray()).toEqual([0.875, 2.25]);
    expect(update(tensor([100, -50]), init(x), x).params.toArray()).toEqual([0.5, 2.25]);
  });
  test("takes no notice of a pair without curvature", () => {
    const x = tensor([1, 2]);
    const g = tensor([3, -4]);
    const first = optimiser.update(g, optimiser.init(x), x);
    // the same gradient at another place: y = 0
    const second = optimiser.update(g, first.state, first.params);
    expect(second.params.data.every(Number.isFinite)).toBe(true);
    expect(second.state.rho.map((rho) => rho.item())).toEqual([0, 0, 0, 0]);
  });
});

describe("lbfgs refuses", () => {
  const options: [string, object, RegExp][] = [
    ["a misspelt option", { memroy: 3 }, /^lbfgs: unknown option "memroy": did you mean memory/],
    ["a memory of 0", { memory: 0 }, /^lbfgs: .*memory.*≥ 1, received 0/],
    ["a tolerance of 0", { tolerance: 0 }, /^lbfgs: .*tolerance.*> 0, received 0/],
    ["a tolerance that is NaN", { tolerance: Number.NaN }, /^lbfgs: .*tolerance/],
    ["a fractional maxSteps", { maxSteps: 1.5 }, /^lbfgs: .*maxSteps/],
    ["an onStep that is no function", { onStep: 3 }, /^lbfgs: onStep: expected a function, received 3|received number/],
    ["a learning rate of 0", { learningRate: 0 }, /^lbfgs: .*learningRate/],
  ];
  for (const [name, wrong, message] of options) {
    test(name, () => {
      expect(() => lbfgs(wrong)).toThrow(DomainError);
      expect(() => lbfgs(wrong)).toThrow(message);
    });
  }
  const x = tensor([1, 2]);
  test("what is no function", () => {
    expect(() => lbfgs().minimise(3 as never, x)).toThrow(/^lbfgs: expected a function/);
  });
  test("an f that returns no scalar", () => {
    expect(() => lbfgs().minimise((y) => square(y), x)).toThrow(ShapeError);
    expect(() => lbfgs().minimise((y) => square(y), x)).toThrow(/expected f to return a scalar, received \[2\]/);
  });
  test("an f that reads values", () => {
    expect(() => lbfgs().minimise((y) => (y.data[0] > 0 ? sum(y) : sum(square(y))), x)).toThrow(TraceError);
  });
  test("nothing to vary", () => {
    for (const nothing of [{}, zeros([0])]) {
      expect(() => lbfgs().minimise(() => tensor(1), nothing)).toThrow(
        /^lbfgs: expected parameters with at least one entry/,
      );
    }
    expect(() => lbfgs().init([])).toThrow(/^lbfgs: expected at least one tensor/);
  });
  test("to minimise inside a derivative or a trace, where its result would count as a constant", () => {
    const inner = (c: Tensor): Tensor => lbfgs().minimise((y: Tensor) => square(sub(y, c)), tensor(0)).params;
    expect(() => grad(inner)(tensor(3))).toThrow(TraceError);
    expect(() => grad(inner)(tensor(3))).toThrow(/^lbfgs: expected a call outside every derivative/);
    expect(() => trace(inner, tensor(3))).toThrow(TraceError);
  });
  const { init, update } = lbfgs();
  test("a gradient or a state of another form or shape", () => {
    expect(() => update(tensor(1), init(x), x)).toThrow(/^lbfgs: expected the gradient/);
    expect(() => update(full([3], 1), init(x), x)).toThrow(ShapeError);
    expect(() => update(x, init(zeros([3])), x)).toThrow(/^lbfgs: expected the state/);
  });
});
