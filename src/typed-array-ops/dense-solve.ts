// How is a small dense linear system solved?

/**
 * Solves A x = b in place: b becomes x, A (n×n from aStart, row-major) becomes its factors. Returns false, with
 * A and b spoilt, if a pivot is zero or not finite. This is the inner loop of the sweeps: eliminating b along with A is
 * faster for one right side than factorising first, as luFactorise and substitute do for many.
 *
 * @source Golub and Van Loan (2013), Matrix Computations, algorithm 3.4.1: Gaussian elimination with partial pivoting
 */
export function solveDense(a: Float64Array, aStart: number, b: Float64Array, bStart: number, n: number): boolean {
  for (let column = 0; column < n; column++) {
    let pivotRow = column;
    let largest = Math.abs(a[aStart + column * n + column]);
    for (let row = column + 1; row < n; row++) {
      const size = Math.abs(a[aStart + row * n + column]);
      if (size > largest) {
        largest = size;
        pivotRow = row;
      }
    }
    if (!(largest > 0 && largest < Infinity)) return false;
    const top = aStart + column * n;
    if (pivotRow !== column) {
      const other = aStart + pivotRow * n;
      for (let j = column; j < n; j++) {
        const kept = a[top + j];
        a[top + j] = a[other + j];
        a[other + j] = kept;
      }
      const kept = b[bStart + column];
      b[bStart + column] = b[bStart + pivotRow];
      b[bStart + pivotRow] = kept;
    }
    for (let row = column + 1; row < n; row++) {
      const below = aStart + row * n;
      const factor = a[below + column] / a[top + column];
      if (factor === 0) continue;
      for (let j = column + 1; j < n; j++) a[below + j] -= factor * a[top + j];
      b[bStart + row] -= factor * b[bStart + column];
    }
  }
  for (let row = n - 1; row >= 0; row--) {
    let sum = b[bStart + row];
    for (let j = row + 1; j < n; j++) sum -= a[aStart + row * n + j] * b[bStart + j];
    b[bStart + row] = sum / a[aStart + row * n + row];
  }
  return true;
}
