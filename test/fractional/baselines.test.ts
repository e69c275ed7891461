// Are the rivals of the implicit gradient what they claim to be?
import {
  add,
  ConvergenceError,
  compile,
  DomainError,
  grad,
  jvp,
  maximum,
  mul,
  neg,
  pow,
  random,
  ShapeError,
  sin,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
} from "stillpoint";
import {
  continuousAdjoint,
  predictorCorrector,
  productRectangle,
  productTrapezoid,
  type Quadrature,
  sampledRectangle,
  solveCaputo,
  spectral,
  stepThroughTime,
} from "stillpoint/fractional";
import { mlp } from "stillpoint/nn";
import { gamma } from "stillpoint/special";
import { describe, expect, test } from "vitest";
import { densityRow, makeCell, timeLeft } from "../../src/fractional/baselines/adjoint-weights.js";
import { differentiateLine } from "../laws/differences.js";

const half = (u: Tensor): Tensor => mul(0.5, sum(square(u)));
const lastOf = (values: Tensor): Tensor => slice(values, [values.shape[0] - 1], [values.shape[0]]);
const length = (x: readonly number[]): number => Math.hypot(...x);
const deviation = (x: readonly number[], y: readonly number[]): number =>
  length(x.map((value, i) => value - y[i])) / length(y);

const net = mlp([2, 8, 2], { random: random(3) });
type Theta = typeof net.params;
const entriesOf = (theta: Theta): number[] =>
  theta.flatMap(({ weight, bias }) => [...weight.data, ...(bias?.data ?? [])]);

/** Diethelm's problem, whose solution at 1 is 1/4. */
const diethelm =
  (a: number) =>
  (t: Tensor, y: Tensor): Tensor => {
    const drive = sub(
      mul(40320 / gamma(9 - a), pow(t, 8 - a)),
      mul((3 * gamma(5 + a / 2)) / gamma(5 - a / 2), pow(t, 4 - a / 2)),
    );
    const cube = pow(sub(mul(1.5, pow(t, a / 2)), pow(t, 4)), 3);
    return sub(add(add(drive, 2.25 * gamma(a + 1)), cube), pow(maximum(y, 0), 1.5));
  };

describe("the predictor-corrector method", () => {
  const all = [10, 20, 40, 80, 160, 320];
  const errorOf = (order: number, steps: number): number =>
    predictorCorrector(diethelm(order), 0, { order, duration: 1, steps }).values.data[steps] - 0.25;
  const published: [number, string[]][] = [
    [0.25, ["0.250", "1.81e-2", "3.61e-3", "1.45e-3", "6.58e-4", "2.97e-4"]],
    [1.25, ["5.53e-3", "1.59e-3", "4.33e-4", "1.14e-4", "2.97e-5", "7.66e-6"]],
  ];
  const digits = (x: number): number => Number(Math.abs(x).toPrecision(3));
  for (const [order, errors] of published) {
    test(`has the published errors for order ${order}, and another order has others`, () => {
      expect(all.map((steps) => digits(errorOf(order, steps)))).toEqual(errors.map(Number));
      expect(digits(errorOf(order + 0.01, 320))).not.toBe(Number(errors[5]));
    });
    test(`converges with order ${Math.min(2, 1 + order)} for order ${order}`, () => {
      const observed = Math.log2(errorOf(order, 640) / errorOf(order, 1280));
      expect(Math.abs(observed - Math.min(2, 1 + order))).toBeLessThan(0.1);
    });
  }

  test("its derivatives in weights, u₀, u′₀, order and duration are those of the steps", () => {
    const at = {
      theta: net.params[0].weight,
      u0: tensor([0.4, -1]),
      v0: tensor([0.2, 0.1]),
      a: tensor(1.3),
      T: tensor(1.2),
    };
    const along = random(5);
    const direction = {
      ...{ theta: along.normal([2, 8]), u0: along.normal([2]), v0: along.normal([2]), a: tensor(0.2), T: tensor(0.4) },
    };
    type Place = typeof at;
    const loss = ({ theta, u0, v0, a, T }: Place): Tensor => {
      const params = [{ ...net.params[0], weight: theta }, ...net.params.slice(1)];
      const f = (t: Tensor, u: Tensor): Tensor => add(net.apply(params, u), mul(0.3, t));
      return half(predictorCorrector(f, u0, { order: a, duration: T, steps: 40, initialDerivative: v0 }).values);
    };
    const moved = (s: number): Place =>
      Object.fromEntries(
        Object.entries(at).map(([name, x]) => [name, add(x, mul(s, direction[name as keyof Place]))]),
      ) as Place;
    const [difference] = differentiateLine((s) => loss(moved(s)).data);
    const gradient = grad(loss)(at);
    const along1 = Object.entries(gradient).reduce((total, [name, g]) => {
      const d = direction[name as keyof Place].data;
      return total + g.data.reduce((part, x, i) => part + x * d[i], 0);
    }, 0);
    expect(Math.abs(along1 / difference - 1)).toBeLessThan(1e-10);
    expect(Math.abs(jvp(loss, [at], [direction]).tangent.item() / difference - 1)).toBeLessThan(1e-10);
  });

  test("a program of it gives the same values", () => {
    const f = (u0: Tensor): Tensor =>
      predictorCorrector((_, u) => net.apply(net.params, u), u0, { order: 0.6, duration: 1, steps: 12 }).values;
    expect(compile(trace(f, tensor([1, 2]))).run([tensor([0.4, -1])]).data).toEqual(f(tensor([0.4, -1])).data);
  });
});

describe("backpropagation through the steps", () => {
  interface Case {
    readonly name: string;
    readonly quadrature: Quadrature;
    readonly steps?: number;
    readonly times?: readonly number[];
    readonly duration?: Tensor;
  }
  const grids = [
    { name: "rectangle", quadrature: productRectangle(), steps: 70 },
    { name: "graded rectangle", quadrature: productRectangle({ grading: 2 }), steps: 40 },
    { name: "trapezoid", quadrature: productTrapezoid(), steps: 70 },
    { name: "trapezoid, more steps than the fast convolution's base", quadrature: productTrapezoid(), steps: 300 },
    { name: "graded trapezoid", quadrature: productTrapezoid({ grading: 2.5 }), steps: 40 },
    { name: "trapezoid on given nodes", quadrature: productTrapezoid(), times: [0, 0.1, 0.3, 0.4, 1, 1.2] },
    { name: "the notebook's rule", quadrature: sampledRectangle({ leavesOutLast: true }), steps: 70 },
  ];
  const start = tensor([
    [0.4, -1],
    [1, 0.3],
  ]);
  interface Place {
    readonly theta: Theta;
    readonly u0: Tensor;
    readonly order: Tensor;
    readonly duration?: Tensor;
    readonly slope?: Tensor;
  }
  type Solve = (f: (t: Tensor, u: Tensor) => Tensor, u0: Tensor, options: never) => { values: Tensor };
  const flat = ({ theta, u0, order, duration, slope }: Place): number[] => [
    ...entriesOf(theta),
    ...[u0, order, duration, slope].flatMap((x) => (x === undefined ? [] : [...x.data])),
  ];
  const gradientBy = (
    solve: Solve,
    { quadrature, steps, times }: Omit<Case, "name">,
    at: Place,
    more = {},
  ): number[] => {
    const loss = ({ theta, u0, order, duration, slope }: Place): Tensor => {
      const f = (t: Tensor, u: Tensor): Tensor => add(net.apply(theta, u), mul(0.3, t));
      const grid = times ? { times } : { steps, duration };
      const given = slope ? { initialDerivative: slope } : {};
      return half(solve(f, u0, { order, quadrature, ...grid, ...given, ...more } as never).values);
    };
    return flat(grad(loss)(at));
  };
  const exact = { tolerance: 1e-15, relativeTolerance: 1e-15 };
  for (const order of [0.3, 0.8, 1.4]) {
    for (const { name, ...grid } of grids) {
      test(`is the implicit gradient to rounding, in all arguments: ${name}, order ${order}`, () => {
        const at = {
          ...{ theta: net.params, u0: start, order: tensor(order) },
          ...(grid.times ? {} : { duration: tensor(1.5) }),
          ...(order > 1
            ? {
                slope: tensor([
                  [0.2, 0],
                  [-0.3, 0.5],
                ]),
              }
            : {}),
        };
        const implicit = gradientBy(solveCaputo as Solve, grid, at, exact);
        expect(deviation(gradientBy(stepThroughTime as Solve, grid, at), implicit)).toBeLessThan(1e-14);
      });
    }
  }
  const at = { theta: net.params, u0: start, order: tensor(0.5), duration: tensor(1.5) };
  const grid = { quadrature: productTrapezoid(), steps: 30 };
  const implicit = gradientBy(solveCaputo as Solve, grid, at, exact);

  test("is another one where the nodes are not solved, and gets better with each correction", () => {
    const errors = [1, 2, 3].map((corrections) =>
      deviation(gradientBy(stepThroughTime as Solve, grid, at, { corrections }), implicit),
    );
    expect(errors[0]).toBeGreaterThan(1e-6);
    expect(errors[1]).toBeLessThan(errors[0] / 10);
    expect(errors[2]).toBeLessThan(errors[1] / 10);
  });
  test("so many corrections can be traced; a tolerance cannot", () => {
    const f = (options: object) => (u0: Tensor) =>
      stepThroughTime((_, u) => net.apply(net.params, u), u0, { order: 0.5, duration: 1, steps: 40, ...options })
        .values;
    const fixed = f({ corrections: 3 });
    const u0 = tensor([0.4, -1]);
    expect(compile(trace(fixed, u0)).run([u0]).data).toEqual(fixed(u0).data);
    expect(() => trace(f({}), u0)).toThrow(/expected the option corrections/);
    const explicit = f({ quadrature: productRectangle() });
    expect(compile(trace(explicit, u0)).run([u0]).data).toEqual(explicit(u0).data);
  });
  test("a node that is not solved is an error", () => {
    const blowsUp = (): unknown =>
      stepThroughTime((_, u) => square(add(u, 3)), tensor([1]), { order: 1, duration: 3, steps: 3 });
    expect(blowsUp).toThrow(ConvergenceError);
    expect(blowsUp).toThrow(/residual ≤ .* at node 1, received/);
  });
});

describe("the weights of the adjoint density", () => {
  const beta = (a: number, b: number): number => (gamma(a) * gamma(b)) / gamma(a + b);
  const cases = [0.1, 0.3, 0.5, 0.8, 1].flatMap((alpha) => [1, 1 / alpha, 2 / alpha].map((r) => [alpha, r] as const));
  for (const [alpha, grading] of cases) {
    const steps = alpha < 0.2 ? 8 : 32;
    const time = timeLeft(steps, grading);
    for (const exponent of [alpha, 1]) {
      const cell = makeCell(alpha, exponent);
      test(`integrate lines, α = ${alpha}, β = ${exponent}, grading ${grading}`, () => {
        for (const n of [1, 2, steps / 2, steps]) {
          const row = densityRow(time, cell, n);
          const sigma = time.left[n];
          const [zeroth, first] = [0, 1].map(
            (m) => row.reduce((total, w, j) => total + w * time.left[j] ** m, 0) / sigma ** (alpha + exponent - 1 + m),
          );
          expect(Math.abs(zeroth / beta(alpha, exponent) - 1)).toBeLessThan(1e-11);
          expect(Math.abs(first / beta(alpha + 1, exponent) - 1)).toBeLessThan(1e-11);
        }
      });
    }
  }
  test("are single weights: those of a coarse grid are sums of those of a finer one", () => {
    for (const alpha of [0.3, 0.8]) {
      const [coarse, fine] = [8, 64].map((steps) => timeLeft(steps, 1));
      const cell = makeCell(alpha, alpha);
      const [row, parts] = [densityRow(coarse, cell, 8), densityRow(fine, cell, 64)];
      row.forEach((weight, j) => {
        const hat = parts.reduce((total, part, i) => total + part * Math.max(0, 1 - Math.abs(i / 8 - j)), 0);
        expect(Math.abs(weight / hat - 1)).toBeLessThan(1e-11);
      });
    }
  });
});

describe("the continuous adjoint", () => {
  /** d/dλ E_α(λ) T = 1, and E_α(λ). */
  const series = (alpha: number, rate: number): readonly [number, number] => {
    let [value, slope] = [0, 0];
    for (let k = 0; k < 120; k++) {
      if (alpha * k > 165) break;
      value += rate ** k / gamma(alpha * k + 1);
      if (k > 0) slope += (k * rate ** (k - 1)) / gamma(alpha * k + 1);
    }
    return [value, slope];
  };
  const linear = (order: number, steps: number, grading: number): readonly [number, number] => {
    const rate = (theta: Tensor, _: Tensor, u: Tensor): Tensor => mul(theta, u);
    const { pull } = continuousAdjoint(rate, tensor(-0.5), tensor([1]), {
      ...{ order, duration: 1, steps, grading },
    });
    const { theta, u0 } = pull(tensor([1]));
    return [u0.item(), theta.item()];
  };
  for (const order of [0.3, 0.5, 0.8, 1]) {
    test(`tends to the gradients of the Mittag-Leffler function, order ${order}`, () => {
      const [value, slope] = series(order, -0.5);
      const errors = [64, 127].map((steps) => {
        const [u0, theta] = linear(order, steps, 1.5 / order);
        return [Math.abs(u0 / value - 1), Math.abs(theta / slope - 1)];
      });
      errors[1].forEach((error, i) => {
        expect(error).toBeLessThan(2e-4);
        expect(Math.abs(Math.log2(errors[0][i] / error) - 2)).toBeLessThan(0.25);
      });
      const uniform = [128, 256].map((steps) => Math.abs(linear(order, steps, 1)[1] / slope - 1));
      expect(Math.abs(Math.log2(uniform[0] / uniform[1]) - Math.min(2, 2 * order))).toBeLessThan(0.25);
    });
  }

  test("tends to the gradient of a network, but is not that of its discrete loss", () => {
    const [order, duration] = [0.5, 2];
    const u0 = tensor([
      [1, -0.5],
      [0.2, 0.7],
    ]);
    const by = (options: object): Theta =>
      grad((theta: Theta) =>
        half(lastOf(solveCaputo((_, u) => net.apply(theta, u), u0, { order, duration, ...options }).values)),
      )(net.params);
    const reference = entriesOf(by({ quadrature: spectral({ nodes: 40 }), tolerance: 1e-13 }));
    const adjoint = (steps: number, grading: number): number[] => {
      const solved = continuousAdjoint((theta: Theta, _, u) => net.apply(theta, u), net.params, u0, {
        ...{ order, duration, steps, grading },
      });
      return entriesOf(solved.pull(solved.value).theta);
    };
    expect(deviation(adjoint(256, 3), reference)).toBeLessThan(2e-5);
    const discrete = entriesOf(by({ steps: 256, quadrature: productTrapezoid({ grading: 3 }), tolerance: 1e-13 }));
    expect(deviation(adjoint(256, 3), discrete)).toBeGreaterThan(1e-6);
  });
});

describe("the notebook's rectangle rule", () => {
  test("is the sum of the notebook, with its last past node and without", () => {
    const [h, alpha, count] = [0.1, 0.7, 9];
    for (const leavesOutLast of [false, true]) {
      // t_(n+1) = (n + 1) h; the notebook's trajectory begins at t₁.
      const u: number[] = [];
      for (let n = 0; n < count; n++) {
        const kernel = (t: number): number => (h * t ** (alpha - 1)) / gamma(alpha);
        let value = 1 - Math.sin(1) * kernel((n + 1) * h);
        for (let j = 0; j < (leavesOutLast ? n - 1 : n); j++) value -= Math.sin(u[j]) * kernel((n - j) * h);
        u.push(value);
      }
      const f = (_: Tensor, x: Tensor): Tensor => neg(sin(x));
      const quadrature = sampledRectangle({ leavesOutLast });
      const { values } = solveCaputo(f, 1, {
        order: alpha,
        duration: count * h,
        steps: count,
        quadrature,
        tolerance: 1e-15,
      });
      u.forEach((value, n) => {
        expect(Math.abs(values.data[n + 1] - value)).toBeLessThan(1e-14);
      });
    }
  });
  test("converges with order α only", () => {
    for (const [order, leavesOutLast] of [
      [0.3, false],
      [0.3, true],
      [0.6, false],
      [0.6, true],
    ] as const) {
      const at = (steps: number): number => {
        const quadrature = sampledRectangle({ leavesOutLast });
        return solveCaputo((_, u) => neg(u), 1, { order, duration: 1, steps, quadrature }).values.data[steps];
      };
      const [a, b, c] = [at(1024), at(2048), at(4096)];
      expect(Math.abs(Math.log2((a - b) / (b - c)) - order)).toBeLessThan(0.2);
    }
  });
  test("has the derivatives of its weights in the order", () => {
    for (const leavesOutLast of [false, true]) {
      const quadrature = sampledRectangle({ leavesOutLast });
      const end = (order: Tensor): Tensor =>
        sum(lastOf(solveCaputo((_, u) => neg(u), 1, { order, duration: 1, steps: 10, quadrature }).values));
      const [difference] = differentiateLine((s) => end(tensor(0.6 + s)).data);
      expect(grad(end)(tensor(0.6)).item()).toBeCloseTo(difference, 10);
    }
  });
});

describe("bad input is refused", () => {
  const f = (_: Tensor, u: Tensor): Tensor => neg(u);
  const good = { order: 0.5, duration: 1, steps: 4 };
  const adjoint = (changed: object) => (): unknown =>
    continuousAdjoint((_: Tensor, __: Tensor, u: Tensor) => neg(u), tensor(1), tensor([1]), { ...good, ...changed });
  const cases: [string, () => unknown, typeof DomainError | typeof ShapeError, RegExp][] = [
    ["order 3", () => predictorCorrector(f, 1, { ...good, order: 3 }), DomainError, /order in \(0, 2\], received 3/],
    [
      "a vector of orders",
      () => stepThroughTime(f, tensor([1, 2]), { ...good, order: tensor([0.5, 0.6]) }),
      ShapeError,
      /one order/,
    ],
    [
      "an unknown option",
      () => predictorCorrector(f, 1, { ...good, step: 3 } as never),
      DomainError,
      /did you mean steps/,
    ],
    [
      "another unknown option",
      () => stepThroughTime(f, 1, { ...good, correction: 3 } as never),
      DomainError,
      /did you mean corrections/,
    ],
    [
      "u′(0) with an order below 1",
      () => predictorCorrector(f, 1, { ...good, initialDerivative: 1 }),
      DomainError,
      /initialDerivative/,
    ],
    ["f of another shape", () => predictorCorrector((_, u) => sum(u), tensor([1, 2]), good), ShapeError, /shape of u/],
    [
      "nodes that are coupled",
      () => stepThroughTime(f, 1, { order: 0.5, duration: 1, quadrature: spectral({ nodes: 4 }) }),
      DomainError,
      /product rule/,
    ],
    ["corrections 0", () => stepThroughTime(f, 1, { ...good, corrections: 0 }), DomainError, /corrections/],
    ["tolerance 0", () => stepThroughTime(f, 1, { ...good, tolerance: 0 }), DomainError, /tolerance/],
    ["no f", () => stepThroughTime(3 as never, 1, good), DomainError, /function/],
    ["u0 NaN", () => stepThroughTime(f, Number.NaN, good), DomainError, /finite/],
    ["order 1.5 of the adjoint", adjoint({ order: 1.5 }), DomainError, /\(0, 1\], received 1.5/],
    ["an unknown option of the adjoint", adjoint({ nodes: 4 }), DomainError, /unknown option/],
    [
      "times with the notebook's rule",
      () => solveCaputo(f, 1, { order: 0.5, times: [0, 1], quadrature: sampledRectangle() }),
      DomainError,
      /received times/,
    ],
    ["an unknown option of that rule", () => sampledRectangle({ grading: 2 } as never), DomainError, /unknown option/],
    ["leavesOutLast 1", () => sampledRectangle({ leavesOutLast: 1 as never }), DomainError, /true or false/],
  ];
  for (const [name, run, kind, message] of cases) {
    test(name, () => {
      expect(run).toThrow(kind);
      expect(run).toThrow(message);
    });
  }
  test("g of another shape", () => {
    const { pull } = continuousAdjoint((_: Tensor, __: Tensor, u: Tensor) => neg(u), tensor(1), tensor([1]), good);
    expect(() => pull(tensor([1, 2]))).toThrow(ShapeError);
  });
});
