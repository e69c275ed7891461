// Does a page compute the gradients that its model has?
//
// The scalar is ⟨u, y⟩ with fixed weights u of the outputs y. Its derivative along each slider, and along a direction in each
// tensor of weights, is taken in reverse mode, in forward mode (which must agree to rounding: ⟨u, J v⟩ = ⟨Jᵀ u, v⟩), and by
// central differences, extrapolated to steps of 0, which know no rule.
import { jvp, vjp } from "../../calculus/index.js";
import { add, mul } from "../../primitives/index.js";
import { Tensor, tensor } from "../../tensor/index.js";
import { extrapolate, kinksOf } from "../../verify/slopes.js";
import type { Machine } from "./machine.js";

/** Relative to the derivative: forward mode differs by rounding, differences by what they leave open. */
export const bounds = { forward: 1e-12, differences: 1e-8 } as const;
/** First steps of differences, relative to the range of a slider or the size of a weight. */
const firstSteps = [2 ** -3, 2 ** -6];
/** A derivative is small beside this share of the largest. */
const SMALL = 1e-3;
/** What a solve leaves open, relative to its values. */
const NOISE = 2 ** -46;

export interface Row {
  readonly name: string;
  readonly reverse: number;
  readonly forward: number;
  readonly differences: number;
  /** Relative errors: of forward mode and of differences. */
  readonly errors: { readonly forward: number; readonly differences: number };
  /** Whether differences could tell: at a kink, or a step away from it, they cannot. */
  readonly decided: boolean;
}

export interface Verdict {
  readonly passed: boolean;
  readonly text: string;
}

const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0);
const dotSize = (x: Float64Array, y: Float64Array): number =>
  x.reduce((sum, value, i) => sum + Math.abs(value * y[i]), 0);

/** Numbers in ±[0.5, 1] that follow no pattern of the model: multiples of the golden ratio. */
const spread = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => {
    const share = 2 * ((0.6180339887498949 * (i + 1)) % 1) - 1;
    return share < 0 ? share / 2 - 0.5 : share / 2 + 0.5;
  });

/** One coordinate: a slider, in units of its range, or a tensor of weights along a direction. */
interface Coordinate {
  readonly name: string;
  /** Among the inputs and weights. */
  readonly at: number;
  readonly direction: Tensor;
  /** Where the coordinate is, and how far it may go. */
  readonly place: number;
  readonly room: number;
}

function coordinatesOf({ payload, weights, domain }: Machine, values: readonly number[]): Coordinate[] {
  const sliders = payload.inputs.map(({ label, from, to }, i): Coordinate => {
    const [low, high] = domain(i);
    const range = to - from;
    const room = Math.min(values[i] - low, high - values[i]) / (2 * range);
    return { name: label, at: i, direction: tensor(range), place: Math.abs(values[i]) / range, room };
  });
  return [
    ...sliders,
    ...weights.map(({ shape, data }, k): Coordinate => {
      const signs = spread(data.length);
      const direction = new Tensor(
        shape,
        data.map((w, i) => signs[i] * (Math.abs(w) || 1)),
      );
      const name = `weights ${k + 1}: [${shape.join(", ")}]`;
      return { name, at: sliders.length + k, direction, place: 1, room: Infinity };
    }),
  ];
}

/** The rows one after the other, since each takes time. */
export function* checkRows(machine: Machine, values: readonly number[]): Generator<Row, void, void> {
  const { evaluate, payload } = machine;
  const count = payload.inputs.length;
  const all = [...values.map((value) => tensor(value)), ...machine.weights];
  const f = (xs: readonly Tensor[]): Tensor => evaluate(xs.slice(0, count), xs.slice(count));
  const { value, pull } = vjp(f, all);
  const u = spread(value.data.length);
  const [gradient] = pull(new Tensor(value.shape, u)) as unknown as readonly [readonly Tensor[]];
  const coordinates = coordinatesOf(machine, values);
  const sizes = coordinates.map(({ at, direction }) => dotSize(gradient[at].data, direction.data));
  const outputSize = dotSize(u, value.data);
  const floor = SMALL * (Math.max(...sizes) || outputSize || 1);
  for (const [k, { name, at, direction, place, room }] of coordinates.entries()) {
    const reverse = dot(gradient[at].data, direction.data);
    const tangents = all.map((x, i) => (i === at ? direction : mul(0, x)));
    const forward = dot(u, jvp(f, [all], [tangents]).tangent.data);
    const along = (h: number): Float64Array =>
      Float64Array.of(dot(u, f(all.map((x, i) => (i === at ? add(x, mul(h, direction)) : x))).data));
    const noise = Float64Array.of(NOISE * outputSize);
    const [best] = firstSteps
      .map((first) => extrapolate(along, place, Math.min(first, room), noise)[0])
      .sort((a, b) => a.error - b.error);
    const scale = (other: number): number => Math.max(sizes[k], Math.abs(other), floor);
    yield {
      ...{ name, reverse, forward, differences: best.value },
      errors: {
        forward: Math.abs(forward - reverse) / scale(forward),
        differences: Math.abs(best.value - reverse) / scale(best.value),
      },
      decided: !kinksOf(along, place, along(0))[0] && best.error <= bounds.differences * scale(best.value),
    };
  }
}

/** Forms the verdict in words; `show` writes a number. */
export function judge(rows: readonly Row[], intact: boolean, show: (x: number) => string): Verdict {
  const worst = (which: "forward" | "differences", some: readonly Row[]): Row | undefined =>
    some.reduce<Row | undefined>(
      (most, row) =>
        most && !(row.errors[which] > most.errors[which] || Number.isNaN(row.errors[which])) ? most : row,
      undefined,
    );
  const decided = rows.filter((row) => row.decided);
  const forward = worst("forward", rows);
  const differences = worst("differences", decided);
  const problems: string[] = [];
  if (!intact) problems.push("the numbers are not those that were exported: their checksum differs");
  if (!forward || !differences) problems.push("differences could decide nothing here");
  if (forward && !(forward.errors.forward <= bounds.forward)) {
    problems.push(`reverse and forward mode differ by ${show(forward.errors.forward)} along ${forward.name}`);
  }
  if (differences && !(differences.errors.differences <= bounds.differences)) {
    problems.push(
      `reverse mode and differences differ by ${show(differences.errors.differences)} along ${differences.name}`,
    );
  }
  if (problems.length > 0) return { passed: false, text: `FAIL: ${problems.join("; ")}.` };
  const open = rows.length - decided.length;
  const largest = Math.max(forward?.errors.forward ?? 0, differences?.errors.differences ?? 0);
  return {
    passed: true,
    text:
      `PASS: the largest relative error is ${show(largest)}. Reverse and forward mode agree to ${show(forward?.errors.forward ?? 0)}, ` +
      `reverse mode and differences to ${show(differences?.errors.differences ?? 0)}, and the weights are those that were exported` +
      `${open > 0 ? `; in ${open} of ${rows.length} rows differences could not tell` : ""}.`,
  };
}
