// How is z = b + A φ(z) solved where no node has a weight on itself?
//
// Then z_n = b_n + Σ_{j before n} A_nj φ(z_j) says what z_n is: node by node along the direction of A each is computed from those
// before it, by one evaluation of φ, without an iteration and without a tolerance. What nodes before the present window
// contribute comes from the fast history.
import { accumulateCausal, type CausalHistory, type LagSpectra, makeHistory } from "../typed-array-ops/index.js";
import { failAtNode, type SweepProblem, type TrajectoryReport } from "./sweep.js";

/** Nodes whose past is computed at once. */
const WINDOW = 32;

const NAME = "explicit sweep";

/** Fills z. @throws ConvergenceError if φ gives NaN or an infinity. */
export type ExplicitSweep = (problem: SweepProblem, z: Float64Array) => TrajectoryReport;

/** A sweep whose memory serves problems of the same size one after the other; the history serves while the weights are the same. */
export function makeExplicitSweep(): ExplicitSweep {
  let field = new Float64Array(0);
  let past = field;
  let state = field;
  let own: Float64Array[] = [];
  let kept: LagSpectra | undefined;
  let history: CausalHistory | undefined;

  return (problem, z) => {
    const { nodes, width, transposed, weights, spectra, base, nodewise, shared } = problem;
    if (field.length !== nodes * width) {
      field = new Float64Array(nodes * width);
      past = new Float64Array(Math.min(nodes, WINDOW) * width);
      state = new Float64Array(width);
      own = nodewise.map((a) => new Float64Array(a.width));
    }
    if (history === undefined || kept !== spectra) history = makeHistory(weights, width, transposed, spectra);
    else history.begin();
    kept = spectra;
    const plan = problem.plans(1).value();
    const inputs = [state, ...own, ...shared];
    let windows = 0;
    for (let done = 0; done < nodes; windows++) {
      const size = Math.min(WINDOW, nodes - done);
      const start = transposed ? nodes - done - size : done;
      const end = start + size;
      copyRow(past, 0, base, start * width, size * width);
      history.recall(past, field, start, end);
      for (let i = 0; i < size; i++) {
        const n = transposed ? end - 1 - i : start + i;
        const from = transposed ? n + 1 : start;
        const to = transposed ? end : n;
        if (i > 0) accumulateCausal(past, start, field, 0, weights, width, n, n + 1, from, to, transposed);
        const row = (n - start) * width;
        copyRow(state, 0, past, row, width);
        const known = copyRow(z, n * width, past, row, width);
        for (let a = 0; a < own.length; a++) {
          const { data, width: entries } = nodewise[a];
          copyRow(own[a], 0, data, n * entries, entries);
        }
        const value = (done + i === 0 ? plan.run(inputs) : plan.rerun())[0];
        const zero = known + copyRow(field, n * width, value, 0, width);
        if (zero !== 0) failAtNode(problem, z, n, done + i, NAME);
      }
      done += size;
    }
    return {
      ...{ converged: true, steps: nodes, evaluations: nodes, products: 0, residual: 0, residuals: [], windows },
      ...{ switches: [], solver: NAME },
    };
  };
}

/** Copies a row, and gives 0 if its entries are finite. */
function copyRow(out: Float64Array, to: number, x: Float64Array, from: number, count: number): number {
  let zero = 0;
  for (let i = 0; i < count; i++) {
    const value = x[from + i];
    out[to + i] = value;
    zero += 0 * value;
  }
  return zero;
}
