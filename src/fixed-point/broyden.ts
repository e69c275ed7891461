// How is a Jacobian learned from the steps that were taken?
import { checkCount, checkOptions, DomainError } from "../tensor/index.js";
import { addScaled, dot, norm2 } from "../typed-array-ops/index.js";
import type { Solver, SolverExchange } from "./solver.js";

/** A correction whose denominator is this small beside its factors would be rounding errors. */
const NOTHING_LEARNED = 1e-14;

/**
 * Broyden's method z ← z + H (f(z) − z): H starts as 1, so that the first step is Picard's, and after each step s that
 * changed the residual by −y it is corrected by (s − H y) vᵀ/(vᵀ y), with v = y ("bad", the default) or v = Hᵀ s
 * ("good"). After `memory` corrections it starts anew.
 *
 * @throws DomainError unless memory is an integer ≥ 1 and variant one of the two.
 * @source Broyden (1965), "A class of methods for solving nonlinear simultaneous equations", equations 4.5 and 6.2
 * @example broyden({ memory: 20 }).name // → "broyden"
 */
export function broyden(options: { readonly memory?: number; readonly variant?: "good" | "bad" } = {}): Solver {
  checkOptions("broyden", options, ["memory", "variant"]);
  const memory = checkCount("broyden", "memory", options.memory ?? 50);
  const { variant = "bad" } = options;
  if (variant !== "good" && variant !== "bad") {
    throw new DomainError(`broyden: expected variant to be "good" or "bad", received ${JSON.stringify(variant)}`);
  }
  return {
    name: "broyden",
    prepare: (exchange) => {
      const secant = makeSecant(exchange, Math.min(memory, 2 * exchange.size), variant === "good");
      return function* () {
        secant.forget();
        for (;;) {
          yield "iterate";
          if (!Number.isFinite(exchange.residual)) return undefined;
          secant.step();
        }
      };
    },
  };
}

function makeSecant({ z, r, size: n }: SolverExchange, memory: number, good: boolean) {
  // H = 1 + Σ uₖ vₖᵀ, whose columns are made when they are needed
  const [u, v]: Float64Array[][] = [[], []];
  const [lastR, s, y, hy] = [0, 1, 2, 3].map(() => new Float64Array(n));
  let stored = -1; // −1 before the first step

  /** out ← H x */
  function apply(out: Float64Array, x: Float64Array): void {
    out.set(x);
    for (let k = 0; k < stored; k++) addScaled(out, dot(v[k], x), u[k]);
  }

  function learn(): void {
    if (u.length === stored) {
      u.push(new Float64Array(n));
      v.push(new Float64Array(n));
    }
    for (let i = 0; i < n; i++) y[i] = lastR[i] - r[i];
    const length = norm2(y);
    if (!(length > 0)) return;
    apply(hy, y);
    const row = v[stored];
    row.set(good ? s : y);
    if (good) for (let k = 0; k < stored; k++) addScaled(row, dot(u[k], s), v[k]);
    // In units of its own length, so that the products of small vectors do not vanish.
    const unit = norm2(row);
    for (let i = 0; i < n; i++) row[i] /= unit;
    const overlap = dot(row, y);
    if (!(Math.abs(overlap) > NOTHING_LEARNED * length)) return;
    for (let i = 0; i < n; i++) u[stored][i] = (s[i] - hy[i]) / overlap;
    stored++;
  }

  return {
    forget() {
      stored = -1;
    },
    step() {
      if (stored < 0 || stored >= memory) stored = 0;
      else learn();
      apply(s, r);
      for (let i = 0; i < n; i++) z[i] += s[i];
      lastR.set(r);
    },
  };
}
