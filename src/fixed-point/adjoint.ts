// How is a fixed point differentiated without its equation?
import { add, mul } from "../primitives/index.js";
import { checkCount, checkNumber, checkOptions, type Tensor } from "../tensor/index.js";
import type { Norm } from "./norms.js";
import type { StepInfo } from "./solve.js";
import type { Solver } from "./solver.js";

/** How the linear equations of the derivatives are solved; none of it is taken from the options of the solve itself but the default tolerance. */
export interface AdjointOptions {
  /** Default: `auto()`. For linear equations `newtonKrylov()` is GMRES, and `newton()` the dense solution. */
  readonly solver?: Solver;
  /** Relative to the right side, below 1; default: the tolerance of the solve, but at most 0.01. */
  readonly tolerance?: number;
  /** Default: "max". */
  readonly norm?: Norm;
  /** Default: 1000. */
  readonly maxSteps?: number;
  readonly onStep?: (info: StepInfo) => void;
}

/** Derivatives of a number of steps z ← z + damping·(f(z) − z) in place of those of the equation. */
export interface InexactAdjoint {
  readonly of: "unrolled" | "phantom";
  readonly steps: number;
  readonly damping: number;
}

export type Adjoint = AdjointOptions | InexactAdjoint;

export const isInexact = (adjoint: Adjoint): adjoint is InexactAdjoint =>
  typeof adjoint === "object" && adjoint !== null && "of" in adjoint;

/** How many steps `unrolled` and `phantom` differentiate. */
export interface InexactOptions {
  readonly steps: number;
  /** Default: 1. */
  readonly damping?: number;
}

function read(of: InexactAdjoint["of"], options: InexactOptions): InexactAdjoint {
  checkOptions(of, options, ["steps", "damping"]);
  const steps = checkCount(of, "steps", options?.steps);
  const damping = checkNumber(of, "damping", options.damping ?? 1, "in (0, 1]", (x) => x > 0 && x <= 1);
  return { of, steps, damping };
}

/**
 * The derivative of the iteration: z is what so many steps z ← z + damping·(f(z) − z) from z₀ give, all of them on the tape,
 * and has to meet the stop rule. Exact, to every order, for what was computed; z₀ receives its gradient; memory grows with
 * the steps.
 *
 * @throws DomainError unless steps is an integer ≥ 1 and damping in (0, 1].
 * @example fixedPoint((z) => mul(0.5, add(z, 1)), 0, { adjoint: unrolled({ steps: 40 }) }).item().toFixed(9) // → "1.000000000"
 */
export const unrolled = (options: InexactOptions): InexactAdjoint => read("unrolled", options);

/**
 * The phantom gradient, which is inexact: z is solved for, and the derivative is that of so many steps
 * z ← z + damping·(f(z) − z) from there, as if the solution they begin at were a constant. It is off by the factor
 * ((1 − damping) I + damping·J)^steps; with one step and damping 1 it is Jacobian-free backpropagation.
 *
 * @throws DomainError unless steps is an integer ≥ 1 and damping in (0, 1].
 * @source Geng, Zhang, Bai, Wang and Lin (2021), "On training implicit models", equation 9; Fung, Heaton, Li, McKenzie, Osher and
 * Yin (2022), "JFB: Jacobian-free backpropagation for implicit networks", equation 11
 * @example grad((a) => fixedPoint((z) => mul(0.5, add(z, a)), 0, { adjoint: phantom({ steps: 1 }) }))(tensor(1)).item() // → 0.5
 */
export const phantom = (options: InexactOptions): InexactAdjoint => read("phantom", options);

/** The steps, as operations. */
export function takeSteps(
  f: (z: readonly Tensor[]) => readonly Tensor[],
  z: readonly Tensor[],
  { steps, damping }: InexactAdjoint,
): readonly Tensor[] {
  let state = z;
  for (let step = 0; step < steps; step++) {
    const image = f(state);
    state = damping === 1 ? image : state.map((part, i) => add(mul(1 - damping, part), mul(damping, image[i])));
  }
  return state;
}
