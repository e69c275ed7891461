// How large is ‖A⁻¹‖∞, if only A⁻¹ v and A⁻ᵀ w can be had?
import type { MaybeTensor } from "../tape/index.js";
import { Tensor } from "../tensor/index.js";
import { dot } from "../typed-array-ops/index.js";

type LinearMap = (v: readonly Tensor[]) => readonly MaybeTensor[];

/** Pairs of solves; two are enough as a rule. */
const rounds = 4;

const norm1 = (x: Float64Array): number => x.reduce((sum, value) => sum + Math.abs(value), 0);

/**
 * An estimate from below of ‖B‖∞ = ‖Bᵀ‖₁ for a linear map B of vectors that are lists of tensors like `like`: a local
 * maximum of ‖Bᵀ x‖₁ on the simplex, and one more vector against unlucky signs.
 *
 * @source Hager (1984), "Condition estimates"; Higham (2002), Accuracy and Stability of Numerical Algorithms, algorithm 15.1
 */
export function inverseNorm(like: readonly Tensor[], push: LinearMap, pull: LinearMap): number {
  const n = like.reduce((sum, { data }) => sum + data.length, 0);
  const through = (map: LinearMap, x: Float64Array): Float64Array => {
    let at = 0;
    const parts = like.map(({ shape, data }) => {
      at += data.length;
      return new Tensor(shape, x.slice(at - data.length, at));
    });
    const y = new Float64Array(n);
    at = 0;
    map(parts).forEach((part, i) => {
      if (part !== undefined) y.set(part.data, at);
      at += like[i].data.length;
    });
    return y;
  };
  if (n === 0) return 0;
  let x = new Float64Array(n).fill(1 / n);
  let largest = 0;
  for (let round = 0; round < rounds; round++) {
    const y = through(pull, x);
    const size = norm1(y);
    if (round > 0 && size <= largest) break;
    largest = size;
    const z = through(
      push,
      y.map((value) => (value < 0 ? -1 : 1)),
    );
    const best = z.reduce((most, value, i) => (Math.abs(value) > Math.abs(z[most]) ? i : most), 0);
    if (Math.abs(z[best]) <= dot(z, x)) break;
    x = new Float64Array(n);
    x[best] = 1;
  }
  const alternating = x.map((_, i) => (i % 2 === 0 ? 1 : -1) * (1 + i / Math.max(1, n - 1)));
  return Math.max(largest, (2 * norm1(through(pull, alternating))) / (3 * n));
}
