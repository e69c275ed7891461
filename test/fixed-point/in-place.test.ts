// Does Picard's iteration, where the plan carries it on in its own memory, tell what it tells elsewhere?
import fc from "fast-check";
import {
  add,
  ConvergenceError,
  type FixedPointReport,
  fixedPoint,
  grad,
  less,
  matmul,
  mul,
  picard,
  random,
  type Solver,
  sum,
  type Tensor,
  tanh,
  tensor,
  where,
  zeros,
} from "stillpoint";
import { solveCaputo, solveCaputoWithReport } from "stillpoint/fractional";
import { setWebAssembly } from "stillpoint/typed-array-ops";
import { afterEach, describe, expect, test } from "vitest";

const seed = 20261129;
afterEach(() => setWebAssembly(true));

/** Picard's solver, which notes whether the state was left where the plan is. */
function watched(): { solver: Solver; left: () => number } {
  let left = 0;
  const solver: Solver = {
    name: "picard",
    prepare: (exchange) =>
      function* () {
        yield "iterate";
        while (Number.isFinite(exchange.residual)) {
          const before = exchange.z.slice();
          yield "advance";
          if (exchange.residual > exchange.goal && exchange.z.every((entry, i) => Object.is(entry, before[i]))) left++;
        }
        return undefined;
      },
  };
  return { solver, left: () => left };
}

type Outcome = { values: Float64Array[]; report: unknown };

function outcomeOf(f: (...z: Tensor[]) => Tensor[], start: readonly Tensor[], solver: Solver, more: object): Outcome {
  let report: FixedPointReport | undefined;
  const onSolve = (facts: FixedPointReport): void => {
    report = facts;
  };
  const values = (z: unknown): Float64Array[] => (z as Tensor[]).map(({ data }) => data.slice());
  try {
    const z = fixedPoint((state: unknown) => f(...(state as Tensor[])), [...start], { solver, onSolve, ...more });
    return { values: values(z), report };
  } catch (error) {
    if (!(error instanceof ConvergenceError)) throw error;
    const { message, iterate, steps, evaluations, residual, residuals } = error;
    return { values: values(iterate), report: { message, steps, evaluations, residual, residuals } };
  }
}

/** The outcome by kernels of TypeScript, and by a plan that has moved to WebAssembly. */
function bothWays(f: (...z: Tensor[]) => Tensor[], start: readonly Tensor[], more: object = {}): number {
  setWebAssembly(false);
  const expected = outcomeOf(f, start, picard(), more);
  setWebAssembly(true);
  const { solver, left } = watched();
  for (let i = 0; i < 40; i++) expect(outcomeOf(f, start, solver, more)).toEqual(expected);
  return left();
}

const [forW, forB, forV] = random(1).split(3);
const n = 48;
const w = mul(0.07, forW.normal([n, n]));
const b = forB.normal([n, n]);
const layer = (z: Tensor): Tensor => tanh(add(matmul(z, w), b));

describe("Picard's iteration in the memory of a plan", () => {
  test("has the values and the report of the one outside", () => {
    expect(bothWays((z) => [layer(z)], [zeros([n, n])])).toBeGreaterThan(100);
  });
  test("of several tensors, with odd sizes", () => {
    const [v, narrow] = [mul(0.05, forV.normal([7, n])), mul(0.1, forV.normal([n, 3]))];
    const f = (z: Tensor, y: Tensor): Tensor[] => [layer(add(z, mul(0.01, matmul(y, y)))), mul(0.3, add(y, 1))];
    expect(bothWays(f, [zeros([n, n]), zeros([n, n])])).toBeGreaterThan(100);
    const odd = (z: Tensor, y: Tensor): Tensor[] => [layer(z), add(mul(0.25, y), matmul(matmul(v, z), narrow))];
    expect(bothWays(odd, [zeros([n, n]), zeros([7, 3])])).toBeGreaterThan(100);
  });
  test("says where it stood when the steps are used up", () => {
    expect(bothWays((z) => [layer(z)], [zeros([n, n])], { maxSteps: 5 })).toBeGreaterThan(50);
  });
  test("says where f was finite last, wherever it ceases to be", () => {
    fc.assert(
      fc.property(fc.constantFrom(Infinity, -Infinity, NaN), fc.integer({ min: 2, max: 9 }), (bad, step) => {
        // An entry that grows by 1 in a step, and ends the iteration when it is large.
        const counter = (y: Tensor): Tensor => where(less(y, step), add(y, 1), bad);
        const f = (z: Tensor, y: Tensor): Tensor[] => [layer(z), counter(y)];
        expect(bothWays(f, [zeros([n, n]), tensor([0])])).toBeGreaterThan(0);
      }),
      { seed, numRuns: 6 },
    );
  });
  test("gives products at the state that was left behind", () => {
    const products: number[][] = [];
    const asking: Solver = {
      name: "asking",
      prepare: (exchange) =>
        function* () {
          for (let step = 0; step < 4; step++) yield "advance";
          exchange.v.fill(1);
          yield "product";
          products.push([...exchange.product]);
          while (Number.isFinite(exchange.residual)) yield "advance";
          return undefined;
        },
    };
    for (const use of [false, true]) {
      setWebAssembly(use);
      for (let i = 0; i < 40; i++) fixedPoint(layer, zeros([n, n]), { solver: asking });
    }
    for (const product of products) expect(product).toEqual(products[0]);
    expect(new Set(products[0]).size).toBeGreaterThan(n);
  });
  test("is seen by onStep at every step, and judged by a relative tolerance", () => {
    const states: number[] = [];
    const onStep = ({ state }: { state: Float64Array }): void => {
      states.push(state[0]);
    };
    expect(bothWays((z) => [layer(z)], [zeros([n, n])], { onStep })).toBe(0);
    expect(new Set(states.slice(0, 5)).size).toBe(5);
    expect(bothWays((z) => [layer(z)], [zeros([n, n])], { relativeTolerance: 1e-6 })).toBe(0);
  });
  test("goes through the windows of a trajectory, also those that have to be cut", () => {
    const [first, second] = [0.3, 3].map((size) => mul(size, random(2).normal([24, 24])));
    const fields: readonly ((t: Tensor, u: Tensor) => Tensor)[] = [
      (t, u) => tanh(add(matmul(u, first), t)),
      (_t, u) => mul(-1, add(u, tanh(matmul(u, second)))),
    ];
    const u0 = forB.normal([24]);
    const solver = picard();
    for (const field of fields) {
      const options = { order: 0.8, duration: 2, steps: 150, tolerance: 1e-9, window: 32, solver, adjoint: { solver } };
      const run = (): unknown => {
        const { values, report } = solveCaputoWithReport(field, u0, options);
        const slope = grad((u: Tensor) => sum(solveCaputo(field, u, options).values))(u0);
        return [values.data.slice(), slope.data, report];
      };
      setWebAssembly(false);
      const expected = run();
      setWebAssembly(true);
      for (let i = 0; i < 12; i++) expect(run()).toEqual(expected);
    }
  });
});
