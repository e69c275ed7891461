// Do all solvers find what is there, in few evaluations, and say so when they do not?
import fc from "fast-check";
import {
  add,
  anderson,
  auto,
  broyden,
  ConvergenceError,
  type FixedPointReport,
  fixedPoint,
  fixedPointWithReport,
  grad,
  matmul,
  mul,
  newton,
  newtonKrylov,
  picard,
  random,
  type Solver,
  sin,
  sub,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { a, exact, first, forward, second } from "./half-tanh.js";

const solvers: readonly Solver[] = [
  picard(),
  picard({ damping: 0.7 }),
  anderson(),
  anderson({ memory: 2 }),
  broyden(),
  broyden({ variant: "good" }),
  newtonKrylov(),
  newton(),
  auto(),
];

describe("z = ½ tanh(z + a) at a = 0.7: value and derivatives to second order are within 1e-12", () => {
  const pairs = solvers.flatMap((solver, i) => solvers.map((adjoint, j) => ({ solver, adjoint, i, j })));
  test.each(pairs)("solver $i ($solver.name), adjoint by $j ($adjoint.name)", ({ solver, adjoint }) => {
    const z = (x: Tensor): Tensor =>
      fixedPoint((state) => mul(0.5, tanh(add(state, x))), 0, {
        solver,
        tolerance: 1e-14,
        adjoint: { solver: adjoint },
      });
    const at = tensor(a);
    expect(Math.abs(z(at).item() - exact)).toBeLessThan(1e-12);
    expect(Math.abs(grad(z)(at).item() - first)).toBeLessThan(1e-12);
    expect(Math.abs(forward(z)(at).item() - first)).toBeLessThan(1e-12);
    for (const twice of [grad(grad(z)), forward(forward(z)), grad(forward(z)), forward(grad(z))]) {
      expect(Math.abs(twice(at).item() - second)).toBeLessThan(1e-12);
    }
  });
});

/** z ↦ A z + b of 40 unknowns, A scaled to a spectral radius. */
type Family = "gaussian" | "diagonal" | "symmetric";
const n = 40;

/** The spectral radius by repeated squaring: ρ = lim ‖A^(2^k)‖^(1/2^k), with A^(2^k) = e^s·P kept at unit size. */
function spectralRadius(A: Float64Array): number {
  let P = A.slice();
  let logScale = 0;
  for (let k = 0; k < 30; k++) {
    const Q = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let l = 0; l < n; l++) for (let j = 0; j < n; j++) Q[i * n + j] += P[i * n + l] * P[l * n + j];
    const size = Math.sqrt(Q.reduce((sum, x) => sum + x * x, 0));
    P = Q.map((x) => x / size);
    logScale = 2 * logScale + Math.log(size);
  }
  return Math.exp(logScale / 2 ** 30);
}

function linearMap(family: Family, seed: number, radius: number): { f: (z: Tensor) => Tensor; start: Tensor } {
  const [forA, forB] = random(seed).split(2);
  const draw = family === "diagonal" ? forA.uniform([n, n], -1, 1).data : forA.normal([n, n]).data;
  const A = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const mean = (draw[i * n + j] + draw[j * n + i]) / 2;
      if (family !== "diagonal") A[i * n + j] = family === "symmetric" ? mean : draw[i * n + j];
      else if (i === j) A[i * n + j] = draw[i * n + j];
    }
  }
  const rho = spectralRadius(A);
  const matrix = tensor(
    A.map((x) => (x * radius) / rho),
    [n, n],
  );
  const b = forB.normal([n]);
  return { f: (z) => add(matmul(matrix, z), b), start: zeros([n]) };
}

describe("linear maps of 40 unknowns, to a relative residual of 1e-10 in the 2-norm", () => {
  const budgets: readonly (readonly [Solver, readonly number[]])[] = [
    [anderson({ memory: 15 }), [35, 80, 170]],
    [broyden({ memory: 100 }), [32, 55, 90]],
    [auto(), [35, 80, 120]],
  ];
  for (const [solver, budget] of budgets) {
    for (const [level, radius] of [0.5, 0.9, 0.99].entries()) {
      test(`${solver.name} takes at most ${budget[level]} evaluations at a spectral radius of ${radius}`, () => {
        let most = 0;
        for (const family of ["gaussian", "diagonal", "symmetric"] as const) {
          for (let seed = 0; seed < 10; seed++) {
            const { f, start } = linearMap(family, seed, radius);
            const first = Math.sqrt(f(start).data.reduce((sum, x) => sum + x * x, 0));
            const { z, report } = fixedPointWithReport(f, start, {
              ...{ solver, norm: "euclidean", tolerance: 1e-10 * first },
            });
            const residual = sub(f(z), z).data.reduce((sum, x) => sum + x * x, 0);
            expect(Math.sqrt(residual), `${family}, seed ${seed}`).toBeLessThanOrEqual(1.001e-10 * first);
            most = Math.max(most, report.evaluations + report.products);
          }
        }
        console.log(`${solver.name} at ${radius}: at most ${most} evaluations and products`);
        expect(most).toBeLessThanOrEqual(budget[level]);
      });
    }
  }
});

test("the repelling map z = 3z − 2 is solved by newtonKrylov, newton, broyden, anderson and auto, and refused by picard", () => {
  const f = (z: Tensor): Tensor => sub(mul(3, z), 2);
  for (const solver of [newtonKrylov(), newton(), broyden(), anderson(), auto()]) {
    expect(fixedPoint(f, 5, { solver }).item(), solver.name).toBeCloseTo(1, 10);
  }
  expect(() => fixedPoint(f, 5, { solver: picard() })).toThrow(ConvergenceError);
});

/** z ↦ scale·σ(A z + b) with ‖A‖_F = 1: a contraction with the constant scale, if that is below 1. */
function randomMap(seed: number, scale: number) {
  const [forA, forB, forN] = random(seed).split(3);
  const size = 1 + Math.floor(forN.uniform([1], 0, 8).data[0]);
  const A = forA.normal([size, size]);
  const frobenius = Math.sqrt(A.data.reduce((sum, x) => sum + x * x, 0));
  const b = forB.normal([size]);
  const activation = [tanh, sin, (x: Tensor) => x][seed % 3];
  const f = (z: Tensor): Tensor => mul(scale, activation(add(matmul(mul(A, 1 / frobenius), z), b)));
  return { f, start: zeros([size]) };
}

const distance = (x: Tensor, y: Tensor): number => Math.max(...x.data.map((v, i) => Math.abs(v - y.data[i])));

describe("none is silent:", () => {
  /** How many converged; each of them in truth. */
  function outcomes(scaleOf: (seed: number) => number, solver: Solver, count: number): number {
    let converged = 0;
    for (let seed = 0; seed < count; seed++) {
      const { f, start } = randomMap(seed, scaleOf(seed));
      try {
        const z = fixedPoint(f, start, { solver, maxSteps: 400 });
        expect(distance(f(z), z), `seed ${seed}`).toBeLessThanOrEqual(1e-10);
        converged++;
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(ConvergenceError);
        expect((error as ConvergenceError).residual <= 1e-10).toBe(false);
      }
    }
    return converged;
  }
  for (const solver of [anderson(), broyden(), newtonKrylov(), auto()]) {
    test(`${solver.name} solves 1,000 random contractions`, () => {
      expect(outcomes((seed) => 0.05 + (0.9 * (seed % 19)) / 18, solver, 1000)).toBe(1000);
    });
    test(`${solver.name} solves 1,000 random maps that do not contract, or says that it did not`, () => {
      const converged = outcomes((seed) => 1.5 + (seed % 10), solver, 1000);
      console.log(`${solver.name}: ${converged} of 1000 maps that do not contract are solved, the others refused`);
      expect(converged).toBeGreaterThan(500);
    });
  }
});

test("anderson is never worse than Picard by more than its memory on contractions", () => {
  fc.assert(
    fc.property(
      fc.nat(1e6),
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: 0.05, max: 0.97, noNaN: true }),
      (seed, memory, scale) => {
        const { f, start } = randomMap(seed, scale);
        const count = (solver: Solver): number =>
          fixedPointWithReport(f, start, { solver, maxSteps: 5000 }).report.evaluations;
        expect(count(anderson({ memory }))).toBeLessThanOrEqual(count(picard()) + memory);
      },
    ),
    { seed: 20260710, numRuns: 500 },
  );
});

test("auto says in the report to which methods it went over, and why", () => {
  const slow = (z: Tensor): Tensor => add(mul(0.9, sin(z)), 1);
  const { report } = fixedPointWithReport(slow, 0);
  expect(report.switches[0]).toMatchObject({ method: "anderson", step: 2 });
  expect(report.switches[0].why).toMatch(/^the residual went from .* to .* in a step$/);
  const quick: FixedPointReport = fixedPointWithReport((z) => mul(0.01, sin(z)), 1).report;
  expect(quick.switches).toEqual([]);
});
