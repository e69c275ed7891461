// What is backpropagation through the steps of a scheme?
//
// The same discrete equation as that of `solveCaputo`, z_n = b_n + Σ_{j<n} A_nj F_j + A_nn φ(z_n), solved node after node by Newton's
// method with every operation on the tape. Its gradient is that of the steps: the chain rule through all of them.

import { linearize } from "../../calculus/index.js";
import { add, concat, eye, mul, reshape, slice, solve, sub, transpose } from "../../primitives/index.js";
import { isTracing } from "../../tape/index.js";
import {
  ConvergenceError,
  checkCount,
  checkNumber,
  checkOptions,
  DomainError,
  type Tensor,
} from "../../tensor/index.js";
import { maxAbs } from "../../typed-array-ops/index.js";
import type { Quadrature } from "../quadrature.js";
import { type NodalEquation, readEquation, type SteppedSolution } from "./equation.js";
import { makeMemory } from "./memory.js";

export interface SteppingOptions {
  /** In (0, 2]: a number or a scalar tensor. */
  readonly order: number | Tensor;
  readonly duration?: number | Tensor;
  readonly steps?: number;
  /** An explicit grid that starts at 0, instead of `duration` and `steps`. */
  readonly times?: readonly number[] | Float64Array;
  /** u′(0), for orders above 1; default 0. */
  readonly initialDerivative?: number | Tensor;
  /** A product rule; default: `productTrapezoid()`. */
  readonly quadrature?: Quadrature;
  /** Of the residual at each node, relative to 1 + |z|; one more correction follows. Default: 1e-13. */
  readonly tolerance?: number;
  /** Exactly so many Newton corrections at each node, instead of a tolerance. */
  readonly corrections?: number;
}

/** A record, so that no option is forgotten here. */
const known: Record<keyof SteppingOptions, true> = {
  ...{ order: true, duration: true, steps: true, times: true, initialDerivative: true, quadrature: true },
  ...{ tolerance: true, corrections: true },
};

/** Corrections at one node, where a tolerance decides. */
const MOST = 50;

/** z with z = past + own·φ(z) at one node, from a guess. */
function correct(
  equation: NodalEquation,
  n: number,
  [guess, past, own]: readonly [Tensor, Tensor, Tensor],
  { tolerance = 1e-13, corrections }: SteppingOptions,
): Tensor {
  const { entries } = equation;
  const identity = eye(entries);
  let z = guess;
  for (let k = 0; k < (corrections ?? MOST); k++) {
    const { value, push } = linearize((u: Tensor) => equation.force(n, u), z);
    const residual = sub(add(past, mul(own, value)), z);
    const rows = Array.from({ length: entries }, (_, c) => push(slice(identity, [c], [c + 1])));
    const matrix = sub(identity, mul(own, transpose(concat(rows, 0))));
    z = add(z, reshape(solve(matrix, reshape(residual, [entries])), [1, entries]));
    if (corrections !== undefined) continue;
    const size = maxAbs(residual.data);
    const goal = tolerance * (1 + maxAbs(z.data));
    if (size <= goal) return z;
    if (k + 1 < MOST && Number.isFinite(size)) continue;
    throw new ConvergenceError(
      `stepThroughTime: expected a residual ≤ ${goal} at node ${n}, received ${size} after ${k + 1} corrections: take more ` +
        "steps in time",
      { residual: size, residuals: [size], steps: k + 1, tolerance: goal },
    );
  }
  return z;
}

/**
 * The solution of the discrete equation that `solveCaputo` solves, node after node, with every operation on the tape: its gradient is
 * backpropagation through the steps.
 *
 * It is a baseline: the gradient is the same to rounding, but time and memory grow with every step and correction. At each node Newton's
 * method runs, with the dense Jacobian over all entries of u0, until the residual is at rounding, and once more, since the derivative of
 * an iterate is as wrong as the iterate before it. With an explicit rule nothing is iterated. f is called with one node, t [1, …, 1] and u
 * [1, ...u0.shape].
 *
 * @shape u0 [...] → times [steps + 1], values [steps + 1, ...]
 * @throws ConvergenceError if a node is not solved to the tolerance.
 * @throws DomainError for an order outside (0, 2], unknown options, a quadrature that couples nodes, or values that are not finite.
 * @throws ShapeError if f(t, u) has not the shape of u.
 * @source Diethelm, Ford and Freed (2004), equations 1.5 and 1.11
 * @example stepThroughTime((t, u) => neg(u), 1, { order: 1, duration: 2, steps: 2 }).values.data[1] // → 0.333333333333
 */
export function stepThroughTime(
  f: (t: Tensor, u: Tensor) => Tensor,
  u0: number | Tensor,
  options: SteppingOptions,
): SteppedSolution {
  const operation = "stepThroughTime";
  checkOptions(operation, options ?? {}, Object.keys(known));
  const { tolerance, corrections } = options ?? {};
  if (tolerance !== undefined) checkNumber(operation, "tolerance", tolerance, "a number > 0", (x) => x > 0);
  if (corrections !== undefined) checkCount(operation, "corrections", corrections);
  const equation = readEquation(operation, f, u0, options);
  const { rule } = equation;
  const count = rule.mesh.nodes.length;
  if (typeof rule.between === "object") {
    throw new DomainError(`${operation}: expected a product rule, received ${rule.name}, which couples nodes`);
  }
  const explicit = rule.between === "left";
  if (!explicit && corrections === undefined && isTracing()) {
    throw new DomainError(
      `${operation}: expected the option corrections while a function is traced, received none: no value is known that ` +
        "could tell when to stop",
    );
  }
  const memory = makeMemory(equation, rule);
  const rows: Tensor[] = [];
  for (let n = 0; n < count; n++) {
    let u = equation.base(n);
    if (n > 0) {
      u = add(u, memory.recall());
      if (!explicit) u = correct(equation, n, [rows[n - 1], u, memory.own()], options);
    }
    rows.push(u);
    // The last value of an explicit rule is used by nobody.
    if (n + 1 < count) memory.remember(equation.force(n, u));
  }
  return equation.collect(rows);
}
