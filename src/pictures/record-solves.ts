// How is a solve written down, step by step, to be looked at afterwards?
import type { Adjoint, FixedPointOptions, StepInfo } from "../fixed-point/index.js";
import { ConvergenceError, checkFunction } from "../tensor/index.js";
import type { RecordedSolve, RecordedStep } from "./solve-record.js";

/** What `recordSolves` gives. */
export interface Recording<T> {
  /** What the function returned; undefined if a solve in it failed. */
  readonly result: T | undefined;
  /** Every solve, forward ones and those of derivatives, in the order in which they began. */
  readonly solves: readonly RecordedSolve[];
  readonly failure: ConvergenceError | undefined;
}

type Writable = Omit<RecordedSolve, "steps" | "failure"> & { steps: RecordedStep[]; failure?: string };

/**
 * Runs a function that solves with the options it is given, and keeps every step of every solve: iterates, residuals,
 * methods and mixing weights. A solve that fails is kept too, and its error returned.
 *
 * @example
 * const { solves } = recordSolves((options) => fixedPoint((z) => mul(0.5, z), 1, options));
 * solves[0].steps[0].residual // → 0.5
 */
export function recordSolves<T, X = unknown>(
  run: (options: FixedPointOptions<X>) => T,
  options: FixedPointOptions<X> = {},
): Recording<T> {
  checkFunction("recordSolves", run);
  const solves: Writable[] = [];
  const adjoint: Adjoint = options.adjoint ?? {};
  const listen = (role: RecordedSolve["role"], own: ((info: StepInfo) => void) | undefined) => {
    // A solve that runs inside another one has memory of its own for its state.
    const open = new Map<Float64Array, Writable>();
    return (info: StepInfo): void => {
      const { operation: what, solver, step, residual, goal, method, weights, state, sample } = info;
      let solve = open.get(state);
      if (solve === undefined || step === 0) {
        solve = { operation: sample === undefined ? what : `${what}, sample ${sample}`, role, solver, steps: [] };
        open.set(state, solve);
        solves.push(solve);
      }
      const kept = { step, residual, goal, method, state: state.slice() };
      solve.steps.push(weights === undefined ? kept : { ...kept, weights: [...weights] });
      own?.(info);
    };
  };
  const listening: FixedPointOptions<X> = {
    ...options,
    onStep: listen("forward", options.onStep),
    adjoint: "of" in adjoint ? adjoint : { ...adjoint, onStep: listen("derivative", adjoint.onStep) },
  };
  try {
    return { result: run(listening), solves, failure: undefined };
  } catch (error) {
    if (!(error instanceof ConvergenceError)) throw error;
    const last = solves[solves.length - 1];
    if (last !== undefined) last.failure = error.message;
    return { result: undefined, solves, failure: error };
  }
}
