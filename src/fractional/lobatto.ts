// Between which points is a function interpolated by one polynomial, and what is that polynomial elsewhere?
import { cos, matmul } from "../typed-array-ops/index.js";

/** The points of Gauss–Lobatto on [0, 1], both ends among them. */
export interface Lobatto {
  readonly x: Float64Array;
  /** λⱼ = 1/Πᵢ (xⱼ − xᵢ), up to a common factor. */
  readonly barycentric: Float64Array;
}

/**
 * The n zeros of (1 − ξ²) P′ₙ₋₁(ξ), moved to [0, 1], by Newton's method from cos(π j/(n − 1)).
 *
 * @source Abramowitz and Stegun (1964), 25.4.32, for the points; Berrut and Trefethen (2004), "Barycentric Lagrange
 * interpolation", equation 3.2, for the weights, which are those of the rounded points
 */
export function lobattoPoints(n: number): Lobatto {
  const degree = n - 1;
  const x = new Float64Array(n);
  x[degree] = 1;
  for (let j = 1; j < degree; j++) {
    let xi = -cos((Math.PI * j) / degree);
    for (let step = 0; step < 20; step++) {
      const [p, before] = legendrePair(degree, xi);
      // With q = (1 − ξ²) P′/degree = P_(degree−1) − ξ P: q′ = −(degree + 1) P.
      const change = (before - xi * p) / ((degree + 1) * p);
      xi += change;
      if (Math.abs(change) < 1e-16) break;
    }
    x[j] = (1 + xi) / 2;
  }
  const barycentric = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    // The capacity of [0, 1] is 1/4: with the factor 4 for each difference nothing over- or underflows.
    let product = 1;
    for (let i = 0; i < n; i++) if (i !== j) product *= 4 * (x[j] - x[i]);
    barycentric[j] = 1 / product;
  }
  return { x, barycentric };
}

/**
 * The n points and weights of Gauss and Legendre on [0, 1].
 *
 * @source Abramowitz and Stegun (1964), 25.4.29
 */
export function gaussPoints(n: number): { readonly x: Float64Array; readonly weight: Float64Array } {
  const [x, weight] = [0, 1].map(() => new Float64Array(n));
  for (let j = 0; j < n; j++) {
    let xi = -cos((Math.PI * (j + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let step = 0; step < 20; step++) {
      const [p, before] = legendrePair(n, xi);
      slope = (n * (before - xi * p)) / (1 - xi * xi);
      const change = p / slope;
      xi -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    x[j] = (1 + xi) / 2;
    weight[j] = 1 / ((1 - xi * xi) * slope * slope);
  }
  return { x, weight };
}

/** P_k and P_(k−1) at ξ. */
function legendrePair(k: number, xi: number): readonly [number, number] {
  let [before, p] = [1, xi];
  for (let i = 1; i < k; i++) [before, p] = [p, ((2 * i + 1) * xi * p - i * before) / (i + 1)];
  return [p, before];
}

/** Writes ℓⱼ(x) for all j into `out`: the values of the Lagrange polynomials. */
export function lagrange({ x: points, barycentric }: Lobatto, x: number, out: Float64Array): void {
  let sum = 0;
  for (let j = 0; j < points.length; j++) {
    const distance = x - points[j];
    if (distance === 0) {
      out.fill(0);
      out[j] = 1;
      return;
    }
    out[j] = barycentric[j] / distance;
    sum += out[j];
  }
  for (let j = 0; j < points.length; j++) out[j] /= sum;
}

/**
 * The matrix from the values at n points to the coefficients of the shifted Legendre polynomials P₀(2x − 1), …, Pₙ₋₁(2x − 1).
 * Quadrature gives its entries at the true points. At the rounded ones P_k is off by k² units of rounding, which one step of
 * X ← X (2 − V X) takes back, V being the values of the polynomials.
 *
 * @source Canuto, Hussaini, Quarteroni and Zang (2006), Spectral Methods: Fundamentals in Single Domains, equations 2.3.12
 * and 2.3.15, for the quadrature; Schulz (1933) for the step
 */
export function legendreTransform({ x }: Lobatto): Float64Array {
  const n = x.length;
  const degree = n - 1;
  const [first, values] = [0, 1].map(() => new Float64Array(n * n));
  for (let j = 0; j < n; j++) {
    const xi = 2 * x[j] - 1;
    const [last] = legendrePair(degree, xi);
    const weight = 2 / (degree * n * last * last);
    let [before, p] = [0, 1];
    for (let k = 0; k < n; k++) {
      values[j * n + k] = p;
      first[k * n + j] = p * weight * (k < degree ? k + 0.5 : degree / 2);
      [before, p] = [p, ((2 * k + 1) * xi * p - k * before) / (k + 1)];
    }
  }
  const [rest, change] = [0, 1].map(() => new Float64Array(n * n));
  matmul(rest, values, first, n, n, n, false, false);
  for (let i = 0; i < n * n; i++) rest[i] = (i % (n + 1) === 0 ? 1 : 0) - rest[i];
  matmul(change, first, rest, n, n, n, false, false);
  return first.map((entry, i) => entry + change[i]);
}
