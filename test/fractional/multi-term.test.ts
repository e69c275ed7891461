// Are equations with several derivatives solved, against closed forms, with gradients?
import { add, cos, grad, mul, neg, pow, sin, square, sub, sum, type Tensor, tensor, zeros } from "stillpoint";
import { productTrapezoid, solveCaputo, solveMultiTerm, spectral } from "stillpoint/fractional";
import { gamma } from "stillpoint/special";
import { describe, expect, test } from "vitest";
import { differentiateLine } from "../laws/differences.js";

const nothing = (_: Tensor, u: Tensor): Tensor => mul(0, u);
const quadrature = spectral({ nodes: 40 });

describe("closed forms", () => {
  test("one term is the equation of one order", () => {
    const f = (t: Tensor, u: Tensor): Tensor => sub(sin(t), mul(2, u));
    const options = { duration: 1, steps: 30, tolerance: 1e-13 };
    const several = solveMultiTerm(f, 1, { ...options, terms: [{ coefficient: 1, order: 0.6 }] }).values;
    const one = solveCaputo(f, 1, { ...options, order: 0.6 }).values;
    several.data.forEach((value, n) => {
      expect(value).toBeCloseTo(one.data[n], 12);
    });
  });
  test("u″ + 2u′ + 5u = 0", () => {
    const terms = [
      { coefficient: 1, order: 2 },
      { coefficient: 2, order: 1 },
      { coefficient: 5, order: 0 },
    ];
    const solution = solveMultiTerm(nothing, 1, { terms, duration: 2, initialDerivative: -1, quadrature });
    for (const t of [0.1, 1, 2]) expect(solution.at(t).item()).toBeCloseTo(Math.exp(-t) * Math.cos(2 * t), 10);
  });
  test("Bagley and Torvik: u″ + D^1.5 u + u = 1 + t has the solution 1 + t", () => {
    const terms = [2, 1.5, 0].map((order) => ({ coefficient: 1, order }));
    const f = (t: Tensor, u: Tensor): Tensor => add(add(1, t), mul(0, u));
    const solution = solveMultiTerm(f, 1, { terms, duration: 5, steps: 20, initialDerivative: 1 });
    solution.values.data.forEach((value, n) => {
      expect(value).toBeCloseTo(1 + n / 4, 12);
    });
  });
  test("u″ + ½ D^1.5 u + ½ u, with the right side of u = t³, converges with order 2", () => {
    // u = t³: u″ = 6t, D^1.5 u = Γ(4)/Γ(2.5) t^1.5
    const terms = [
      { coefficient: 1, order: 2 },
      { coefficient: 0.5, order: 1.5 },
      { coefficient: 0.5, order: 0 },
    ];
    const f = (t: Tensor, u: Tensor): Tensor => {
      const cube = mul(t, square(t));
      const half = mul((0.5 * gamma(4)) / gamma(2.5), pow(t, 1.5));
      return add(add(mul(6, t), half), add(mul(0.5, cube), mul(0, u)));
    };
    const error = (steps: number): number => {
      const { values } = solveMultiTerm(f, 0, {
        terms,
        duration: 1,
        steps,
        initialDerivative: 0,
        quadrature: productTrapezoid(),
      });
      return Math.abs(values.data[steps] - 1);
    };
    expect(Math.log2(error(64) / error(128))).toBeGreaterThan(1.8);
    expect(error(128)).toBeLessThan(1e-4);
  });
  test("a batch, and several states", () => {
    const terms = [
      { coefficient: 1, order: 1 },
      { coefficient: 1, order: 0 },
    ];
    const start = tensor([
      [1, 2],
      [3, -1],
    ]);
    const { values } = solveMultiTerm((_, u) => zeros(u.shape), start, { terms, duration: 1, quadrature });
    const n = values.shape[0];
    start.data.forEach((value, i) => {
      expect(values.data[(n - 1) * 4 + i]).toBeCloseTo(value * Math.exp(-1), 11);
    });
  });
});

test("coefficients, initial values and the field's parameters receive their gradients", () => {
  const loss = ({ b, u0, v0, c }: { b: Tensor; u0: Tensor; v0: Tensor; c: Tensor }): Tensor => {
    const terms = [
      { coefficient: 1, order: 1.7 },
      { coefficient: b, order: 0.4 },
    ];
    const f = (t: Tensor, u: Tensor): Tensor => add(neg(mul(c, u)), cos(t));
    const { values } = solveMultiTerm(f, u0, {
      terms,
      duration: 1.5,
      steps: 12,
      initialDerivative: v0,
      tolerance: 1e-14,
    });
    return sum(square(values));
  };
  const at = { b: tensor(0.7), u0: tensor(1), v0: tensor(-0.5), c: tensor(2) };
  const gradient = grad(loss)(at);
  for (const name of ["b", "u0", "v0", "c"] as const) {
    const [difference] = differentiateLine((s) => loss({ ...at, [name]: add(at[name], s) }).data);
    expect(gradient[name].item(), name).toBeCloseTo(difference, 8);
  }
});

describe("bad input is refused", () => {
  const solve =
    (terms: unknown, more: object = {}) =>
    (): unknown =>
      solveMultiTerm(nothing, 1, { terms: terms as never, duration: 1, steps: 4, ...more });
  for (const [name, run, message] of [
    ["no terms", solve([]), /expected terms such as/],
    ["terms that are none", solve(3), /expected terms such as/],
    [
      "a lower order first",
      solve([
        { coefficient: 1, order: 0.5 },
        { coefficient: 1, order: 1 },
      ]),
      /highest order first/,
    ],
    ["an order beyond 2", solve([{ coefficient: 1, order: 2.5 }]), /orders in \[0, 2\]/],
    ["a leading 0", solve([{ coefficient: 0, order: 1 }]), /leading coefficient other than 0/],
    [
      "a derivative that does not count",
      solve([{ coefficient: 1, order: 1 }], { initialDerivative: 1 }),
      /initialDerivative/,
    ],
    ["an unknown option", solve([{ coefficient: 1, order: 1 }], { stepz: 3 }), /unknown option "stepz"/],
  ] as const) {
    test(name, () => {
      expect(run).toThrow(message);
    });
  }
});
