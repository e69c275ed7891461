// What may be asked of a fixed point, and what holds if nothing is?
import { checkCount, checkFunction, checkNumber, checkOptions, DomainError, describe } from "../tensor/index.js";
import { type Adjoint, type AdjointOptions, type Inexact, isInexact } from "./adjoint.js";
import { auto } from "./auto.js";
import { type Norm, readNorm } from "./norms.js";
import type { FixedPointReport, StepInfo, StopRule } from "./solve.js";
import type { Solver } from "./solver.js";

export interface FixedPointOptions<X = unknown> {
  /** Default: `auto()`. */
  readonly solver?: Solver;
  /** How derivatives are taken; default: by the implicit function theorem. */
  readonly adjoint?: Adjoint;
  /** Default: 1e-10. */
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

export interface Rules {
  readonly rule: StopRule;
  /** The rule for the linear equations of the derivatives. */
  readonly linear: StopRule;
  readonly inexact: Inexact | undefined;
}

function readSolver(operation: string, solver: Solver | undefined): Solver {
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
  for (const call of [options.onStep, options.onSolve, options.onAdjoint, own.onStep]) {
    if (call !== undefined) checkFunction(operation, call);
  }
  const read = (who: string, from: AdjointOptions, tolerance: number, prefix: string) => ({
    solver: readSolver(who, from.solver),
    tolerance: checkNumber(operation, `${prefix}tolerance`, from.tolerance ?? tolerance, "a number > 0", (x) => x > 0),
    norm: readNorm(who, from.norm),
    maxSteps: checkCount(operation, `${prefix}maxSteps`, from.maxSteps ?? 1000),
    onStep: from.onStep,
  });
  const rule = read(operation, options as AdjointOptions, 1e-10, "");
  const relative = options.relativeTolerance ?? 0;
  return {
    rule: {
      ...{ ...rule, operation, relativeToStart: false },
      relativeTolerance: checkNumber(operation, "relativeTolerance", relative, "a number ≥ 0", (x) => x >= 0),
    },
    linear: {
      ...read(`${operation}: adjoint`, own, rule.tolerance, "adjoint."),
      operation: `${operation}: the linear equation of its derivative`,
      ...{ relativeTolerance: 0, relativeToStart: true },
    },
    inexact,
  };
}
