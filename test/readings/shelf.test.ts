// Are plans used again for programs of the same structure, and never twice at once or for another structure?
import fc from "fast-check";
import {
  add,
  ConvergenceError,
  compilations,
  fixedPoint,
  grad,
  matmul,
  mul,
  picard,
  random,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
  zeros,
} from "stillpoint";
import { describe, expect, test } from "vitest";
import { putBack, takePlan } from "../../src/readings/index.js";
import { functions, matrix } from "./random-programs.js";

const seed = 20261126;

/** How many plans f has compiled and how many used again. */
function counted(f: () => void): { made: number; reused: number } {
  const before = compilations();
  f();
  const after = compilations();
  return { made: after.made - before.made, reused: after.reused - before.reused };
}

describe("solves of one structure", () => {
  const x = random(1).normal([8]);
  const layer = (w: Tensor): Tensor => sum(fixedPoint((z: Tensor) => tanh(add(matmul(z, w), x)), zeros([8])));
  const weight = (key: number): Tensor => mul(0.05, random(key).normal([8, 8]));

  test("compile once, and follow what they close over", () => {
    const first = counted(() => grad(layer)(weight(2)));
    expect(first.made).toBeGreaterThan(0);
    for (const key of [3, 4, 5]) {
      let gradient: Tensor | undefined;
      expect(
        counted(() => {
          gradient = grad(layer)(weight(key));
        }),
      ).toEqual({ made: 0, reused: first.made + first.reused });
      const w = weight(key);
      const step = 1e-6;
      const moved = (by: number): Tensor =>
        tensor(
          w.data.map((entry, i) => (i === 9 ? entry + by : entry)),
          [8, 8],
        );
      const slope = (layer(moved(step)).item() - layer(moved(-step)).item()) / (2 * step);
      expect(Math.abs((gradient as Tensor).data[9] - slope)).toBeLessThan(1e-7);
    }
  });
  test("that fail put their plans back", () => {
    const explode = (): void => {
      expect(() => fixedPoint((z: Tensor) => add(mul(z, 2), x), x, { solver: picard() })).toThrow(ConvergenceError);
    };
    explode();
    expect(counted(explode).made).toBe(0);
  });
  test("within one another each have a plan of their own", () => {
    const inner = (outer: Tensor): Tensor =>
      fixedPoint((z: Tensor) => mul(0.5, add(z, outer)), zeros([3]), { tolerance: 1e-13 });
    const seen: number[] = [];
    const z = fixedPoint((y: Tensor) => mul(0.5, add(y, tensor([1, 2, 3]))), zeros([3]), {
      tolerance: 1e-13,
      onStep: ({ step }) => {
        if (step === 1) seen.push(...inner(tensor([7, 8, 9])).data);
      },
    });
    seen.forEach((value, i) => {
      expect(Math.abs(value - (7 + i))).toBeLessThan(1e-12);
    });
    z.data.forEach((value, i) => {
      expect(Math.abs(value - (1 + i))).toBeLessThan(1e-12);
    });
    expect(seen).toHaveLength(3);
  });
});

describe("the shelf", () => {
  test("gives a plan to one at a time", () => {
    const program = trace((x: Tensor) => mul(x, 3), tensor([1]));
    const [one, two] = [takePlan(program), takePlan(program)];
    expect(one).not.toBe(two);
    putBack(one);
    putBack(two);
    expect([takePlan(program), takePlan(program)]).toContain(one);
  });
  test("tells structures apart: literals, parameters, shapes, order, and what varies", () => {
    const x = tensor([1, 2]);
    const programs = [
      trace((y: Tensor) => mul(y, 3), x),
      trace((y: Tensor) => mul(y, 4), x),
      trace((y: Tensor) => mul(y, 0), x),
      trace((y: Tensor) => mul(y, -0), x),
      trace((y: Tensor) => add(y, 3), x),
      trace((y: Tensor) => mul(3, y), x),
      trace((y: Tensor) => mul(y, 3), tensor([1, 2, 3])),
      trace((y: Tensor, z: Tensor) => add(mul(y, 3), z), x, x),
      trace((y: Tensor, z: Tensor) => add(mul(z, 3), y), x, x),
      trace((y: Tensor) => sum(y, 0), tensor([[1, 2]])),
      trace((y: Tensor) => sum(y, 1), tensor([[1, 2]])),
    ];
    const plans = programs.map((program) => takePlan(program));
    plans.forEach(putBack);
    expect(programs.map((program) => takePlan(program))).toEqual(plans);
    for (const [varying, turning] of [
      [[1], 0],
      [[1, 2], 0],
      [[2], 1],
    ] as const) {
      putBack(plans[7]);
      expect(takePlan(programs[7], varying, turning)).not.toBe(plans[7]);
      expect(takePlan(programs[7])).toBe(plans[7]);
    }
  });
  test("gives plans that compute what the program says, whoever had them before", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(functions, matrix, matrix), { minLength: 2, maxLength: 4 }), (cases) => {
        for (const [f, x, y] of [...cases, ...cases]) {
          const plan = takePlan(trace(f, x, y));
          expect(plan.run([x.data, y.data]).map((out) => [...out])).toEqual(f(x, y).map(({ data }) => [...data]));
          putBack(plan);
        }
      }),
      { seed, numRuns: 100 },
    );
  });
  test("keeps a bounded number", () => {
    for (let size = 1; size < 200; size++) putBack(takePlan(trace((y: Tensor) => tanh(y), zeros([size]))));
    expect(compilations().kept).toBeLessThanOrEqual(64);
    const huge = takePlan(trace((y: Tensor) => tanh(y), zeros([2 ** 23 + 1])));
    const { kept } = compilations();
    putBack(huge);
    expect(compilations().kept).toBe(kept);
  });
});
