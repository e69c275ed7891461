// What does a way of solving z = f(z) ask for, and what is it told?
import { checkNumber, checkOptions } from "../tensor/index.js";

/**
 * A solver is a coroutine: it writes into the exchange and yields what it asks for. So one driver can run many of them in
 * step, each on its own sample, and evaluate f for all at once.
 *
 *     "iterate"   f(z), where z is its next iterate
 *     "advance"   f(z), where f(z) becomes z, or z is the start; z, image and r may be left behind, and only residual is told
 *     "trial"     f(z), where z is a point that it may give up; "accept" makes it the next iterate
 *     "product"   (∂f/∂z) v at z
 *
 * It is not asked to go on once a value of f has met the stop rule. When it cannot go on it returns, and says why, unless f
 * gave a value that is not finite.
 */
export type SolverRequest = "iterate" | "advance" | "trial" | "accept" | "product";
export type SolverRun = Generator<SolverRequest, string | undefined, void>;

/** What lies between a solver and its equation: vectors that both see, and facts that the equation keeps up to date. */
export interface SolverExchange {
  readonly size: number;
  /** Whether f(z) = b + J z, with one J for all z. */
  readonly affine: boolean;
  readonly z: Float64Array;
  /** f(z) */
  readonly image: Float64Array;
  /** f(z) − z */
  readonly r: Float64Array;
  readonly v: Float64Array;
  /** (∂f/∂z) v */
  readonly product: Float64Array;
  /** ‖f(z) − z‖ in the norm of the stop rule, and what it has to reach. */
  residual: number;
  goal: number;
  /** What a solver that chooses among methods does now, and why. */
  method: string;
  why: string;
  /** With which weights the last values of f, newest first, were mixed into z. */
  weights: readonly number[] | undefined;
}

/** A way to solve. It holds its settings; `prepare` gives the memory for solves one after the other, each a coroutine. */
export interface Solver {
  readonly name: string;
  prepare(exchange: SolverExchange): () => SolverRun;
}

/**
 * Picard iteration z ← z + damping·(f(z) − z).
 *
 * @throws DomainError unless 0 < damping ≤ 1.
 * @example picard().name // → "picard"
 */
export function picard(options: { readonly damping?: number } = {}): Solver {
  checkOptions("picard", options, ["damping"]);
  const damping = checkNumber("picard", "damping", options.damping ?? 1, "in (0, 1]", (x) => x > 0 && x <= 1);
  return {
    name: "picard",
    prepare: (exchange) =>
      function* () {
        const { z, r } = exchange;
        const next = damping < 1 ? "iterate" : "advance";
        yield next;
        while (Number.isFinite(exchange.residual)) {
          if (damping < 1) for (let i = 0; i < z.length; i++) z[i] += damping * r[i];
          yield next;
        }
        return undefined;
      },
  };
}
