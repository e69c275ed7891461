// What are the fractional integral and derivative of a sampled function?
import {
  add,
  concat,
  div,
  mul,
  neg,
  pow,
  reshape,
  slice,
  sub,
  type TensorLike,
  toTensor,
  zeros,
} from "../primitives/index.js";
import { checkOptions, DomainError, ShapeError, showShape, Tensor } from "../tensor/index.js";
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

function readSamples(operation: string, y: TensorLike, options: SampleOptions) {
  checkOptions(operation, options ?? {}, ["order", "times"]);
  const samples = toTensor(operation, y);
  const { mesh, duration } = meshOfTimes(operation, options?.times);
  if (samples.shape[0] !== mesh.nodes.length) {
    throw new ShapeError(
      `${operation}: expected [${mesh.nodes.length}, …], one sample for each time, received ${showShape(samples.shape)}`,
    );
  }
  const rows = samples.shape.length === 1 ? reshape(samples, [samples.shape[0], 1]) : samples;
  return { samples, rows, mesh, duration, alpha: readOrder(operation, options.order, rows.shape) };
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
  const { samples, rows, mesh, duration, alpha } = readSamples("caputoIntegral", y, options);
  const integral = fractionalIntegral(rows, alpha, makeIntegral(productRule("line", mesh)));
  return reshape(mul(pow(duration, alpha), integral), samples.shape);
}

/**
 * The Caputo derivative at the sampling times: for orders up to 1 that of the piecewise linear interpolant,
 * 1/Γ(1 − α) ∫₀ᵗ (t − s)^(−α) y′(s) ds, known as the L1 scheme; above 1 the derivative of order α − 1 of y′, which comes from
 * the parabola through three samples. It is 0 at t = 0, and at order 1 the slope of the last cell. It is linear in y; the order
 * receives its gradient, too.
 *
 * @shape y [times, …] → the same
 * @throws DomainError if an order lies outside (0, 2], if some are above 1 and others are not, or the times do not increase from 0.
 * @throws ShapeError if the first axis of y has not one entry for each time, or fewer than three for orders above 1.
 * @source Oldham and Spanier (1974), The Fractional Calculus, section 8.2, for the L1 scheme
 * @example caputoDerivative(tensor([0, 1, 2, 3]), { order: 1, times: [0, 1, 2, 3] }).toArray() // → [0, 1, 1, 1]
 */
export function caputoDerivative(y: TensorLike, options: SampleOptions): Tensor {
  const { samples, rows, mesh, duration, alpha } = readSamples("caputoDerivative", y, options);
  const above = (a: number): boolean => a > 1;
  if (alpha.traced || (alpha.data.some(above) && !alpha.data.every(above))) {
    throw new DomainError(
      "caputoDerivative: expected known orders that are all up to 1 or all above 1, received " +
        `${alpha.traced ? "a traced order" : alpha.toArray()}: differentiate the others by themselves`,
    );
  }
  const { nodes } = mesh;
  const second = alpha.data.every(above) && alpha.data.length > 0;
  if (second && nodes.length < 3) {
    throw new ShapeError(`caputoDerivative: expected three samples for orders above 1, received ${nodes.length}`);
  }
  const lengths = nodes.subarray(1).map((t, c) => t - nodes[c]);
  const whole = second ? slopesAt(rows, lengths) : rows;
  const slopes = slopesOf(whole, lengths);
  // The rectangle rule takes the slope of a cell for the value at its left end, and none at the last node.
  const padded = concat([slopes, zeros([1, ...rows.shape.slice(1)])], 0);
  const rest = sub(second ? 2 : 1, alpha);
  const derivative = fractionalIntegral(padded, rest, makeIntegral(productRule("left", mesh)));
  return reshape(mul(pow(duration, neg(alpha)), derivative), samples.shape);
}

const column = (values: Float64Array, like: Tensor): Tensor =>
  new Tensor([values.length, ...like.shape.slice(1).map(() => 1)], values);

/** (y_(c+1) − y_c)/H_c on each cell. */
function slopesOf(y: Tensor, lengths: Float64Array): Tensor {
  const n = lengths.length;
  return div(sub(slice(y, [1], [n + 1]), slice(y, [0], [n])), column(lengths, y));
}

/** y′ at each sample, of the parabola through it and its neighbours, at the ends through the nearest three. */
function slopesAt(y: Tensor, lengths: Float64Array): Tensor {
  const n = lengths.length;
  const slopes = slopesOf(y, lengths);
  const [before, after] = [slice(slopes, [0], [n - 1]), slice(slopes, [1], [n])];
  const span = lengths.subarray(1).map((h, c) => h + lengths[c]);
  const bend = div(sub(after, before), column(span, y));
  const inside = add(before, mul(bend, column(lengths.subarray(0, n - 1), y)));
  const first = sub(slice(slopes, [0], [1]), mul(lengths[0], slice(bend, [0], [1])));
  const last = add(slice(slopes, [n - 1], [n]), mul(lengths[n - 1], slice(bend, [n - 2], [n - 1])));
  return concat([first, inside, last], 0);
}
