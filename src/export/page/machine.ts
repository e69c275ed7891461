// What does a page ask of its model?
import { concat, reshape } from "../../primitives/index.js";
import type { Tensor } from "../../tensor/index.js";
import type { Observations, Quantity } from "../payload.js";
import type { Decoded } from "./decode.js";

/** What a chart shows: lines over one axis, dots beside them, and a place that is marked. */
export interface Chart {
  readonly title: string;
  readonly x: Quantity;
  readonly y: Quantity;
  readonly logarithmic?: boolean;
  readonly names: readonly string[];
  /** Places along the axis, and for each name the values there. */
  readonly xs: readonly number[];
  readonly lines: readonly (readonly number[])[];
  /** Drawn as steps of an iteration: with a dot at each. */
  readonly dotted?: boolean;
  readonly data?: Observations | undefined;
  readonly mark?: number | undefined;
  /** A level that is to be reached. */
  readonly goal?: number | undefined;
}

export interface Machine extends Decoded {
  /** The outputs, to as many digits as there are, for one scalar for each slider. */
  evaluate(inputs: readonly Tensor[], weights: readonly Tensor[]): Tensor;
  /** The outputs at the sliders, what is to be drawn, and what is to be said; `over` is the slider of the axis, if any. */
  look(
    values: readonly number[],
    over: number,
  ): { readonly outputs: ArrayLike<number>; readonly charts: readonly Chart[]; readonly note: string };
  /** Whether one of the sliders is the horizontal axis. */
  readonly hasAxis: boolean;
  /** The open range in which a slider makes sense, however far it reaches. */
  domain(slider: number): readonly [low: number, high: number];
}

/** One vector of scalars. */
export const vectorOf = (scalars: readonly Tensor[]): Tensor =>
  concat(
    scalars.map((x) => reshape(x, [1])),
    0,
  );

/** Places along the axis at which a curve is computed. */
export const places = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

export const nameOf = ({ label, unit }: Quantity): string => (unit === undefined ? label : `${label} (${unit})`);

/** How outputs are told apart, and what their common axis measures: units stand at the axis where they are all the same. */
export function namesOf(outputs: readonly Quantity[], together: string): { names: readonly string[]; y: Quantity } {
  if (outputs.length === 1) return { names: [outputs[0].label], y: outputs[0] };
  const [{ unit }] = outputs;
  const alike = outputs.every((output) => output.unit === unit);
  return {
    names: outputs.map((output) => (alike ? output.label : nameOf(output))),
    y: { label: together, unit: alike ? unit : undefined },
  };
}
