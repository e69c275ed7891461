// Is the penalty the size of the Jacobian, with its gradients?
import fc from "fast-check";
import {
  add,
  compile,
  DomainError,
  grad,
  hvp,
  jacobian,
  jit,
  matmul,
  mul,
  ones,
  random,
  square,
  stopGradient,
  sum,
  type Tensor,
  TraceError,
  tanh,
  tensor,
  trace,
  zeros,
} from "stillpoint";
import { equilibrium, jacobianPenalty } from "stillpoint/nn";
import { assertGradients } from "stillpoint/verify";
import { tensors } from "stillpoint/verify/arbitraries";
import { describe, expect, test } from "vitest";
import { differentiateLine } from "../laws/differences.js";

const seed = 20260711;
const draw = random(seed);
const key = random(seed).key();
const w = draw.normal([4, 4]);
const z = draw.normal([4]);
const of =
  (matrix: Tensor) =>
  (state: Tensor): Tensor =>
    tanh(matmul(state, matrix));
/** ‖∂f/∂z‖²_F/n from all entries of the Jacobian. */
const exact = (f: (state: Tensor) => Tensor, state: Tensor): number =>
  sum(square(jacobian(f)(state))).item() / state.data.length;

describe("the penalty", () => {
  test("is exact for every draw of signs if J is diagonal", () => {
    fc.assert(
      fc.property(tensors([5], { min: -3, max: 3 }), tensors([5], { min: -3, max: 3 }), fc.nat(), (a, b, n) => {
        const f = (state: Tensor): Tensor => add(mul(a, state), tanh(mul(b, state)));
        const expected = exact(f, b);
        const received = jacobianPenalty(f, b, { random: random(n), samples: 1 + (n % 3) }).item();
        expect(Math.abs(received - expected)).toBeLessThanOrEqual(1e-14 * expected);
      }),
      { seed, numRuns: 100 },
    );
  });
  for (const kind of ["sign", "normal"] as const) {
    test(`is in the mean over 2000 vectors (${kind}) the exact one, to five standard errors, which differ from draw to draw`, () => {
      const stream = random(seed);
      const values = Array.from({ length: 2000 }, () =>
        jacobianPenalty(of(w), z, { random: stream, draw: kind }).item(),
      );
      const mean = values.reduce((a, b) => a + b, 0) / 2000;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / 2000;
      expect(variance).toBeGreaterThan(0);
      expect(Math.abs(mean - exact(of(w), z))).toBeLessThan(5 * Math.sqrt(variance / 2000));
      // half as much would be noticed
      expect(Math.abs(mean - exact(of(w), z) / 2)).toBeGreaterThan(5 * Math.sqrt(variance / 2000));
    });
  }
  test("draws entries that are independent of each other: of a map onto the sum it is right in the mean, to five standard errors", () => {
    // ‖Jᵀ v‖² = n (Σ v)², whose mean is n², and whose variance is below 2 n⁴
    const n = 100;
    for (const kind of ["sign", "normal"] as const) {
      const onto = (state: Tensor): Tensor => mul(sum(state), ones([n]));
      const mean = jacobianPenalty(onto, zeros([n]), { key, samples: 400, draw: kind }).item();
      expect(Math.abs(mean / n - 1)).toBeLessThan(5 * Math.sqrt(2 / 400));
    }
  });
  test("is with so many samples the mean over as many vectors", () => {
    const many = jacobianPenalty(of(w), z, { random: random(1), samples: 2000 }).item();
    expect(Math.abs(many / exact(of(w), z) - 1)).toBeLessThan(0.1);
  });
  test("is of a state with several parts the size of the whole Jacobian", () => {
    const [a, b] = [3, -2];
    const f = (state: { u: Tensor; v: Tensor }) => ({ u: mul(a, state.v), v: mul(b, state.u) });
    const state = { u: tensor([1, 2]), v: tensor([3, 4]) };
    expect(jacobianPenalty(f, state, { key }).item()).toBe((2 * a * a + 2 * b * b) / 4);
  });
  test("is a mean over the rows of a batch", () => {
    const rows = draw.normal([3, 4]);
    const scale = tensor([1, 2, 3, 4]);
    expect(jacobianPenalty((state: Tensor) => mul(scale, state), rows, { key }).item()).toBe((1 + 4 + 9 + 16) / 4);
  });
  test("is 0 of a function that does not read its state, and of a state without entries", () => {
    expect(jacobianPenalty(() => z, z, { key }).item()).toBe(0);
    expect(jacobianPenalty((state: Tensor) => state, tensor([]), { key }).item()).toBe(0);
  });
});

describe("its gradient", () => {
  test("is that of every entry's differences, in the state and in what f closes over, in order 1 and 2", () => {
    // A stream of its own at every call: the same vectors.
    for (const kind of ["sign", "normal"] as const) {
      const f = (matrix: Tensor, state: Tensor): Tensor =>
        jacobianPenalty(of(matrix), state, { random: random(seed), samples: 2, draw: kind });
      assertGradients(f, [w, z], { order: 2 });
    }
  });
  test("is that of differences", () => {
    const f = (matrix: Tensor): Tensor => jacobianPenalty(of(matrix), z, { key });
    const v = draw.normal([4, 4]);
    const [along] = differentiateLine((s) => f(add(w, mul(s, v))).data);
    expect(sum(mul(grad(f)(w), v)).item()).toBeCloseTo(along, 9);
    const [second] = differentiateLine((s) => sum(mul(grad(f)(add(w, mul(s, v))), v)).data);
    expect(sum(mul(hvp(f, w, v), v)).item()).toBeCloseTo(second, 8);
  });
  test("goes through a state that is a fixed point, unless it is stopped", () => {
    const layer = equilibrium(
      { params: w, apply: (p: Tensor, state: Tensor, x: Tensor) => tanh(add(mul(0.2, matmul(state, p)), x)) },
      { tolerance: 1e-14 },
    );
    const penalty = (p: Tensor, still: boolean): Tensor => {
      const solved = layer.apply(p, z);
      const f = (state: Tensor): Tensor => tanh(add(mul(0.2, matmul(state, p)), z));
      return jacobianPenalty(f, still ? stopGradient(solved) : solved, { key });
    };
    const v = draw.normal([4, 4]);
    const [along] = differentiateLine((s) => penalty(add(w, mul(s, v)), false).data);
    expect(sum(mul(grad(penalty)(w, false), v)).item()).toBeCloseTo(along, 9);
    expect(Math.abs(sum(mul(grad(penalty)(w, true), v)).item() - along)).toBeGreaterThan(1e-4);
  });
});

describe("its key", () => {
  const penalty = (matrix: Tensor, state: Tensor, k: Tensor): Tensor =>
    jacobianPenalty(of(matrix), state, { key: k, samples: 2 });
  test("decides its bits, inside plans too, for the gradient too", () => {
    const [one, two] = random(seed + 1)
      .split(2)
      .map((stream) => stream.key());
    const plan = jit(penalty);
    const gradient = jit((matrix: Tensor, state: Tensor, k: Tensor) => grad(penalty)(matrix, state, k));
    for (const k of [one, two]) {
      expect(plan(w, z, k).item()).toBe(penalty(w, z, k).item());
      expect(gradient(w, z, k).data).toEqual(grad(penalty)(w, z, k).data);
      expect(
        compile(trace(penalty, w, z, k))
          .run([w, z, k])
          .item(),
      ).toBe(penalty(w, z, k).item());
    }
    expect(plan(w, z, one).item()).not.toBe(plan(w, z, two).item());
    expect(plan(w, z, one).item()).toBe(plan(w, z, one).item());
  });
  test("is that of the stream, where a stream is given", () => {
    const k = random(5).key();
    expect(jacobianPenalty(of(w), z, { random: random(5) }).item()).toBe(jacobianPenalty(of(w), z, { key: k }).item());
    const stream = random(5);
    const twice = [0, 1].map(() => jacobianPenalty(of(w), z, { random: stream }).item());
    expect(twice[0]).not.toBe(twice[1]);
  });
});

test("refuses a stream where it would be frozen, and what it cannot read", () => {
  const f = of(w);
  const stream = random(0);
  expect(() => trace((state: Tensor) => jacobianPenalty(f, state, { random: stream }), z)).toThrow(TraceError);
  expect(() => trace((state: Tensor) => jacobianPenalty(f, state, { random: stream }), z)).toThrow(
    /^jacobianPenalty: expected the option key, received a stream inside a trace/,
  );
  expect(() => jacobianPenalty(f, z, {})).toThrow(DomainError);
  expect(() => jacobianPenalty(f, z, {})).toThrow(/one of the options random and key, received neither/);
  expect(() => jacobianPenalty(f, z, undefined as never)).toThrow(/received neither/);
  expect(() => jacobianPenalty(f, z, { key, random: stream })).toThrow(/received both/);
  expect(() => jacobianPenalty(f, z, { key: 3 as never })).toThrow(/expected key to be a tensor.*received 3/);
  expect(() => jacobianPenalty(f, z, { random: 3 as never })).toThrow(/^jacobianPenalty: expected the option random/);
  expect(() => jacobianPenalty(f, z, { key, samples: 0 })).toThrow(/^jacobianPenalty: expected samples/);
  expect(() => jacobianPenalty(f, z, { key, draw: "signs" as never })).toThrow(
    /expected draw to be "sign" or "normal", received "signs"/,
  );
  expect(() => jacobianPenalty(f, z, { keys: key } as never)).toThrow(/unknown option "keys": did you mean key\?/);
});
