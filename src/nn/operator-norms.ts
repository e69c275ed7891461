// By how much can x ↦ x W lengthen a vector, in spite of rounding?
//
// u = 2⁻⁵³ is the unit of rounding. A sum of k terms of one sign is computed to a relative (k − 1) u (1 + O(ku)) in whatever
// order (Higham 2002, section 4.2), so that k·2⁻⁵², twice as much, is a margin. The 2-norm is estimated by an eigenvalue and
// then proved: if Cholesky's factorisation of t I − G runs through, then t I − G is positive semidefinite but for
// γ_{k+1}/(1 − γ_{k+1}) times its trace, at most k t (Higham 2002, theorem 10.3; Rump 2006, section 2). G = W Wᵀ or Wᵀ W, whichever
// is smaller, k by k, of sums of l products, differs from its computed entries by at most γ_l ‖W‖_F² ≤ γ_l k ‖W‖₂², and t − g
// on the diagonal by t u. Together ‖W‖₂² ≤ t (1 + (k + 1 + l + 1) k u (1 + O(klu))), and twice as much is the margin.
import { matmul, transpose } from "../primitives/index.js";
import { Tensor } from "../tensor/index.js";
import { choleskyFactorise, maxAbs } from "../typed-array-ops/index.js";
import { spectralNormOf } from "./normalisation.js";

/** Twice the unit of rounding. */
const epsilon = 2 ** -52;

/** A number that is not below the product of two numbers ≥ 0, nor below what `a` and `b` bound. */
export const productAbove = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : Math.max(a * b * (1 + 2 * epsilon), Number.MIN_VALUE);

/** The largest sum of |entries| along rows or columns of W [m, n], from above. */
function largestSum({ data, shape: [m, n] }: Tensor, rows: boolean): number {
  const sums = new Float64Array(rows ? m : n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) sums[rows ? i : j] += Math.abs(data[i * n + j]);
  return productAbove(maxAbs(sums), 1 + (rows ? n : m) * epsilon);
}

/** The power of two next below the largest entry: dividing by it rounds nothing. */
function powerBelow(largest: number): number {
  let unit = 1;
  while (largest / unit >= 2) unit *= 2;
  while (largest / unit < 1) unit /= 2;
  return unit;
}

/** ‖W‖₂ from above, by a factorisation that proves it. */
function spectralAbove(weight: Tensor): number {
  const largest = maxAbs(weight.data);
  if (largest === 0) return 0;
  const [m, n] = weight.shape;
  const unit = powerBelow(largest);
  const scaled = new Tensor(
    weight.shape,
    weight.data.map((x) => x / unit),
  );
  const k = Math.min(m, n);
  const { data: gram } = m < n ? matmul(scaled, transpose(scaled)) : matmul(transpose(scaled), scaled);
  const square = spectralNormOf(scaled).item() ** 2;
  const margin = k * (m + n + 2) * epsilon;
  const rest = new Float64Array(k * k);
  const factor = new Float64Array(k * k);
  for (let share = margin; ; share *= 4) {
    const t = square * (1 + share);
    for (let i = 0; i < rest.length; i++) rest[i] = i % (k + 1) === 0 ? t - gram[i] : -gram[i];
    if (choleskyFactorise(factor, rest, k) === undefined) {
      return productAbove(Math.sqrt(productAbove(t, 1 + margin)) * (1 + epsilon), unit);
    }
  }
}

/** Bounds on the norm of x ↦ x W for vectors x [m] measured in the 1-, 2- and ∞-norm, by the name of the norm. */
export const normsAbove: ReadonlyMap<number, (weight: Tensor) => number> = /* @__PURE__ */ new Map([
  [1, (weight: Tensor) => largestSum(weight, true)],
  [2, spectralAbove],
  [Infinity, (weight: Tensor) => largestSum(weight, false)],
]);
