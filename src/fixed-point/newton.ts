// How does Newton's method solve small equations with a matrix?
import { checkOptions, DomainError } from "../tensor/index.js";
import { luFactorise, luSolve, norm2 } from "../typed-array-ops/index.js";
import { searchLine } from "./line-search.js";
import type { Solver } from "./solver.js";

/** The matrix of so many unknowns takes 800 MB. */
const MOST = 10_000;
/** A pivot this small beside the largest one leaves no digit of the solution. */
const SINGULAR = 1e-15;

/**
 * Newton's method with the dense Jacobian, one product for each unknown and step: (I − J) δ = f(z) − z, z ← z + λ δ, where λ
 * is halved until the residual decreases. It gives up where I − J is singular.
 *
 * @throws DomainError for any option, since it has none, and from a solve of more than 10,000 unknowns.
 * @source Nocedal and Wright (2006), Numerical Optimization, algorithm 11.4
 * @example newton().name // → "newton"
 */
export function newton(options: Record<string, never> = {}): Solver {
  checkOptions("newton", options, []);
  return {
    name: "newton",
    prepare: (exchange) => {
      const { size: n, z, r, v, product } = exchange;
      if (n > MOST) {
        throw new DomainError(
          `newton: expected at most ${MOST} unknowns, received ${n}: use newtonKrylov(), without a matrix`,
        );
      }
      const matrix = new Float64Array(n * n);
      const pivots = new Int32Array(n);
      const [at, delta] = [0, 1].map(() => new Float64Array(n));
      return function* () {
        yield "iterate";
        while (Number.isFinite(exchange.residual)) {
          v.fill(0);
          for (let j = 0; j < n; j++) {
            v[j] = 1;
            yield "product";
            v[j] = 0;
            for (let i = 0; i < n; i++) matrix[i * n + j] = (i === j ? 1 : 0) - product[i];
          }
          const bad = luFactorise(matrix, pivots, n) ?? smallPivot(matrix, n);
          if (bad !== undefined) return `I − J is singular: pivot ${bad.pivot} in row ${bad.row}`;
          at.set(z);
          delta.set(r);
          luSolve(matrix, 0, pivots, 0, delta, n);
          const { share } = yield* searchLine(exchange, at, delta, norm2(r));
          if (share === 0) return "no step along Newton's direction reduces the residual";
        }
        return undefined;
      };
    },
  };
}

function smallPivot(factors: Float64Array, n: number): { row: number; pivot: number } | undefined {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(factors[i * n + i]));
  for (let row = 0; row < n; row++) {
    const pivot = factors[row * n + row];
    if (Math.abs(pivot) <= SINGULAR * largest) return { row, pivot };
  }
  return undefined;
}
