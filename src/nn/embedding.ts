// How do integers and chance enter a network?
import { greaterEqual, type Indices, mul, take } from "../primitives/index.js";
import { drawUniform } from "../random/index.js";
import { checkCount, checkNumber, checkOptions, type Random, type Tensor } from "../tensor/index.js";
import { readRandom } from "./layer.js";

/**
 * A table of `count` vectors: apply gives the rows at the indices. The vectors begin normally distributed.
 *
 * @shape indices [...] → [..., size]
 * @throws DomainError if a size is not an integer ≥ 1, random is missing, or an index is out of range.
 * @example embedding(5, 3, { random: random(0) }).apply(zeros([5, 3]), [1, 4]).shape // → [2, 3]
 */
export function embedding(
  count: number,
  size: number,
  options: { readonly random: Random },
): { readonly params: Tensor; apply(params: Tensor, indices: Indices): Tensor } {
  checkOptions("embedding", options, ["random"]);
  checkCount("embedding", "count", count);
  checkCount("embedding", "size", size);
  return {
    params: readRandom("embedding", options?.random).normal([count, size]),
    apply: (table, indices) => take(table, indices),
  };
}

/**
 * The layer that drops each entry with probability `rate` and divides the others by 1 − rate, as its key says: the same key
 * drops the same entries, inside plans too. Without a key nothing is dropped, as befits a network that is used.
 *
 * @shape x [...] → the same
 * @throws DomainError unless 0 ≤ rate < 1.
 * @source Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), "Dropout", section 10, for the division
 * @example dropout(0.5).apply([], tensor([1, 2])).toArray() // → [1, 2]
 */
export function dropout(rate: number): {
  readonly params: readonly [];
  apply(params: readonly [], x: Tensor, key?: Tensor): Tensor;
} {
  checkNumber("dropout", "rate", rate, "in [0, 1)", (x) => x >= 0 && x < 1);
  return {
    params: [],
    apply: (_, x, key) =>
      key === undefined ? x : mul(x, mul(1 / (1 - rate), greaterEqual(drawUniform(key, x.shape), rate))),
  };
}
