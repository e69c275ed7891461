// How is the size of a residual measured?
import { DomainError } from "../tensor/index.js";
import { maxAbs, norm2 } from "../typed-array-ops/index.js";

/** "max" for ‖·‖∞, "euclidean" for ‖·‖₂, or a function of a vector's entries, which does not keep or change them. */
export type Norm = "max" | "euclidean" | ((x: Float64Array) => number);

export interface Measure {
  /** Stands behind ‖·‖ in messages. */
  readonly sign: string;
  of(x: Float64Array): number;
}

/** @throws DomainError */
export function readNorm(operation: string, norm: unknown = "max"): Measure {
  if (norm === "max") return { sign: "∞", of: maxAbs };
  if (norm === "euclidean") return { sign: "₂", of: norm2 };
  if (typeof norm !== "function") {
    throw new DomainError(
      `${operation}: expected norm to be "max", "euclidean" or a function, received ${JSON.stringify(norm)}`,
    );
  }
  return {
    sign: "",
    of(x) {
      const size: unknown = norm(x);
      // Of entries that are not finite the solver hears all the same.
      if (typeof size === "number" && size >= 0) return size;
      if (Number.isNaN(maxAbs(x))) return NaN;
      throw new DomainError(`${operation}: expected norm to give a number ≥ 0, received ${String(size)}`);
    },
  };
}
