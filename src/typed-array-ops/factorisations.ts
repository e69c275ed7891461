// How are square systems factorised and solved with many right sides?

/** What stopped a factorisation: a pivot that is zero, not positive or not finite, and its row. */
export interface BadPivot {
  readonly row: number;
  readonly pivot: number;
}

/**
 * P A = L U in place: U above, L below the diagonal (ones on it), `pivots` the row that each step was exchanged with. The matrix
 * begins at aStart, its pivots at pivotStart.
 *
 * @source Golub and Van Loan (2013), Matrix Computations, algorithm 3.4.1
 */
export function luFactorise(
  a: Float64Array,
  pivots: Int32Array,
  n: number,
  aStart = 0,
  pivotStart = 0,
): BadPivot | undefined {
  for (let column = 0; column < n; column++) {
    const top = aStart + column * n;
    let row = column;
    let largest = Math.abs(a[top + column]);
    for (let i = column + 1; i < n; i++) {
      const size = Math.abs(a[aStart + i * n + column]);
      if (size > largest) {
        largest = size;
        row = i;
      }
    }
    const pivot = a[aStart + row * n + column];
    if (pivot === 0 || !Number.isFinite(pivot)) return { row: column, pivot };
    pivots[pivotStart + column] = row;
    exchange(a, aStart, column, row, n);
    for (let i = column + 1; i < n; i++) {
      const at = aStart + i * n;
      const factor = a[at + column] / pivot;
      a[at + column] = factor;
      if (factor === 0) continue;
      for (let j = column + 1; j < n; j++) a[at + j] -= factor * a[top + j];
    }
  }
  return undefined;
}

/** Solves A x = b in place for one right side, with the factors of luFactorise. */
export function luSolve(
  a: Float64Array,
  aStart: number,
  pivots: Int32Array,
  pivotStart: number,
  b: Float64Array,
  n: number,
): void {
  for (let k = 0; k < n; k++) {
    const row = pivots[pivotStart + k];
    const kept = b[k];
    b[k] = b[row];
    b[row] = kept;
  }
  for (let i = 1; i < n; i++) {
    let sum = b[i];
    for (let j = 0, at = aStart + i * n; j < i; j++) sum -= a[at + j] * b[j];
    b[i] = sum;
  }
  for (let i = n - 1; i >= 0; i--) {
    const at = aStart + i * n;
    let sum = b[i];
    for (let j = i + 1; j < n; j++) sum -= a[at + j] * b[j];
    b[i] = sum / a[at + i];
  }
}

/** Exchanges two rows of a matrix with m columns, from `start`. */
function exchange(b: Float64Array, start: number, row: number, other: number, m: number): void {
  if (row === other) return;
  for (let c = 0; c < m; c++) {
    const kept = b[start + row * m + c];
    b[start + row * m + c] = b[start + other * m + c];
    b[start + other * m + c] = kept;
  }
}

/** Applies the row exchanges of a factorisation to an n×m matrix, or undoes them. */
export function exchangeRows(
  b: Float64Array,
  start: number,
  pivots: Int32Array,
  n: number,
  m: number,
  backwards: boolean,
): void {
  for (let k = 0; k < n; k++) {
    const row = backwards ? n - 1 - k : k;
    exchange(b, start, row, pivots[row], m);
  }
}

/**
 * Solves T X = B in place for a triangular n×n matrix from `tStart`, B being n×m from `bStart`. `transposed` solves
 * Tᵀ X = B with T stored as it is; a `unit` diagonal is not read. Returns a zero on the diagonal, if there is one.
 */
export function substitute(
  t: Float64Array,
  tStart: number,
  b: Float64Array,
  bStart: number,
  n: number,
  m: number,
  lower: boolean,
  transposed: boolean,
  unit: boolean,
): BadPivot | undefined {
  const forwards = lower !== transposed;
  const rowStride = transposed ? 1 : n;
  const columnStride = transposed ? n : 1;
  for (let k = 0; k < n; k++) {
    const row = forwards ? k : n - 1 - k;
    const at = bStart + row * m;
    const [from, to] = forwards ? [0, row] : [row + 1, n];
    for (let j = from; j < to; j++) {
      const factor = t[tStart + row * rowStride + j * columnStride];
      for (let c = 0; c < m; c++) b[at + c] -= factor * b[bStart + j * m + c];
    }
    if (unit) continue;
    const pivot = t[tStart + row * (n + 1)];
    if (pivot === 0) return { row, pivot };
    for (let c = 0; c < m; c++) b[at + c] /= pivot;
  }
  return undefined;
}

/**
 * A = L Lᵀ for a symmetric positive definite matrix, of which the lower triangle is read; L is written to `out`.
 *
 * @source Golub and Van Loan (2013), Matrix Computations, algorithm 4.2.1
 */
export function choleskyFactorise(out: Float64Array, a: Float64Array, n: number): BadPivot | undefined {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= out[i * n + k] * out[j * n + k];
      if (i === j) {
        if (!(sum > 0 && sum < Infinity)) return { row: j, pivot: sum };
        out[j * n + j] = Math.sqrt(sum);
      } else {
        out[i * n + j] = sum / out[j * n + j];
        out[j * n + i] = 0;
      }
    }
  }
  return undefined;
}
