// How is z = b + A φ(z) solved, when A is causal and φ acts on each node alone?
//
// Window by window along the direction of A. What earlier nodes contribute to a window is known and computed once; in
// the window, Newton's method needs only small systems: with J_j = ∂φ/∂z at node j, the correction solves
//
//     (I − A_nn J_n) δ_n = r_n + Σ_{j before n} A_nj J_j δ_j,
//
// node by node, d×d for each member of the batch. The Jacobian is kept while it serves. A window on which the iteration
// fails is cut; iterating over the whole time axis at once would overflow on ordinary problems, since Picard transients
// grow like Σ (L T^α)^k/Γ(kα + 1) before they fall. A linear φ is solved exactly by the first correction.
import type { FixedPointReport } from "../fixed-point/index.js";
import { ConvergenceError } from "../tensor/index.js";
import { accumulateCausal, type CausalWeights, causalWeight, maxAbs, solveDense } from "../typed-array-ops/index.js";
import type { FieldPlans } from "./field.js";

/** How a solve over a trajectory went. */
export interface TrajectoryReport extends FixedPointReport {
  /** Windows into which the trajectory was cut. */
  readonly windows: number;
}

export interface SweepProblem {
  readonly operation: string;
  readonly nodes: number;
  /** Entries of one node, and of its last axis. */
  readonly width: number;
  readonly d: number;
  readonly weights: readonly CausalWeights[];
  readonly transposed: boolean;
  readonly base: Float64Array;
  /** Nodewise arguments of φ with their entries per node, and shared ones. */
  readonly nodewise: readonly { readonly data: Float64Array; readonly width: number }[];
  readonly shared: readonly Float64Array[];
  readonly plans: (size: number) => FieldPlans;
  readonly sizes: readonly number[];
  readonly tolerance: number;
  readonly relativeTolerance: number;
  readonly maxSteps: number;
}

/** Corrections after which a window that can be cut is cut. */
const patience = 12;
/** The Jacobian is computed anew when a correction left more than this share of the residual. */
const slow = 0.1;
/** Growth of the residual at which a window is given up. */
const runaway = 1e4;

/** Fills z. @throws ConvergenceError if a window of one node does not reach the tolerance. */
export function sweep(problem: SweepProblem, z: Float64Array): TrajectoryReport {
  const { nodes, width, sizes, transposed, operation } = problem;
  const window = makeWindow(problem, z);
  const residuals: number[] = [];
  let level = 0;
  let done = 0;
  let windows = 0;
  while (done < nodes) {
    while (sizes[level] > nodes - done) level++;
    const size = sizes[level];
    const start = transposed ? nodes - done - size : done;
    const outcome = window.solve(start, size, size === 1 ? problem.maxSteps : Math.min(patience, problem.maxSteps));
    residuals.push(outcome.residual);
    if (outcome.converged) {
      done += size;
      windows++;
      if (level > 0 && outcome.steps <= 4 && sizes[level - 1] <= nodes - done) level--;
    } else if (size > 1) {
      level++;
    } else {
      const { residual, goal, steps } = outcome;
      const reached = maxAbs(z.subarray(start * width, (start + 1) * width));
      throw new ConvergenceError(
        `${operation}: expected a residual ≤ ${goal} at node ${start}, received ${residual} after ${steps} steps with ` +
          `the largest |u| there ${reached}: take more steps in time if the field is stiff or steep, or set a ` +
          "relativeTolerance if rounding keeps the residual up",
        { residual, steps: window.steps(), tolerance: goal, residuals },
      );
    }
  }
  return {
    converged: true,
    steps: window.steps(),
    evaluations: window.evaluations(),
    products: window.products(),
    switches: [],
    residual: window.largest(),
    residuals,
    solver: "newton sweep",
    windows,
  };
}

interface Outcome {
  readonly converged: boolean;
  readonly steps: number;
  readonly residual: number;
  readonly goal: number;
}

interface Window {
  solve(start: number, size: number, maxSteps: number): Outcome;
  steps(): number;
  evaluations(): number;
  products(): number;
  largest(): number;
}

function makeWindow(problem: SweepProblem, z: Float64Array): Window {
  const { nodes, width, d, weights, transposed, base } = problem;
  const field = new Float64Array(nodes * width);
  const most = problem.sizes[0] * width;
  const history = new Float64Array(most);
  const image = new Float64Array(most);
  const residual = new Float64Array(most);
  const change = new Float64Array(most); // δ
  const moved = new Float64Array(most); // J δ
  const matrix = new Float64Array(d * d);
  const identity = new Float64Array(d * d);
  for (let c = 0; c < d; c++) identity[c * d + c] = 1;
  let steps = 0;
  let evaluations = 0;
  let products = 0;
  let largest = 0;
  let scale = maxAbs(base); // the largest |b + A φ(z)| of the windows that are done, and in the present one
  let reached = 0;

  function argumentsFor(start: number, size: number): Float64Array[] {
    const rows = (data: Float64Array, entries: number): Float64Array =>
      data.subarray(start * entries, (start + size) * entries);
    return [rows(z, width), ...problem.nodewise.map((a) => rows(a.data, a.width)), ...problem.shared];
  }

  /** What the solved nodes contribute to the window. */
  function recall(start: number, size: number): Float64Array {
    const past = history.subarray(0, size * width);
    past.set(base.subarray(start * width, (start + size) * width));
    const [from, to] = transposed ? [start + size, nodes] : [0, start];
    accumulateCausal(past, start, field, 0, weights, width, start, start + size, from, to, transposed);
    return past;
  }

  /** Begins with the state of the node solved last, or with b. */
  function guess(start: number, size: number): void {
    const neighbour = transposed ? start + size : start - 1;
    const known = neighbour >= 0 && neighbour < nodes ? z.slice(neighbour * width, (neighbour + 1) * width) : undefined;
    for (let n = start; n < start + size; n++) z.set(known ?? base.subarray(n * width, (n + 1) * width), n * width);
  }

  /** Evaluates φ on the window and fills `residual` with b + A φ(z) − z; returns its size. */
  function evaluate(
    inputs: Float64Array[],
    plans: FieldPlans,
    past: Float64Array,
    start: number,
    size: number,
  ): number {
    const [value] = plans.value().run(inputs);
    evaluations++;
    field.set(value, start * width);
    const count = size * width;
    image.set(past);
    const end = start + size;
    accumulateCausal(image, start, field, 0, weights, width, start, end, start, end, transposed);
    let worst = 0;
    reached = 0;
    for (let i = 0; i < count; i++) {
      residual[i] = image[i] - inputs[0][i];
      const entry = Math.abs(residual[i]);
      if (!(entry <= worst)) worst = entry;
      if (Number.isNaN(entry)) return NaN;
      const magnitude = Math.abs(image[i]);
      if (magnitude > reached) reached = magnitude;
    }
    return worst;
  }

  /** Solves for the correction by substitution along the direction of A; false if a small system is singular. */
  function correct(columns: readonly Float64Array[], start: number, size: number): boolean {
    const end = start + size;
    for (let k = 0; k < size; k++) {
      const row = transposed ? size - 1 - k : k;
      const n = start + row;
      const [from, to] = transposed ? [n + 1, end] : [start, n];
      accumulateCausal(residual, start, moved, start, weights, width, n, n + 1, from, to, transposed);
      for (let at = row * width; at < (row + 1) * width; at += d) {
        for (let i = 0; i < d; i++) {
          const diagonal = causalWeight(weights[i % weights.length], n, n);
          for (let c = 0; c < d; c++) matrix[i * d + c] = (i === c ? 1 : 0) - diagonal * columns[c][at + i];
          change[at + i] = residual[at + i];
        }
        if (!solveDense(matrix, 0, change, at, d)) return false;
        for (let i = 0; i < d; i++) {
          let sum = 0;
          for (let c = 0; c < d; c++) sum += columns[c][at + i] * change[at + c];
          moved[at + i] = sum;
        }
      }
    }
    return true;
  }

  function solve(start: number, size: number, maxSteps: number): Outcome {
    const plans = problem.plans(size);
    const inputs = argumentsFor(start, size);
    const [state] = inputs;
    const past = recall(start, size);
    guess(start, size);
    let columns: readonly Float64Array[] = [];
    let before = 0;
    let smallest = Infinity;
    for (let step = 0; ; step++) {
      const error = evaluate(inputs, plans, past, start, size);
      const goal = problem.tolerance + problem.relativeTolerance * Math.max(scale, reached);
      const outcome = { steps: step, residual: error, goal };
      if (error <= goal) {
        largest = Math.max(largest, error);
        scale = Math.max(scale, reached);
        return { ...outcome, converged: true };
      }
      if (!Number.isFinite(error) || error > runaway * smallest || step >= maxSteps) {
        return { ...outcome, converged: false };
      }
      smallest = Math.min(smallest, error);
      if (error > slow * before) {
        columns = plans.columns().run([...inputs, identity]);
        products += d;
      }
      before = error;
      if (!correct(columns, start, size)) return { ...outcome, converged: false };
      for (let i = 0; i < state.length; i++) state[i] += change[i];
      steps++;
    }
  }

  return {
    solve,
    steps: () => steps,
    evaluations: () => evaluations,
    products: () => products,
    largest: () => largest,
  };
}
