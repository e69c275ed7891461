// How are matrices factorised and systems solved in 106 bits?
//
// Textbook algorithms, entry by entry: what counts here is that they share nothing with the loops that they judge.
import { DomainError, type Shape } from "../../tensor/index.js";
import {
  abs,
  add,
  compare,
  type DoubleDouble,
  div,
  fromNumber,
  log,
  mul,
  neg,
  ONE,
  scale,
  sqrt,
  square,
  sub,
  ZERO,
} from "../double-double/index.js";
import { at, blank, put, type WideTensor } from "./wide-tensor.js";

type Matrix = DoubleDouble[][];

/** Matrix number `batch` of a stack of them. */
function read(x: WideTensor, batch: number): Matrix {
  const [m, n] = x.shape.slice(-2);
  return Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_c, j) => at(x, (batch * m + i) * n + j)));
}

const write = (x: WideTensor, batch: number, entries: Matrix): void =>
  entries.forEach((row, i) => {
    row.forEach((entry, j) => {
      put(x, (batch * entries.length + i) * row.length + j, entry);
    });
  });

const countOf = (shape: Shape): number => shape.slice(0, -2).reduce((product, n) => product * n, 1);
const dotOf = (x: readonly DoubleDouble[], y: readonly DoubleDouble[]): DoubleDouble =>
  x.reduce((sum, xi, i) => add(sum, mul(xi, y[i])), ZERO);
const turned = (a: Matrix): Matrix => (a[0] ?? []).map((_, j) => a.map((row) => row[j]));
const zeroMatrix = (m: number, n: number): Matrix =>
  Array.from({ length: m }, () => new Array<DoubleDouble>(n).fill(ZERO));

const refuse = (what: string): never => {
  throw new DomainError(`oracle: expected ${what}, received one that has no such factors in 106 bits`);
};

/**
 * Gaussian elimination with partial pivoting, in place on a and b: a becomes upper triangular.
 *
 * @source Golub and Van Loan (2013), Matrix Computations, algorithm 3.4.1
 */
function eliminate(a: Matrix, b: Matrix): void {
  for (let k = 0; k < a.length; k++) {
    let row = k;
    for (let i = k + 1; i < a.length; i++) if (compare(abs(a[i][k]), abs(a[row][k])) > 0) row = i;
    [a[k], a[row], b[k], b[row]] = [a[row], a[k], b[row], b[k]];
    if (a[k][k].high === 0 || !Number.isFinite(a[k][k].high)) refuse("a regular matrix");
    for (let i = k + 1; i < a.length; i++) {
      const factor = neg(div(a[i][k], a[k][k]));
      a[i] = a[i].map((x, j) => (j <= k ? ZERO : add(x, mul(factor, a[k][j]))));
      b[i] = b[i].map((x, j) => add(x, mul(factor, b[k][j])));
    }
  }
}

export interface System {
  readonly triangular: boolean;
  readonly lower: boolean;
  readonly transposed: boolean;
}

/** X with A X = B, or Aᵀ X = B; of a triangular A the other triangle is not read. */
export function solve([a, b]: readonly WideTensor[], { triangular, lower, transposed }: System): WideTensor {
  const x = blank(b.shape);
  for (let batch = 0; batch < countOf(a.shape); batch++) {
    const given = read(a, batch).map((row, i) =>
      row.map((entry, j) => (triangular && (lower ? j > i : j < i) ? ZERO : entry)),
    );
    const matrix = transposed ? turned(given) : given;
    const right = read(b, batch);
    eliminate(matrix, right);
    for (let i = matrix.length - 1; i >= 0; i--) {
      right[i] = right[i].map((entry, column) => {
        let rest = entry;
        for (let j = i + 1; j < matrix.length; j++) rest = sub(rest, mul(matrix[i][j], right[j][column]));
        return div(rest, matrix[i][i]);
      });
    }
    write(x, batch, right);
  }
  return x;
}

/** Σ log |uᵢᵢ| */
export function logDet([a]: readonly WideTensor[]): WideTensor {
  const result = blank(a.shape.slice(0, -2));
  for (let batch = 0; batch < countOf(a.shape); batch++) {
    const matrix = read(a, batch);
    eliminate(matrix, zeroMatrix(matrix.length, 0));
    put(
      result,
      batch,
      matrix.reduce((sum, row, i) => add(sum, log(abs(row[i]))), ZERO),
    );
  }
  return result;
}

/** The lower triangular L with L Lᵀ = A, whose lower triangle is read. */
export function cholesky([a]: readonly WideTensor[]): WideTensor {
  const result = blank(a.shape);
  for (let batch = 0; batch < countOf(a.shape); batch++) {
    const matrix = read(a, batch);
    const l = zeroMatrix(matrix.length, matrix.length);
    for (let j = 0; j < matrix.length; j++) {
      for (let i = j; i < matrix.length; i++) {
        const rest = sub(matrix[i][j], dotOf(l[i].slice(0, j), l[j].slice(0, j)));
        if (i === j && !(rest.high > 0)) refuse("a positive definite matrix");
        l[i][j] = i === j ? sqrt(rest) : div(rest, l[j][j]);
      }
    }
    write(result, batch, l);
  }
  return result;
}

/** Q R = A with R's diagonal positive: Gram–Schmidt, twice against rounding. */
export function qr([a]: readonly WideTensor[]): WideTensor[] {
  const [m, n] = a.shape.slice(-2);
  const k = Math.min(m, n);
  const batches = a.shape.slice(0, -2);
  const [q, r] = [blank([...batches, m, k]), blank([...batches, k, n])];
  for (let batch = 0; batch < countOf(a.shape); batch++) {
    const columns = turned(read(a, batch));
    const basis: Matrix = [];
    const upper = zeroMatrix(k, n);
    for (let j = 0; j < n; j++) {
      let rest = columns[j];
      for (let pass = 0; pass < 2; pass++) {
        basis.forEach((direction, i) => {
          const overlap = dotOf(direction, rest);
          upper[i][j] = add(upper[i][j], overlap);
          rest = rest.map((x, row) => sub(x, mul(overlap, direction[row])));
        });
      }
      if (j >= k) continue;
      const length = sqrt(dotOf(rest, rest));
      if (!(length.high > 0)) refuse("a matrix of full rank");
      upper[j][j] = length;
      basis.push(rest.map((x) => div(x, length)));
    }
    write(q, batch, turned(basis));
    write(r, batch, upper);
  }
  return [q, r];
}

/** One rotation of Jacobi's method: it makes a[p][q] zero. The rows of v are the eigenvectors. */
function rotate(a: Matrix, v: Matrix, p: number, q: number): void {
  const ratio = div(scale(sub(a[q][q], a[p][p]), -1), a[p][q]);
  const root = add(abs(ratio), sqrt(add(ONE, square(ratio))));
  const t = ratio.high < 0 ? neg(div(ONE, root)) : div(ONE, root);
  const c = div(ONE, sqrt(add(ONE, square(t))));
  const s = mul(t, c);
  const turn = (x: DoubleDouble, y: DoubleDouble): [DoubleDouble, DoubleDouble] => [
    sub(mul(c, x), mul(s, y)),
    add(mul(s, x), mul(c, y)),
  ];
  for (const row of a) [row[p], row[q]] = turn(row[p], row[q]);
  for (let i = 0; i < a.length; i++) [a[p][i], a[q][i]] = turn(a[p][i], a[q][i]);
  for (let i = 0; i < a.length; i++) [v[p][i], v[q][i]] = turn(v[p][i], v[q][i]);
}

/**
 * Eigenvalues in ascending order and eigenvectors as columns, each with the sign of the float64 ones.
 *
 * @source Golub and Van Loan (2013), Matrix Computations, section 8.5
 */
export function eigh([x]: readonly WideTensor[], float64Vectors: Float64Array): WideTensor[] {
  const n = x.shape[x.shape.length - 1];
  const [values, vectors] = [blank(x.shape.slice(0, -1)), blank(x.shape)];
  for (let batch = 0; batch < countOf(x.shape); batch++) {
    const given = read(x, batch);
    const a = given.map((row, i) => row.map((entry, j) => scale(add(entry, given[j][i]), -1)));
    const v = zeroMatrix(n, n).map((row, i) => row.map((zero, j) => (i === j ? ONE : zero)));
    const most = a.flat().reduce((size, entry) => Math.max(size, Math.abs(entry.high)), 0);
    for (let sweep = 0, left = true; left; sweep++) {
      if (sweep === 40) refuse("a symmetric matrix");
      left = false;
      for (let p = 0; p < n; p++) {
        for (let q = p + 1; q < n; q++) {
          if (!(Math.abs(a[p][q].high) > 1e-33 * most)) continue;
          rotate(a, v, p, q);
          left = true;
        }
      }
    }
    const order = a.map((_, i) => i).sort((i, j) => compare(a[i][i], a[j][j]));
    order.forEach((from, place) => {
      put(values, batch * n + place, a[from][from]);
      const overlap = v[from].reduce(
        (sum, entry, i) => sum + entry.high * float64Vectors[(batch * n + i) * n + place],
        0,
      );
      v[from].forEach((entry, i) => {
        put(vectors, (batch * n + i) * n + place, mul(fromNumber(overlap < 0 ? -1 : 1), entry));
      });
    });
  }
  return [values, vectors];
}
