// What does the method of Diethelm, Ford and Freed give?
//
//     u^P_n = base + Σ_{j<n} b_nj f(t_j, u_j),    u_n = base + Σ_{j<n} a_nj f(t_j, u_j) + a_nn f(t_n, u^P_n),
//
// with the weights b of the product rectangle and a of the product trapezoid: predict, evaluate, correct, evaluate (PECE).
import { add, mul } from "../../primitives/index.js";
import { checkOptions, type Tensor } from "../../tensor/index.js";
import { productRectangle, productRule } from "../quadrature.js";
import { readEquation, type SteppedSolution } from "./equation.js";
import { makeMemory } from "./memory.js";

export interface PredictorOptions {
  /** In (0, 2]: a number or a scalar tensor. */
  readonly order: number | Tensor;
  readonly duration: number | Tensor;
  /** Number of equal steps in time. */
  readonly steps: number;
  /** u′(0), for orders above 1; default 0. */
  readonly initialDerivative?: number | Tensor;
}

/**
 * The solution of D^order u = f(t, u), u(0) = u0, by the explicit fractional Adams method of Diethelm, Ford and Freed (PECE), two
 * evaluations of f for each step. For smooth solutions the order of convergence is min(2, 1 + order).
 *
 * It is a baseline: every step is an operation on the tape, and its gradient is that of the steps. f is called with one node, t [1, …, 1]
 * and u [1, ...u0.shape].
 *
 * @shape u0 [...] → times [steps + 1], values [steps + 1, ...]
 * @throws DomainError for an order outside (0, 2], unknown options, or values that are not finite.
 * @throws ShapeError if f(t, u) has not the shape of u.
 * @source Diethelm, Ford and Freed (2002), "A predictor-corrector approach for the numerical solution of fractional differential
 * equations", section 2; Diethelm, Ford and Freed (2004), equations 1.11 to 1.16
 * @example predictorCorrector((t, u) => neg(u), 1, { order: 1, duration: 1, steps: 2 }).values.toArray() // → [1, 0.625, 0.390625]
 */
export function predictorCorrector(
  f: (t: Tensor, u: Tensor) => Tensor,
  u0: number | Tensor,
  options: PredictorOptions,
): SteppedSolution {
  const operation = "predictorCorrector";
  checkOptions(operation, options ?? {}, ["order", "duration", "steps", "initialDerivative"]);
  const equation = readEquation(operation, f, u0, { ...options, quadrature: productRectangle() });
  const { mesh } = equation.rule;
  const predicted = makeMemory(equation, equation.rule);
  const corrected = makeMemory(equation, productRule("line", mesh));
  const rows: Tensor[] = [];
  for (let n = 0; n < mesh.nodes.length; n++) {
    let u = equation.base(n);
    if (n > 0) {
      const guess = add(u, predicted.recall());
      const own = mul(corrected.own(), equation.force(n, guess));
      u = add(u, add(corrected.recall(), own));
    }
    rows.push(u);
    if (n + 1 === mesh.nodes.length) break;
    const force = equation.force(n, u);
    predicted.remember(force);
    corrected.remember(force);
  }
  return equation.collect(rows);
}
