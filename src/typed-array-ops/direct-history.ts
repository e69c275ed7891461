// How is the memory of a causal convolution carried along where trajectories are short?
import { accumulateCausal, type CausalWeights } from "./causal.js";
import type { CausalHistory } from "./causal-history.js";

/** The history that sums every row over all its past. */
export function directHistory(weights: readonly CausalWeights[], width: number, transposed: boolean): CausalHistory {
  const [{ nodes }] = weights;
  return {
    begin() {},
    recall(out, x, start, end) {
      const from = transposed ? end : 0;
      const to = transposed ? nodes : start;
      accumulateCausal(out, start, x, 0, weights, width, start, end, from, to, transposed);
    },
    apply(out, x) {
      out.fill(0);
      accumulateCausal(out, 0, x, 0, weights, width, 0, nodes, 0, nodes, transposed);
    },
  };
}
