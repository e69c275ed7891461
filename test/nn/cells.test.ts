// Have the cells one equilibrium each, is it reached as promised, and with the right gradient?
import fc from "fast-check";
import {
  abs,
  add,
  anderson,
  ConvergenceError,
  DomainError,
  eigh,
  eye,
  fixedPoint,
  grad,
  jacobian,
  matmul,
  max,
  min,
  mul,
  norm,
  ones,
  picard,
  random,
  relu,
  reshape,
  sigmoid,
  sin,
  solve,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  transpose,
  vjp,
  zeros,
} from "stillpoint";
import {
  type Cell,
  contractingCell,
  equilibrium,
  linear,
  type MonotoneParams,
  monotoneCell,
  orthogonal,
  type RecurrentCell,
  spectralNorm,
  spectralNormOf,
  weightNorm,
} from "stillpoint/nn";
import { describe, expect, test } from "vitest";
import { flattenTree } from "../../src/tensor/index.js";

const seed = 20260714;
const draw = random(seed);
const largest = (x: Tensor): number => max(abs(x)).item();
const distance = (x: Tensor, y: Tensor): number => {
  expect(x.shape).toEqual(y.shape);
  return largest(sub(x, y));
};
const tight = { tolerance: 1e-13 };

/** ∂⟨v, z⟩/∂params of z = f(z) by (I − J)⁻ᵀ v, all of it dense. */
function denseGradient<P>(cell: Cell<P>, params: P, z: Tensor, x: Tensor, v: Tensor): P {
  const n = z.data.length;
  const j = reshape(jacobian((y) => cell.apply(params, y, x))(z), [n, n]);
  const u = solve(transpose(sub(eye(n), j)), reshape(v, [n]));
  return vjp((p: unknown) => cell.apply(p as P, z, x), params).pull(reshape(u, z.shape))[0] as P;
}

function expectAlike(received: unknown, expected: unknown, tolerance: number): void {
  const [a, b] = [received, expected].map((tree) => flattenTree("test", tree).leaves);
  const size = Math.max(...b.map(largest));
  expect(a.length).toBe(b.length);
  a.forEach((leaf, i) => {
    expect(distance(leaf, b[i])).toBeLessThan(tolerance * size);
  });
}

/** A monotone cell with weights that are this large. */
const large = (scale: number, options: Partial<Parameters<typeof monotoneCell>[2]> = {}, size = 4, n = seed) => {
  const cell = monotoneCell(size, 2, { random: random(n), ...options });
  const params: MonotoneParams = { ...cell.params, skew: mul(scale, cell.params.skew) };
  return { cell, params };
};

describe.each([
  ["contractingCell", contractingCell],
  ["monotoneCell", monotoneCell],
] as const)("%s", (name, make) => {
  const cell = make(4, 2, { random: random(seed) }) as RecurrentCell<unknown>;
  const x = draw.normal([3, 2]);
  test("is σ(z W + x U + b), and starts at zeros of its own size", () => {
    const { input, bias } = cell.params as { input: Tensor; bias: Tensor };
    const z = draw.normal([3, 4]);
    const byHand = tanh(add(add(matmul(z, cell.weight(cell.params)), matmul(x, input)), bias));
    expect(distance(cell.apply(cell.params, z, x), byHand)).toBeLessThan(1e-15);
    expect(cell.start(x).data).toEqual(zeros([3, 4]).data);
    expect(cell.start(tensor([1, 2])).shape).toEqual([4]);
  });
  test("fits equilibrium, whose gradient is the dense one", () => {
    const layer = equilibrium(cell, tight);
    const z = layer.apply(cell.params, x);
    expect(z.shape).toEqual([3, 4]);
    expect(distance(z, cell.apply(cell.params, z, x))).toBeLessThan(1e-13);
    const v = draw.normal([3, 4]);
    const received = grad((p: unknown) => sum(mul(v, layer.apply(p, x))))(cell.params);
    expectAlike(received, denseGradient(cell, cell.params, z, x, v), 1e-11);
  });
  test("is the same for the same stream, takes an activation and an initialiser", () => {
    const same = make(4, 2, { random: random(seed) });
    expect(flattenTree("test", same.params).leaves.map(({ data }) => data)).toEqual(
      flattenTree("test", cell.params).leaves.map(({ data }) => data),
    );
    const other = make(4, 2, { random: random(seed), activation: relu, initialiser: orthogonal });
    expect(largest(other.params.bias)).toBe(0);
    expect(min((other as RecurrentCell<unknown>).apply(other.params, zeros([3, 4]), x)).item()).toBe(0);
  });
  test("refuses what it cannot use", () => {
    const refuses = (call: () => unknown, message: RegExp): void => {
      expect(call).toThrow(DomainError);
      expect(call).toThrow(message);
    };
    refuses(() => make(0, 2, { random: draw }), new RegExp(`^${name}: expected size`));
    refuses(() => make(2, 1.5, { random: draw }), new RegExp(`^${name}: expected inputs`));
    refuses(() => make(2, 2, {} as never), new RegExp(`^${name}: expected the option random`));
    refuses(() => make(2, 2, undefined as never), new RegExp(`^${name}: expected the option random`));
    refuses(() => make(2, 2, { random: draw, activation: 3 as never }), new RegExp(`^${name}: activation: expected`));
    refuses(() => make(2, 2, { random: draw, initialiser: 3 as never }), /initialiser: expected a function/);
    refuses(() => make(2, 2, { random: draw, margins: 3 } as never), /unknown option "margins"/);
  });
});

describe("contractingCell", () => {
  test("contracts by its bound, in the Euclidean norm, whatever its weights", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0.1, max: 0.99, noNaN: true }),
        fc.constantFrom(tanh, relu, sin, sigmoid),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (n, bound, activation, scale) => {
          const stream = random(n);
          const cell = contractingCell(3, 2, { random: stream, bound, activation });
          const params = { ...cell.params, recurrent: mul(scale, cell.params.recurrent) };
          expect(spectralNormOf(cell.weight(params)).item()).toBeLessThanOrEqual(bound * (1 + 1e-14));
          const [x, y, z] = [stream.normal([2]), stream.normal([3]), stream.normal([3])];
          const apart = norm(sub(cell.apply(params, y, x), cell.apply(params, z, x))).item();
          expect(apart).toBeLessThanOrEqual(bound * norm(sub(y, z)).item() * (1 + 1e-13));
        },
      ),
      { seed, numRuns: 200 },
    );
  });
  test("leaves weights within the bound as they are, and refuses bounds that are none", () => {
    const cell = contractingCell(3, 2, { random: random(0) });
    const small = { ...cell.params, recurrent: mul(0.1, eye(3)) };
    expect(cell.weight(small).data).toEqual(small.recurrent.data);
    for (const bound of [0, 1, -1, Number.NaN])
      expect(() => contractingCell(2, 2, { random: draw, bound })).toThrow(/expected bound to be in \(0, 1\)/);
  });
});

describe("monotoneCell", () => {
  test("keeps the symmetric part of its weights below 1 − margin", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0.01, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (n, margin, scale) => {
          const { cell, params } = large(scale, { margin }, 4, n);
          const w = cell.weight({ ...params, symmetric: mul(scale, params.symmetric) });
          const top = max(eigh(mul(0.5, add(w, transpose(w)))).values).item();
          expect(top).toBeLessThanOrEqual(1 - margin + 1e-13 * (1 + scale * scale));
        },
      ),
      { seed, numRuns: 200 },
    );
  });
  const x = draw.normal([2]);
  for (const [what, activation] of [
    ["tanh", tanh],
    ["relu", relu],
    ["sigmoid", sigmoid],
  ] as const) {
    test(`with ${what} has one equilibrium, which averaged iteration reaches from every start where plain iteration does not`, () => {
      const { cell, params } = large(12, { activation, margin: 0.5 });
      expect(spectralNormOf(cell.weight(params)).item()).toBeGreaterThan(4);
      const f = (z: Tensor): Tensor => cell.apply(params, z, x);
      const solver = picard({ damping: cell.damping(params) });
      const options = { solver, tolerance: 1e-10, maxSteps: 20_000 };
      const found = fixedPoint(f, zeros([4]), options);
      let arrivals = 0;
      for (let i = 0; i < 20; i++) {
        const start = mul(10 ** ((i % 5) - 2), draw.normal([4]));
        expect(distance(fixedPoint(f, start, options), found)).toBeLessThan(1e-8);
        // Anderson's method is not promised to arrive; where it does, it finds no other.
        try {
          expect(distance(fixedPoint(f, start, { solver: anderson() }), found)).toBeLessThan(1e-8);
          arrivals++;
        } catch (error) {
          if (!(error instanceof ConvergenceError)) throw error;
        }
      }
      expect(arrivals).toBeGreaterThan(0);
    });
  }
  test("repels plain iteration if its weights are large", () => {
    for (const activation of [tanh, relu]) {
      const { cell, params } = large(12, { activation, margin: 0.5 });
      const f = (z: Tensor): Tensor => cell.apply(params, z, ones([2]));
      expect(() => fixedPoint(f, zeros([4]), { solver: picard() })).toThrow(ConvergenceError);
    }
  });
  test("shrinks the function E by 1 − α² at least in every step, with α its damping", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0.05, max: 1.5, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (n, margin, scale) => {
          const stream = random(n);
          const { cell, params } = large(scale, { activation: relu, margin }, 4, n);
          const input = stream.normal([2]);
          const w = cell.weight(params);
          const alpha = cell.damping(params);
          const epsilon = alpha / (1 - alpha);
          const fixed = fixedPoint((z: Tensor) => cell.apply(params, z, input), zeros([4]), {
            ...tight,
            solver: picard({ damping: alpha }),
            maxSteps: 1_000_000,
          });
          const drive = add(matmul(input, params.input), params.bias);
          const still = add(matmul(fixed, w), drive);
          /** Σ ∫ (relu − relu(u*)) du + ε/2 (u − u*)² */
          const energy = (u: Tensor): number =>
            u.data.reduce((total, value, i) => {
              const at = still.data[i];
              const area = (Math.max(value, 0) ** 2 - Math.max(at, 0) ** 2) / 2 - Math.max(at, 0) * (value - at);
              return total + area + (epsilon / 2) * (value - at) ** 2;
            }, 0);
          let z = mul(5, stream.normal([4]));
          for (let step = 0; step < 20; step++) {
            const before = energy(add(matmul(z, w), drive));
            z = add(z, mul(alpha, sub(cell.apply(params, z, input), z)));
            const after = energy(add(matmul(z, w), drive));
            expect(after).toBeLessThanOrEqual((1 - alpha ** 2) * before * (1 + 1e-12) + 1e-10);
          }
        },
      ),
      { seed, numRuns: 50 },
    );
  });
  test("has the gradient of the dense equation at weights of a large norm, the adjoint solved with the same damping", () => {
    for (const activation of [tanh, relu]) {
      const { cell, params } = large(8, { activation, margin: 0.5 });
      const solver = picard({ damping: cell.damping(params) });
      const layer = equilibrium(cell, {
        solver,
        adjoint: { solver, maxSteps: 20_000 },
        tolerance: 1e-12,
        maxSteps: 20_000,
      });
      const z = layer.apply(params, x);
      const v = draw.normal([4]);
      const received = grad((p: MonotoneParams) => sum(mul(v, layer.apply(p, x))))(params);
      expectAlike(received, denseGradient(cell, params, z, x, v), 1e-9);
    }
  });
  test("has a second derivative", () => {
    const { cell, params } = large(3);
    const layer = equilibrium(cell, tight);
    const f = (bias: Tensor): Tensor => sum(square(layer.apply({ ...params, bias }, x)));
    const h = jacobian(grad(f))(params.bias);
    expect(distance(h, transpose(h))).toBeLessThan(1e-10 * largest(h));
  });
  test("has damping 2m/(2m + ‖W‖²), and refuses margins that are none", () => {
    const { cell, params } = large(2, { margin: 0.25 });
    const length = spectralNormOf(cell.weight(params)).item();
    expect(cell.damping(params)).toBeCloseTo(0.5 / (0.5 + length * length), 14);
    for (const margin of [0, -1, Number.POSITIVE_INFINITY])
      expect(() => monotoneCell(2, 2, { random: draw, margin })).toThrow(/expected margin to be a number > 0/);
  });
});

describe("in an equilibrium", () => {
  const x = draw.normal([3]);
  const square3 = linear(3, 3, { random: random(seed) });
  test("weightNorm and spectralNorm give the dense gradient", () => {
    const directed = weightNorm(linear(3, 3, { random: random(seed), initialiser: (s, r) => mul(0.3, r.normal(s)) }));
    const bounded = spectralNorm(linear(3, 3, { random: random(seed), initialiser: (s, r) => r.normal(s) }), {
      bound: 0.8,
    });
    for (const inner of [directed, bounded] as readonly (typeof directed | typeof bounded)[]) {
      const cell: Cell<unknown> = {
        params: inner.params,
        apply: (p, z, y) => tanh(add(inner.apply(p as never, z), y)),
      };
      const z = equilibrium(cell, tight).apply(cell.params, x);
      const v = draw.normal([3]);
      const received = grad((p: unknown) => sum(mul(v, equilibrium(cell, tight).apply(p, x))))(cell.params);
      expectAlike(received, denseGradient(cell, cell.params, z, x, v), 1e-11);
    }
  });
  test("a cell says where to start, unless the layer is told", () => {
    const cell = {
      params: square3.params,
      apply: (p: typeof square3.params, z: Tensor, y: Tensor): Tensor => tanh(add(matmul(z, p.weight), y)),
      start: (): Tensor => ones([3]),
    };
    const residuals: number[] = [];
    const onStep = ({ step, residual }: { step: number; residual: number }): void => {
      if (step === 0) residuals.push(residual);
    };
    equilibrium(cell, { onStep }).apply(cell.params, x);
    equilibrium(cell, { onStep, start: () => zeros([3]) }).apply(cell.params, x);
    equilibrium(cell, { onStep }).apply(cell.params, x, zeros([3]));
    const from = (z: Tensor): number => largest(sub(cell.apply(cell.params, z, x), z));
    expect(residuals).toEqual([from(ones([3])), from(zeros([3])), from(zeros([3]))]);
  });
});
