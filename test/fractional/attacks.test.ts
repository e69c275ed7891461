// Are small states, singular places and hopeless requests what they seem?
import {
  ConvergenceError,
  DomainError,
  full,
  grad,
  log,
  mul,
  neg,
  ShapeError,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  zeros,
} from "stillpoint";
import {
  caputoDerivative,
  caputoIntegral,
  convolutionQuadrature,
  solveCaputo,
  solveCaputoWithReport,
  solveMultiTerm,
  spectral,
} from "stillpoint/fractional";
import { describe, expect, test } from "vitest";

const decay = (_: Tensor, u: Tensor): Tensor => neg(u);
const half = { order: 0.5, duration: 1 };
/** E_½(−1) = e·erfc(1) */
const atOne = 0.427583576155807;

describe("small states", () => {
  test("are solved beyond an absolute tolerance that they are below", () => {
    const { values, at } = solveCaputo(decay, 1e-11, { ...half, steps: 10 });
    const scaled = solveCaputo(decay, 1, { ...half, steps: 10 });
    expect(values.data[10] / 1e-11).toBeCloseTo(scaled.values.data[10], 9);
    expect(at(1).item() / 1e-11).toBeCloseTo(scaled.values.data[10], 9);
    const growing = solveCaputo((_, u) => mul(u, sub(1, u)), 1e-11, { order: 1, duration: 30, steps: 3000 });
    expect(growing.at(20).item() / (1 / (1 + Math.exp(-20) * (1e11 - 1)))).toBeCloseTo(1, 3);
  });
  test("meet a relative accuracy, however small", () => {
    const tiny = solveCaputo(decay, 1e-200, { ...half, quadrature: spectral({ accuracy: 1e-8 }) });
    expect(tiny.at(1).item() / 1e-200).toBeCloseTo(atOne, 8);
    const rates = tensor(Array.from({ length: 20 }, (_, i) => -1 - (3 * i) / 20));
    const f = (_: Tensor, u: Tensor): Tensor => mul(rates, u);
    const options = { order: 0.6, duration: 1 };
    const small = solveCaputoWithReport(f, full([20], 1e-5), { ...options, quadrature: spectral({ accuracy: 1e-6 }) });
    const exact = solveCaputo(f, full([20], 1), { ...options, quadrature: spectral({ nodes: 40 }), tolerance: 1e-14 });
    const end = exact.at(1).data;
    small.at(1).data.forEach((value, i) => {
      expect(Math.abs(value * 1e5 - end[i])).toBeLessThan(1e-6);
    });
    const layer = (_: Tensor, u: Tensor): Tensor => mul(-5, mul(u, sub(1, mul(-1e4, u))));
    const { report } = solveCaputoWithReport(layer, 1e-4, {
      order: 0.6,
      duration: 1,
      quadrature: spectral({ accuracy: 1e-9 }),
    });
    expect(report.errorEstimate).toBeLessThan(1e-9);
  });
  test("and a solution that is 0", () => {
    expect(
      solveCaputo(decay, 0, { ...half, quadrature: spectral({ accuracy: 1e-6 }) })
        .at(1)
        .item(),
    ).toBe(0);
  });
});

describe("derivatives at singular places", () => {
  test("of a duration, where the beginning is looked at, too", () => {
    const f = (duration: Tensor): Tensor =>
      sum(solveCaputo(decay, 1, { order: 0.5, duration, quadrature: spectral({ nodes: 24 }) }).at([0, 0.5]));
    expect(Math.abs(grad(f)(tensor(1)).item())).toBeLessThan(1e-9);
  });
  test("of times at the nodes of convolution quadrature are slopes of the line before", () => {
    const { at } = solveCaputo(decay, 1, { ...half, steps: 50, quadrature: convolutionQuadrature() });
    const slope = (t: number): number => grad((x: Tensor) => at(x))(tensor(t)).item();
    expect(slope(0.5)).toBeCloseTo(slope(0.4999), 12);
    expect(slope(1)).toBeCloseTo(slope(0.999), 12);
  });
  test("of the order of caputoDerivative at 1 and at 2", () => {
    const y = tensor([0, 1, 4, 9, 16]);
    const f = (order: Tensor): Tensor => sum(caputoDerivative(y, { order, times: [0, 1, 2, 3, 4] }));
    for (const order of [1, 2]) {
      const difference = (f(tensor(order)).item() - f(tensor(order - 1e-6)).item()) / 1e-6;
      expect(grad(f)(tensor(order)).item()).toBeCloseTo(difference, 4);
    }
  });
});

describe("what cannot succeed fails soon and says why", () => {
  const accurate = { ...half, quadrature: spectral({ accuracy: 1e-6 }) };
  const cases: [string, () => unknown, new (...args: never[]) => Error, RegExp][] = [
    [
      "f that is NaN",
      () => solveCaputo((_, u) => mul(Number.NaN, u), 1, accurate),
      ConvergenceError,
      /a finite f\(t, u\), received NaN from node 0 on/,
    ],
    [
      "f that leaves its domain",
      () => solveCaputo((t, u) => sub(log(sub(0.5, t)), mul(0, u)), 1, { ...half, steps: 10 }),
      ConvergenceError,
      /a finite f\(t, u\).*node 5 on/,
    ],
    [
      "a blow-up",
      () => solveCaputo((_, u) => square(u), 1, { ...accurate, order: 1, duration: 2 }),
      ConvergenceError,
      /residual|finite/,
    ],
    [
      "an order that spectral weights are wrong for",
      () => solveCaputo(decay, 1, { ...half, order: 0.01, quadrature: spectral({ nodes: 8 }) }),
      DomainError,
      /orders of at least 0.02/,
    ],
    [
      "f that gives an array",
      () => solveCaputo(() => [] as never, tensor([1, 2]), { ...half, steps: 4 }),
      ShapeError,
      /received an array or record/,
    ],
    [
      "terms that are none",
      () => solveMultiTerm(decay, 1, { terms: [null] as never, duration: 1, steps: 4 }),
      DomainError,
      /terms \{ coefficient, order \}/,
    ],
    [
      "an order beside terms",
      () =>
        solveMultiTerm(decay, 1, { terms: [{ coefficient: 1, order: 1 }], order: 0.3, duration: 1, steps: 4 } as never),
      DomainError,
      /the option order/,
    ],
    [
      "a number for a vector",
      () =>
        solveMultiTerm(() => 1 as never, tensor([1, 2]), {
          terms: [{ coefficient: 1, order: 1 }],
          duration: 1,
          steps: 4,
        }),
      ShapeError,
      /shape of u/,
    ],
    ["no options", () => caputoIntegral(tensor([1, 2]), undefined as never), DomainError, /times/],
  ];
  for (const [name, run, kind, message] of cases) {
    test(name, () => {
      expect(run).toThrow(kind);
      expect(run).toThrow(message);
    });
  }
});

test("no states at all", () => {
  const { values, at } = solveCaputo((_, u) => u, zeros([0, 3]), { order: [0.5, 0.6, 0.7], duration: 1, steps: 4 });
  expect(values.shape).toEqual([5, 0, 3]);
  expect(at([0.5]).shape).toEqual([1, 0, 3]);
});
