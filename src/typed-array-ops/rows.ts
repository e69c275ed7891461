// What does each row of a matrix come to: its largest entry, its length, its logarithm of a sum?
//
// x holds out.length rows of n entries. A NaN in a row makes its result NaN.
import { exp, log1p } from "./elementary/index.js";

/** The largest entry of each row; n ≥ 1. */
export function maxRows(out: Float64Array, x: Float64Array, n: number): void {
  for (let row = 0; row < out.length; row++) out[row] = largest(x, row * n, n);
}

function largest(x: Float64Array, start: number, n: number): number {
  let most = -Infinity;
  for (let i = start; i < start + n; i++) most = Math.max(most, x[i]);
  return most;
}

/** The smallest entry of each row; n ≥ 1. */
export function minRows(out: Float64Array, x: Float64Array, n: number): void {
  for (let row = 0; row < out.length; row++) {
    let least = Infinity;
    for (let i = row * n; i < (row + 1) * n; i++) least = Math.min(least, x[i]);
    out[row] = least;
  }
}

/** Where the largest entry of each row stands: the first of several, and the first NaN if there is one. */
export function argmaxRows(out: Float64Array, x: Float64Array, n: number): void {
  for (let row = 0; row < out.length; row++) {
    const start = row * n;
    let best = 0;
    for (let i = 1; i < n && !Number.isNaN(x[start + best]); i++) {
      if (!(x[start + i] <= x[start + best])) best = i;
    }
    out[row] = best;
  }
}

/**
 * log Σ exp x of each row, as m + log1p(Σ exp(x − m)) with the largest entry m, whose own term 1 is left out of the sum:
 * nothing overflows, and what the other terms add to m = 0 is not lost beside 1.
 *
 * @source Blanchard, Higham and Higham (2021), "Accurately computing the log-sum-exp and softmax functions", section 4
 */
export function logSumExpRows(out: Float64Array, x: Float64Array, n: number): void {
  for (let row = 0; row < out.length; row++) {
    const start = row * n;
    const most = largest(x, start, n);
    if (!Number.isFinite(most)) {
      out[row] = most;
      continue;
    }
    let rest = 0;
    let left = false;
    for (let i = start; i < start + n; i++) {
      if (x[i] === most && !left) left = true;
      else rest += exp(x[i] - most);
    }
    out[row] = most + log1p(rest);
  }
}

/** Squares of entries between these sizes neither overflow, however many they are, nor lose digits near 0. */
const [small, large] = [2 ** -450, 2 ** 450];

/**
 * √(Σ x²) of each row. Rows of very large or very small entries are scaled by a power of two, which rounds nothing.
 *
 * @source Blue (1978), "A portable Fortran program to find the Euclidean norm of a vector"
 */
export function normRows(out: Float64Array, x: Float64Array, n: number): void {
  for (let row = 0; row < out.length; row++) {
    const start = row * n;
    let most = 0;
    for (let i = start; i < start + n; i++) most = Math.max(most, Math.abs(x[i]));
    if (most === 0 || !Number.isFinite(most)) {
      out[row] = most;
      continue;
    }
    const scale = most > large ? 2 ** -600 : most < small ? 2 ** 600 : 1;
    out[row] = Math.sqrt(sumOfSquares(x, start, start + n, scale)) / scale;
  }
}

/** Σ (scale·x)² by halves, as sumRange. */
function sumOfSquares(x: Float64Array, start: number, end: number, scale: number): number {
  if (end - start <= 64) {
    let sum = 0;
    for (let i = start; i < end; i++) {
      const scaled = scale * x[i];
      sum += scaled * scaled;
    }
    return sum;
  }
  const middle = start + ((end - start) >> 1);
  return sumOfSquares(x, start, middle, scale) + sumOfSquares(x, middle, end, scale);
}
