// What is the gradient of a fractional equation by its continuous adjoint equation, the singular density and all?
//
// With g the gradient of the loss in u(T), the gradient's density v, v(s) = (T − s)^(α−1)/Γ(α) g + I^α_(T−)(Jᵀ v), has a pole at the
// end. So v = σ^(α−1) w with σ = T − s, and w, which is bounded, solves
//
//     w(σ) = g/Γ(α) + σ^(1−α)/Γ(α) ∫₀^σ (σ − ρ)^(α−1) ρ^(α−1) Jᵀ w dρ.
//
// dL/dθ = ∫ v f_θ ds, dL/du₀ = g + ∫ Jᵀ v ds.
import { vjp } from "../../calculus/index.js";
import { gamma } from "../../special/index.js";
import {
  checkCount,
  checkFunction,
  checkNumber,
  checkOptions,
  DomainError,
  ShapeError,
  sameShape,
  showShape,
  sizeOf,
  Tensor,
} from "../../tensor/index.js";
import { exchangeRows, luFactorise, pow, substitute } from "../../typed-array-ops/index.js";
import { productTrapezoid } from "../quadrature.js";
import { solveCaputo } from "../solve-caputo.js";
import { densityRow, makeCell, type TimeLeft, timeLeft } from "./adjoint-weights.js";

export interface AdjointOptions {
  /** In (0, 1]. */
  readonly order: number;
  readonly duration: number;
  /** Steps of the equation, and of its adjoint. */
  readonly steps: number;
  /** How fine the nodes are at 0 and, for the adjoint, at both ends. Default: 1, equal steps. */
  readonly grading?: number;
  /** Of the equation; default: 1e-13. */
  readonly tolerance?: number;
}

export interface AdjointSolution<P> {
  /** u(duration), of the shape of u0. */
  readonly value: Tensor;
  /** The gradients of a loss whose gradient in `value` is g. */
  pull(g: Tensor): { readonly theta: P; readonly u0: Tensor };
}

/**
 * The value at the end of D^order u = f(theta, t, u), u(0) = u0, and its gradient by the continuous adjoint equation, discretised by a
 * product trapezoidal rule of its own.
 *
 * It is a baseline: the limit is right, but at any number of steps the gradient is not that of the value. The derivative of
 * `pull` is not that of the equation either: nothing of it is recorded.
 *
 * @shape u0 [..., d] → value [..., d]
 * @throws DomainError for an order outside (0, 1], or unknown options.
 * @throws ShapeError if g has not the shape of u0.
 * @source Agrawal (2004), "A general formulation and solution scheme for fractional optimal control problems",
 * for the adjoint equation; Gripenberg, Londen and Staffans (1990), "Volterra Integral and Functional Equations", chapter 2, for resolvent
 * kernels, of which the pole is the first term
 * @example
 * const decay = (rate, t, u) => mul(rate, u);
 * const { pull } = continuousAdjoint(decay, tensor(-1), tensor([1]), { order: 1, duration: 1, steps: 1000 });
 * pull(tensor([1])).theta.item().toFixed(5) // → "0.36788"
 */
export function continuousAdjoint<P>(
  f: (theta: P, t: Tensor, u: Tensor) => Tensor,
  theta: P,
  u0: Tensor,
  options: AdjointOptions,
): AdjointSolution<P> {
  const operation = "continuousAdjoint";
  checkFunction(operation, f);
  checkOptions(operation, options ?? {}, ["order", "duration", "steps", "grading", "tolerance"]);
  const { grading = 1, tolerance = 1e-13 } = options ?? {};
  const order = checkNumber(operation, "order", options?.order, "a number in (0, 1]", (x) => x > 0 && x <= 1);
  const duration = checkNumber(operation, "duration", options.duration, "a number > 0", (x) => x > 0);
  const steps = checkCount(operation, "steps", options.steps);
  checkNumber(operation, "grading", grading, "a number ≥ 1", (r) => r >= 1);
  const solution = solveCaputo((t, u) => f(theta, t, u), u0, {
    ...{ order, duration, steps, tolerance, quadrature: productTrapezoid({ grading }) },
  });
  const row = u0.shape;
  const width = sizeOf(row);
  const time = timeLeft(steps, grading);
  const t = new Tensor(
    [steps + 1, ...row.map(() => 1)],
    time.passed.map((passed) => duration * passed),
  );
  // On equal steps both grids are one.
  const backwards = grading === 1 ? reversed(solution.values) : solution.at(t.data);
  const value = new Tensor(row, solution.values.data.slice(steps * width));

  function pull(g: Tensor): { theta: P; u0: Tensor } {
    if (!sameShape(g.shape, row)) {
      throw new ShapeError(
        `${operation}: expected g of the shape of u0, ${showShape(row)}, received ${showShape(g.shape)}`,
      );
    }
    const scale = pow(duration, order);
    const jacobian = jacobianRows((u) => f(theta, t, u), backwards);
    const { w, pulled } = density(time, jacobian, g.data, { order, scale });
    const weights = densityRow(time, makeCell(order, 1), steps);
    const start = g.data.slice();
    for (let i = 0; i < w.length; i++) {
      const weight = scale * weights[Math.floor(i / width)];
      start[i % width] += weight * pulled[i];
      w[i] *= weight;
    }
    const [gradient] = vjp((p) => f(p as P, t, backwards), theta).pull(new Tensor(backwards.shape, w));
    return { theta: gradient as P, u0: new Tensor(row, start) };
  }
  return { value, pull };
}

/** The last node first. */
function reversed({ shape, data }: Tensor): Tensor {
  const width = data.length / shape[0];
  const turned = new Float64Array(data.length);
  for (let n = 0; n < shape[0]; n++) turned.set(data.subarray(n * width, (n + 1) * width), (shape[0] - 1 - n) * width);
  return new Tensor(shape, turned);
}

/** ∂f_c/∂u at all nodes, for each entry c of the last axis. */
function jacobianRows(f: (u: Tensor) => Tensor, u: Tensor): Float64Array[] {
  const { pull } = vjp(f, u);
  const d = u.shape[u.shape.length - 1];
  return Array.from({ length: d }, (_, c) => {
    const unit = Float64Array.from({ length: sizeOf(u.shape) }, (_, i) => (i % d === c ? 1 : 0));
    return pull(new Tensor(u.shape, unit))[0].data;
  });
}

/** w and Jᵀ w at all nodes, from the end backwards. */
function density(
  time: TimeLeft,
  jacobian: readonly Float64Array[],
  g: Float64Array,
  { order, scale }: { readonly order: number; readonly scale: number },
): { w: Float64Array; pulled: Float64Array } {
  const d = jacobian.length;
  const width = g.length;
  const count = time.left.length;
  const [w, pulled] = [0, 1].map(() => new Float64Array(count * width));
  const cell = makeCell(order, order);
  const pole = 1 / gamma(order);
  const matrix = new Float64Array(d * d);
  const pivots = new Int32Array(d);
  for (let n = 0; n < count; n++) {
    const row = densityRow(time, cell, n);
    const factor = n === 0 ? 0 : scale * pole * pow(time.left[n], 1 - order);
    const here = w.subarray(n * width, (n + 1) * width);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < width; i++) here[i] += factor * row[j] * pulled[j * width + i];
    }
    for (let i = 0; i < width; i++) here[i] += pole * g[i];
    for (let member = 0; member < width; member += d) {
      const at = n * width + member;
      for (let i = 0; i < d; i++) {
        for (let c = 0; c < d; c++) matrix[i * d + c] = (i === c ? 1 : 0) - factor * row[n] * jacobian[c][at + i];
      }
      if (luFactorise(matrix, pivots, d) !== undefined) {
        throw new DomainError("continuousAdjoint: I − B Jᵀ is singular: take more steps");
      }
      exchangeRows(w, at, pivots, d, 1, false);
      substitute(matrix, 0, w, at, d, 1, true, false, true);
      substitute(matrix, 0, w, at, d, 1, false, false, false);
      for (let c = 0; c < d; c++) {
        for (let i = 0; i < d; i++) pulled[at + i] += jacobian[c][at + i] * w[at + c];
      }
    }
  }
  return { w, pulled };
}
