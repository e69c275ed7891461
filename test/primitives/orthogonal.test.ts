// Are orthogonal factors orthogonal, factors, and unique, and what do they refuse?
import {
  abs,
  add,
  broadcastTo,
  DomainError,
  diag,
  eigh,
  eye,
  grad,
  linspace,
  log,
  lstsq,
  matmul,
  max,
  mul,
  norm,
  ones,
  outer,
  qr,
  random,
  ShapeError,
  slice,
  solve,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  tril,
  zeros,
} from "stillpoint";
import { describe, expect, test } from "vitest";

const draw = random(20260301);
const turn = (x: Tensor): Tensor => transpose(x, [...x.shape.keys()].slice(0, -2).concat([-1, -2]));
/** The largest difference, relative to the largest entry expected. */
function distance(received: Tensor, expected: Tensor): number {
  expect(received.shape).toEqual(expected.shape);
  return received.data.length === 0 ? 0 : max(abs(sub(received, expected))).item() / max(abs(expected)).item();
}
const eyes = (x: Tensor): Tensor =>
  broadcastTo(eye(x.shape[x.shape.length - 1]), [
    ...x.shape.slice(0, -2),
    x.shape[x.shape.length - 1],
    x.shape[x.shape.length - 1],
  ]);
const hilbert = (n: number): Tensor =>
  tensor(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_x, j) => 1 / (i + j + 1))));

describe("qr", () => {
  const matrices: readonly (readonly [string, Tensor])[] = [
    ["tall", draw.normal([7, 4])],
    ["square", draw.normal([5, 5])],
    ["wide", draw.normal([3, 6])],
    ["batched", draw.normal([2, 3, 5, 4])],
    ["of entries near overflow", mul(1e300, draw.uniform([4, 3], 0.1, 1))],
    ["of entries near underflow", mul(1e-300, draw.uniform([4, 3], 0.1, 1))],
    ["nearly dependent", hilbert(10)],
    [
      "with a column of zeros",
      tensor([
        [1, 0, 2],
        [3, 0, 4],
        [5, 0, 7],
      ]),
    ],
    ["one column", draw.normal([6, 1])],
    ["one row", draw.normal([1, 6])],
  ];
  for (const [what, a] of matrices) {
    test(`of a matrix that is ${what}: Q R = A, Qᵀ Q = 1, R upper triangular with diagonal ≥ 0`, () => {
      const { q, r } = qr(a);
      expect(distance(matmul(q, r), a)).toBeLessThan(4e-15);
      const gram = matmul(turn(q), q);
      expect(distance(gram, eyes(gram))).toBeLessThan(4e-15);
      const k = r.shape[r.shape.length - 2];
      const corner = slice(
        r,
        r.shape.map(() => 0),
        [...r.shape.slice(0, -1), k],
      );
      expect(max(abs(tril(corner, -1))).item()).toBe(0);
      expect(Array.from(mul(corner, eyes(corner)).data).every((x) => x >= 0)).toBe(true);
    });
  }
  test("of a batch is that of each matrix", () => {
    const [a, b] = [draw.normal([4, 3]), draw.normal([4, 3])];
    expect(qr(stack([a, b])).r.toArray()).toEqual([qr(a).r.toArray(), qr(b).r.toArray()]);
  });
  test("of nothing is nothing", () => {
    expect(qr(zeros([0, 3, 2])).q.shape).toEqual([0, 3, 2]);
    expect(qr(zeros([3, 0])).r.shape).toEqual([0, 0]);
    expect(qr(zeros([0, 3])).q.shape).toEqual([0, 0]);
  });
  test("the gradient of Σ log rᵢᵢ is that of log |det A|", () => {
    const a = draw.normal([4, 4]);
    const received = grad((x: Tensor) => sum(log(matmul(mul(qr(x).r, eye(4)), ones([4, 1])))))(a);
    expect(distance(received, turn(solve(a, eye(4))))).toBeLessThan(1e-13);
  });
  test("refuses a derivative where columns are dependent, and vectors always", () => {
    const dependent = tensor([
      [1, 0],
      [3, 0],
    ]);
    expect(() => grad((x: Tensor) => sum(qr(x).q))(dependent)).toThrow(/triangularSolve: .* pivot 0 in row 1/);
    expect(() => qr(tensor([1, 2]))).toThrow(ShapeError);
    expect(() => qr(tensor([1, 2]))).toThrow(/^qr: expected …mn, received \[2\]/);
  });
});

describe("lstsq", () => {
  const [tall, wide] = [draw.normal([6, 3]), draw.normal([3, 6])];
  test("leaves a residual at right angles to the columns", () => {
    const b = draw.normal([6, 2]);
    const residual = sub(matmul(tall, lstsq(tall, b)), b);
    expect(max(abs(matmul(turn(tall), residual))).item()).toBeLessThan(1e-14);
  });
  test("gives the shortest solution where there are many", () => {
    const b = draw.normal([3]);
    const x = lstsq(wide, b);
    expect(distance(matmul(wide, x), b)).toBeLessThan(1e-14);
    expect(distance(x, matmul(turn(wide), solve(matmul(wide, turn(wide)), b)))).toBeLessThan(1e-13);
  });
  test("keeps digits that normal equations lose: a polynomial of degree 9 through 40 points", () => {
    const t = linspace(0, 1, 40);
    const powers = stack(
      Array.from({ length: 10 }, (_, k) =>
        tensor(
          t.data.map((x) => x ** k),
          [40],
        ),
      ),
      1,
    );
    const x = linspace(1, 2, 10);
    const received = lstsq(powers, matmul(powers, x));
    expect(distance(received, x)).toBeLessThan(1e-9);
    expect(distance(solve(matmul(turn(powers), powers), matmul(turn(powers), matmul(powers, x))), x)).toBeGreaterThan(
      1e-6,
    );
  });
  test("solves batches that broadcast, and nothing", () => {
    const b = draw.normal([2, 6, 1]);
    const x = lstsq(tall, b);
    expect(x.shape).toEqual([2, 3, 1]);
    expect(
      distance(
        slice(x, [1], [2]),
        stack([lstsq(tall, slice(b, [1], [2]))]).shape.length > 0 ? lstsq(tall, slice(b, [1], [2])) : x,
      ),
    ).toBe(0);
    expect(lstsq(zeros([3, 0]), ones([3])).shape).toEqual([0]);
  });
  test("its gradients in A and b, the residual not 0, are those of the normal equations", () => {
    const b = draw.normal([6]);
    const normal = (a: Tensor, y: Tensor): Tensor => solve(matmul(turn(a), a), matmul(turn(a), y));
    const loss = (x: Tensor): Tensor => sum(mul(square(x), tensor([1, -2, 3])));
    const of = (f: (a: Tensor, y: Tensor) => Tensor) =>
      grad(([a, y]: readonly [Tensor, Tensor]) => loss(f(a, y)))([tall, b]);
    const [a1, b1] = of(lstsq);
    const [a2, b2] = of(normal);
    expect(distance(a1, a2)).toBeLessThan(1e-13);
    expect(distance(b1, b2)).toBeLessThan(1e-13);
  });
  test("refuses dependent columns by pivot and row, in a batch by number, and b that does not fit", () => {
    const dependent = tensor([
      [1, 2],
      [2, 4],
      [3, 6],
    ]);
    expect(() => lstsq(dependent, ones([3]))).toThrow(DomainError);
    expect(() => lstsq(dependent, ones([3]))).toThrow(
      /^lstsq: expected a matrix of full rank, received pivot .* in row 1:/,
    );
    expect(() =>
      lstsq(
        stack([
          tensor([
            [1, 0],
            [0, 1],
            [1, 1],
          ]),
          dependent,
        ]),
        ones([3, 1]),
      ),
    ).toThrow(/row 1 of matrix 1 of the batch/);
    expect(() =>
      lstsq(
        tensor([
          [Number.NaN, 1],
          [1, 2],
        ]),
        ones([2]),
      ),
    ).toThrow(/not finite/);
    expect(() => lstsq(tall, ones([5]))).toThrow(/^lstsq: expected …mn, …mc, received \[6, 3\], \[5\]: m is 6/);
  });
});

describe("eigh", () => {
  const symmetric = (x: Tensor): Tensor => mul(0.5, add(x, turn(x)));
  const clustered = (() => {
    const { q } = qr(draw.normal([12, 12]));
    return symmetric(matmul(mul(q, tensor([1, 1, 1, 2, 2, 2 + 1e-15, 3, 3, 3, 3, 3, 3])), turn(q)));
  })();
  const matrices: readonly (readonly [string, Tensor])[] = [
    ["of 1 row", tensor([[3]])],
    [
      "of 2 rows",
      tensor([
        [2, 1],
        [1, 2],
      ]),
    ],
    ["of 30 rows", symmetric(draw.normal([30, 30]))],
    ["of 100 rows", symmetric(draw.normal([100, 100]))],
    ["batched", symmetric(draw.normal([2, 3, 4, 4]))],
    ["of eigenvalues in clusters", clustered],
    ["the identity", eye(5)],
    ["of ones, of which all eigenvalues but one are 0", ones([6, 6])],
    [
      "graded over 24 decades",
      mul(hilbert(5), outer(tensor([1, 1e-3, 1e-6, 1e-9, 1e-12]), tensor([1, 1e-3, 1e-6, 1e-9, 1e-12]))),
    ],
    ["near overflow", mul(1e300, symmetric(draw.uniform([4, 4])))],
    ["near underflow", mul(1e-300, symmetric(draw.uniform([4, 4])))],
  ];
  for (const [what, a] of matrices) {
    test(`of a matrix ${what}: A V = V Λ, Vᵀ V = 1, ascending, the largest entry of each vector positive`, () => {
      const { values, vectors } = eigh(a);
      const scaled = mul(
        vectors,
        values.shape.length === 1
          ? values
          : tensor(values.data, [...values.shape.slice(0, -1), 1, values.shape[values.shape.length - 1]]),
      );
      const error = max(abs(sub(matmul(a, vectors), scaled))).item();
      expect(error / max(abs(a)).item()).toBeLessThan(1e-14 * Math.sqrt(a.shape[a.shape.length - 1]));
      const gram = matmul(turn(vectors), vectors);
      expect(distance(gram, eyes(gram))).toBeLessThan(4e-15 * Math.sqrt(a.shape[a.shape.length - 1] + 4));
      const n = a.shape[a.shape.length - 1];
      for (let i = 0; i < values.data.length; i++)
        if (i % n > 0) expect(values.data[i]).toBeGreaterThanOrEqual(values.data[i - 1]);
      for (let column = 0; column < n; column++) {
        const entries = Array.from({ length: n }, (_, row) => vectors.data[row * n + column]);
        expect(entries.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0)).toBeGreaterThan(0);
      }
    });
  }
  test("finds small eigenvalues of a graded matrix to their own digits", () => {
    // D H D with H the 2 × 2 Hilbert matrix: det = 1/12·1e-24, and the larger eigenvalue is 1 to 1e-24
    const a = tensor([
      [1, 0.5e-12],
      [0.5e-12, 1e-24 / 3],
    ]);
    expect(eigh(a).values.data[0] * 12e24).toBeCloseTo(1, 14);
  });
  test("of nothing is nothing", () => {
    expect(eigh(zeros([0, 0])).values.shape).toEqual([0]);
    expect(eigh(zeros([0, 2, 2])).vectors.shape).toEqual([0, 2, 2]);
  });
  test("reads (A + Aᵀ)/2", () => {
    expect(
      eigh(
        tensor([
          [0, 2],
          [0, 0],
        ]),
      ).values.data,
    ).toEqual(
      eigh(
        tensor([
          [0, 1],
          [1, 0],
        ]),
      ).values.data,
    );
  });
  test("the gradient of Σ f(λ) is f′(A), also where eigenvalues are equal", () => {
    const cubes = (x: Tensor): Tensor => sum(mul(square(eigh(x).values), eigh(x).values));
    for (const a of [symmetric(draw.normal([5, 5])), clustered, eye(4)]) {
      expect(distance(grad(cubes)(a), mul(3, matmul(a, a)))).toBeLessThan(1e-13);
    }
  });
  test("vectors of equal eigenvalues have no derivative, and what asks for it is not finite", () => {
    const squared = (x: Tensor): Tensor => {
      const { values, vectors } = eigh(x);
      return sum(mul(weights, matmul(mul(vectors, square(values)), turn(vectors))));
    };
    const weights = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(grad(squared)(eye(2)).data.some(Number.isFinite)).toBe(false);
    const a = tensor([
      [2, 1],
      [1, 3],
    ]);
    const symmetricWeights = symmetric(weights);
    const expected = add(matmul(a, symmetricWeights), matmul(symmetricWeights, a));
    expect(distance(grad(squared)(a), expected)).toBeLessThan(1e-14);
  });
  test("refuses entries that are not finite, and matrices that are not square", () => {
    for (const bad of [Number.NaN, Infinity]) {
      expect(() => eigh(diag(tensor([1, bad])))).toThrow(DomainError);
      expect(() => eigh(diag(tensor([1, bad])))).toThrow(
        /^eigh: expected finite entries, received (NaN|Infinity) in row [01], column 1 of matrix 0/,
      );
    }
    expect(() => eigh(zeros([2, 3]))).toThrow(/^eigh: expected …nn, received \[2, 3\]/);
    expect(norm(eigh(zeros([3, 3])).values).item()).toBe(0);
  });
});
