// What is the rectangle rule of the notebook that this library began with?
//
// The kernel is sampled at the nodes like f, h (t_n − t_j)^(α−1)/Γ(α), though it is singular at t_n: the cell at t_n, where most of the
// weight lies, is taken for what it is at its far end.
import { checkOptions, DomainError } from "../../tensor/index.js";
import type { CausalWeights } from "../../typed-array-ops/index.js";
import { powerOverGamma } from "../kernel.js";
import { gradedMesh } from "../mesh.js";
import type { Quadrature } from "../quadrature.js";

/**
 * The rectangle rule with a sampled kernel, u_n = base + h/Γ(α) Σ_{j<n} (t_n − t_j)^(α−1) f(t_j, u_j), on equal steps; explicit. The order
 * of convergence is α. With `leavesOutLast` the sum ends before j = n − 1 (but for n = 1), as in the notebook.
 *
 * It is a baseline, which shows what sampling the kernel costs; `productRectangle` is as cheap and of first order. Between its nodes the
 * solution is interpolated linearly.
 *
 * @throws DomainError for unknown options; a solve refuses `times`.
 * @source Centeno (2024), deep_equilibrium_fodes, notebook deq.ipynb, class FODE
 * @example solveCaputo((t, u) => neg(u), 1, { order: 1, duration: 1, steps: 2, quadrature: sampledRectangle() }).values.toArray() // → [1, 0.5, 0.25]
 */
export function sampledRectangle(options: { readonly leavesOutLast?: boolean } = {}): Quadrature {
  const name = "sampledRectangle";
  checkOptions(name, options, ["leavesOutLast"]);
  const { leavesOutLast = false } = options;
  if (typeof leavesOutLast !== "boolean") {
    throw new DomainError(`${name}: expected leavesOutLast to be true or false, received ${String(leavesOutLast)}`);
  }
  return {
    name,
    lay({ operation, steps, times }) {
      if (times !== undefined || steps === undefined) {
        throw new DomainError(`${operation}: expected duration and steps with ${name}, received times`);
      }
      const mesh = gradedMesh(steps, 1, operation);
      const weights = (alpha: number, k: number): CausalWeights => sampledWeights(mesh.nodes, alpha, k, leavesOutLast);
      return { rule: { name, mesh, between: "samples", weights, explicit: true }, duration: undefined };
    },
  };
}

function sampledWeights(nodes: Float64Array, alpha: number, k: number, leavesOutLast: boolean): CausalWeights {
  const kernel = powerOverGamma(alpha, -1, k);
  const first = nodes.map((t, n) => (n === 0 ? 0 : nodes[1] * kernel(t)));
  const lags = first.slice();
  if (leavesOutLast) lags[1] = 0;
  return { nodes: nodes.length, uniform: true, lags, first, rows: new Float64Array(0) };
}
