// What may be asked of a fixed point, and what holds if nothing is?
import { checkCount, checkFunction, checkNumber, checkOptions, DomainError, describe } from "../tensor/index.js";
import { type Adjoint, type AdjointOptions, type InexactAdjoint, isInexact } from "./adjoint.js";
import { auto } from "./auto.js";
import { type Norm, readNorm } from "./norms.js";
import type { FixedPointReport, StepInfo, StopRule } from "./solve.js";
import type { Solver } from "./solver.js";

export interface FixedPointOptions<X = unknown> {
  /** Default: `auto()`. */
  readonly solver?: Solver;
  /** How derivatives are taken; default: by the implicit function theorem. */
  readonly adjoint?: Adjoint;
  /** Default: 1e-10; may be 0 beside a relativeTolerance. */
  readonly tolerance?: number;
  /** Default: 0. */
  readonly relativeTolerance?: number;
  /** In which residuals are measured; default: "max". */
  readonly norm?: Norm;
  /** Default: 1000. */
  readonly maxSteps?: number;
  /** What f is given as its second argument, with one row for each sample of a batch: each is then solved by itself. */
  readonly samples?: X;
  readonly onStep?: (info: StepInfo) => void;
  /** Told how every solve went, also where `fixedPointWithReport` cannot be used: within a trace, a plan or a layer. */
  readonly onSolve?: (report: FixedPointReport) => void;
  /** Told how every solve of a derivative's linear equation went. */
  readonly onAdjoint?: (report: FixedPointReport) => void;
}

/** A record, so that no option is forgotten here. */
const known: Record<keyof FixedPointOptions, true> = {
  solver: true,
  adjoint: true,
  tolerance: true,
  relativeTolerance: true,
  norm: true,
  maxSteps: true,
  samples: true,
  onStep: true,
  onSolve: true,
  onAdjoint: true,
};
const knownOfAdjoint: Record<keyof AdjointOptions, true> = {
  solver: true,
  tolerance: true,
  norm: true,
  maxSteps: true,
  onStep: true,
};

/** What remains of a derivative's right side by default is at most this share of it, in whatever units z is solved. */
const LOOSEST = 0.01;

export interface Rules {
  readonly rule: StopRule;
  /** The rule for the linear equations of the derivatives. */
  readonly linear: StopRule;
  readonly inexact: InexactAdjoint | undefined;
}

export function readSolver(operation: string, solver: Solver | undefined): Solver {
  if (solver === undefined) return auto();
  if (typeof solver?.prepare === "function") return solver;
  throw new DomainError(`${operation}: expected a solver such as anderson() or picard(), received ${describe(solver)}`);
}

/** @throws DomainError */
export function readOptions(operation: string, options: FixedPointOptions): Rules {
  checkOptions(operation, options, Object.keys(known));
  const { adjoint = {} } = options;
  const inexact = isInexact(adjoint) ? adjoint : undefined;
  const own: AdjointOptions = isInexact(adjoint) ? {} : adjoint;
  checkOptions(`${operation}: adjoint`, own, Object.keys(knownOfAdjoint));
  const { onStep, onSolve, onAdjoint } = options;
  for (const [name, call] of Object.entries({ onStep, onSolve, onAdjoint, "adjoint.onStep": own.onStep })) {
    if (call !== undefined) checkFunction(`${operation}: ${name}`, call);
  }
  const read = (who: string, from: AdjointOptions, prefix: string) => ({
    solver: readSolver(who, from.solver),
    norm: readNorm(who, from.norm),
    maxSteps: checkCount(operation, `${prefix}maxSteps`, from.maxSteps === undefined ? 1000 : from.maxSteps),
    onStep: from.onStep,
  });
  const { relativeTolerance: relative = 0, tolerance: absolute = 1e-10 } = options;
  const relativeTolerance = checkNumber(operation, "relativeTolerance", relative, "a number ≥ 0", (x) => x >= 0);
  const tolerance =
    relativeTolerance > 0
      ? checkNumber(operation, "tolerance", absolute, "a number ≥ 0", (x) => x >= 0)
      : checkNumber(operation, "tolerance", absolute, "a number > 0 (or 0 beside a relativeTolerance)", (x) => x > 0);
  const { tolerance: linear = Math.min(LOOSEST, Math.max(tolerance, relativeTolerance)) } = own;
  return {
    rule: {
      ...read(operation, options as AdjointOptions, ""),
      ...{ operation, tolerance, relativeTolerance, relativeToStart: false },
    },
    linear: {
      ...read(`${operation}: adjoint`, own, "adjoint."),
      operation: `${operation}: the linear equation of its derivative`,
      tolerance: checkNumber(operation, "adjoint.tolerance", linear, "in (0, 1)", (x) => x > 0 && x < 1),
      ...{ relativeTolerance: 0, relativeToStart: true },
    },
    inexact,
  };
}
