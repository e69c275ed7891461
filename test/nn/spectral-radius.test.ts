// Is the spectral radius found where it is known by construction, and is a bad estimate told by its residual?
import fc from "fast-check";
import {
  add,
  concat,
  DomainError,
  diag,
  div,
  fixedPoint,
  inverse,
  log,
  matmul,
  mul,
  picard,
  random,
  reshape,
  ShapeError,
  sin,
  slice,
  type Tensor,
  TraceError,
  tanh,
  tensor,
  trace,
  zeros,
} from "stillpoint";
import { spectralRadius } from "stillpoint/nn";
import { wellConditioned } from "stillpoint/verify/arbitraries";
import { describe, expect, test } from "vitest";

const seed = 20260712;
const draw = random(seed);

/** The matrix with these rows, in another basis; the map is z ↦ z M. */
const turned = (rows: number[][], basis: Tensor): Tensor => matmul(matmul(basis, tensor(rows)), inverse(basis));
const estimate = (matrix: Tensor, steps = 60, n = seed) =>
  spectralRadius((z: Tensor) => matmul(z, matrix), zeros([matrix.shape[0]]), { random: random(n), steps });

const cases: readonly (readonly [what: string, rows: number[][], radius: number])[] = [
  [
    "a simple real eigenvalue",
    [
      [0.9, 0, 0],
      [0, 0.5, 0],
      [0, 0, -0.3],
    ],
    0.9,
  ],
  [
    "a negative one",
    [
      [-1.7, 0, 0],
      [0, 0.5, 0],
      [0, 0, 0.3],
    ],
    1.7,
  ],
  [
    "a complex pair",
    [
      [0.3, 0.8, 0],
      [-0.8, 0.3, 0],
      [0, 0, 0.5],
    ],
    Math.hypot(0.3, 0.8),
  ],
  [
    "a purely imaginary pair",
    [
      [0, 2, 0],
      [-2, 0, 0],
      [0, 0, 0.5],
    ],
    2,
  ],
  [
    "±λ",
    [
      [0.7, 0, 0],
      [0, -0.7, 0],
      [0, 0, 0.2],
    ],
    0.7,
  ],
  [
    "a double eigenvalue with two vectors",
    [
      [0.7, 0, 0],
      [0, 0.7, 0],
      [0, 0, 0.2],
    ],
    0.7,
  ],
  [
    "two close ones",
    [
      [0.9, 0, 0],
      [0, 0.89, 0],
      [0, 0, 0.2],
    ],
    0.9,
  ],
];

describe("the estimate", () => {
  for (const [what, rows, radius] of cases) {
    test(`is that of ${what}, in any basis and from any start, with a residual of rounding`, () => {
      fc.assert(
        fc.property(wellConditioned(3, { condition: 10 }), fc.nat(), (basis, n) => {
          const found = estimate(turned(rows, basis), 60, n);
          expect(Math.abs(found.radius / radius - 1)).toBeLessThan(1e-8);
          expect(found.residual).toBeLessThan(1e-8);
        }),
        { seed, numRuns: 50 },
      );
    });
  }
  test("is, after few steps already, that of one or two eigenvalues that stand out, whichever their signs", () => {
    for (const [a, b] of [
      [0.9, 0.7],
      [-0.9, 0.7],
      [0.9, -0.7],
      [-0.9, -0.7],
    ]) {
      const { radius, residual } = estimate(diag(tensor([a, b, 0.01])), 4);
      expect(radius).toBeCloseTo(0.9, 6);
      expect(residual).toBeLessThan(1e-3);
    }
  });
  test("is that of a defective pair, to the root of rounding", () => {
    const rows = [
      [0.8, 1, 0],
      [0, 0.8, 0],
      [0, 0, 0.1],
    ];
    fc.assert(
      fc.property(wellConditioned(3, { condition: 10 }), fc.nat(), (basis, n) => {
        const { radius, residual } = estimate(turned(rows, basis), 60, n);
        expect(Math.abs(radius - 0.8)).toBeLessThan(1e-4);
        expect(residual).toBeLessThan(1e-8);
      }),
      { seed, numRuns: 50 },
    );
  });
  test("errs for a chain of three by no more than the cube root of its residual", () => {
    const rows = [
      [0.8, 1, 0],
      [0, 0.8, 1],
      [0, 0, 0.8],
    ];
    const { radius, residual } = estimate(tensor(rows), 60);
    expect(Math.abs(radius - 0.8)).toBeGreaterThan(1e-4);
    expect(Math.abs(radius - 0.8)).toBeLessThan(Math.cbrt(residual));
  });
  test("is 0 of the zero map, of one that vanishes when repeated, and of a state without entries", () => {
    expect(estimate(zeros([3, 3]))).toEqual({ radius: 0, residual: 0 });
    expect(spectralRadius(() => zeros([3]), zeros([3]), { random: draw })).toEqual({ radius: 0, residual: 0 });
    const chain = tensor([
      [0, 5, 1],
      [0, 0, 7],
      [0, 0, 0],
    ]);
    expect(estimate(chain)).toEqual({ radius: 0, residual: 0 });
    // The chain is seen after one step too, before it has vanished.
    expect(
      estimate(
        tensor([
          [0, 5],
          [0, 0],
        ]),
        1,
      ),
    ).toEqual({ radius: 0, residual: 0 });
    expect(spectralRadius((z: Tensor) => z, tensor([]), { random: draw })).toEqual({ radius: 0, residual: 0 });
  });
  test("is the slope of a function of one number", () => {
    expect(spectralRadius((z) => sin(mul(3, z)), 0.2, { random: draw })).toEqual({
      radius: expect.closeTo(3 * Math.cos(0.6), 14),
      residual: expect.closeTo(0, 14),
    });
    expect(spectralRadius((z: Tensor) => mul(-0.4, z), tensor([[7]]), { random: draw }).radius).toBe(0.4);
  });
  test("neither overflows nor vanishes", () => {
    for (const scale of [1e-200, 1e200]) {
      const { radius } = estimate(
        mul(
          scale,
          turned(
            cases[2][1],
            tensor([
              [1, 2, 0],
              [0, 1, 1],
              [1, 0, 1],
            ]),
          ),
        ),
      );
      expect(radius / scale / cases[2][2]).toBeCloseTo(1, 8);
    }
  });
  test("is of a tree what it is of all its entries", () => {
    const matrix = draw.normal([5, 5]);
    const f = ({ u, v }: { u: Tensor; v: Tensor }) => {
      const y = matmul(concat([reshape(u, [2]), v], 0), matrix);
      return { u: reshape(slice(y, [0], [2]), [1, 2]), v: slice(y, [2], [5]) };
    };
    const joined = spectralRadius((z: Tensor) => matmul(z, matrix), zeros([5]), { random: random(1), steps: 200 });
    const apart = spectralRadius(f, { u: zeros([1, 2]), v: zeros([3]) }, { random: random(1), steps: 200 });
    expect(apart.radius).toBe(joined.radius);
    expect(apart.residual).toBe(joined.residual);
  });
  test("is the factor by which plain iteration shrinks its residual in the long run", () => {
    const matrix = div(draw.normal([6, 6]), 4);
    const c = draw.normal([6]);
    const f = (z: Tensor): Tensor => tanh(add(matmul(z, matrix), c));
    const residuals: number[] = [];
    const onStep = ({ residual }: { residual: number }): void => {
      residuals.push(residual);
    };
    const z = fixedPoint(f, zeros([6]), { solver: picard(), tolerance: 1e-12, onStep });
    const { radius, residual } = spectralRadius(f, z, { random: random(1) });
    expect(residual).toBeLessThan(1e-3);
    const n = residuals.length - 1;
    const observed = Math.exp(log(residuals[n] / residuals[n - 10]).item() / 10);
    expect(Math.abs(observed / radius - 1)).toBeLessThan(0.1);
  });
});

describe("the residual", () => {
  test("is large where five eigenvalues share the modulus, which no pair can fit", () => {
    const shift = tensor([
      [0, 1, 0, 0, 0],
      [0, 0, 1, 0, 0],
      [0, 0, 0, 1, 0],
      [0, 0, 0, 0, 1],
      [1, 0, 0, 0, 0],
    ]);
    for (let n = 0; n < 20; n++) expect(estimate(shift, 60, n).residual).toBeGreaterThan(0.05);
  });
  test("falls as steps are taken, and bounds the distance to an eigenvalue of a symmetric map", () => {
    const moduli = [1, 0.95, 0.9, 0.85, 0.8];
    const matrix = diag(tensor([1, 0.95, 0.9, 0.85, -0.8]));
    const found = [1, 10, 50, 200].map((steps) => estimate(matrix, steps));
    found.forEach(({ radius, residual }) => {
      const distance = Math.min(...moduli.map((modulus) => Math.abs(radius - modulus)));
      expect(distance).toBeLessThanOrEqual(residual * radius + 1e-12);
    });
    expect(found[3].residual).toBeLessThan(1e-4);
    expect(found[3].radius).toBeCloseTo(1, 6);
    expect(found[0].residual).toBeGreaterThan(0.01);
  });
  test("keeps a root that is none from being taken for the radius", () => {
    // One eigenvalue 0.5; beside it a pair ±0.1 i whose plane is so oblique that the map lengthens vectors in it a hundredfold.
    const matrix = tensor([
      [0.5, 0, 0],
      [0, 0, 100],
      [0, -0.0001, 0],
    ]);
    for (let steps = 10; steps < 30; steps++) {
      const { radius, residual } = estimate(matrix, steps);
      expect(Math.abs(radius / 0.5 - 1)).toBeLessThan(1e-2);
      expect(residual).toBeLessThan(1e-2);
    }
  });
});

test("refuses what it cannot use", () => {
  const f = (z: Tensor): Tensor => mul(0.5, z);
  const z = tensor([1, 2]);
  expect(() => spectralRadius(3 as never, z, { random: draw })).toThrow(/^spectralRadius: expected a function/);
  expect(() => spectralRadius(f, z, {} as never)).toThrow(/^spectralRadius: expected the option random/);
  expect(() => spectralRadius(f, z, undefined as never)).toThrow(/^spectralRadius: expected the option random/);
  expect(() => spectralRadius(f, z, { random: draw, steps: 0 })).toThrow(/^spectralRadius: expected steps/);
  expect(() => spectralRadius(f, z, { random: draw, step: 3 } as never)).toThrow(/did you mean steps\?/);
  expect(() => spectralRadius(() => zeros([3]), z, { random: draw })).toThrow(ShapeError);
  expect(() => spectralRadius(log, tensor([0, 1]), { random: draw })).toThrow(DomainError);
  expect(() => spectralRadius(log, tensor([0, 1]), { random: draw })).toThrow(
    /^spectralRadius: expected a finite derivative of f at z, received one with an entry -?Infinity/,
  );
  expect(() =>
    trace((y: Tensor) => mul(y, spectralRadius((s: Tensor) => mul(s, y), y, { random: draw }).radius), z),
  ).toThrow(TraceError);
});
