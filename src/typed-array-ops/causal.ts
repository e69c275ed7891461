// How is a causal weight matrix applied along time?
//
// A trajectory is a matrix with one row per node; the weights A[n, j] of node j at node n vanish for j > n.

/** Lower-triangular weights, one row per node. */
export interface CausalWeights {
  readonly nodes: number;
  /** On equidistant nodes A[n, j] = lags[n − j] for j ≥ 1, and A[n, 0] = first[n]; else the rows stand in `rows`. */
  readonly uniform: boolean;
  readonly lags: Float64Array;
  readonly first: Float64Array;
  /** Row n begins at n(n + 1)/2. */
  readonly rows: Float64Array;
}

/** A[n, j] for j ≤ n. */
export function causalWeight(weights: CausalWeights, n: number, j: number): number {
  if (!weights.uniform) return weights.rows[(n * (n + 1)) / 2 + j];
  return j === 0 ? weights.first[n] : weights.lags[n - j];
}

/**
 * out[n] += Σⱼ A[n, j] x[j] for n in [rowStart, rowEnd) and j in [columnStart, columnEnd); with `transposed`, A[j, n]
 * stands for A[n, j]. Rows have `width` entries; entry c uses the weights c mod weights.length. Row n of the result
 * begins at (n − outFirst)·width in `out`, row j of x at (j − xFirst)·width.
 */
export function accumulateCausal(
  out: Float64Array,
  outFirst: number,
  x: Float64Array,
  xFirst: number,
  weights: readonly CausalWeights[],
  width: number,
  rowStart: number,
  rowEnd: number,
  columnStart: number,
  columnEnd: number,
  transposed: boolean,
): void {
  const period = weights.length;
  for (let n = rowStart; n < rowEnd; n++) {
    const to = (n - outFirst) * width;
    const first = transposed ? Math.max(columnStart, n) : columnStart;
    const end = transposed ? columnEnd : Math.min(columnEnd, n + 1);
    for (let j = first; j < end; j++) {
      const from = (j - xFirst) * width;
      for (let set = 0; set < period; set++) {
        const w = transposed ? causalWeight(weights[set], j, n) : causalWeight(weights[set], n, j);
        if (period === 1) for (let c = 0; c < width; c++) out[to + c] += w * x[from + c];
        else for (let c = set; c < width; c += period) out[to + c] += w * x[from + c];
      }
    }
  }
}
