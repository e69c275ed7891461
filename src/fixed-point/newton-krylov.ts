// How does Newton's method go on without a matrix?
import { checkCount, checkOptions } from "../tensor/index.js";
import { norm2 } from "../typed-array-ops/index.js";
import { makeKrylov } from "./gmres.js";
import { searchLine } from "./line-search.js";
import type { Solver, SolverExchange, SolverRun } from "./solver.js";

/** The first linear system is solved to this share of its right side. */
const FIRST = 0.1;
/** A linear solve that leaves more than this share of its right side found no solution. */
const STUCK = 1 - 1e-10;

/**
 * Newton's method (I − J) δ = f(z) − z, z ← z + λ δ: δ by GMRES with products J v, to a tolerance that follows the
 * residual; λ is halved until the residual decreases. Where the linear model predicted the last residual well, the next
 * system is solved to the goal at once. For a linear equation it is GMRES, restarted after `memory` products.
 *
 * @throws DomainError unless memory, the largest number of products for one step, is an integer ≥ 1; default: the number of
 * unknowns, and 100 for more than 500.
 * @source Eisenstat and Walker (1996), "Choosing the forcing terms in an inexact Newton method", section 2.2
 * @example newtonKrylov({ memory: 50 }).name // → "newtonKrylov"
 */
export function newtonKrylov(options: { readonly memory?: number } = {}): Solver {
  checkOptions("newtonKrylov", options, ["memory"]);
  const { memory } = options;
  if (memory !== undefined) checkCount("newtonKrylov", "memory", memory);
  return {
    name: "newtonKrylov",
    prepare: (exchange) => {
      const steps = makeNewton(exchange, memory);
      return function* () {
        yield "iterate";
        return yield* steps();
      };
    },
  };
}

/** As many products as unknowns solve any regular system; beyond this number of unknowns their basis would be too large. */
const defaultDimension = (n: number): number => (n <= 500 ? n : 100);

/** Newton's steps from z and f(z) in the exchange onwards. */
export function makeNewton(exchange: SolverExchange, most?: number): () => SolverRun {
  const { z, r, size: n, affine } = exchange;
  const [at, right, delta] = [0, 1, 2].map(() => new Float64Array(n));
  const dimension = most === undefined ? defaultDimension(n) : Math.min(most, n);
  const krylov = makeKrylov(exchange, dimension);
  return function* () {
    let forcing = affine ? 0 : FIRST;
    while (Number.isFinite(exchange.residual)) {
      at.set(z);
      right.set(r);
      const size = norm2(right);
      const enough = size * (exchange.goal / (4 * exchange.residual));
      const predicted = yield* krylov(delta, right, Math.max(forcing * size, enough));
      if (Number.isNaN(predicted)) return "the Jacobian is not finite at this iterate";
      if (!(predicted <= STUCK * size)) {
        return dimension === n
          ? "I − J is singular, as far as products with it show"
          : `GMRES found no direction in ${dimension} products: I − J may be singular; otherwise newton() or more memory helps`;
      }
      const { share, after } = yield* searchLine(exchange, at, delta, size);
      if (share === 0) return "no step along Newton's direction reduces the residual";
      const trusted = share === 1 && after <= 2 * predicted + 0.01 * size * forcing;
      forcing = trusted ? 0 : Math.min(0.5, Math.max(1e-4, 0.9 * (after / size) * (after / size)));
    }
    return undefined;
  };
}
