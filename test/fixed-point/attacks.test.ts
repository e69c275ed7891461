// Is what looks converged converged in truth, and what cannot be right refused?
import {
  add,
  anderson,
  auto,
  broyden,
  ConvergenceError,
  concat,
  DomainError,
  div,
  exp,
  type FixedPointOptions,
  fixedPoint,
  fixedPointWithReport,
  grad,
  jit,
  log,
  mean,
  mul,
  newton,
  newtonKrylov,
  picard,
  roll,
  sin,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  TraceError,
  tensor,
  zeros,
} from "stillpoint";
import { equilibrium } from "stillpoint/nn";
import { recordSolves } from "stillpoint/pictures";
import { describe, expect, test } from "vitest";

const half = (z: Tensor): Tensor => mul(0.5, z);

describe("infinity is not small beside infinity", () => {
  const solvers = [picard(), anderson(), broyden(), newton(), newtonKrylov(), auto()];
  for (const solver of solvers) {
    test(`${solver.name}, where a relative tolerance meets a value that overflows`, () => {
      const options = { solver, relativeTolerance: 1e-8 };
      expect(() => fixedPoint((z) => exp(z), 800, options)).toThrow(ConvergenceError);
      expect(() => fixedPoint((z) => div(1, z), 0, options)).toThrow(ConvergenceError);
    });
  }
  test("an iteration that runs away never meets its goal", () => {
    const run = (): unknown =>
      fixedPoint((z) => add(1, square(z)), 3, { solver: picard(), relativeTolerance: 1e-8, maxSteps: 50 });
    expect(run).toThrow(/f gave Infinity/);
  });
  test("a norm that skips NaN does not hide it", () => {
    const norm = (x: Float64Array): number => x.reduce((most, e) => (Math.abs(e) > most ? Math.abs(e) : most), 0);
    expect(() => fixedPoint((z) => log(sub(z, 5)), 1, { norm, solver: picard() })).toThrow(/f gave NaN/);
  });
  test("an infinite cotangent is an error, and no gradient of 0", () => {
    const loss = (x: Tensor): Tensor => sum(sqrt(fixedPoint((z) => half(add(z, x)), zeros([3]))));
    expect(() => grad(loss)(tensor([0, 1, 4]))).toThrow(
      /cotangent or tangent that is finite, received one of size Inf/,
    );
    expect(grad(loss)(tensor([1, 4, 9])).data[0]).toBeCloseTo(0.5, 9);
  });
});

describe("tolerances", () => {
  test("of a size that suits z leave the derivative its digits", () => {
    const f = (a: Tensor): Tensor => fixedPoint((z) => half(add(z, mul(1e9, a))), 0, { tolerance: 1 });
    expect(grad(f)(tensor(1)).item() / 1e9).toBeCloseTo(1, 1);
    expect(grad(f)(tensor(1)).item()).toBeGreaterThan(0);
  });
  test("may be relative alone, for derivatives too", () => {
    const options: FixedPointOptions = { tolerance: 0, relativeTolerance: 1e-10 };
    const f = (a: Tensor): Tensor => sum(fixedPoint((z) => half(sin(add(z, a))), zeros([50]), options));
    expect(grad(f)(tensor(1)).item()).toBeCloseTo(
      grad((a: Tensor) =>
        mul(
          50,
          fixedPoint((z) => half(sin(add(z, a))), 0),
        ),
      )(tensor(1)).item(),
      7,
    );
  });
  for (const bad of [0, -1, NaN, null]) {
    test(`${bad} alone is refused`, () => {
      expect(() => fixedPoint(half, 1, { tolerance: bad as number })).toThrow(DomainError);
    });
  }
  test("of 1 and more of a derivative's right side are refused", () => {
    expect(() => fixedPoint(half, 1, { adjoint: { tolerance: 1 } })).toThrow(
      /adjoint.tolerance to be in \(0, 1\), received 1/,
    );
  });
});

describe("a field that mixes samples is refused, also where they begin alike", () => {
  const x = tensor([1, 2, 3]);
  for (const solver of [anderson(), broyden(), newton(), newtonKrylov(), auto()]) {
    test(solver.name, () => {
      const mixing = (z: Tensor, row: Tensor): Tensor => add(half(mean(z)), row);
      expect(() => fixedPoint(mixing, zeros([3]), { samples: x, solver })).toThrow(/each sample alone/);
    });
  }
  test("within a layer", () => {
    const centred = { params: [], apply: (_: unknown, z: Tensor, row: Tensor) => add(half(sub(z, mean(z, 0))), row) };
    const layer = equilibrium(centred, { perSample: true, solver: anderson() });
    expect(() => layer.apply([], tensor([[1], [2], [4]]))).toThrow(/each sample alone/);
  });
});

test("a batch of one sample, or of none, reports its samples", () => {
  const f = (z: Tensor, x: Tensor): Tensor => half(add(z, x));
  for (const n of [0, 1, 2]) {
    const { report } = fixedPointWithReport(f, zeros([n]), { samples: zeros([n]) });
    expect(report.samples?.length).toBe(n);
  }
});

test("a batch may have more samples than a call has arguments", () => {
  const n = 130_000;
  const x = tensor(Float64Array.from({ length: n }, (_, i) => i % 7));
  const f = (z: Tensor, of: Tensor): Tensor => add(mul(0, z), of);
  const { z, report } = fixedPointWithReport(f, zeros([n]), { samples: x, solver: picard() });
  expect(report.samples?.length).toBe(n);
  expect(z.data).toEqual(x.data);
});

describe("auto", () => {
  test("goes on where Newton's direction fails", () => {
    const first = tensor([1, ...new Array<number>(79).fill(0)]);
    const recurrence = (z: Tensor): Tensor => add(sin(mul(2, concat([zeros([1]), slice(z, [0], [79])], 0))), first);
    const { z, report } = fixedPointWithReport(recurrence, zeros([80]));
    const expected = fixedPoint(recurrence, zeros([80]), { solver: picard() });
    z.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.data[i], 9);
    });
    expect(report.switches.map(({ method }) => method)).toEqual(["anderson", "newtonKrylov", "anderson"]);
    expect(report.switches[2].why).toMatch(/no step along Newton/);
  });
  test("solves regular linear equations of some hundred unknowns, however slowly GMRES begins", () => {
    const first = tensor([1, ...new Array<number>(299).fill(0)]);
    const shift = (z: Tensor): Tensor => add(mul(-2, roll(z, 1, 0)), first);
    const z = fixedPoint(shift, zeros([300]), { solver: newtonKrylov() });
    const again = fixedPoint(shift, zeros([300]), { solver: newton() });
    z.data.forEach((value, i) => {
      expect(value).toBeCloseTo(again.data[i], 9);
    });
  });
  test("and newton have no options", () => {
    expect(() => (auto as (o: object) => unknown)({ memory: 5 })).toThrow(/auto: unknown option "memory"/);
    expect(() => (newton as (o: object) => unknown)({ damping: 0.5 })).toThrow(/newton: unknown option "damping"/);
  });
});

test("cotangents near the largest numbers are no sign of a singular Jacobian", () => {
  const f = (a: Tensor): Tensor =>
    mul(
      1e160,
      fixedPoint((z) => half(sin(add(z, a))), 0),
    );
  const plain = (a: Tensor): Tensor => fixedPoint((z) => half(sin(add(z, a))), 0);
  expect(grad(f)(tensor(1)).item() / 1e160).toBeCloseTo(grad(plain)(tensor(1)).item(), 9);
});

test("a jitted function that calls itself while it runs is an error, not another call's result", () => {
  let once = true;
  const g = jit((a: Tensor) =>
    fixedPoint((z) => half(add(z, a)), 0, {
      onStep: () => {
        if (!once) return;
        once = false;
        g(tensor(100));
      },
    }),
  );
  expect(() => g(tensor(1))).toThrow(TraceError);
  expect(g(tensor(1)).item()).toBeCloseTo(1, 9);
});

test("operators of JavaScript on tensors are refused, so that no branch is frozen unseen", () => {
  const f = ((z: number) => (z > 0 ? z : half(z as unknown as Tensor))) as unknown as (z: Tensor) => Tensor;
  expect(() => fixedPoint(f, 1)).toThrow(/received an operator of JavaScript on a tensor of shape \[\]/);
  expect(() => (tensor([1, 2]) as unknown as number) * 2).toThrow(DomainError);
  expect(`${tensor([1, 2])}`).toBe("tensor of shape [2]");
});

test("a recording keeps nested solves apart", () => {
  const { solves } = recordSolves((options) => {
    const inner = (z: Tensor): Tensor => sum(fixedPoint((w) => mul(0.3, add(w, z)), zeros([2]), options));
    return fixedPoint((z) => half(add(1, mul(0.1, inner(z)))), 0, options);
  });
  for (const { steps } of solves) {
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i));
    expect(new Set(steps.map(({ state }) => state.length)).size).toBe(1);
  }
  expect(new Set(solves.map(({ steps }) => steps[0].state.length))).toEqual(new Set([1, 2]));
});

test("a function is no layer", () => {
  expect(() => equilibrium(((z: Tensor) => z) as never)).toThrow(
    /expected a layer \{ params, apply \}, received a function/,
  );
});
