// How is the next iterate of z = f(z) chosen from z and f(z)?
import { checkCount, checkNumber, checkOptions } from "../tensor/index.js";
import { addScaled, dot } from "../typed-array-ops/index.js";

/** A way to iterate; it holds its settings, and the memory of one solve lives in what `start` gives. */
export interface Solver {
  readonly name: string;
  /** An iteration on vectors of n entries. */
  start(n: number): Iteration;
}

export interface Iteration {
  /** Overwrites z with the next iterate. */
  next(z: Float64Array, fz: Float64Array): void;
}

/**
 * Picard iteration z ← z + damping·(f(z) − z).
 *
 * @throws DomainError unless 0 < damping ≤ 1.
 * @example picard().name // → "picard"
 */
export function picard(options: { readonly damping?: number } = {}): Solver {
  checkOptions("picard", options, ["damping"]);
  const damping = checkNumber("picard", "damping", options.damping ?? 1, "in (0, 1]", (x) => x > 0 && x <= 1);
  return {
    name: "picard",
    start: () => ({
      next(z, fz) {
        if (damping === 1) z.set(fz);
        else for (let i = 0; i < z.length; i++) z[i] += damping * (fz[i] - z[i]);
      },
    }),
  };
}

/** A column whose part outside the span of newer ones is smaller than this share of it carries only rounding errors. */
const dependent = 1e-10;

/** Growth of the residual norm beyond the smallest one so far at which what was learned is dropped. */
const tooLarge = 1e2;

/**
 * Anderson acceleration: z ← f(z) − Σ γⱼ Δfⱼ, where γ minimises ‖r − Σ γⱼ Δrⱼ‖₂ over the last `memory` differences of
 * r = f(z) − z. The least-squares problem is solved by QR, newest column first; nearly dependent columns are dropped.
 *
 * @throws DomainError unless memory is an integer ≥ 1.
 * @source Walker and Ni (2011), "Anderson acceleration for fixed-point iterations", equation 2.2 and section 4
 * @example anderson({ memory: 5 }).name // → "anderson"
 */
export function anderson(options: { readonly memory?: number } = {}): Solver {
  checkOptions("anderson", options, ["memory"]);
  const memory = checkCount("anderson", "memory", options.memory ?? 10);
  return { name: "anderson", start: (n) => startAnderson(n, Math.min(memory, n)) };
}

function startAnderson(n: number, memory: number): Iteration {
  const columns = (): Float64Array[] => Array.from({ length: memory }, () => new Float64Array(n));
  const deltaR = columns();
  const deltaF = columns();
  const q = columns();
  const upper = new Float64Array(memory * memory);
  const gamma = new Float64Array(memory);
  const kept = new Int32Array(memory);
  const r = new Float64Array(n);
  const lastR = new Float64Array(n);
  const lastF = new Float64Array(n);
  let stored = -1; // differences stored so far; −1 before the first evaluation
  let smallest = Infinity;

  /** Puts r − lastR and fz − lastF into the place of the oldest difference. */
  function remember(fz: Float64Array): void {
    const place = stored % memory;
    for (let i = 0; i < n; i++) {
      deltaR[place][i] = r[i] - lastR[i];
      deltaF[place][i] = fz[i] - lastF[i];
    }
    stored++;
  }

  /** Orthonormalises the columns of Δr, newest first, twice against rounding; returns how many were kept. */
  function factorise(): number {
    let rank = 0;
    for (let age = 1; age <= Math.min(stored, memory); age++) {
      const place = (stored - age) % memory;
      const column = q[rank];
      column.set(deltaR[place]);
      const length = Math.sqrt(dot(column, column));
      for (let k = 0; k < rank; k++) upper[k * memory + rank] = 0;
      for (let pass = 0; pass < 2; pass++) {
        for (let k = 0; k < rank; k++) {
          const overlap = dot(q[k], column);
          upper[k * memory + rank] += overlap;
          addScaled(column, -overlap, q[k]);
        }
      }
      const rest = Math.sqrt(dot(column, column));
      if (!(rest > dependent * length)) continue;
      for (let i = 0; i < n; i++) column[i] /= rest;
      upper[rank * memory + rank] = rest;
      kept[rank++] = place;
    }
    return rank;
  }

  return {
    next(z, fz) {
      for (let i = 0; i < n; i++) r[i] = fz[i] - z[i];
      const size = Math.sqrt(dot(r, r));
      if (size > tooLarge * smallest) stored = -1;
      smallest = Math.min(smallest, size);
      if (stored >= 0) remember(fz);
      else stored = 0;
      lastR.set(r);
      lastF.set(fz);
      const rank = factorise();
      for (let k = rank - 1; k >= 0; k--) {
        let sum = dot(q[k], r);
        for (let j = k + 1; j < rank; j++) sum -= upper[k * memory + j] * gamma[j];
        gamma[k] = sum / upper[k * memory + k];
      }
      z.set(fz);
      for (let k = 0; k < rank; k++) addScaled(z, -gamma[k], deltaF[kept[k]]);
    },
  };
}
