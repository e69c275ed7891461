// When has an iteration found its fixed point, and what is told when it has not?
import type { Plan } from "../readings/index.js";
import { ConvergenceError } from "../tensor/index.js";
import { maxAbs, maxAbsDifference } from "../typed-array-ops/index.js";
import type { Solver } from "./solver.js";

/** What one step of a solve looked like. */
export interface StepInfo {
  readonly step: number;
  readonly residual: number;
}

/** How a solve went. Residuals are ‖f(z) − z‖∞, of the equation itself. */
export interface FixedPointReport {
  readonly converged: boolean;
  readonly steps: number;
  readonly evaluations: number;
  readonly residual: number;
  readonly residuals: readonly number[];
  readonly solver: string;
}

/** When to stop, and whom to tell. */
export interface StopRule {
  /** Who asks, for messages. */
  readonly operation: string;
  readonly solver: Solver;
  readonly tolerance: number;
  readonly relativeTolerance: number;
  /** Measure `tolerance` in units of the first residual: for linear equations, whose scale is that of their right side. */
  readonly relativeToStart: boolean;
  readonly maxSteps: number;
  readonly onStep?: ((info: StepInfo) => void) | undefined;
}

/**
 * Iterates until ‖f(z) − z‖∞ ≤ tolerance + relativeTolerance·‖f(z)‖∞, in place: `z` is a list of views of `state`, in
 * which the plan of f finds its first inputs.
 *
 * @throws ConvergenceError if maxSteps steps do not suffice, or f gives NaN or an infinity.
 */
export function iterate(
  plan: Plan,
  inputs: readonly Float64Array[],
  state: Float64Array,
  rule: StopRule,
): FixedPointReport {
  const { operation, solver, maxSteps } = rule;
  const iteration = solver.start(state.length);
  const image = new Float64Array(state.length);
  const residuals: number[] = [];
  let tolerance = rule.tolerance;
  for (let step = 0; ; step++) {
    let at = 0;
    for (const part of plan.run(inputs)) {
      image.set(part, at);
      at += part.length;
    }
    const residual = maxAbsDifference(image, state);
    residuals.push(residual);
    rule.onStep?.({ step, residual });
    if (step === 0 && rule.relativeToStart) tolerance *= residual;
    const goal = tolerance + (rule.relativeTolerance > 0 ? rule.relativeTolerance * maxAbs(image) : 0);
    if (residual <= goal) {
      return { converged: true, steps: step, evaluations: step + 1, residual, residuals, solver: solver.name };
    }
    const facts = { residual, steps: step, tolerance: goal, residuals };
    if (!Number.isFinite(residual)) {
      throw new ConvergenceError(
        `${operation}: f gave ${residual} at step ${step} (tolerance ${goal}, ${solver.name}): ` +
          `the largest |z| before it was ${maxAbs(state)}; start nearer, damp the iteration or bound f`,
        facts,
      );
    }
    if (step >= maxSteps) {
      throw new ConvergenceError(
        `${operation}: expected ‖f(z) − z‖∞ ≤ ${goal}, received residual ${residual} after ${step} steps of ${solver.name}: ` +
          "there may be no fixed point, or it repels; try another solver or start, more maxSteps, or a relativeTolerance",
        facts,
      );
    }
    iteration.next(state, image);
  }
}
