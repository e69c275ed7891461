// What is the complex Schur form A = Q T Q* of a small real matrix?
//
// T is upper triangular with the eigenvalues on its diagonal, Q unitary: it exists for every matrix, and rounding disturbs it no
// more than it disturbs A, however close eigenvectors are to each other. Householder reflections first make the matrix
// Hessenberg (one diagonal below the main one); then QR steps with Wilkinson's shift, by rotations, make that diagonal vanish.
// Source: Golub & Van Loan (2013), Matrix Computations, algorithms 7.4.2 and 7.5.1 (there in real arithmetic), section 7.5.1.

import { ConvergenceError } from "../tensor/index.js";
import { type Complex, complex, minus, modulus, over, plus, scaled, times } from "./complex.js";

export type ComplexMatrix = Complex[][];

export interface Schur {
  readonly q: ComplexMatrix;
  readonly t: ComplexMatrix;
}

const conjugate = (a: Complex): Complex => complex(a.re, -a.im);

/** Reflections from both sides that clear what is below the first subdiagonal, in place, and their product. */
function toHessenberg(h: number[][]): number[][] {
  const n = h.length;
  const q = h.map((_, i) => h.map((_row, j) => (i === j ? 1 : 0)));
  for (let k = 0; k + 2 < n; k++) {
    const largest = h.slice(k + 1).reduce((most, row) => Math.max(most, Math.abs(row[k])), 0);
    if (largest === 0) continue;
    const v = h.map((row, i) => (i > k ? row[k] / largest : 0));
    const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    v[k + 1] += v[k + 1] < 0 ? -length : length;
    const square = v.reduce((sum, x) => sum + x * x, 0);
    for (let j = 0; j < n; j++) {
      const share = (2 * v.reduce((sum, x, i) => sum + x * h[i][j], 0)) / square;
      v.forEach((x, i) => {
        h[i][j] -= share * x;
      });
    }
    for (const row of [...h, ...q]) {
      const share = (2 * v.reduce((sum, x, j) => sum + x * row[j], 0)) / square;
      v.forEach((x, j) => {
        row[j] -= share * x;
      });
    }
    for (let i = k + 2; i < n; i++) h[i][k] = 0;
  }
  return q;
}

/** A square root, that with a real part >= 0. */
export function squareRoot(a: Complex): Complex {
  const size = modulus(a);
  if (size === 0) return a;
  const part = Math.sqrt((size + Math.abs(a.re)) / 2);
  const other = Math.abs(a.im) / (2 * part);
  const [re, im] = a.re >= 0 ? [part, other] : [other, part];
  return complex(re, a.im < 0 ? -im : im);
}

/** The eigenvalue of the last 2x2 block that is closer to its last entry. */
function wilkinsonShift(t: ComplexMatrix, last: number): Complex {
  const [a, b] = [t[last - 1][last - 1], t[last - 1][last]];
  const [c, d] = [t[last][last - 1], t[last][last]];
  const half = scaled(minus(a, d), 0.5);
  const product = times(b, c);
  const root = squareRoot(plus(times(half, half), product));
  const [sum, difference] = [plus(half, root), minus(half, root)];
  const larger = modulus(sum) >= modulus(difference) ? sum : difference;
  return modulus(larger) === 0 ? d : minus(d, over(product, larger));
}

/** The rotation (c, s) with c x + s y = r >= 0 and -conj(s) x + conj(c) y = 0. */
function rotation(x: Complex, y: Complex): { c: Complex; s: Complex } {
  const [p, q] = [modulus(x), modulus(y)];
  const r = modulus(complex(p, q));
  if (r === 0) return { c: complex(1, 0), s: complex(0, 0) };
  return { c: scaled(conjugate(x), 1 / r), s: scaled(conjugate(y), 1 / r) };
}

/** One QR step on rows first to last, with the rotations gathered in q. */
function step(t: ComplexMatrix, q: ComplexMatrix, first: number, last: number, shift: Complex): void {
  const n = t.length;
  for (let i = first; i <= last; i++) t[i][i] = minus(t[i][i], shift);
  const rotations: { c: Complex; s: Complex }[] = [];
  for (let k = first; k < last; k++) {
    const { c, s } = rotation(t[k][k], t[k + 1][k]);
    rotations.push({ c, s });
    for (let j = k; j < n; j++) {
      const [x, y] = [t[k][j], t[k + 1][j]];
      t[k][j] = plus(times(c, x), times(s, y));
      t[k + 1][j] = minus(times(conjugate(c), y), times(conjugate(s), x));
    }
  }
  rotations.forEach(({ c, s }, i) => {
    const k = first + i;
    const rows = [...t.slice(0, Math.min(k + 2, last + 1)), ...q];
    for (const row of rows) {
      const [x, y] = [row[k], row[k + 1]];
      row[k] = plus(times(conjugate(c), x), times(conjugate(s), y));
      row[k + 1] = minus(times(c, y), times(s, x));
    }
  });
  for (let i = first; i <= last; i++) t[i][i] = plus(t[i][i], shift);
}

const MOST_STEPS = 60;

/** A = Q T Q* for the rows of a square matrix of finite numbers. @throws ConvergenceError if the steps do not converge */
export function complexSchur(rows: readonly (readonly number[])[]): Schur {
  const h = rows.map((row) => [...row]);
  const q = toHessenberg(h).map((row) => row.map((x) => complex(x, 0)));
  const t = h.map((row) => row.map((x) => complex(x, 0)));
  const size = t.flat().reduce((most, x) => Math.max(most, modulus(x)), 0);
  let last = t.length - 1;
  for (let steps = 0; last > 0; steps++) {
    let first = last;
    while (first > 0) {
      const beside = modulus(t[first][first]) + modulus(t[first - 1][first - 1]);
      if (modulus(t[first][first - 1]) <= 2 ** -53 * (beside === 0 ? size : beside)) break;
      first--;
    }
    if (first > 0) t[first][first - 1] = complex(0, 0);
    if (first === last) {
      last--;
      steps = -1;
      continue;
    }
    if (steps === MOST_STEPS) {
      const residual = modulus(t[last][last - 1]);
      const facts = { residual, residuals: [residual], steps, tolerance: 2 ** -53 * size };
      throw new ConvergenceError(
        `complexSchur: expected an eigenvalue after ${MOST_STEPS} QR steps, received none`,
        facts,
      );
    }
    // now and then a shift from elsewhere, against cycles
    const shift =
      steps % 11 === 10 ? complex(modulus(t[last][last - 1]) + t[last][last].re, 0) : wilkinsonShift(t, last);
    step(t, q, first, last, shift);
  }
  return { q, t };
}
