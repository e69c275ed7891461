// What are the derivatives of t^p/Γ(p + 1) with respect to the order p?
import { digamma, gamma, polygamma } from "../special/index.js";
import { log, pow } from "../typed-array-ops/index.js";

/**
 * The function t ↦ dᵏ/dαᵏ [t^p/Γ(p + 1)] for p = α + shift > −1 and t > 0. The order itself goes into powers and Γ: rounding α ± 1
 * would cost units of rounding times |ln t|.
 *
 * @source Comtet (1974), Advanced Combinatorics, section 3.3, for the Bell polynomials
 */
export function powerOverGamma(alpha: number, shift: -1 | 0 | 1, k: number): (t: number) => number {
  if (alpha === 0 && shift === -1) {
    // 1/Γ has its zero here: P_p = (p + 1) P_(p+1)/t, k times differentiated, leaves k times the derivative before.
    const before = powerOverGamma(0, 0, Math.max(0, k - 1));
    return k === 0 ? () => 0 : (t) => (k * before(t)) / t;
  }
  const scale = 1 / gamma(alpha + (shift + 1));
  const factor = k === 0 ? undefined : logarithmicFactor(alpha, shift, k);
  return (t) => {
    const power = pow(t, alpha);
    const value = scale * (shift === 0 ? power : shift === 1 ? power * t : power / t);
    return factor === undefined ? value : value * factor(log(t));
  };
}

/**
 * The function ln t ↦ dᵏ/dαᵏ [t^p/Γ(p + 1)] ÷ [t^p/Γ(p + 1)] for p = α + shift.
 *
 * With g(p) = p ln t − ln Γ(p + 1) it is Yₖ, where Y₀ = 1 and Yₙ₊₁ = Σᵢ C(n, i) Yₙ₋ᵢ g⁽ⁱ⁺¹⁾ are the complete Bell polynomials
 * in the derivatives of g: g′ = ln t − ψ(p + 1), g⁽ⁱ⁺¹⁾ = −ψ⁽ⁱ⁾(p + 1).
 */
export function logarithmicFactor(alpha: number, shift: -1 | 0 | 1, k: number): (logT: number) => number {
  const above = alpha + (shift + 1);
  const slopes = Array.from({ length: k }, (_, i) => -(i === 0 ? digamma(above) : polygamma(i, above)));
  const binomials = pascal(k);
  const bell = new Float64Array(k + 1);
  bell[0] = 1;
  return (logT) => {
    for (let n = 0; n < k; n++) {
      let sum = 0;
      for (let i = 0; i <= n; i++) sum += binomials[n][i] * bell[n - i] * (i === 0 ? logT + slopes[0] : slopes[i]);
      bell[n + 1] = sum;
    }
    return bell[k];
  };
}

/** C(n, i) for n < rows. */
function pascal(rows: number): number[][] {
  const triangle: number[][] = [];
  for (let n = 0; n < rows; n++) {
    triangle.push(
      Array.from({ length: n + 1 }, (_, i) => (i === 0 || i === n ? 1 : triangle[n - 1][i - 1] + triangle[n - 1][i])),
    );
  }
  return triangle;
}
