// What are the weights of convolution quadrature, and their derivatives in the order?
//
// A linear multistep method with δ(ζ) stands for d/dt as δ(ζ)/h; so the integral of order α has the weights of the power
// series (h/δ(ζ))^α, and their k-th derivatives in α those of (ln h − ln δ(ζ))^k (h/δ(ζ))^α.
import type { CausalWeights } from "../typed-array-ops/index.js";
import { log, pow } from "../typed-array-ops/index.js";
import type { Mesh } from "./mesh.js";

/** δ(ζ) by its coefficients: 1 − ζ for the first backward difference formula, 3/2 − 2ζ + ζ²/2 for the second. */
export const backwardDifferences: Readonly<Record<1 | 2, readonly number[]>> = { 1: [1, -1], 2: [1.5, -2, 0.5] };

/**
 * The weights on a uniform mesh: A[n, j] = ω_(n−j) for n ≥ 1, with the solution at t = 0 left as it is.
 *
 * @source Lubich (1986), "Discretized fractional calculus", equation 1.12; the powers by Miller's recurrence (Henrici 1974,
 * Applied and Computational Complex Analysis, theorem 1.6c)
 */
export function convolutionWeights(delta: readonly number[], mesh: Mesh, alpha: number, k: number): CausalWeights {
  const { nodes } = mesh;
  const count = nodes.length;
  const h = nodes[1];
  let lags = powerOfSeries(delta, -alpha, count);
  for (let n = 0; n < count; n++) lags[n] *= pow(h, alpha);
  if (k > 0) {
    const slope = logOfSeries(delta, count).map((c) => -c);
    slope[0] += log(h);
    for (let i = 0; i < k; i++) lags = product(lags, slope);
  }
  const first = lags.slice();
  first[0] = 0;
  return { nodes: count, uniform: true, lags, first, rows: new Float64Array(0) };
}

/** δ(ζ)^β: w₀ = δ₀^β, wₙ = Σᵢ ((β + 1) i/n − 1) (δᵢ/δ₀) wₙ₋ᵢ. */
function powerOfSeries(delta: readonly number[], beta: number, count: number): Float64Array {
  const w = new Float64Array(count);
  w[0] = pow(delta[0], beta);
  for (let n = 1; n < count; n++) {
    for (let i = 1; i < delta.length && i <= n; i++) {
      w[n] += (((beta + 1) * i) / n - 1) * (delta[i] / delta[0]) * w[n - i];
    }
  }
  return w;
}

/** ln δ(ζ): c₀ = ln δ₀, and n δ₀ cₙ = n δₙ − Σᵢ δᵢ (n − i) cₙ₋ᵢ from δ·(ln δ)′ = δ′. */
function logOfSeries(delta: readonly number[], count: number): Float64Array {
  const c = new Float64Array(count);
  c[0] = log(delta[0]);
  for (let n = 1; n < count; n++) {
    let sum = n * (delta[n] ?? 0);
    for (let i = 1; i < delta.length && i < n; i++) sum -= delta[i] * (n - i) * c[n - i];
    c[n] = sum / (n * delta[0]);
  }
  return c;
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let n = 0; n < a.length; n++) for (let i = 0; i <= n; i++) result[n] += a[i] * b[n - i];
  return result;
}
