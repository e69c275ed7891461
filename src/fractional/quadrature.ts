// Which quadratures are there?
import { checkNumber, checkOptions } from "../tensor/index.js";
import { type ProductRule, trapezoidCells } from "./product-weights.js";

/**
 * The product trapezoidal rule: f is interpolated linearly on each cell and integrated against the kernel exactly.
 * Nodes are t_j = duration·(j/steps)^grading.
 *
 * @throws DomainError unless grading is a number ≥ 1.
 * @source Diethelm, Ford and Freed (2004), equation 1.11
 * @example productTrapezoid({ grading: 2 }).grading // → 2
 */
export function productTrapezoid(options: { readonly grading?: number } = {}): ProductRule {
  checkOptions("productTrapezoid", options, ["grading"]);
  const grading = checkNumber("productTrapezoid", "grading", options.grading ?? 1, "a number ≥ 1", (r) => r >= 1);
  return { name: "productTrapezoid", grading, cells: trapezoidCells };
}
