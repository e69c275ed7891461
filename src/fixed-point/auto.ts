// Which method suits an equation that nobody knows yet?
import { checkOptions } from "../tensor/index.js";
import { makeMixer } from "./anderson.js";
import { makeNewton } from "./newton-krylov.js";
import type { Solver, SolverExchange, SolverRun } from "./solver.js";

/** Picard goes on while the residual falls to at most this share in a step. */
const CONTRACTING = 0.2;
/** Anderson's progress is judged over so many steps. */
const WINDOW = 8;
/** Newton–Krylov takes over where Anderson would need more than this many windows more. */
const PATIENCE = 3;
/** How many differences Anderson keeps. */
const MEMORY = 10;

/**
 * Picard's iteration while it contracts well, Anderson's when it slows, and Newton–Krylov from the best iterate when that
 * stalls, grows or meets a value that is not finite; where Newton's direction fails as well, Anderson's from the best iterate,
 * to the end. A linear equation is left to GMRES. Every switch is in the report, with its reason.
 *
 * @throws DomainError for any option: it has none.
 * @example auto().name // → "auto"
 */
export function auto(options: Record<string, never> = {}): Solver {
  checkOptions("auto", options, []);
  return { name: "auto", prepare };
}

function prepare(exchange: SolverExchange): () => SolverRun {
  const { z, image, size } = exchange;
  const newton = makeNewton(exchange);
  if (exchange.affine) {
    return function* () {
      exchange.method = "gmres";
      yield "iterate";
      return yield* newton();
    };
  }
  const best = new Float64Array(size);
  const mixer = makeMixer(exchange, MEMORY);

  return function* () {
    let least = Infinity;
    const residuals: number[] = [];
    const last = (back: number): number => residuals[residuals.length - 1 - back];
    /** Whether f(z) is finite; keeps the best iterate. */
    const note = (): boolean => {
      const { residual } = exchange;
      residuals.push(residual);
      if (residual < least) {
        least = residual;
        best.set(z);
      }
      return residual < Infinity;
    };
    const turnTo = (method: string, why: string): void => {
      exchange.method = method;
      exchange.why = why;
    };

    turnTo("picard", "");
    yield "iterate";
    while (note() && (residuals.length === 1 || last(0) <= CONTRACTING * last(1))) {
      z.set(image);
      yield "iterate";
    }
    let why = `the residual went from ${last(1)} to ${last(0)} in a step`;
    if (last(0) < Infinity) {
      turnTo("anderson", why);
      mixer.forget();
      const begun = residuals.length;
      do {
        mixer.mix();
        yield "iterate";
      } while (note() && (residuals.length < begun + WINDOW || promising(last(0), last(WINDOW), exchange.goal)));
      const steps = Math.min(WINDOW, residuals.length - 1);
      why = `the residual went from ${last(steps)} to ${last(0)} in ${steps} steps`;
      exchange.weights = undefined;
    }
    if (least === Infinity) return undefined;
    turnTo("newtonKrylov", why);
    if (!(last(0) <= least)) {
      z.set(best);
      yield "trial";
    }
    const steps = newton();
    let next = steps.next();
    for (; !next.done; next = steps.next()) {
      yield next.value;
      if (next.value === "accept") note();
    }
    if (next.value === undefined) return undefined;
    turnTo("anderson", next.value);
    z.set(best);
    yield "trial";
    mixer.forget();
    do {
      mixer.mix();
      yield "iterate";
    } while (note());
    return undefined;
  };
}

/** Whether the rate of the last window leads to the goal soon. */
function promising(residual: number, before: number, goal: number): boolean {
  const rate = residual / before;
  let expected = residual;
  for (let window = 0; window < PATIENCE; window++) expected *= rate;
  return rate < 1 && expected <= goal;
}
