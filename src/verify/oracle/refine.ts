// How is the solution of z = F(z) known to 28 digits, when a solver found it to ten?
//
// By Newton's method: the residual is evaluated in 106 bits, and the correction only needs a float64 Jacobian, found by
// differences and so without any derivative rule. Whether the fixed point attracts or repels does not matter.
import { ConvergenceError, DomainError } from "../../tensor/index.js";
import { exchangeRows, luFactorise, substitute } from "../../typed-array-ops/index.js";
import { add, fromNumber, sub } from "../double-double/index.js";
import { at, fill, sizeOfEntries, type WideTensor } from "./wide-tensor.js";

/** Relative to the largest entry of the solution. */
const GOAL = 1e-28;
/** Numbers near 1e-308 have no low part. */
const TINIEST = 1e-305;
const maxSteps = 60;

/** δ with (I − J) δ = r, to some digits. */
export type Correction = (r: Float64Array) => Float64Array;

/** A point, and the linear solver that belongs to it: where the next solve of the same equation begins. */
export interface Refined {
  readonly z: readonly WideTensor[];
  readonly correct: Correction;
}

const joined = (parts: readonly WideTensor[]): Float64Array =>
  Float64Array.from(parts.flatMap(({ high }) => [...high]));

/** z + δ, where δ belongs to all parts in a row. */
export function moved(z: readonly WideTensor[], delta: Float64Array): WideTensor[] {
  let first = 0;
  return z.map((part) => {
    const start = first;
    first += part.high.length;
    return fill(part.shape, (i) => add(at(part, i), fromNumber(delta[start + i])));
  });
}

/** F(z) − z, rounded. */
const residualOf = (image: readonly WideTensor[], z: readonly WideTensor[]): Float64Array =>
  joined(image.map((part, k) => fill(part.shape, (i) => sub(at(part, i), at(z[k], i)))));

export const scaleOf = (z: readonly WideTensor[]): number => Math.max(0, ...z.map(sizeOfEntries));

const largest = (x: Float64Array): number => x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * The z with z = F(z) near z₀, until the corrections are below 10⁻²⁸ of z; the Jacobian is renewed while it does not help.
 *
 * @throws ConvergenceError if the corrections do not become that small.
 */
export function refine(
  operation: string,
  image: (z: readonly WideTensor[]) => readonly WideTensor[],
  linearise: (z: readonly WideTensor[]) => Correction,
  start: readonly WideTensor[],
  known?: Correction,
): Refined {
  let z = start;
  let correct = known ?? linearise(z);
  let last = Infinity;
  let size = Infinity;
  for (let step = 0; step < maxSteps; step++) {
    const delta = correct(residualOf(image(z), z));
    size = largest(delta);
    if (!Number.isFinite(size)) break;
    z = moved(z, delta);
    const scale = scaleOf(z);
    const small = GOAL * scale + TINIEST;
    if (size <= small / 100 || (size > last / 8 && size <= small)) return { z, correct };
    if (size > last / 1e3) correct = linearise(z);
    last = size;
  }
  throw new ConvergenceError(
    `oracle: expected the solution of ${operation} to be found to ${GOAL}, received a last correction of ${size} beside entries of ` +
      `${scaleOf(z)}: its equation is singular or nearly so`,
    { residual: size, steps: maxSteps, tolerance: GOAL, residuals: [] },
  );
}

/** The solver for a dense matrix of n rows. */
export function denseSolver(matrix: Float64Array, n: number): (right: Float64Array) => Float64Array {
  const pivots = new Int32Array(n);
  if (luFactorise(matrix, pivots, n) !== undefined) {
    throw new DomainError("oracle: expected a regular Jacobian I − ∂F/∂z, received a singular one");
  }
  return (right) => {
    const x = right.slice();
    exchangeRows(x, 0, pivots, n, 1, false);
    substitute(matrix, 0, x, 0, n, 1, true, false, true);
    substitute(matrix, 0, x, 0, n, 1, false, false, false);
    return x;
  };
}

/** A step that is small beside z, and whose square is small beside it. */
export const stepFor = (z: readonly WideTensor[]): number => 2 ** -40 * (scaleOf(z) || 1);

/** (F(z + h v) − F(z))/h */
export function slopeAlong(
  image: (z: readonly WideTensor[]) => readonly WideTensor[],
  z: readonly WideTensor[],
  middle: readonly WideTensor[],
  direction: (entry: number) => boolean,
): Float64Array {
  const h = stepFor(z);
  const size = z.reduce((sum, part) => sum + part.high.length, 0);
  const up = image(
    moved(
      z,
      Float64Array.from({ length: size }, (_, i) => (direction(i) ? h : 0)),
    ),
  );
  return residualOf(up, middle).map((value) => value / h);
}

/** Newton's correction for a dense Jacobian, column by column. */
export const denseCorrection =
  (image: (z: readonly WideTensor[]) => readonly WideTensor[]) =>
  (z: readonly WideTensor[]): Correction => {
    const n = z.reduce((sum, part) => sum + part.high.length, 0);
    const matrix = new Float64Array(n * n);
    const middle = image(z);
    for (let column = 0; column < n; column++) {
      slopeAlong(image, z, middle, (i) => i === column).forEach((slope, row) => {
        matrix[row * n + column] = (row === column ? 1 : 0) - slope;
      });
    }
    return denseSolver(matrix, n);
  };
