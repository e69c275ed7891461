// How often does the estimate of a gradient's error cover the true error, and how far is it above it?
import {
  add,
  checkpoint,
  eye,
  fixedPoint,
  inverse,
  listeningTapes,
  matmul,
  mul,
  picard,
  type Random,
  random,
  scan,
  sin,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
} from "stillpoint";
import { solveCaputo } from "stillpoint/fractional";
import { certifyGradient, type GradientCertificate } from "stillpoint/verify";
import { describe, expect, test } from "vitest";
import { flattenTree } from "../../src/tensor/index.js";

const seed = 20261103;
type F = (...xs: never[]) => unknown;

interface Tolerances {
  readonly tolerance: number;
  readonly adjoint: { readonly tolerance: number };
}
const tight: Tolerances = { tolerance: 1e-14, adjoint: { tolerance: 1e-13 } };

/** A loss as a function of its parameters, for any tolerance. */
interface Problem {
  readonly what: string;
  readonly f: (tolerances: Tolerances) => F;
  readonly xs: readonly Tensor[];
}

const uniform = (draw: Random, low: number, high: number): number => draw.uniform([], low, high).item();

/** z = tanh(z W + x) with a W of spectral radius about ρ. */
function network(draw: Random): Problem {
  const d = 2 + Math.floor(uniform(draw, 0, 7));
  const radius = uniform(draw, 0.1, 0.98);
  const w = mul(radius / Math.sqrt(d), draw.normal([d, d]));
  const weights = draw.normal([d]);
  return {
    what: `tanh network of ${d}, radius ${radius.toFixed(2)}`,
    f: (tolerances) => (matrix: Tensor, x: Tensor) =>
      sum(mul(weights, square(fixedPoint((z: Tensor) => tanh(add(matmul(z, matrix), x)), mul(0, x), tolerances)))),
    xs: [w, draw.normal([d])],
  };
}

/** Two states that feed each other. */
function pair(draw: Random): Problem {
  const [p, q] = [uniform(draw, 0.2, 0.9), uniform(draw, 0.2, 0.9)];
  return {
    what: `a pair with slopes ${p.toFixed(2)} and ${q.toFixed(2)}`,
    f: (tolerances) => (a: Tensor, b: Tensor) => {
      const next = (z: { u: Tensor; v: Tensor }) => ({ u: add(mul(p, sin(z.v)), a), v: mul(q, tanh(add(z.u, b))) });
      const { u, v } = fixedPoint(next, { u: mul(0, a), v: mul(0, b) }, tolerances);
      return sum(mul(u, v));
    },
    xs: [draw.normal([3]), draw.normal([3])],
  };
}

/** D^α u = tanh(u W) + x */
function trajectory(draw: Random): Problem {
  const d = 1 + Math.floor(uniform(draw, 0, 3));
  const steps = 8 + Math.floor(uniform(draw, 0, 17));
  const order = uniform(draw, 0.4, 1.4);
  return {
    what: `a trajectory of ${d} states, ${steps} steps, order ${order.toFixed(2)}`,
    f:
      ({ tolerance, adjoint }) =>
      (u0: Tensor, w: Tensor, alpha: Tensor) => {
        const options = { order: alpha, duration: 2, steps, tolerance: Math.min(tolerance, 1e-3), adjoint };
        return sum(square(solveCaputo((_t, u) => tanh(matmul(u, w)), u0, options).values));
      },
    xs: [draw.normal([d]), draw.normal([d, d]), tensor(order)],
  };
}

const families = [network, network, pair, trajectory];

const leavesOf = (certificate: GradientCertificate): Tensor[] => flattenTree("test", certificate.gradient).leaves;

const largestDifference = (a: readonly Tensor[], b: readonly Tensor[]): number =>
  a.reduce((most, x, i) => x.data.reduce((size, value, e) => Math.max(size, Math.abs(value - b[i].data[e])), most), 0);

test("the estimate covers the true error of at least 99 of 100 random problems, by less than 100 times in the median", () => {
  const draw = random(seed);
  const ratios: number[] = [];
  const missed: string[] = [];
  for (let k = 0; k < 100; k++) {
    const { what, f, xs } = families[k % families.length](draw);
    const tolerance = 10 ** uniform(draw, -12, -3);
    const adjoint = { tolerance: 10 ** uniform(draw, -12, -3) };
    const certificate = certifyGradient(f({ tolerance, adjoint }), xs);
    const error = largestDifference(leavesOf(certificate), leavesOf(certifyGradient(f(tight), xs)));
    if (error > certificate.estimate) missed.push(`${what}: ${error} beside ${certificate.text}`);
    if (error > 0) ratios.push(certificate.estimate / error);
  }
  ratios.sort((a, b) => a - b);
  const median = ratios[Math.floor(ratios.length / 2)];
  console.log(
    `${100 - missed.length} of 100 covered; estimate/error: median ${median.toPrecision(3)}, from ` +
      `${ratios[0].toPrecision(3)} to ${ratios[ratios.length - 1].toPrecision(3)}`,
  );
  expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(1);
  expect(ratios.length).toBeGreaterThan(80);
  expect(median).toBeLessThanOrEqual(100);
});

describe("a certificate", () => {
  const w = tensor([
    [0.3, -0.4],
    [0.5, 0.1],
  ]);
  const x = tensor([0.2, -0.7]);
  const solved = (options: object) => (y: Tensor, m: Tensor) =>
    sum(fixedPoint((z: Tensor) => tanh(add(matmul(z, m), y)), tensor([0, 0]), options));
  test("lists every solve with its role, residual and inverse norm", () => {
    const { solves, value, gradient, ok, text } = certifyGradient(solved({ tolerance: 1e-10 }) as F, [x, w]);
    expect(solves.map(({ operation, role }) => [operation, role])).toEqual([
      ["fixedPoint", "forward"],
      ["fixedPoint", "derivative"],
    ]);
    for (const { residual, inverseNorm } of solves) {
      expect(residual).toBeLessThanOrEqual(1e-10);
      expect(inverseNorm).toBeGreaterThan(0.5);
      expect(inverseNorm).toBeLessThan(10);
    }
    expect(ok).toBe(true);
    expect(value.shape).toEqual([]);
    expect(gradient).toHaveLength(2);
    expect(text).toMatch(/^estimated error of the gradient: .*\nmost from solve \d, fixedPoint/);
    expect(listeningTapes()).toBe(0);
  });
  test("estimates ‖(I − J)⁻¹‖ of a linear equation, never from above", () => {
    const draw = random(seed + 1);
    for (let k = 0; k < 20; k++) {
      const a = mul(0.3, draw.normal([5, 5]));
      const f = (b: Tensor): Tensor =>
        sum(fixedPoint((z: Tensor) => add(matmul(a, z), b), mul(0, b), { tolerance: 1e-12, maxSteps: 5000 }));
      const rows = inverse(sub(eye(5), a)).data;
      const norm = Math.max(
        ...[0, 1, 2, 3, 4].map((i) => rows.subarray(5 * i, 5 * i + 5).reduce((s, v) => s + Math.abs(v), 0)),
      );
      const [{ inverseNorm }] = certifyGradient(f as F, [draw.normal([5])]).solves;
      expect(inverseNorm).toBeLessThanOrEqual(norm * (1 + 1e-6));
      expect(inverseNorm).toBeGreaterThan(norm / 3);
    }
  });
  test("beyond the budget is an error that names the worst solve, or a warning", () => {
    const loose = solved({ solver: picard(), tolerance: 1e-3 }) as F;
    expect(() => certifyGradient(loose, [x, w], { budget: 1e-6 })).toThrow(
      /^certifyGradient: expected an estimated relative error ≤ 0.000001, received .*solve \d, fixedPoint/s,
    );
    let told: GradientCertificate | undefined;
    const onExceeded = (certificate: GradientCertificate): void => {
      told = certificate;
    };
    expect(certifyGradient(loose, [x, w], { budget: 1e-6, onExceeded }).ok).toBe(false);
    expect(told?.ok).toBe(false);
    told = undefined;
    const good = solved({ tolerance: 1e-12 }) as F;
    expect(certifyGradient(good, [x, w], { budget: 1e-6, onExceeded }).ok).toBe(true);
    expect(told).toBeUndefined();
  });
  test("sees which of the two solves was loose", () => {
    const adjoint = certifyGradient(solved({ tolerance: 1e-13, adjoint: { solver: picard(), tolerance: 1e-3 } }) as F, [
      x,
      w,
    ]);
    expect(adjoint.text).toMatch(/most from solve 1, fixedPoint \(derivative\)/);
    expect(adjoint.solves[1].residual).toBeGreaterThan(1e-7);
    const forward = certifyGradient(solved({ solver: picard(), tolerance: 1e-3, adjoint: { tolerance: 1e-13 } }) as F, [
      x,
      w,
    ]);
    expect(forward.text).toMatch(/most from solve 0, fixedPoint \(forward\)/);
    expect(forward.relativeEstimate).toBeGreaterThan(1e-6);
  });
  test("of a gradient without an equation knows of nothing but rounding", () => {
    const { solves, relativeEstimate, text } = certifyGradient((y: Tensor) => sum(square(y)), [x]);
    expect(solves).toEqual([]);
    expect(relativeEstimate).toBeLessThan(1e-14);
    expect(text).toMatch(/nothing is solved in it/);
  });
  test("sees solves inside scan, checkpoint and other solves", () => {
    const inner = (z: Tensor, c: Tensor): Tensor =>
      fixedPoint((v: Tensor) => mul(0.5, tanh(add(v, add(z, c)))), mul(0, z), { solver: picard(), tolerance: 1e-4 });
    const scanned = (y: Tensor): Tensor =>
      sum(scan((c: Tensor, r: Tensor) => ({ carry: inner(c, r), y: c }), tensor(0.1), y).carry);
    const saved = (y: Tensor): Tensor => sum(checkpoint((t: Tensor) => inner(t, x))(y));
    for (const f of [scanned, saved]) {
      const { solves, estimate } = certifyGradient(f as F, [x]);
      expect(solves.length).toBeGreaterThanOrEqual(2);
      const exact = 1e-4;
      expect(estimate).toBeGreaterThan(1e-7);
      expect(estimate).toBeLessThan(100 * exact);
    }
  });
  test("is refused for what is not a scalar, or with options that are none", () => {
    expect(() => certifyGradient((y: Tensor) => y, [x])).toThrow(/expected f to return a scalar/);
    expect(() => certifyGradient((y: Tensor) => sum(y), x as never)).toThrow(/array of arguments/);
    expect(() => certifyGradient((y: Tensor) => sum(y), [x], { budget: 0 })).toThrow(/budget/);
    expect(() => certifyGradient((y: Tensor) => sum(y), [x], { budgets: 1 } as never)).toThrow(/budget/);
    expect(() => certifyGradient((y: Tensor) => sum(y), [x], { onExceeded: 1 } as never)).toThrow(/onExceeded/);
  });
});
