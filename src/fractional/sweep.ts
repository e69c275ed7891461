// How is z = b + A φ(z) solved, when A is causal and φ acts on each node alone?
//
// Window by window along the direction of A. What earlier nodes contribute to a window is known and computed once. A window
// on which the iteration fails is cut; iterating over the whole time axis at once would overflow on ordinary problems, since
// Picard transients grow like Σ (L T^α)^k/Γ(kα + 1) before they fall.
import { anderson, type FixedPointReport, newtonKrylov, type Solver } from "../fixed-point/index.js";
import { ConvergenceError } from "../tensor/index.js";
import {
  type Blocks,
  type CausalHistory,
  type CausalWeights,
  type LagSpectra,
  makeHistory,
  maxAbs,
} from "../typed-array-ops/index.js";
import type { FieldPlans } from "./field.js";
import { makeNewtonWindow } from "./newton-window.js";
import { makeSolverWindow } from "./solver-window.js";
import type { Windows } from "./windows.js";

/** How a solve over a trajectory went. */
export interface TrajectoryReport extends FixedPointReport {
  /** Windows into which the trajectory was cut. */
  readonly windows: number;
  /** With spectral({ accuracy }): what two solutions of different numbers of nodes differ by, in its units. */
  readonly errorEstimate?: number;
}

export interface SweepProblem {
  readonly operation: string;
  readonly nodes: number;
  /** Entries of one node, and of its last axis. */
  readonly width: number;
  readonly d: number;
  readonly weights: readonly CausalWeights[];
  /** The transforms of their lags. */
  readonly spectra: LagSpectra;
  /** Which nodes are solved at once. */
  readonly blocks: Blocks;
  readonly transposed: boolean;
  /** Whether φ is affine in z. */
  readonly affine: boolean;
  readonly base: Float64Array;
  /** Nodewise arguments of φ with their entries per node, and shared ones. */
  readonly nodewise: readonly { readonly data: Float64Array; readonly width: number }[];
  readonly shared: readonly Float64Array[];
  readonly plans: (size: number) => FieldPlans;
  readonly windows: Windows;
  /** Solves windows by iteration; without one, by Newton's method and substitution. */
  readonly solver: Solver | undefined;
  readonly tolerance: number;
  readonly relativeTolerance: number;
  readonly maxSteps: number;
}

/** A sweep under way: what is known of the trajectory. */
export interface Course extends SweepProblem {
  readonly z: Float64Array;
  /** φ at the nodes that are solved, and at those of the present window. */
  readonly field: Float64Array;
  /** The largest |b + A φ(z)| of the windows that are done. */
  scale: number;
  /** The largest |φ| that was met. */
  force: number;
  evaluations: number;
  products: number;
  steps: number;
}

/** How the solve of one window ended. */
export interface Outcome {
  readonly converged: boolean;
  readonly steps: number;
  readonly residual: number;
  readonly goal: number;
  /** The largest |b + A φ(z)| in the window. */
  readonly reached: number;
  readonly why?: string;
}

/** Solves the nodes start, …, start + size − 1 in place, where `past` is what all others contribute; cuttable if not whole. */
export type SolveWindow = (start: number, size: number, past: Float64Array, cuttable: boolean) => Outcome;

/** What a sweep leaves for the next one of the same equation. */
interface Kept {
  readonly field: Float64Array;
  readonly past: Float64Array;
  readonly history: CausalHistory;
  readonly weights: readonly CausalWeights[];
}

/** A sweep that keeps its memory; it fills z. @throws ConvergenceError if a window that cannot be cut does not reach the tolerance. */
export function makeSweep(): (problem: SweepProblem, z: Float64Array) => TrajectoryReport {
  let kept: Kept | undefined;
  return (problem, z) => {
    const { nodes, width, windows, weights, transposed, spectra } = problem;
    kept = {
      field: kept?.field ?? new Float64Array(nodes * width),
      past: kept?.past ?? new Float64Array(Math.max(...windows.sizes) * width),
      history: kept?.weights === weights ? kept.history : makeHistory(weights, width, transposed, spectra),
      weights,
    };
    kept.history.begin();
    return sweep(problem, z, kept);
  };
}

function sweep(problem: SweepProblem, z: Float64Array, { field, past: memory, history }: Kept): TrajectoryReport {
  const { nodes, width, windows, transposed, base } = problem;
  const course: Course = {
    ...problem,
    ...{ z, field, scale: maxAbs(base), force: 0, evaluations: 0, products: 0, steps: 0 },
  };
  const solver = problem.solver ?? solverFor(course);
  const solve: SolveWindow = solver ? makeSolverWindow(course, solver) : makeNewtonWindow(course);
  const residuals: number[] = [];
  let last: SolveWindow | undefined;
  let [level, done, count, largest] = [0, 0, 0, 0];

  /** What the solved nodes contribute to a window. */
  function recall(start: number, size: number): Float64Array {
    const past = memory.subarray(0, size * width);
    past.set(base.subarray(start * width, (start + size) * width));
    history.recall(past, field, start, start + size);
    return past;
  }

  /** Begins with the state of the node solved last, or with b. */
  function guess(start: number, size: number): void {
    const neighbour = transposed ? start + size : start - 1;
    const known = neighbour >= 0 && neighbour < nodes ? z.slice(neighbour * width, (neighbour + 1) * width) : undefined;
    for (let n = start; n < start + size; n++) z.set(known ?? base.subarray(n * width, (n + 1) * width), n * width);
  }

  while (done < nodes) {
    const size = windows.next(done, transposed, level);
    const start = transposed ? nodes - done - size : done;
    const past = recall(start, size);
    guess(start, size);
    const cuttable = level + 1 < windows.levels && size > 1;
    let outcome = solve(start, size, past, cuttable);
    if (!outcome.converged && !cuttable && solver && !problem.solver) {
      last ??= makeNewtonWindow(course);
      guess(start, size);
      outcome = last(start, size, past, false);
    }
    residuals.push(outcome.residual);
    if (outcome.converged) {
      done += size;
      count++;
      course.scale = Math.max(course.scale, outcome.reached);
      largest = Math.max(largest, outcome.residual);
      if (level > 0 && outcome.steps <= 4) level--;
    } else if (cuttable) {
      level++;
    } else {
      fail(course, start, outcome, residuals, solver?.name ?? NEWTON);
    }
  }
  const { steps, evaluations, products } = course;
  return {
    ...{ converged: true, steps, evaluations, products, residual: largest, residuals, windows: count },
    switches: [],
    solver: solver?.name ?? NEWTON,
  };
}

/** Newton's method needs d products for a Jacobian, and systems of so many unknowns; beyond these it is left to iterations. */
const [FEW_STATES, FEW_UNKNOWNS] = [16, 1024];
/** The same for linear equations, which one correction solves. */
const FEW_IF_LINEAR = 16;
const NEWTON = "newton sweep";

/** A solver for many states; none for few. */
function solverFor({ d, affine, blocks }: Course): Solver | undefined {
  const largest = blocks.end.reduce((most, end, n) => Math.max(most, end - blocks.start[n]), 0);
  if (d <= (affine ? FEW_IF_LINEAR : FEW_STATES) && d * largest <= FEW_UNKNOWNS) return undefined;
  return affine ? newtonKrylov() : anderson({ memory: 5 });
}

function fail(
  course: Course,
  start: number,
  { residual, goal, steps, why }: Outcome,
  residuals: number[],
  solver: string,
): never {
  const { operation, z, width, transposed, steps: all, evaluations, products } = course;
  const reached = maxAbs(z.subarray(start * width, (start + 1) * width));
  const place = transposed ? `node ${start} (backwards)` : `node ${start}`;
  const finite = Number.isFinite(residual);
  throw new ConvergenceError(
    finite
      ? `${operation}: expected a residual ≤ ${goal} at ${place}, received ${residual} after ${steps} steps with ` +
          `the largest |u| there ${reached}${why === undefined ? "" : ` (${why})`}: take more steps or panels in time if the field ` +
          "is stiff or steep, or set a relativeTolerance if rounding keeps the residual up"
      : `${operation}: expected a finite f(t, u), received ${residual} from ${place} on, after ${steps} steps with the largest |u| ` +
          `there ${reached}: the solution may blow up, or leave where f is defined`,
    { residual, steps: all, tolerance: goal, residuals, evaluations, products, solver },
  );
}

/** @throws ConvergenceError, for a φ that is not finite at a node, when `steps` nodes are done. */
export function failAtNode(problem: SweepProblem, z: Float64Array, node: number, steps: number, solver: string): never {
  const outcome = { converged: false, steps, residual: NaN, goal: problem.tolerance, reached: 0 };
  const course = { ...problem, z, field: z, scale: 0, force: 0, evaluations: steps + 1, products: 0, steps };
  return fail(course, node, outcome, [NaN], solver);
}
