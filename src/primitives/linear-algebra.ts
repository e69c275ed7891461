// How are linear systems solved, and what do solutions, factors and determinants know about their derivatives?
//
// From A X = B follows dX = A⁻¹(dB − dA X), and so B̄ = A⁻ᵀ g and Ā = −B̄ Xᵀ. Source of the rules: Giles (2008), "An
// extended collection of matrix derivative results for forward and reverse mode algorithmic differentiation", section 2.
import { apply1, type Kernel, type Primitive } from "../tape/index.js";
import {
  broadcastShapes,
  checkOptions,
  DomainError,
  type Shape,
  ShapeError,
  showShape,
  sizeOf,
  type Tensor,
} from "../tensor/index.js";
import {
  type BadPivot,
  choleskyFactorise,
  exchangeRows,
  log,
  luFactorise,
  substitute,
} from "../typed-array-ops/index.js";
import { add, mul, neg, sub } from "./arithmetic.js";
import { broadcastTo } from "./broadcasting.js";
import { matmul } from "./contraction.js";
import { eye } from "./creation.js";
import { tril } from "./diagonals.js";
import { reshape, transpose } from "./layout.js";
import { sum } from "./reductions.js";
import { type TensorLike, toTensor } from "./words.js";

/** The last two axes exchanged. */
export function turn(x: Tensor): Tensor {
  const rank = x.shape.length;
  return transpose(x, [...x.shape.keys()].slice(0, -2).concat([rank - 1, rank - 2]));
}

/** Refuses matrix i of a batch for a pivot, if there is a bad one. @throws DomainError */
export function refusePivot(
  operation: string,
  expected: string,
  bad: BadPivot | undefined,
  i: number,
  dependent = "rows",
): void {
  if (bad === undefined) return;
  throw new DomainError(
    `${operation}: expected ${expected}, received pivot ${bad.pivot} in row ${bad.row}` +
      `${i > 0 ? ` of matrix ${i} of the batch` : ""}: its ${dependent} are dependent, to rounding, or not finite`,
  );
}

/** A tensor as matrices; `square` ones if the operation needs them. */
export function readMatrix(operation: string, a: TensorLike, square: boolean): Tensor {
  const matrix = toTensor(operation, a);
  const [m, n] = matrix.shape.slice(-2);
  if (n === undefined || (square && m !== n)) {
    throw new ShapeError(`${operation}: expected ${square ? "…nn" : "…mn"}, received ${showShape(matrix.shape)}`);
  }
  return matrix;
}

/** For each of a batch: `run(i)` with the number of the matrix. */
export function eachMatrix(shape: Shape, run: (i: number) => void): void {
  const count = sizeOf(shape.slice(0, -2));
  for (let i = 0; i < count; i++) run(i);
}

/** Part i of a batch with parts of `size` numbers. */
export const partOf = (x: Float64Array, i: number, size: number): Float64Array => x.subarray(i * size, (i + 1) * size);

/** A reader of the n×n matrices of a batch, which leaves the factors of one. @throws DomainError if it is singular. */
function factoriser(operation: string, n: number) {
  const factors = new Float64Array(n * n);
  const pivots = new Int32Array(n);
  const read = (matrices: Float64Array, i: number): void => {
    factors.set(partOf(matrices, i, n * n));
    refusePivot(operation, "a regular matrix", luFactorise(factors, pivots, n), i);
  };
  return { factors, pivots, read };
}

interface System {
  readonly triangular: boolean;
  readonly lower: boolean;
  readonly transposed: boolean;
}

const general: System = { triangular: false, lower: false, transposed: false };

/** The triangle of a cotangent or tangent that a triangular matrix has. */
const triangleOf = (x: Tensor, { triangular, lower }: System): Tensor =>
  triangular ? (lower ? tril(x) : turn(tril(turn(x)))) : x;

function systemKernel(a: Shape, b: Shape, { triangular, lower, transposed }: System): Kernel {
  const n = a[a.length - 1];
  const m = b[b.length - 1];
  const { factors, pivots, read } = factoriser("solve", n);
  return ([x], [matrices, right]) => {
    x.set(right);
    eachMatrix(a, (i) => {
      const start = i * n * m;
      if (triangular) {
        const bad = substitute(matrices, i * n * n, x, start, n, m, lower, transposed, false);
        refusePivot("triangularSolve", "no zero on the diagonal", bad, i);
        return;
      }
      read(matrices, i);
      // P A = L U, and so Aᵀ = Uᵀ Lᵀ P, where the exchanges come last, in reverse
      if (!transposed) exchangeRows(x, start, pivots, n, m, false);
      substitute(factors, 0, x, start, n, m, !transposed, transposed, !transposed);
      substitute(factors, 0, x, start, n, m, transposed, transposed, transposed);
      if (transposed) exchangeRows(x, start, pivots, n, m, true);
    });
  };
}

/** X with A X = B, or Aᵀ X = B; A is general or triangular. */
export const solvePrimitive: Primitive<System, "solve"> = {
  name: "solve",
  shapes: ([, b]) => [b],
  kernel: ([a, b], system) => systemKernel(a, b, system),
  vjp([g], [x], [a], system, wanted) {
    const pulled = apply1(solvePrimitive, [a, g as Tensor], { ...system, transposed: !system.transposed });
    const outer = system.transposed ? matmul(x, turn(pulled)) : matmul(pulled, turn(x));
    return [wanted[0] ? neg(triangleOf(outer, system)) : undefined, pulled];
  },
  jvp([da, db], [x], [a], system) {
    const moved = da && triangleOf(da, system);
    const fromA = moved && matmul(system.transposed ? turn(moved) : moved, x);
    const right = db && fromA ? sub(db, fromA) : (db ?? neg(fromA as Tensor));
    return [apply1(solvePrimitive, [a, right], system)];
  },
};

/** What `run` makes of right sides with a number of rows, of which a vector is one column. */
export function solveWith(
  operation: string,
  a: Tensor,
  b: TensorLike,
  rows: number,
  run: (columns: Tensor) => Tensor,
): Tensor {
  const right = toTensor(operation, b);
  const vector = right.shape.length === 1;
  const columns = vector ? reshape(right, [...right.shape, 1]) : right;
  if (columns.shape[columns.shape.length - 2] !== rows) {
    throw new ShapeError(
      `${operation}: expected …mn, …mc, received ${showShape(a.shape)}, ${showShape(right.shape)}: m is ${rows} in argument 0; ` +
        "a batch of vectors needs a last axis of size 1",
    );
  }
  const x = run(columns);
  return vector ? reshape(x, x.shape.slice(0, -1)) : x;
}

function solveWord(operation: string, a: TensorLike, b: TensorLike, system: System): Tensor {
  const matrix = readMatrix(operation, a, true);
  return solveWith(operation, matrix, b, matrix.shape[matrix.shape.length - 1], (columns) => {
    const batch = broadcastShapes(operation, matrix.shape.slice(0, -2), columns.shape.slice(0, -2));
    const spread = (x: Tensor): Tensor => broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
    return apply1(solvePrimitive, [spread(matrix), spread(columns)], system);
  });
}

/**
 * The x with A x = b, by elimination with partial pivoting. A b with one axis is a vector, with more a matrix of right
 * sides or a batch of them; batch axes broadcast.
 *
 * @shape A [..., n, n], b [n] or [..., n, m] → [..., n] or [..., n, m]
 * @throws DomainError if A is singular; the message names pivot and row.
 * @throws ShapeError if A is not square or b does not fit.
 * @example solve(tensor([[2, 0], [0, 4]]), tensor([2, 2])).toArray() // → [1, 0.5]
 */
export const solve = (a: TensorLike, b: TensorLike): Tensor => solveWord("solve", a, b, general);

/**
 * The x with T x = b for a triangular T, of which the other triangle is not read; Tᵀ x = b with `transposed`.
 *
 * @shape T [..., n, n], b [n] or [..., n, m] → [..., n] or [..., n, m]
 * @throws DomainError if there is a zero on the diagonal.
 * @throws ShapeError if T is not square or b does not fit.
 * @example triangularSolve(tensor([[2, 9], [1, 1]]), tensor([2, 3])).toArray() // → [1, 2]
 */
export function triangularSolve(
  t: TensorLike,
  b: TensorLike,
  options: { readonly lower?: boolean; readonly transposed?: boolean } = {},
): Tensor {
  checkOptions("triangularSolve", options, ["lower", "transposed"]);
  const { lower = true, transposed = false } = options;
  return solveWord("triangularSolve", t, b, { triangular: true, lower, transposed });
}

/**
 * A⁻¹; `solve` is cheaper and more accurate where the inverse is only multiplied.
 *
 * @throws DomainError if A is singular.
 * @example inverse(tensor([[2, 0], [0, 4]])).toArray() // → [[0.5, 0], [0, 0.25]]
 */
export function inverse(a: TensorLike): Tensor {
  const matrix = readMatrix("inverse", a, true);
  return solveWord("inverse", matrix, identityLike(matrix), general);
}

export const identityLike = (x: Tensor): Tensor => broadcastTo(eye(x.shape[x.shape.length - 1]), x.shape);

/** (X + Xᵀ)/2 */
export const symmetric = (x: Tensor): Tensor => mul(0.5, add(x, turn(x)));

/** The lower triangle with its mirror image above the diagonal. */
export const mirrored = (x: Tensor): Tensor => add(tril(x), turn(tril(x, -1)));

/** The lower triangle and what lies below the diagonal once more. */
const twiceBelow = (x: Tensor): Tensor => add(tril(x), tril(x, -1));

/** Lower triangle with half the diagonal: the Φ of the rules of Cholesky's factorisation. */
const lowerHalf = (x: Tensor): Tensor => mul(0.5, twiceBelow(x));

/** The L of a symmetric matrix, of which the lower triangle is read; the rules are those of the symmetric matrix. */
export const choleskyPrimitive: Primitive<void, "cholesky"> = {
  name: "cholesky",
  shapes: ([a]) => [a],
  kernel: ([a]) => {
    const n = a[a.length - 1];
    return ([l], [x]) =>
      eachMatrix(a, (i) => {
        const bad = choleskyFactorise(partOf(l, i, n * n), partOf(x, i, n * n), n);
        refusePivot("cholesky", "a positive definite matrix", bad, i);
      });
  },
  // L⁻ᵀ Φ(Lᵀ L̄) L⁻¹, made symmetric; what falls on the upper triangle belongs to the lower one, which is read.
  vjp([g], [l]) {
    const middle = lowerHalf(matmul(turn(l), g as Tensor));
    const left = triangularSolve(l, middle, { transposed: true });
    return [twiceBelow(symmetric(turn(triangularSolve(l, turn(left), { transposed: true }))))];
  },
  // dL = L Φ(L⁻¹ dA L⁻ᵀ)
  jvp([da], [l]) {
    const left = triangularSolve(l, mirrored(da as Tensor));
    return [matmul(l, lowerHalf(turn(triangularSolve(l, turn(left)))))];
  },
};

/**
 * The lower triangular L with L Lᵀ = A for a symmetric positive definite A. An A that is not quite symmetric is replaced
 * by (A + Aᵀ)/2, so its gradient is symmetric.
 *
 * @throws DomainError if A is not positive definite; the message names pivot and row.
 * @throws ShapeError if A is not square.
 * @source Murray (2016), "Differentiation of the Cholesky decomposition", equations 8 and 10
 * @example cholesky(tensor([[4, 2], [2, 10]])).toArray() // → [[2, 0], [1, 3]]
 */
export function cholesky(a: TensorLike): Tensor {
  return apply1(choleskyPrimitive, [symmetric(readMatrix("cholesky", a, true))], undefined);
}

/** log |det A| = Σ log |uᵢᵢ| */
export const logDetPrimitive: Primitive<void, "logDet"> = {
  name: "logDet",
  shapes: ([a]) => [a.slice(0, -2)],
  kernel: ([a]) => {
    const n = a[a.length - 1];
    const { factors, read } = factoriser("logDet", n);
    return ([out], [x]) =>
      eachMatrix(a, (i) => {
        read(x, i);
        out[i] = 0;
        for (let row = 0; row < n; row++) out[i] += log(Math.abs(factors[row * (n + 1)]));
      });
  },
  vjp: ([g], _, [a]) => [mul(reshape(g as Tensor, [...a.shape.slice(0, -2), 1, 1]), turn(inverse(a)))],
  jvp: ([da], _, [a]) => [sum(mul(turn(inverse(a)), da as Tensor), [-2, -1])],
};

/**
 * log |det A|, which neither overflows nor underflows.
 *
 * @shape [..., n, n] → [...]
 * @throws DomainError if A is singular; the message names pivot and row.
 * @throws ShapeError if A is not square.
 * @example logDet(tensor([[2, 0], [0, -0.5]])).item() // → 0
 */
export function logDet(a: TensorLike): Tensor {
  return apply1(logDetPrimitive, [readMatrix("logDet", a, true)], undefined);
}
