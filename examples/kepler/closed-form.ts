// What are the derivatives of E(M, e), if E is known, without any automatic differentiation?
//
// With E(M + h) = Σ aₖ hᵏ, and sₖ, cₖ the coefficients of sin E and cos E, E′ cos E = (sin E)′ and −E′ sin E = (cos E)′
// give k sₖ = Σ j aⱼ c_{k−j} and k cₖ = −Σ j aⱼ s_{k−j}, 1 ≤ j ≤ k. In aₖ = [k = 1] + e sₖ the unknown aₖ is on both sides;
// it comes out with the factor D = 1/(1 − e cos E), which is a₁ = ∂E/∂M.
//
// Derivatives in e are derivatives in M of something else (Lagrange 1770, "Nouvelle méthode pour résoudre les équations
// littérales par le moyen des séries"): ∂^(i+j) E/∂Mⁱ∂eʲ = ∂^(n−1)/∂Mⁿ⁻¹ [sinʲ(E) ∂E/∂M] with n = i + j.

/** Taylor coefficients, lowest first. */
type Series = readonly number[];

/** a₁, …, a_n of E and s₀, …, s_n of sin E around the M that has this E. */
function seriesOfE(E: number, e: number, n: number): { readonly a: Series; readonly s: Series } {
  const a = [E];
  const s = [Math.sin(E)];
  const c = [Math.cos(E)];
  const factor = 1 / (1 - e * c[0]);
  for (let k = 1; k <= n; k++) {
    let known = 0;
    for (let j = 1; j < k; j++) known += j * a[j] * c[k - j];
    a[k] = factor * ((k === 1 ? 1 : 0) + (e * known) / k);
    s[k] = (known + k * a[k] * c[0]) / k;
    let sum = 0;
    for (let j = 1; j <= k; j++) sum -= j * a[j] * s[k - j];
    c[k] = sum / k;
  }
  return { a, s };
}

const product = (x: Series, y: Series): Series =>
  x.map((_, k) => x.slice(0, k + 1).reduce((sum, part, j) => sum + part * y[k - j], 0));

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** ∂^(i+j) E/∂Mⁱ∂eʲ at a solution E of E = M + e sin E. */
export function closedForm(E: number, e: number, i: number, j: number): number {
  const n = i + j;
  if (n === 0) return E;
  const { a, s } = seriesOfE(E, e, n);
  let series: Series = Array.from({ length: n }, (_, k) => (k + 1) * a[k + 1]);
  for (let power = 0; power < j; power++) series = product(series, s);
  return factorial(n - 1) * series[n - 1];
}
