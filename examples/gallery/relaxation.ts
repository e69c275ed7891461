// How does D^α u = −u, u(0) = 1 go over from relaxation to oscillation?
import { neg } from "stillpoint";
import { solveCaputo, spectral } from "stillpoint/fractional";
import { erfc } from "stillpoint/special";
import { compute, type Keep } from "../shared/work.js";
import { type Comparison, type Curve, curveOf, errorOf, evenTimes } from "./comparison.js";
import { invert } from "./laplace-inversion.js";

export const orders = [0.25, 0.5, 1, 1.5, 1.75, 2] as const;
export const duration = 12;
export const quadrature = "spectral, 10 × 24";

/** E_α(−t^α), with the transform s^(α−1)/(s^α + 1): closed forms where there are some, else along the cut. */
export function exactRelaxation(alpha: number): { readonly name: string; readonly at: (t: number) => number } {
  if (alpha === 0.5) return { name: "eᵗ erfc(√t)", at: (t) => Math.exp(t) * erfc(Math.sqrt(t)) };
  if (alpha === 1) return { name: "e⁻ᵗ", at: (t) => Math.exp(-t) };
  if (alpha === 2) return { name: "cos t", at: Math.cos };
  return { name: "E_α, inverted along the cut", at: relaxationAlongCut(alpha) };
}

/** Orders up to 1 have no pole; at 1 it lies on the cut. */
export function relaxationAlongCut(alpha: number): (t: number) => number {
  const inverse = invert({
    numerator: [[1, alpha - 1]],
    denominator: [
      [1, alpha],
      [1, 0],
    ],
    poles: alpha > 1 ? [[Math.cos(Math.PI / alpha), Math.sin(Math.PI / alpha)]] : [],
  });
  return (t) => (t === 0 ? 1 : inverse(t));
}

export interface Relaxation {
  readonly order: number;
  readonly curve: Curve;
  readonly comparison: Comparison;
}

/** Dense near 0, where the slope is infinite below order 1. */
export const times = evenTimes(1, 300).map((x) => duration * x * x);

export async function measureRelaxation(keep: Keep = compute): Promise<readonly Relaxation[]> {
  const measure = (order: number): Relaxation => {
    const options = { order, duration, quadrature: spectral({ nodes: 24, panels: 10 }), tolerance: 1e-14 };
    const curve = curveOf(
      solveCaputo((_, u) => neg(u), 1, options),
      times,
    );
    const { name, at } = exactRelaxation(order);
    const error = errorOf(curve, [Float64Array.from(times, at)]);
    const comparison = { equation: "relaxation", order: String(order), duration, quadrature, against: name, error };
    return { order, curve, comparison };
  };
  const measured: Relaxation[] = [];
  for (const order of orders) measured.push(await keep(`relaxation, order ${order}`, () => measure(order), 2));
  return measured;
}
