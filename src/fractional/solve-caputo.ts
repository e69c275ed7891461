// What is the solution of D^α u = f(t, u), u(0) = u₀?
//
// Equivalent is u(t) = u₀ + u′₀ t + 1/Γ(α) ∫₀ᵗ (t − s)^(α−1) f(s, u(s)) ds (u′₀ only for α > 1). On nodes this is one
// equation for the whole trajectory, z = b + Â(α)·T^α f(T τ, z), and its derivatives are those of `trajectory`.
import { add, broadcastTo, greater, mul, pow, reshape, toTensor, where } from "../primitives/index.js";
import { apply1, isTracing } from "../tape/index.js";
import {
  checkCount,
  checkFunction,
  checkNumber,
  checkOptions,
  DomainError,
  type Shape,
  ShapeError,
  sameShape,
  showShape,
  sizeOf,
  Tensor,
  TraceError,
  tensor,
} from "../tensor/index.js";
import { fieldOf } from "./field.js";
import { makeIntegral } from "./integral.js";
import { gradedMesh, type Mesh, meshOfTimes } from "./mesh.js";
import type { ProductRule } from "./product-weights.js";
import { productTrapezoid } from "./quadrature.js";
import type { TrajectoryReport } from "./sweep.js";
import { trajectoryPrimitive } from "./volterra.js";

export interface CaputoOptions {
  /** In (0, 2]: one for all states, or one for each entry of the last axis of u₀. */
  readonly order: number | Tensor | readonly number[];
  /** Where the trajectory ends; with `times`, their last one. */
  readonly duration?: number | Tensor;
  /** Number of steps in time, with `duration`. */
  readonly steps?: number;
  /** An explicit grid that starts at 0, instead of `duration` and `steps`. */
  readonly times?: readonly number[] | Float64Array;
  /** u′(0), for orders above 1; default 0. */
  readonly initialDerivative?: number | Tensor;
  /** Default: `productTrapezoid()`. */
  readonly quadrature?: ProductRule;
  /** Default: 1e-10. */
  readonly tolerance?: number;
  /** Default: 0. */
  readonly relativeTolerance?: number;
  /** Newton steps for one window; default 100. */
  readonly maxSteps?: number;
  /** For the linear equations of the derivatives, relative to their solution; default: `tolerance`. */
  readonly adjoint?: { readonly tolerance?: number };
  /** Told about every solve of a derivative's linear equation. */
  readonly onAdjoint?: (report: TrajectoryReport) => void;
}

const optionNames = [
  "order",
  "duration",
  "steps",
  "times",
  "initialDerivative",
  "quadrature",
  "tolerance",
  "relativeTolerance",
  "maxSteps",
  "adjoint",
  "onAdjoint",
];

export interface CaputoSolution {
  /** [steps + 1] */
  readonly times: Tensor;
  /** [steps + 1, ...u₀.shape], u₀ first */
  readonly values: Tensor;
}

function refuseNonFinite(operation: string, name: string, x: Tensor): Tensor {
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

function readGrid(operation: string, options: CaputoOptions, rule: ProductRule): { mesh: Mesh; duration: Tensor } {
  if (options.times !== undefined) {
    if (options.steps !== undefined || options.duration !== undefined || rule.grading !== 1) {
      throw new DomainError(`${operation}: expected either times or duration and steps (and a grading), received both`);
    }
    const { mesh, duration } = meshOfTimes(operation, options.times);
    return { mesh, duration: toTensor(operation, duration) };
  }
  if (options.duration === undefined || options.steps === undefined) {
    throw new DomainError(`${operation}: expected duration and steps, or times, received neither in full`);
  }
  const duration = refuseNonFinite(operation, "duration", toTensor(operation, options.duration));
  if (duration.shape.length !== 0) {
    throw new ShapeError(`${operation}: expected duration to be a scalar, received ${showShape(duration.shape)}`);
  }
  if (!duration.traced && !(duration.item() > 0)) {
    throw new DomainError(`${operation}: expected duration > 0, received ${duration.item()}`);
  }
  return { mesh: gradedMesh(options.steps, rule.grading, operation), duration };
}

/** b = u₀ + u′₀ t, where u′₀ counts for states of an order above 1. */
function baseCurve(
  operation: string,
  u0: Tensor,
  alpha: Tensor,
  times: Tensor,
  slope: number | Tensor | undefined,
): Tensor {
  const shape = [times.shape[0], ...u0.shape];
  const start = broadcastTo(u0, shape);
  if (slope === undefined) return start;
  if (!alpha.traced && alpha.data.every((a) => a <= 1)) {
    throw new DomainError(
      `${operation}: expected no initialDerivative for orders up to 1, received one with order ${alpha.toArray()}: ` +
        "u(0) alone determines the solution",
    );
  }
  const v0 = refuseNonFinite(operation, "initialDerivative", toTensor(operation, slope));
  const counted = where(greater(alpha, 1), broadcastTo(v0, u0.shape), 0);
  return add(start, mul(times, counted));
}

type TimeField = (t: Tensor, u: Tensor) => Tensor;

function solve(
  operation: string,
  f: TimeField,
  u0: number | Tensor,
  options: CaputoOptions,
  onReport?: (report: TrajectoryReport) => void,
): CaputoSolution {
  checkFunction(operation, f);
  checkOptions(operation, options ?? {}, optionNames);
  checkOptions(`${operation}: adjoint`, options?.adjoint, ["tolerance"]);
  const given = refuseNonFinite(operation, "u0", toTensor(operation, u0));
  const scalar = given.shape.length === 0;
  const start = scalar ? reshape(given, [1]) : given;
  const vectorField: TimeField = scalar
    ? (t, u) => {
        const result = toTensor(operation, f(reshape(t, [t.shape[0]]), reshape(u, [u.shape[0]])));
        return sizeOf(result.shape) === u.shape[0] ? reshape(result, u.shape) : result;
      }
    : f;

  const rule = options?.quadrature ?? productTrapezoid();
  if (typeof rule?.cells !== "function") {
    throw new DomainError(`${operation}: expected a quadrature such as productTrapezoid(), received ${typeof rule}`);
  }
  const alpha = readOrder(operation, options?.order, start.shape);
  const { mesh, duration } = readGrid(operation, options, rule);
  const positive = (name: string, value: number): number =>
    checkNumber(operation, name, value, "a number > 0", (x) => x > 0);
  const tolerance = positive("tolerance", options.tolerance ?? 1e-10);
  const relativeTolerance = options.relativeTolerance ?? 0;
  checkNumber(operation, "relativeTolerance", relativeTolerance, "a number ≥ 0", (x) => x >= 0);
  const maxSteps = checkCount(operation, "maxSteps", options.maxSteps ?? 100);

  const nodes = mesh.nodes.length;
  const row = start.shape;
  const times = mul(duration, new Tensor([nodes], mesh.nodes));
  const nodewiseTimes = reshape(times, [nodes, ...row.map(() => 1)]);
  const { field, shared } = fieldOf(operation, vectorField, nodes, row);
  const scale = pow(duration, alpha);
  const values = apply1(
    trajectoryPrimitive,
    [
      baseCurve(operation, start, alpha, nodewiseTimes, options.initialDerivative),
      alpha,
      nodewiseTimes,
      scale,
      ...shared,
    ],
    {
      integral: makeIntegral(rule, mesh),
      field: (z, nodewise, [factor, ...theta]) => mul(factor, field(z, nodewise, theta)),
      nodewise: 1,
      probe: true,
      rule: { operation, tolerance, relativeTolerance, maxSteps, onReport },
      linear: {
        operation: `${operation}: the linear equation of its derivative`,
        tolerance: 0,
        relativeTolerance: positive("adjoint.tolerance", options.adjoint?.tolerance ?? tolerance),
        maxSteps,
        onReport: options.onAdjoint,
      },
    },
  );
  return { times, values: scalar ? reshape(values, [nodes]) : values };
}

/**
 * The solution of D^order u = f(t, u), u(0) = u0, on steps + 1 nodes, by one fixed point over the whole trajectory.
 *
 * f is evaluated on many time nodes at once: u is [K, ...u0.shape] with time first, t is [K, 1, …, 1] of the same rank,
 * and f acts on each node alone. States are the last axis of u0, axes before it a batch. u0, initialDerivative, order,
 * duration and whatever f closes over receive their gradients: those of the discrete equation, exact to rounding.
 *
 * @throws ConvergenceError if the discrete equation is not solved to the tolerance.
 * @throws DomainError for an order outside (0, 2], unknown options, or values that are not finite.
 * @throws ShapeError if f(t, u) has not the shape of u.
 * @source Diethelm, Ford and Freed (2004), equations 1.5 and 1.11
 * @example solveCaputo((t, u) => neg(u), tensor([1]), { order: 1, duration: 1, steps: 10 }).values.shape // → [11, 1]
 */
export function solveCaputo(f: TimeField, u0: number | Tensor, options: CaputoOptions): CaputoSolution {
  return solve("solveCaputo", f, u0, options);
}

/**
 * `solveCaputo` together with how the solve went.
 *
 * @throws TraceError inside a traced function, where nothing is solved yet.
 * @example solveCaputoWithReport((t, u) => neg(u), 1, { order: 0.5, duration: 1, steps: 4 }).report.converged // → true
 */
export function solveCaputoWithReport(
  f: TimeField,
  u0: number | Tensor,
  options: CaputoOptions,
): CaputoSolution & { report: TrajectoryReport } {
  if (isTracing())
    throw new TraceError("solveCaputoWithReport: expected values, received a trace: use solveCaputo inside it");
  let report: TrajectoryReport | undefined;
  const solution = solve("solveCaputoWithReport", f, u0, options, (facts) => {
    report = facts;
  });
  return { ...solution, report: report as TrajectoryReport };
}
