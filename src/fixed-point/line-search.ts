// How far along Newton's direction is it safe to go?
import { norm2 } from "../typed-array-ops/index.js";
import type { SolverExchange, SolverRequest } from "./solver.js";

/** Halvings of a step that does not reduce the residual. */
const HALVINGS = 12;
/** The share of what the tangent promises that a step has to bring. */
const ENOUGH = 1e-4;
/** Residuals below this share of ‖z‖ are rounding errors, among which no direction descends. */
const ROUNDING = 4e-15;

/**
 * Moves z to at + share·δ, with the first share of 1, ½, ¼, … whose residual is smaller, and asks for f there; an affine f
 * is taken at its word. Returns the share and the residual norm; a share of 0 if none will do.
 *
 * @source Armijo (1966), "Minimization of functions having Lipschitz continuous first partial derivatives", equation 3
 */
export function* searchLine(
  exchange: SolverExchange,
  at: Float64Array,
  delta: Float64Array,
  size: number,
): Generator<SolverRequest, { readonly share: number; readonly after: number }, void> {
  const { z, r, affine } = exchange;
  for (let halving = 0, share = 1; halving <= HALVINGS; halving++, share /= 2) {
    for (let i = 0; i < z.length; i++) z[i] = at[i] + share * delta[i];
    yield affine ? "iterate" : "trial";
    const after = norm2(r);
    if (affine) return { share, after };
    if (after <= (1 - ENOUGH * share) * size || after <= ROUNDING * norm2(z)) {
      yield "accept";
      return { share, after };
    }
  }
  return { share: 0, after: size };
}
