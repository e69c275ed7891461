// What are the weights of a product rule, and their derivatives in the order?
//
// (I^α f)(tₙ) = 1/Γ(α) ∫₀^tₙ (tₙ − s)^(α−1) f(s) ds, with f replaced by an interpolant on each cell.
import type { CausalWeights } from "../typed-array-ops/index.js";
import { powerOverGamma } from "./kernel.js";
import type { Mesh } from "./mesh.js";

/** The weights of both ends of cells, as k-th derivatives in α. */
export type CellRule = (alpha: number, k: number) => CellWeights;

/**
 * The weights of a cell [t_l, t_(l+1)] seen from tₙ: `weigh(tₙ − t_(l+1), t_(l+1) − t_l)` puts left and right in `ends`.
 * The length is given, not found as a difference of distances, which would lose digits in short cells far away.
 */
export interface CellWeights {
  readonly ends: Float64Array;
  weigh(near: number, length: number): void;
}

/**
 * Nodes and weights of the Gauss–Legendre rule of 12 points on [−1, 1], positive half.
 *
 * @source Abramowitz and Stegun (1964), table 25.4
 */
export const gaussNodes: readonly number[] = [
  0.1252334085114689, 0.3678314989981802, 0.5873179542866175, 0.7699026741943047, 0.9041172563704749,
  0.9815606342467192,
];
export const gaussWeights: readonly number[] = [
  0.24914704581340277, 0.2334925365383548, 0.20316742672306592, 0.16007832854334622, 0.10693932599531843,
  0.04717533638651183,
];

/**
 * Cells that an interpolant `share` weighs: x in [0, 1], the distance from the right end in units of the length, and the kernel
 * times the weight of a point go in. The textbook's differences of powers lose all digits in cells far from tₙ; there the
 * kernel is smooth, and Gauss–Legendre integrates it to rounding. A cell near tₙ but not at it is cut into pieces [D, 2D] of
 * distances, on which the kernel is as smooth. The cell that ends at tₙ has a closed form, `last`.
 */
function makeCells(
  alpha: number,
  k: number,
  last: (length: number, ends: Float64Array) => void,
  share: (x: number, value: number, ends: Float64Array) => void,
): CellWeights {
  const ends = new Float64Array(2);
  const kernel = powerOverGamma(alpha, -1, k);

  /** Adds the distances from `from` on, where x rises from `low` to `high`. */
  function piece(from: number, length: number, low: number, high: number): void {
    const half = length / 2;
    const middle = from + half;
    for (let i = 0; i < gaussNodes.length; i++) {
      const g = gaussNodes[i];
      const weight = half * gaussWeights[i];
      share(((1 + g) * high + (1 - g) * low) / 2, weight * kernel(middle + half * g), ends);
      share(((1 - g) * high + (1 + g) * low) / 2, weight * kernel(middle - half * g), ends);
    }
  }

  return {
    ends,
    weigh(near, length) {
      if (near === 0) {
        last(length, ends);
        return;
      }
      ends.fill(0);
      let low = 0;
      let done = 0; // the part of the cell, from its near end on, that is weighed
      while (2 * (near + done) < near + length) {
        const high = (near + 2 * done) / length;
        piece(near + done, near + done, low, high);
        low = high;
        done = near + 2 * done;
      }
      piece(near + done, length - done, low, 1);
    },
  };
}

/**
 * Piecewise linear interpolation.
 *
 * @source Diethelm, Ford and Freed (2004), "Detailed error analysis for a fractional Adams method", equation 1.11;
 * Garrappa (2018), "Numerical solution of fractional differential equations: a survey", section 2
 * @example
 * const cells = trapezoidCells(1, 0);
 * cells.weigh(0, 1);
 * cells.ends // → [0.5, 0.5]
 */
export function trapezoidCells(alpha: number, k: number): CellWeights {
  const upper = powerOverGamma(alpha, 1, k);
  const upperBefore = powerOverGamma(alpha, 1, Math.max(0, k - 1));
  return makeCells(
    alpha,
    k,
    (length, ends) => {
      // α·Q and Q with Q = H^α/Γ(α + 2) = P_(α+1)(H)/H; the product rule gives α-derivatives.
      const q = upper(length) / length;
      ends[0] = alpha * q + (k > 0 ? (k * upperBefore(length)) / length : 0);
      ends[1] = q;
    },
    (x, value, ends) => {
      ends[0] += x * value;
      ends[1] += (1 - x) * value;
    },
  );
}

/**
 * Piecewise constant interpolation by the value at the left end, which makes the rule explicit.
 *
 * @source Diethelm, Ford and Freed (2004), equation 1.16
 * @example
 * const cells = rectangleCells(1, 0);
 * cells.weigh(0, 0.5);
 * cells.ends // → [0.5, 0]
 */
export function rectangleCells(alpha: number, k: number): CellWeights {
  const whole = powerOverGamma(alpha, 0, k);
  return makeCells(
    alpha,
    k,
    (length, ends) => {
      ends[0] = whole(length);
      ends[1] = 0;
    },
    (_, value, ends) => {
      ends[0] += value;
    },
  );
}

/**
 * The weights of a rule on a mesh: k-th derivative in α.
 *
 * @example
 * const mesh = gradedMesh(2);
 * causalWeights(trapezoidCells, mesh, 1, 0).first // → [0, 0.25, 0.25]
 */
export function causalWeights(rule: CellRule, mesh: Mesh, alpha: number, k: number): CausalWeights {
  const cells = rule(alpha, k);
  const { ends } = cells;
  const { nodes, uniform, blocks } = mesh;
  const count = nodes.length;
  const none = new Float64Array(0);
  if (uniform) {
    const lags = new Float64Array(count);
    const first = new Float64Array(count);
    for (let lag = 0; lag < count - 1; lag++) {
      cells.weigh(nodes[lag], 1 / (count - 1));
      lags[lag] += ends[1];
      lags[lag + 1] += ends[0];
      first[lag + 1] = ends[0];
    }
    return { nodes: count, uniform, lags, first, rows: none };
  }
  const rows = new Float64Array(blocks.size);
  for (let n = 1; n < count; n++) {
    const row = blocks.row[n];
    for (let l = 0; l < n; l++) {
      cells.weigh(nodes[n] - nodes[l + 1], nodes[l + 1] - nodes[l]);
      rows[row + l] += ends[0];
      rows[row + l + 1] += ends[1];
    }
  }
  return { nodes: count, uniform, lags: none, first: none, rows, blocks };
}
