// How is a matrix taken apart into orthogonal factors, and what do the factors know about their derivatives?
import { apply, type Primitive } from "../tape/index.js";
import { DomainError, type Shape, type Tensor } from "../tensor/index.js";
import { maxAbs, qrFactorise, symmetricEigen } from "../typed-array-ops/index.js";
import { add, div, mul, sub } from "./arithmetic.js";
import { between, concat } from "./blocks.js";
import { broadcastTo } from "./broadcasting.js";
import { matmul } from "./contraction.js";
import { diagonal, tril } from "./diagonals.js";
import { sumOf } from "./kinds.js";
import { expandDims } from "./layout.js";
import {
  eachMatrix,
  identityLike,
  mirrored,
  partOf,
  readMatrix,
  refusePivot,
  solveWith,
  symmetric,
  triangularSolve,
  turn,
} from "./linear-algebra.js";
import { where } from "./selection.js";
import type { TensorLike } from "./words.js";

const sizesOf = (a: Shape): [m: number, n: number] => [a[a.length - 2], a[a.length - 1]];

/** The first columns of each matrix, or those after them. */
const columns = (x: Tensor, from: number, to: number): Tensor => between(x, x.shape.length - 1, from, to);

/** A R⁻¹ for a triangular R, or A R⁻ᵀ. */
const divideBy = (a: Tensor, r: Tensor, transposed: boolean): Tensor =>
  turn(triangularSolve(r, turn(a), { lower: false, transposed: !transposed }));

/** For m < n only the first m columns, X, decide on Q; the others, Y, are Q times the rest of R. */
const rankOf = (a: Tensor): number => Math.min(...sizesOf(a.shape));

/** Whoever needs full rank is named in the error that says it is not there. */
export const qrPrimitive: Primitive<string | undefined, "qr"> = {
  name: "qr",
  shapes([a]) {
    const [m, n] = sizesOf(a);
    const batch = a.slice(0, -2);
    const k = Math.min(m, n);
    return [
      [...batch, m, k],
      [...batch, k, n],
    ];
  },
  kernel([a], needsRank) {
    const [m, n] = sizesOf(a);
    const k = Math.min(m, n);
    const [work, scale] = [new Float64Array(m * n), new Float64Array(k)];
    return ([q, r], [x]) =>
      eachMatrix(a, (i) => {
        const upper = partOf(r, i, k * n);
        qrFactorise(partOf(q, i, m * k), upper, partOf(x, i, m * n), m, n, work, scale);
        if (needsRank === undefined) return;
        const least = Math.max(m, n) * 2 ** -52 * maxAbs(upper);
        for (let row = 0; row < k; row++) {
          const pivot = upper[row * (n + 1)];
          if (!(pivot > least)) refusePivot(needsRank, "a matrix of full rank", { row, pivot }, i, "columns");
        }
      });
  },
  // With M = R R̄ᵀ − Q̄ᵀ Q, Ā = (Q̄ + Q·sym M) R⁻ᵀ, where sym M is its lower triangle with the mirror image of that.
  vjp([gq, gr], [q, r], [a]) {
    const k = rankOf(a);
    const n = a.shape[a.shape.length - 1];
    const rest = n > k && gr ? columns(gr, k, n) : undefined;
    const u = columns(r, 0, k);
    const gQ = sumOf([gq, rest && matmul(columns(a, k, n), turn(rest))]);
    const m = sumOf([gr && matmul(u, turn(columns(gr, 0, k))), gQ && mul(-1, matmul(turn(gQ), q))]) as Tensor;
    const gX = divideBy(sumOf([gQ, matmul(q, mirrored(m))]) as Tensor, u, true);
    if (n === k) return [gX];
    return [join(gX, rest ? matmul(q, rest) : broadcastTo(0, columns(a, k, n).shape))];
  },
  // With B = dX R⁻¹ and C = Qᵀ B, the rotation Ω = tril C − (tril C)ᵀ gives dQ = Q Ω + B − Q C and dR = (C − Ω) R.
  jvp([da], [q, r], [a]) {
    const k = rankOf(a);
    const n = a.shape[a.shape.length - 1];
    const u = columns(r, 0, k);
    const b = divideBy(columns(da as Tensor, 0, k), u, false);
    const c = matmul(turn(q), b);
    const omega = sub(tril(c, -1), turn(tril(c, -1)));
    const dq = add(b, matmul(q, sub(omega, c)));
    const du = matmul(sub(c, omega), u);
    if (n === k) return [dq, du];
    const dv = add(matmul(turn(dq), columns(a, k, n)), matmul(turn(q), columns(da as Tensor, k, n)));
    return [dq, join(du, dv)];
  },
};

/** Two matrices side by side. */
const join = (x: Tensor, y: Tensor): Tensor => concat([x, y], -1);

/**
 * A = Q R with orthonormal columns of Q and an upper triangular R, whose diagonal is ≥ 0: so the factors are unique
 * where A has full rank, and only there they have a derivative.
 *
 * @shape A [..., m, n] → q [..., m, k], r [..., k, n] with k = min(m, n)
 * @throws DomainError from a derivative if R has a zero on its diagonal; where it is of the size of rounding the derivative
 * is as large as it is uncertain.
 * @throws ShapeError if A has fewer than two axes.
 * @source Walter and Lehmann (2010), "Algorithmic differentiation of linear algebra functions", section 3.3
 * @example qr(tensor([[3, 1], [4, 2]])).r.toArray()[0] // → [5, 2.2]
 */
export function qr(a: TensorLike): { q: Tensor; r: Tensor } {
  const [q, r] = apply(qrPrimitive, [readMatrix("qr", a, false)], undefined);
  return { q, r };
}

/**
 * The x that minimises ‖A x − b‖₂, and of several the shortest, for an A of full rank; by A = Q R, or Aᵀ = Q R where A
 * has more columns than rows.
 *
 * @shape A [..., m, n], b [m] or [..., m, c] → [n] or [..., n, c]
 * @throws DomainError if A has not full rank; the message names pivot and row.
 * @throws ShapeError if b does not fit.
 * @source Golub and Van Loan (2013), Matrix Computations, sections 5.3.3 and 5.6.2
 * @example lstsq(tensor([[1, 0], [1, 1], [1, 2]]), tensor([1, 3, 5])).data.map(Math.round) // → [1, 2]
 */
export function lstsq(a: TensorLike, b: TensorLike): Tensor {
  const matrix = readMatrix("lstsq", a, false);
  const [m, n] = sizesOf(matrix.shape);
  const [q, r] = apply(qrPrimitive, [m < n ? turn(matrix) : matrix], "lstsq");
  return solveWith("lstsq", matrix, b, m, (right) =>
    m < n
      ? matmul(q, triangularSolve(r, right, { lower: false, transposed: true }))
      : triangularSolve(r, matmul(turn(q), right), { lower: false }),
  );
}

export const eighPrimitive: Primitive<void, "eigh"> = {
  name: "eigh",
  shapes: ([a]) => [a.slice(0, -1), a],
  kernel([a]) {
    const n = a[a.length - 1];
    const [work, rows] = [new Float64Array(n * n), new Float64Array(n * n)];
    return ([values, vectors], [x]) =>
      eachMatrix(a, (matrix) => {
        const entries = partOf(x, matrix, n * n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            const entry = entries[i * n + j] / 2 + entries[j * n + i] / 2;
            work[i * n + j] = entry;
            if (Number.isFinite(entry)) continue;
            throw new DomainError(
              `eigh: expected finite entries, received ${entry} in row ${i}, column ${j} of matrix ${matrix}`,
            );
          }
        }
        if (symmetricEigen(partOf(values, matrix, n), partOf(vectors, matrix, n * n), work, rows, n)) return;
        throw new DomainError(
          `eigh: expected rotations to end, received matrix ${matrix}, which they do not make diagonal`,
        );
      });
  },
  // With S = Vᵀ dA V: dλ = diag S and dV = V (F∘S), Fᵢⱼ = 1/(λⱼ − λᵢ).
  vjp([gValues, gVectors], [values, v]) {
    const inner = sumOf([
      gVectors && mul(reciprocalGaps(values, v), matmul(turn(v), gVectors)),
      gValues && mul(expandDims(gValues, -1), identityLike(v)),
    ]) as Tensor;
    return [symmetric(matmul(matmul(v, inner), turn(v)))];
  },
  jvp([da], [values, v]) {
    const s = matmul(matmul(turn(v), symmetric(da as Tensor)), v);
    const rank = s.shape.length;
    return [diagonal(s, rank - 2, rank - 1), matmul(v, mul(reciprocalGaps(values, v), s))];
  },
};

/** 1/(λⱼ − λᵢ), and 0 on the diagonal; infinite where two eigenvalues are equal, whose vectors have no derivative. */
function reciprocalGaps(values: Tensor, vectors: Tensor): Tensor {
  const same = identityLike(vectors);
  const gaps = sub(expandDims(values, -2), expandDims(values, -1));
  return where(same, 0, div(1, where(same, 1, gaps)));
}

/**
 * The eigenvalues of a symmetric matrix in ascending order, and its eigenvectors as columns, of each of which the entry
 * of largest modulus is positive. An A that is not symmetric is replaced by (A + Aᵀ)/2. Where eigenvalues are equal,
 * the values have a derivative and the vectors have none: what asks for it is not finite, and where values agree to rounding
 * only, it is as uncertain as the vectors are.
 *
 * @shape A [..., n, n] → values [..., n], vectors [..., n, n]
 * @throws DomainError if an entry is not finite.
 * @throws ShapeError if A is not square.
 * @source Giles (2008), "An extended collection of matrix derivative results for forward and reverse mode algorithmic
 * differentiation", section 3.1
 * @example eigh(tensor([[2, 1], [1, 2]])).values.data.map(Math.round) // → [1, 3]
 */
export function eigh(a: TensorLike): { values: Tensor; vectors: Tensor } {
  const [values, vectors] = apply(eighPrimitive, [readMatrix("eigh", a, true)], undefined);
  return { values, vectors };
}
