// What is the solution of D^α u = f(t, u), u(0) = u₀?
//
// Equivalent is u(t) = u₀ + u′₀ t + 1/Γ(α) ∫₀ᵗ (t − s)^(α−1) f(s, u(s)) ds (u′₀ only for α > 1). On nodes this is one
// equation for the whole trajectory, z = b + Â(α)·T^α f(T τ, z), and its derivatives are those of `trajectory`.
import {
  add,
  broadcastTo,
  div,
  greater,
  mul,
  pow,
  reshape,
  type TensorLike,
  toTensor,
  where,
} from "../primitives/index.js";
import { apply1, isTracing, unheard } from "../tape/index.js";
import { checkFunction, DomainError, sizeOf, Tensor, TraceError, tensor } from "../tensor/index.js";
import { refinePanels } from "./adaptive.js";
import { type CaputoOptions, readGrid, readOrder, readRules, refuseNonFinite } from "./caputo-options.js";
import { integrated, observe } from "./dense-output.js";
import { fieldOf } from "./field.js";
import { makeIntegral } from "./integral.js";
import { type Quadrature, spectralRule } from "./quadrature.js";
import type { Panels } from "./spectral-weights.js";
import type { TrajectoryReport } from "./sweep.js";
import { trajectoryPrimitive } from "./volterra.js";
import { makeWindows } from "./windows.js";

export interface CaputoSolution {
  /** [steps + 1] */
  readonly times: Tensor;
  /** [steps + 1, ...u₀.shape], u₀ first */
  readonly values: Tensor;
  /**
   * The solution at any times between 0 and the duration, with derivatives in them, too: between the nodes of a product rule
   * the integral of what the rule takes f for, and on spectral panels their polynomial.
   *
   * @shape times [K] → [K, ...u₀.shape]; a number → u₀.shape
   * @throws DomainError if a time lies outside.
   */
  at(times: Times): Tensor;
}

export type Times = TensorLike | readonly number[] | Float64Array;

export const timesOf = (operation: string, when: Times): Tensor =>
  Array.isArray(when) || when instanceof Float64Array ? tensor(when) : toTensor(`${operation}: at`, when as TensorLike);

/** b = u₀ + u′₀ t, where u′₀ counts for states of an order above 1. */
function baseCurve(
  operation: string,
  u0: Tensor,
  alpha: Tensor,
  slope: number | Tensor | undefined,
): (times: Tensor) => Tensor {
  if (slope === undefined) return (times) => broadcastTo(u0, [times.shape[0], ...u0.shape]);
  if (!alpha.traced && alpha.data.every((a) => a <= 1)) {
    throw new DomainError(
      `${operation}: expected no initialDerivative for orders up to 1, received one with order ${alpha.toArray()}: ` +
        "u(0) alone determines the solution",
    );
  }
  const v0 = refuseNonFinite(operation, "initialDerivative", toTensor(operation, slope));
  const counted = where(greater(alpha, 1), broadcastTo(v0, u0.shape), 0);
  return (times) => add(broadcastTo(u0, [times.shape[0], ...u0.shape]), mul(times, counted));
}

/** A solution with T^α f(t, u) on its nodes, [nodes, entries]. */
interface Solved extends CaputoSolution {
  force(): Tensor;
}

const onPanels = (panels: Panels): Quadrature => ({
  name: "spectral",
  lay: () => ({ rule: spectralRule(panels), duration: undefined }),
});

/** The equation on the nodes is solved more closely than the accuracy, which is relative, but not beyond rounding. */
const closely = (accuracy: number) => ({
  ...{ tolerance: 1e-300, relativeTolerance: Math.max(1e-14, 1e-3 * accuracy) },
});

/** f(t, u) on many nodes at once, each by itself: t is [K, 1, …, 1], u and the result are [K, ...u₀.shape]. */
export type TimeField = (t: Tensor, u: Tensor) => Tensor;

function solve(
  operation: string,
  f: TimeField,
  u0: number | Tensor,
  options: CaputoOptions,
  note?: (report: TrajectoryReport) => void,
): Solved {
  checkFunction(operation, f);
  const given = refuseNonFinite(operation, "u0", toTensor(operation, u0));
  const scalar = given.shape.length === 0;
  const start = scalar ? reshape(given, [1]) : given;
  const vectorField: TimeField = scalar
    ? (t, u) => {
        const result = toTensor(operation, f(reshape(t, [t.shape[0]]), reshape(u, [u.shape[0]])));
        return sizeOf(result.shape) === u.shape[0] ? reshape(result, u.shape) : result;
      }
    : f;
  const row = start.shape;
  const alpha = readOrder(operation, options?.order, row);
  let adapted: { readonly accuracy: number; readonly errorEstimate: number } | undefined;
  const {
    rule,
    duration,
    nodes: movable,
  } = readGrid(operation, options, alpha, (accuracy, exponent, end) => {
    if (isTracing() || [start, alpha, end].some((x) => x.traced)) {
      throw new TraceError(
        `${operation}: expected values for spectral({ accuracy }), received a trace: give it nodes and panels inside one`,
      );
    }
    const refined = unheard(() =>
      refinePanels(operation, accuracy, exponent, (panels) => {
        const { onSolve: _, ...untold } = options;
        const trial = { ...untold, quadrature: onPanels(panels), ...closely(accuracy) };
        const { values: u, force: given, at: between } = solve(operation, f, u0, trial);
        const at = (places: readonly number[]): Float64Array => between(mul(end, tensor(places))).data;
        return { u: u.data, f: given().data, at };
      }),
    );
    adapted = { accuracy, errorEstimate: refined.errorEstimate };
    return refined.panels;
  });
  const { nodes, blocks } = rule.mesh;
  const count = nodes.length;
  const times = mul(duration, movable ?? new Tensor([count], nodes));
  const asRows = (t: Tensor): Tensor => reshape(t, [t.shape[0], ...row.map(() => 1)]);
  const nodewiseTimes = asRows(times);
  const rules = readRules(operation, adapted ? { ...options, ...closely(adapted.accuracy) } : options, (report) => {
    note?.(adapted ? { ...report, errorEstimate: adapted.errorEstimate } : report);
  });
  const stepwise = rule.explicit && rules.rule.solver === undefined && rules.linear.solver === undefined;
  const windows = stepwise ? [] : makeWindows(blocks, options.window).sizes;
  const sizes = [count, ...windows, ...(count > 1 ? [2] : []), 1];
  const { field, shared } = fieldOf(operation, vectorField, sizes, row);
  const scale = pow(duration, alpha);
  const base = baseCurve(operation, start, alpha, options.initialDerivative);
  const values = apply1(
    trajectoryPrimitive,
    [base(nodewiseTimes), alpha, nodewiseTimes, scale, ...shared, ...(movable ? [movable] : [])],
    {
      integral: makeIntegral(rule),
      field: (z, nodewise, [factor, ...theta]) => mul(factor, field(z, nodewise, theta)),
      nodewise: 1,
      affine: false,
      movable: movable !== undefined,
      probe: true,
      ...rules,
    },
  );

  const flatten = (x: Tensor): Tensor => reshape(x, [x.shape[0], sizeOf(row)]);
  const force = (): Tensor => flatten(mul(scale, field(values, [nodewiseTimes], shared)));

  function at(when: Times): Tensor {
    const chosen = timesOf(operation, when);
    const flat = reshape(chosen, [sizeOf(chosen.shape)]);
    checkTimes(operation, flat, duration);
    const perEntry = alpha.shape.length === 0 ? alpha : reshape(broadcastTo(alpha, row), [sizeOf(row)]);
    const found = observe(rule, { u: flatten(values), force, alpha: perEntry, nodes: movable }, div(flat, duration));
    const spread = reshape(found, [flat.shape[0], ...row]);
    const whole = integrated(rule) ? add(base(asRows(flat)), spread) : spread;
    return reshape(whole, [...chosen.shape, ...(scalar ? [] : row)]);
  }
  return { times, values: scalar ? reshape(values, [count]) : values, at, force };
}

/** Times that were computed may lie beyond the end by rounding. */
const ROUNDING = 1e-12;

function checkTimes(operation: string, times: Tensor, duration: Tensor): void {
  if (times.traced || duration.traced) return;
  const end = duration.item();
  const bad = times.data.find((t) => !(t >= 0 && t <= end * (1 + ROUNDING)));
  if (bad === undefined) return;
  throw new DomainError(`${operation}: at: expected times from 0 to the duration, ${end}, received ${bad}`);
}

/**
 * The solution of D^order u = f(t, u), u(0) = u0, on the nodes of a quadrature, by one fixed point over the whole trajectory.
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
 * @example solveCaputo((t, u) => neg(u), 1, { order: 1, duration: 1, quadrature: spectral({ nodes: 12 }) }).at([1]).data[0].toFixed(9) // → "0.367879441"
 */
export function solveCaputo(f: TimeField, u0: number | Tensor, options: CaputoOptions): CaputoSolution {
  const { times, values, at } = solve("solveCaputo", f, u0, options);
  return { times, values, at };
}

/**
 * `solveCaputo` together with how the solve went.
 *
 * @throws TraceError inside a traced function, where nothing is solved yet; the option onSolve works there.
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
  const { times, values, at } = solve("solveCaputoWithReport", f, u0, options, (facts) => {
    report = facts;
  });
  return { times, values, at, report: report as TrajectoryReport };
}
