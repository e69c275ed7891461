// What is the limit of the adjoint method without its pole, in closed form?
//
// For D^α u = θ u, u(0) = 1, T = 1 and g = 1: dL/dθ = Σ (n + 1) θⁿ/Γ(α n + α + 1). Without the pole λ(s) = E_α(θ (1 − s)^α), and
// ∫ λ u ds = Σ (n + 1) θⁿ/Γ(α n + 2): Prabhakar's function E²_(α,β)(θ) once with β = 1 + α and once with β = 2.
import { mul, type Tensor, tensor } from "stillpoint";
import { gamma } from "stillpoint/special";
import { adjointWithoutPole } from "./without-pole.js";

const rate = -1;

/** Σ (n + 1) θⁿ/Γ(α n + β) */
export function prabhakar(alpha: number, beta: number): number {
  let sum = 0;
  for (let n = 0; alpha * n + beta < 170; n++) sum += ((n + 1) * rate ** n) / gamma(alpha * n + beta);
  return sum;
}

/** The relative error of the limit. */
export const errorOfLimit = (order: number): number => Math.abs(prabhakar(order, 2) / prabhakar(order, 1 + order) - 1);

/** The relative error of the method, for a loss whose gradient in u(1) is 1. */
export function errorWithoutPole(order: number, steps: number): number {
  const field = ({ theta }: { readonly theta: Tensor }, _: Tensor, u: Tensor): Tensor => mul(theta, u);
  const { pull } = adjointWithoutPole(field, { theta: tensor(rate) }, tensor([1]), { order, duration: 1, steps });
  return Math.abs(pull(tensor([1])).theta.item() / prabhakar(order, 1 + order) - 1);
}
