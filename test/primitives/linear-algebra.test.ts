// Are systems solved, factors and determinants right, and singular matrices refused?
import fc from "fast-check";
import {
  add,
  cholesky,
  DomainError,
  exp,
  eye,
  grad,
  hessian,
  inverse,
  logDet,
  matmul,
  mul,
  random,
  ShapeError,
  solve,
  sum,
  type Tensor,
  tensor,
  transpose,
  triangularSolve,
  zeros,
} from "stillpoint";
import { describe, expect, test } from "vitest";

const worst = (x: Tensor, y: Tensor): number => {
  expect(x.shape).toEqual(y.shape);
  return x.data.reduce((most, value, i) => Math.max(most, Math.abs(value - y.data[i])), 0);
};
const sized = fc.record({ seed: fc.nat(1e6), n: fc.integer({ min: 1, max: 7 }), m: fc.integer({ min: 1, max: 3 }) });
const property = (check: (sample: { seed: number; n: number; m: number }) => void): void => {
  fc.assert(fc.property(sized, check), { seed: 20260120, numRuns: 60 });
};

describe("solve", () => {
  test("leaves a residual of rounding size, also where rows must be exchanged", () => {
    property(({ seed, n, m }) => {
      const [forA, forB] = random(seed).split(2);
      const [a, b] = [forA.normal([n, n]), forB.normal([n, m])];
      const x = solve(a, b);
      const scale = Math.max(...x.data.map(Math.abs)) * n * 4;
      expect(worst(matmul(a, x), b)).toBeLessThan(1e-14 * Math.max(1, scale));
    });
    expect(
      solve(
        tensor([
          [0, 1],
          [2, 0],
        ]),
        tensor([3, 4]),
      ).toArray(),
    ).toEqual([2, 3]);
  });
  test("takes vectors, many right sides and batches that broadcast", () => {
    const a = add(random(1).normal([3, 2, 2]), mul(3, eye(2)));
    expect(solve(a, zeros([2])).shape).toEqual([3, 2]);
    expect(solve(a, zeros([2, 5])).shape).toEqual([3, 2, 5]);
    const first = solve(
      tensor([
        [2, 0],
        [0, 4],
      ]),
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    expect(first.toArray()).toEqual([
      [0.5, 1, 1.5],
      [1, 1.25, 1.5],
    ]);
    const x = solve(a, tensor([1, 2]));
    for (let i = 0; i < 3; i++) {
      const one = tensor([
        [a.data[4 * i], a.data[4 * i + 1]],
        [a.data[4 * i + 2], a.data[4 * i + 3]],
      ]);
      expect(solve(one, tensor([1, 2])).data).toEqual(x.data.slice(2 * i, 2 * i + 2));
    }
  });
  test("of nothing is nothing", () => {
    expect(solve(zeros([0, 0]), zeros([0])).shape).toEqual([0]);
    expect(logDet(zeros([0, 0])).item()).toBe(0);
  });
  test("refuses singular matrices by pivot and row, in a batch by number", () => {
    expect(() =>
      solve(
        tensor([
          [1, 2],
          [2, 4],
        ]),
        tensor([1, 1]),
      ),
    ).toThrow(DomainError);
    expect(() =>
      solve(
        tensor([
          [1, 2],
          [2, 4],
        ]),
        tensor([1, 1]),
      ),
    ).toThrow(/^solve: expected a regular matrix, received pivot 0 in row 1:/);
    expect(() =>
      inverse(
        tensor([
          [
            [1, 0],
            [0, 1],
          ],
          [
            [0, 0],
            [0, 1],
          ],
        ]),
      ),
    ).toThrow(/pivot 0 in row 0 of matrix 1 of the batch/);
    expect(() =>
      logDet(
        tensor([
          [1, 1],
          [1, 1],
        ]),
      ),
    ).toThrow(/logDet.*pivot 0 in row 1/);
    expect(() => solve(tensor([[Number.NaN]]), tensor([1]))).toThrow(/pivot NaN in row 0/);
  });
  test("refuses shapes that do not fit, with both", () => {
    expect(() => solve(zeros([2, 3]), zeros([2]))).toThrow(ShapeError);
    expect(() => solve(zeros([2, 3]), zeros([2]))).toThrow(/^solve: expected …nn, received \[2, 3\]/);
    expect(() => solve(eye(2), zeros([3]))).toThrow(ShapeError);
    expect(() => solve(eye(2), zeros([3]))).toThrow(/…mn, …mc, received \[2, 2\], \[3\]: m is 2 in argument 0/);
    expect(() => solve(2, 3)).toThrow(ShapeError);
    expect(() => inverse(zeros([2, 3]))).toThrow(/inverse: expected …nn/);
  });
});

test("inverse times matrix is the identity, with the closed form of its gradient", () => {
  property(({ seed, n }) => {
    const a = add(random(seed).normal([n, n]), mul(3 * n, eye(n)));
    expect(worst(matmul(a, inverse(a)), eye(n))).toBeLessThan(1e-13);
    // d sum(A⁻¹) = −A⁻ᵀ 1 1ᵀ A⁻ᵀ
    const t = transpose(inverse(a));
    const expected = mul(-1, matmul(matmul(t, add(zeros([n, n]), 1)), t));
    expect(worst(grad((x: Tensor) => sum(inverse(x)))(a), expected)).toBeLessThan(1e-13);
  });
});

describe("triangularSolve", () => {
  const t = tensor([
    [2, 5],
    [3, 4],
  ]);
  test("reads one triangle only, and its transpose on request", () => {
    const b = tensor([2, 11]);
    expect(triangularSolve(t, b).toArray()).toEqual([1, 2]);
    expect(triangularSolve(t, tensor([12, 8]), { lower: false }).toArray()).toEqual([1, 2]);
    expect(triangularSolve(t, tensor([8, 8]), { transposed: true }).toArray()).toEqual([1, 2]);
    expect(triangularSolve(t, tensor([2, 13]), { lower: false, transposed: true }).toArray()).toEqual([1, 2]);
    expect(Math.abs(grad((x: Tensor) => sum(triangularSolve(x, b)))(t).data[1])).toBe(0);
  });
  test("refuses a zero on the diagonal, and unknown options", () => {
    expect(() =>
      triangularSolve(
        tensor([
          [1, 0],
          [1, 0],
        ]),
        tensor([1, 1]),
      ),
    ).toThrow(/no zero on the diagonal, received pivot 0 in row 1/);
    expect(() => triangularSolve(t, tensor([1, 1]), { upper: true } as never)).toThrow(/did you mean lower/);
  });
});

describe("cholesky", () => {
  const definite = (seed: number, n: number): Tensor => {
    const b = random(seed).normal([n, n]);
    return add(matmul(b, transpose(b)), mul(n, eye(n)));
  };
  test("gives a lower triangle whose square is the matrix", () => {
    property(({ seed, n }) => {
      const a = definite(seed, n);
      const l = cholesky(a);
      expect(worst(matmul(l, transpose(l)), a)).toBeLessThan(1e-13 * n * n);
      for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(l.data[i * n + j]).toBe(0);
    });
  });
  test("has the gradient of log det: Σ log l_ii = ½ log det A", () => {
    const a = definite(3, 4);
    const half = (x: Tensor): Tensor => {
      const l = cholesky(x);
      return mul(0.5, logDet(matmul(l, transpose(l))));
    };
    const direct = (x: Tensor): Tensor => mul(0.5, logDet(x));
    expect(worst(grad(half)(a), grad(direct)(a))).toBeLessThan(1e-13);
  });
  test("refuses what is not positive definite by pivot and row", () => {
    expect(() =>
      cholesky(
        tensor([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toThrow(/^cholesky: expected a positive definite matrix, received pivot -3 in row 1/);
    expect(() => cholesky(zeros([2, 3]))).toThrow(ShapeError);
  });
});

describe("logDet", () => {
  test("is that of a product of scales, far beyond overflow, whatever the sign", () => {
    expect(logDet(mul(eye(200), 1e300)).item()).toBeCloseTo(200 * 300 * Math.LN10, 8);
    expect(
      logDet(
        tensor([
          [0, 2],
          [3, 0],
        ]),
      ).item(),
    ).toBeCloseTo(Math.log(6), 14);
  });
  test("has the gradient A⁻ᵀ and the Hessian of a sum of logarithms on diagonals", () => {
    const a = add(random(9).normal([3, 3]), mul(4, eye(3)));
    expect(worst(grad((x: Tensor) => logDet(x))(a), transpose(inverse(a)))).toBeLessThan(1e-15);
    const ofScales = (s: Tensor): Tensor => logDet(mul(eye(2), exp(s)));
    expect(worst(hessian(ofScales)(tensor([0.3, -1])), zeros([2, 2]))).toBeLessThan(1e-15);
  });
});
