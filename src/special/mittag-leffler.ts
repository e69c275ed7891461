// What is the Mittag-Leffler function of a real or complex number?
//
// It is to equations of fractional order what e^z is to those of order one: u(t) = E_alpha(lambda t^alpha) u(0) solves
// D^alpha u = lambda u. How it is computed stands in mittag-leffler-evaluate.ts.

import { checkNumber, DomainError, describe } from "../tensor/index.js";
import type { Complex } from "./complex.js";
import { evaluator } from "./mittag-leffler-evaluate.js";

/** Refuses an alpha outside (0, 2] and a beta that is not finite. */
export function checkOrders(operation: string, alpha: number, beta: number): void {
  checkNumber(operation, "alpha", alpha, "a number in (0, 2]", (x) => x > 0 && x <= 2);
  checkNumber(operation, "beta", beta, "a finite number", () => true);
}

const isComplex = (z: unknown): z is Complex =>
  typeof z === "object" && z !== null && "re" in z && "im" in z && typeof z.re === "number" && typeof z.im === "number";

/**
 * The Mittag-Leffler function with two parameters, `E_alpha,beta(z) = sum_{k>=0} z^k / Gamma(alpha k + beta)`, of a number or
 * of a complex number `{ re, im }`.
 *
 * NaN gives NaN. E(-Infinity) is 0 unless oscillations stay (alpha = 2 and beta <= 1: NaN), E(Infinity) is Infinity.
 *
 * @throws DomainError if alpha is not in (0, 2], beta is not finite, or z is neither a number nor `{ re, im }`.
 * @source Garrappa (2015), Numerical evaluation of two and three parameter Mittag-Leffler functions, SIAM J. Numer. Anal. 53,
 * 1350-1369; Trefethen & Weideman (2014), The exponentially convergent trapezoidal rule, SIAM Review 56, section 5.
 * @example
 * mittagLeffler(1, 1) // → 2.7182818284590455
 * mittagLeffler(0.5, -1) // → 0.427583576155807
 * Object.values(mittagLeffler(2, { re: 0, im: 2 })) // → [0.833730025131149, 0.9888977057628652]
 */
export function mittagLeffler(alpha: number, z: number, beta?: number): number;
export function mittagLeffler(alpha: number, z: Complex, beta?: number): Complex;
export function mittagLeffler(alpha: number, z: number | Complex, beta = 1): number | Complex {
  if (typeof z !== "number" && !isComplex(z)) {
    throw new DomainError(
      `mittagLeffler: expected z to be a number or { re, im }, received ${describe(z)}; mittagLefflerOf takes tensors`,
    );
  }
  const unknown = Number.isNaN(alpha) || Number.isNaN(beta);
  if (!unknown) checkOrders("mittagLeffler", alpha, beta);
  if (typeof z === "number") return unknown ? NaN : evaluator(alpha, beta)({ re: z, im: 0 }, 0).re;
  return unknown ? { re: NaN, im: NaN } : evaluator(alpha, beta)(z, 0);
}
