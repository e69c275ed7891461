// How is (I − J) x = b solved, if only products J v can be had?
import { addScaled, divideBy, norm2, orthogonalise, subEach } from "../typed-array-ops/index.js";
import type { SolverExchange, SolverRequest } from "./solver.js";

/** What is left of a product outside the space it comes from, relative to it, is rounding below this. */
const INVARIANT = 1e-14;

/** Solves to ‖b − (I − J) x‖₂ ≤ tolerance, if it can; returns the norm that it predicts to have reached. */
export type Krylov = (x: Float64Array, b: Float64Array, tolerance: number) => Generator<SolverRequest, number, void>;

/**
 * GMRES without restarts, with up to `dimension` products: Arnoldi's method with modified Gram–Schmidt, and Givens rotations.
 *
 * @source Saad and Schultz (1986), "GMRES: a generalized minimal residual algorithm", section 3.2
 */
export function makeKrylov({ size: n, v, product }: SolverExchange, dimension: number): Krylov {
  const basis: Float64Array[] = [];
  const vectorAt = (j: number): Float64Array => {
    basis[j] ??= new Float64Array(n);
    return basis[j];
  };
  // Column j of the triangle begins at j (j + 1)/2.
  const upper = new Float64Array((dimension * (dimension + 1)) / 2);
  const [cosines, sines] = [new Float64Array(dimension), new Float64Array(dimension)];
  const [rest, column] = [new Float64Array(dimension + 1), new Float64Array(dimension + 1)];

  /** The next basis vector from the product with the last one; what remains of it beside the older ones. */
  function extend(j: number): number {
    const w = vectorAt(j + 1);
    subEach(w, basis[j], product);
    const size = norm2(w);
    column.fill(0);
    const length = orthogonalise(w, size, basis, j + 1, column);
    // Nothing new: the space is invariant, and holds the solution if there is one.
    if (!(length > INVARIANT * size)) return 0;
    divideBy(w, w, length);
    return length;
  }

  /** Turns column j by the rotations before it, and by one that makes its last entry 0; false if nothing is left of it. */
  function rotate(j: number, length: number): boolean {
    const before = norm2(column);
    for (let k = 0; k < j; k++) {
      const [a, b] = [column[k], column[k + 1]];
      column[k] = cosines[k] * a + sines[k] * b;
      column[k + 1] = cosines[k] * b - sines[k] * a;
    }
    const a = column[j];
    const size = Math.sqrt(a * a + length * length);
    if (!(size > INVARIANT * Math.max(before, 1))) return false;
    cosines[j] = a / size;
    sines[j] = length / size;
    column[j] = size;
    rest[j + 1] = -sines[j] * rest[j];
    rest[j] *= cosines[j];
    upper.set(column.subarray(0, j + 1), (j * (j + 1)) / 2);
    return true;
  }

  return function* (x, b, tolerance) {
    x.fill(0);
    const size = norm2(b);
    if (size === 0 || !Number.isFinite(size)) return size;
    divideBy(vectorAt(0), b, size);
    rest[0] = size;
    let used = 0;
    for (let going = true; going && used < dimension && Math.abs(rest[used]) > tolerance; ) {
      v.set(basis[used]);
      yield "product";
      const length = extend(used);
      going = rotate(used, length);
      if (going) used++;
      going &&= length > 0;
    }
    const reached = Math.abs(rest[used]);
    for (let k = used - 1; k >= 0; k--) {
      let sum = rest[k];
      for (let j = k + 1; j < used; j++) sum -= upper[(j * (j + 1)) / 2 + k] * column[j];
      column[k] = sum / upper[(k * (k + 1)) / 2 + k];
      addScaled(x, column[k], basis[k]);
    }
    return reached;
  };
}
