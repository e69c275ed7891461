// What may be asked of a fractional equation, and what holds if nothing is?
import { readSolver, type Solver } from "../fixed-point/index.js";
import { div, reshape, slice, toTensor } from "../primitives/index.js";
import {
  checkCount,
  checkFunction,
  checkNumber,
  checkOptions,
  DomainError,
  describe,
  type Shape,
  ShapeError,
  sameShape,
  showShape,
  Tensor,
  tensor,
} from "../tensor/index.js";
import { productTrapezoid, type Quadrature, type Rule } from "./quadrature.js";
import type { Panels } from "./spectral-weights.js";
import type { TrajectoryReport } from "./sweep.js";
import type { TrajectoryRule } from "./volterra.js";

export interface CaputoOptions {
  /** In (0, 2]: one for all states, or one for each entry of the last axis of u₀. */
  readonly order: number | Tensor | readonly number[];
  /** Where the trajectory ends; with `times`, their last one. */
  readonly duration?: number | Tensor;
  /** Number of steps in time, with `duration`, for the product rules. */
  readonly steps?: number;
  /** An explicit grid that starts at 0, instead of `duration` and `steps`; as a tensor it receives its gradient. */
  readonly times?: readonly number[] | Float64Array | Tensor;
  /** u′(0), for orders above 1; default 0. */
  readonly initialDerivative?: number | Tensor;
  /** Default: `productTrapezoid()`. */
  readonly quadrature?: Quadrature;
  /** For windows of the trajectory; default: none for explicit rules, Newton's method and substitution for few states, anderson({ memory: 5 }) for many. */
  readonly solver?: Solver;
  /** The largest number of nodes that the product rules solve at once: 1 is stepping, steps + 1 is global. Default: 32. */
  readonly window?: number;
  /** Default: 1e-10. */
  readonly tolerance?: number;
  /** Default: 0. */
  readonly relativeTolerance?: number;
  /** Steps for one window; default 100. */
  readonly maxSteps?: number;
  /**
   * For the linear equations of the derivatives: the tolerance, relative to their solution, is by default that of the solve; without
   * a solver they are swept exactly for explicit rules, solved by substitution for up to 64 states, and by newtonKrylov() beyond.
   */
  readonly adjoint?: { readonly tolerance?: number; readonly solver?: Solver };
  /** Told how every solve went, also where `solveCaputoWithReport` cannot be used. */
  readonly onSolve?: (report: TrajectoryReport) => void;
  /** Told how every solve of a derivative's linear equation went. */
  readonly onAdjoint?: (report: TrajectoryReport) => void;
}

/** A record, so that no option is forgotten here. */
const known: Record<keyof CaputoOptions, true> = {
  ...{ order: true, duration: true, steps: true, times: true, initialDerivative: true, quadrature: true, solver: true },
  ...{ window: true, tolerance: true, relativeTolerance: true, maxSteps: true, adjoint: true },
  ...{ onSolve: true, onAdjoint: true },
};

export function refuseNonFinite(operation: string, name: string, x: Tensor): Tensor {
  if (!x.traced) {
    const bad = x.data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new DomainError(`${operation}: expected ${name} to be finite, received ${x.data[bad]} in entry ${bad}`);
  }
  return x;
}

export function readOrder(operation: string, order: CaputoOptions["order"] | undefined, row: Shape): Tensor {
  if (order === undefined) throw new DomainError(`${operation}: expected the option order, a number in (0, 2]`);
  const alpha = Array.isArray(order) ? tensor(order) : toTensor(operation, order as Tensor | number);
  if (!alpha.traced) {
    for (const a of alpha.data) {
      if (!(a > 0 && a <= 2)) throw new DomainError(`${operation}: expected order in (0, 2], received ${a}`);
    }
  }
  const d = row[row.length - 1];
  if (alpha.shape.length > 0 && !sameShape(alpha.shape, [d])) {
    throw new ShapeError(
      `${operation}: expected one order, [], or one for each of the ${d} states, [${d}], received ${showShape(alpha.shape)}`,
    );
  }
  return alpha;
}

/** The quadrature on its grid, and the duration. */
export function readGrid(
  operation: string,
  options: CaputoOptions,
  alpha: Tensor,
  refine: (accuracy: number, exponent: number, duration: Tensor) => Panels = () => {
    throw new DomainError(`${operation}: expected a quadrature with nodes, received one with an accuracy`);
  },
): { rule: Rule; duration: Tensor; nodes: Tensor | undefined } {
  const { quadrature = productTrapezoid(), steps } = options;
  const given = options.times instanceof Tensor ? options.times : undefined;
  const times =
    given === undefined ? (options.times as readonly number[] | Float64Array | undefined) : valuesOf(operation, given);
  if (typeof quadrature?.lay !== "function") {
    throw new DomainError(
      `${operation}: expected a quadrature such as productTrapezoid(), received ${describe(quadrature)}`,
    );
  }
  const orders = alpha.traced ? undefined : alpha.data;
  const { rule, duration: end } = quadrature.lay({
    ...{ operation, steps, times, orders },
    refine: (accuracy, exponent) => refine(accuracy, exponent, readDuration(operation, options)),
  });
  if (end === undefined) return { rule, duration: readDuration(operation, options), nodes: undefined };
  if (options.duration === undefined) {
    if (given === undefined) return { rule, duration: toTensor(operation, end), nodes: undefined };
    const last = given.shape[0] - 1;
    const duration = reshape(slice(given, [last], [last + 1]), []);
    return { rule, duration, nodes: div(given, duration) };
  }
  throw new DomainError(`${operation}: expected either times or duration, received both`);
}

function valuesOf(operation: string, times: Tensor): Float64Array {
  if (times.shape.length !== 1) {
    throw new ShapeError(`${operation}: expected times [nodes], received ${showShape(times.shape)}`);
  }
  return times.data;
}

function readDuration(operation: string, options: CaputoOptions): Tensor {
  if (options.duration === undefined) {
    throw new DomainError(`${operation}: expected duration and steps, or times, received neither in full`);
  }
  const duration = refuseNonFinite(operation, "duration", toTensor(operation, options.duration));
  if (duration.shape.length !== 0) {
    throw new ShapeError(`${operation}: expected duration to be a scalar, received ${showShape(duration.shape)}`);
  }
  if (!duration.traced && !(duration.item() > 0)) {
    throw new DomainError(`${operation}: expected duration > 0, received ${duration.item()}`);
  }
  return duration;
}

/** How the equation is solved, and how the linear equations of its derivatives are. */
export function readRules(
  operation: string,
  options: CaputoOptions,
  note: ((report: TrajectoryReport) => void) | undefined,
): { rule: TrajectoryRule; linear: TrajectoryRule } {
  checkOptions(operation, options ?? {}, Object.keys(known));
  const { adjoint, onSolve, onAdjoint, window } = options ?? {};
  checkOptions(`${operation}: adjoint`, adjoint, ["tolerance", "solver"]);
  for (const [name, call] of Object.entries({ onSolve, onAdjoint })) {
    if (call !== undefined) checkFunction(`${operation}: ${name}`, call);
  }
  if (window !== undefined) checkCount(operation, "window", window);
  const positive = (name: string, value: number): number =>
    checkNumber(operation, name, value, "a number > 0", (x) => x > 0);
  const { tolerance: absolute = 1e-10, relativeTolerance: relative = 0, maxSteps: most = 100 } = options ?? {};
  const tolerance = positive("tolerance", absolute);
  const relativeTolerance = checkNumber(operation, "relativeTolerance", relative, "a number ≥ 0", (x) => x >= 0);
  const maxSteps = checkCount(operation, "maxSteps", most);
  const own = (from: { readonly solver?: Solver } | undefined): Solver | undefined =>
    from?.solver === undefined ? undefined : readSolver(operation, from.solver);
  const onReport = (report: TrajectoryReport): void => {
    note?.(report);
    onSolve?.(report);
  };
  return {
    rule: { operation, tolerance, relativeTolerance, maxSteps, window, solver: own(options), onReport },
    linear: {
      ...{ operation: `${operation}: the linear equation of its derivative`, tolerance: 0, maxSteps, window },
      relativeTolerance: positive("adjoint.tolerance", adjoint?.tolerance ?? Math.max(tolerance, relativeTolerance)),
      solver: own(adjoint),
      onReport: onAdjoint,
    },
  };
}
