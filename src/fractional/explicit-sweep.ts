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
    const plan = problem.plans(1).again;
    const inputs = [state, ...own, ...shared];
    let windows = 0;
    for (let done = 0; done < nodes; windows++) {
      const size = Math.min(WINDOW, nodes - done);
      const start = transposed ? nodes - done - size : done;
      const end = start + size;
      copy(past, 0, base, start * width, size * width);
      history.recall(past, field, start, end);
      for (let i = 0; i < size; i++) {
        const n = transposed ? end - 1 - i : start + i;
        addWithin(problem, past, field, start, end, i);
        copy(state, 0, past, (n - start) * width, width);
        for (let a = 0; a < own.length; a++) {
          const entries = own[a].length;
          copy(own[a], 0, nodewise[a].data, n * entries, entries);
        }
        plan.changed(1);
        const outputs = plan.run(() => inputs);
        copy(field, n * width, outputs[0], 0, width);
      }
      copy(z, start * width, past, 0, size * width);
      if (!isFiniteRange(z, start * width, end * width) || !isFiniteRange(field, start * width, end * width)) {
        for (let i = 0; i < size; i++) {
          const n = transposed ? end - 1 - i : start + i;
          const [from, to] = [n * width, (n + 1) * width];
          if (!isFiniteRange(z, from, to) || !isFiniteRange(field, from, to)) failAtNode(problem, z, n, done + i, NAME);
        }
      }
      done += size;
    }
    return {
      converged: true,
      steps: nodes,
      evaluations: nodes,
      products: 0,
      residual: 0,
      residuals: [],
      windows,
      switches: [],
      solver: NAME,
    };
  };
}

/**
 * Before node i of a window is computed, adds what nodes of the window contribute: the last 2ᵖ of them to the next 2ᵖ, where 2ᵖ is the
 * largest power of two that divides i, so that every two nodes meet once; below four nodes the last ones to this one.
 */
function addWithin(
  { nodes, width, weights, transposed }: SweepProblem,
  past: Float64Array,
  field: Float64Array,
  start: number,
  end: number,
  i: number,
): void {
  if (i === 0) return;
  const many = i % 4 === 0 ? i & -i : 0;
  const origin = transposed ? nodes - end : start;
  const first = origin + i;
  const stop = many === 0 ? first + 1 : Math.min(first + many, origin + end - start);
  const from = many === 0 ? first - (i % 4) : first - many;
  if (transposed) {
    const [low, high] = [nodes - stop, nodes - first];
    accumulateCausal(past, start, field, 0, weights, width, low, high, high, nodes - from, true);
  } else {
    accumulateCausal(past, start, field, 0, weights, width, first, stop, from, first, false);
  }
}

function copy(out: Float64Array, to: number, x: Float64Array, from: number, count: number): void {
  for (let i = 0; i < count; i++) out[to + i] = x[from + i];
}

function isFiniteRange(x: Float64Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!(Math.abs(x[i]) < Infinity)) return false;
  return true;
}
