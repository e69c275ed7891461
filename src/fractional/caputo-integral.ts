// What is the fractional integral of a sampled function?
import { mul, pow, reshape, type TensorLike, toTensor } from "../primitives/index.js";
import { checkOptions, ShapeError, showShape, type Tensor } from "../tensor/index.js";
import { readOrder } from "./caputo-options.js";
import { fractionalIntegral, makeIntegral } from "./integral.js";
import { meshOfTimes } from "./mesh.js";
import { productRule } from "./quadrature.js";

export interface SampleOptions {
  /** In (0, 2]: one for all entries, or one for each entry of the last axis. */
  readonly order: number | Tensor | readonly number[];
  /** Where y was sampled: increasing from 0. */
  readonly times: readonly number[] | Float64Array;
}

/**
 * The Riemann–Liouville integral 1/Γ(α) ∫₀ᵗ (t − s)^(α−1) y(s) ds at the sampling times, y being interpolated linearly
 * between its samples along the first axis. It is linear in y; the order receives its gradient, too.
 *
 * @shape y [times, …] → the same
 * @throws DomainError if the order lies outside (0, 2] or the times do not increase from 0.
 * @throws ShapeError if the first axis of y has not one entry for each time.
 * @source Diethelm, Ford and Freed (2004), equation 1.11
 * @example caputoIntegral(tensor([1, 1, 1]), { order: 1, times: [0, 0.5, 1] }).toArray() // → [0, 0.5, 1]
 */
export function caputoIntegral(y: TensorLike, options: SampleOptions): Tensor {
  checkOptions("caputoIntegral", options, ["order", "times"]);
  const samples = toTensor("caputoIntegral", y);
  const { mesh, duration } = meshOfTimes("caputoIntegral", options.times);
  if (samples.shape[0] !== mesh.nodes.length) {
    throw new ShapeError(
      `caputoIntegral: expected [${mesh.nodes.length}, …], one sample for each time, received ${showShape(samples.shape)}`,
    );
  }
  const rows = samples.shape.length === 1 ? reshape(samples, [samples.shape[0], 1]) : samples;
  const alpha = readOrder("caputoIntegral", options.order, rows.shape);
  const integral = fractionalIntegral(rows, alpha, makeIntegral(productRule("line", mesh)));
  return reshape(mul(pow(duration, alpha), integral), samples.shape);
}
