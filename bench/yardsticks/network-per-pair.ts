// What does the trajectory cost if the network is called once for every pair of nodes?
//
// The seed's notebook evaluates f(z_j) anew for every later node n. Here the same discrete equation that the library
// solves is written in that way, and solved by the seed's Picard iteration over the whole trajectory.
import { add, concat, expandDims, fixedPoint, mul, picard, slice, type Tensor } from "stillpoint";

export interface PairwiseOptions {
  /** A[n, j] = lags[n − j] for 1 ≤ j ≤ n, and A[n, 0] = first[n]. */
  readonly lags: Float64Array;
  readonly first: Float64Array;
  readonly nodes: number;
  readonly tolerance: number;
}

/** z_n = u₀ + Σ_{j ≤ n} A_nj f(z_j) for all n, [nodes, ...u₀.shape]. */
export function trajectoryByPairs(f: (u: Tensor) => Tensor, u0: Tensor, options: PairwiseOptions): Tensor {
  const { lags, first, nodes, tolerance } = options;
  const start = expandDims(u0, 0);
  const image = (z: Tensor): Tensor => {
    const rows = [start];
    for (let n = 1; n < nodes; n++) {
      let row = start;
      for (let j = 0; j <= n; j++) {
        const weight = j === 0 ? first[n] : lags[n - j];
        if (weight === 0) continue; // an explicit rule has none at j = n
        row = add(row, mul(weight, f(slice(z, [j], [j + 1]))));
      }
      rows.push(row);
    }
    return concat(rows);
  };
  const guess = concat(Array.from({ length: nodes }, () => start));
  return fixedPoint(image, guess, { solver: picard(), tolerance, adjoint: { solver: picard() } });
}
