// What is compared with what, and how far do they differ?
import { slice, type Tensor } from "stillpoint";
import type { CaputoSolution } from "stillpoint/fractional";

/** A line of the table. */
export interface Comparison {
  readonly equation: string;
  readonly order: string;
  readonly duration: number;
  readonly quadrature: string;
  readonly against: string;
  /** The largest difference, in units of the reference's largest entry. */
  readonly error: number;
}

/** A solution at some times: one array for each state. */
export type Curve = readonly Float64Array[];

export const state = (u: Tensor, c: number): Tensor => slice(u, [0, c], [u.shape[0], c + 1]);

/** So many equal steps from 0 to the duration. */
export const evenTimes = (duration: number, steps: number): readonly number[] =>
  Array.from({ length: steps + 1 }, (_, k) => (duration * k) / steps);

export function curveOf(solution: CaputoSolution, times: readonly number[]): Curve {
  const { data, shape } = solution.at(times);
  const states = shape[1] ?? 1;
  return Array.from({ length: states }, (_, c) => Float64Array.from(times, (_, k) => data[k * states + c]));
}

/** The largest difference of any state at each time. */
export const differences = (received: Curve, expected: Curve): readonly number[] =>
  Array.from(expected[0], (_, k) => Math.max(...expected.map((values, c) => Math.abs(received[c][k] - values[k]))));

export const scaleOf = (curve: Curve): number => Math.max(...curve.map((values) => Math.max(...values.map(Math.abs))));

/** NaN where either is. */
export const errorOf = (received: Curve, expected: Curve): number =>
  Math.max(...differences(received, expected)) / scaleOf(expected);

/** The time until which two curves agree to a share of the second one's largest entry. */
export function horizon(times: readonly number[], received: Curve, expected: Curve, share: number): number {
  const bound = share * scaleOf(expected);
  const apart = differences(received, expected).findIndex((difference) => !(difference <= bound));
  return apart < 0 ? times[times.length - 1] : times[Math.max(0, apart - 1)];
}
