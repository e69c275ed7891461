// What is the Mittag-Leffler function of a small matrix, times a vector?
//
// By Cauchy's integral formula, for circles around the eigenvalues (mittag-leffler-clusters.ts),
//
//     E(A) v = 1/(2 pi i) sum_circles int E(zeta) (zeta - A)^(-1) v d zeta,
//
// with the trapezoidal rule, whose error falls geometrically. The resolvents are triangular solves in the Schur form
// A = Q T Q*, so neither eigenvectors nor derivatives of E are needed, and defective matrices are like others. Source: Kassam &
// Trefethen (2005), SIAM J. Sci. Comput. 26, section 3, who evaluate functions of matrices in this way; for the function
// itself Garrappa & Popolizio (2018), Computing the matrix Mittag-Leffler function, J. Sci. Comput. 77.

import { DomainError, type Nested, ShapeError, showShape, Tensor, tensor } from "../tensor/index.js";
import { type Complex, complex, minus, over, plus, scaled, times, ZERO } from "./complex.js";
import { type ComplexMatrix, complexSchur } from "./complex-schur.js";
import { checkOrders } from "./mittag-leffler.js";
import { circlesAround, pointOn } from "./mittag-leffler-clusters.js";
import { evaluator } from "./mittag-leffler-evaluate.js";

/** (zeta - T)^(-1) w for an upper triangular T. */
function resolvent(t: ComplexMatrix, zeta: Complex, w: readonly Complex[]): Complex[] {
  const x: Complex[] = [...w];
  for (let i = t.length - 1; i >= 0; i--) {
    let sum = w[i];
    for (let j = i + 1; j < t.length; j++) sum = plus(sum, times(t[i][j], x[j]));
    x[i] = over(sum, minus(zeta, t[i][i]));
  }
  return x;
}

/** E(T) w */
function onTriangle(alpha: number, beta: number, t: ComplexMatrix, ws: readonly Complex[][]): Complex[][] {
  const evaluate = evaluator(alpha, beta);
  const f = (z: Complex): Complex => evaluate(z, 0);
  const results = ws.map((w) => w.map(() => ZERO));
  for (const circle of circlesAround(
    t.map((row, i) => row[i]),
    f,
  )) {
    for (let i = 0; i < circle.points; i++) {
      const zeta = pointOn(circle, i);
      const weight = scaled(times(f(zeta), minus(zeta, circle.centre)), 1 / circle.points);
      ws.forEach((w, column) => {
        resolvent(t, zeta, w).forEach((x, k) => {
          results[column][k] = plus(results[column][k], times(weight, x));
        });
      });
    }
  }
  return results;
}

/**
 * The Mittag-Leffler function of a matrix times a vector, `E_alpha,beta(A) v = sum_{k>=0} A^k v / Gamma(alpha k + beta)`, for a
 * small dense real A: `u(t) = E_alpha(t^alpha A) u(0)` solves the linear system `D^alpha u = A u`.
 *
 * It reads values and gives values: it has no derivative. The work grows as d^3 for d rows, with some 50 values of E for each
 * eigenvalue; it is meant for d up to some tens. Errors are some units of 2^-52 times the norm of the result and the
 * condition of the eigenvalues' separation.
 *
 * @shape A [d, d], v [d] or [d, m] → like v
 * @throws DomainError if alpha is not in (0, 2], beta or an entry is not finite. ShapeError if A is not square or v does not fit.
 * @source Kassam & Trefethen (2005), Fourth-order time-stepping for stiff PDEs, SIAM J. Sci. Comput. 26, section 3.
 * @example mittagLefflerMatrix(1, [[0, 1], [0, 0]], [1, 2]).toArray() // → [3, 2]
 */
export function mittagLefflerMatrix(alpha: number, A: Tensor | Nested, v: Tensor | Nested, beta = 1): Tensor {
  checkOrders("mittagLefflerMatrix", alpha, beta);
  const [a, x] = [A, v].map((values) => (values instanceof Tensor ? values : tensor(values)));
  const [d] = a.shape;
  if (a.shape.length !== 2 || a.shape[1] !== d) {
    throw new ShapeError(`mittagLefflerMatrix: expected a square matrix, received ${showShape(a.shape)}`);
  }
  if (x.shape.length < 1 || x.shape.length > 2 || x.shape[0] !== d) {
    throw new ShapeError(
      `mittagLefflerMatrix: expected v of shape [${d}] or [${d}, m], received ${showShape(x.shape)} beside A ${showShape(a.shape)}`,
    );
  }
  if (![...a.data, ...x.data].every(Number.isFinite)) {
    throw new DomainError("mittagLefflerMatrix: expected finite entries, received NaN or an infinity");
  }
  const columns = x.shape[1] ?? 1;
  const rows: number[][] = Array.from({ length: d }, (_, i) => Array.from(a.data.subarray(i * d, (i + 1) * d)));
  const { q, t } = complexSchur(rows);
  const ws = Array.from({ length: columns }, (_, c) =>
    rows.map((_row, k) =>
      rows.reduce((sum, _r, i) => plus(sum, scaled(complex(q[i][k].re, -q[i][k].im), x.data[i * columns + c])), ZERO),
    ),
  );
  const ys = onTriangle(alpha, beta, t, ws);
  const out = new Float64Array(x.data.length);
  for (let i = 0; i < d; i++) {
    for (let c = 0; c < columns; c++) {
      out[i * columns + c] = ys[c].reduce((sum, y, k) => sum + q[i][k].re * y.re - q[i][k].im * y.im, 0);
    }
  }
  return new Tensor(x.shape, out);
}
