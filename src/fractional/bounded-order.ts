// How does an order that is learned stay within its range?
import { add, mul, sigmoid, type TensorLike } from "../primitives/index.js";
import { checkNumber, checkOptions, type Tensor } from "../tensor/index.js";

/**
 * low + (high − low)·σ(ρ): an order between low and high for any ρ, smooth in it.
 *
 * @shape ρ [...] → the same
 * @throws DomainError unless 0 ≤ low < high ≤ 2.
 * @example boundedOrder(0).item() // → 0.5
 * @example boundedOrder(0, { low: 1, high: 2 }).item() // → 1.5
 */
export function boundedOrder(rho: TensorLike, options: { readonly low?: number; readonly high?: number } = {}): Tensor {
  checkOptions("boundedOrder", options, ["low", "high"]);
  const low = checkNumber("boundedOrder", "low", options.low ?? 0, "in [0, 2)", (x) => x >= 0 && x < 2);
  const high = checkNumber("boundedOrder", "high", options.high ?? 1, "in (low, 2]", (x) => x > low && x <= 2);
  return add(low, mul(high - low, sigmoid(rho)));
}
