// What can be exported?
import type { Tensor } from "../tensor/index.js";
import type { Observations, Quantity, Slider } from "./payload.js";

/** A function of a vector: y = f(x). */
export interface FunctionModel {
  readonly kind: "function";
  /** x [inputs] → y [outputs], or a scalar. */
  readonly f: (x: Tensor) => Tensor;
}

/** An equilibrium z = cell(z, x), and what is read from it. */
export interface EquilibriumModel {
  readonly kind: "equilibrium";
  /** z [size], x [inputs] → [size] */
  readonly cell: (z: Tensor, x: Tensor) => Tensor;
  /** The number of entries of z. */
  readonly size: number;
  /** z [size] → y [outputs]; default: z itself. */
  readonly readout?: (z: Tensor) => Tensor;
}

/** Where a slider begins, ends and starts. */
export type Range = Omit<Slider, "label" | "unit">;

/** A fractional equation D^order u = field(t, u), u(0) = initial, as `solveCaputo` solves it with `productTrapezoid()`. */
export interface FractionalModel {
  readonly kind: "fractional";
  /** t [K, 1], u [K, states] → [K, states], each node alone. */
  readonly field: (t: Tensor, u: Tensor) => Tensor;
  /** A number stays; a range becomes a slider. Orders are in (0, 2); above 1, u′(0) = 0. */
  readonly order: number | Range;
  readonly duration: number | Range;
  /** One for each state. */
  readonly initial: readonly (number | Range)[];
  /** Steps in time, at most 319. */
  readonly steps: number;
  /** What the horizontal axis measures; default: { label: "t" }. */
  readonly time?: Quantity;
}

export type Model = FunctionModel | EquilibriumModel | FractionalModel;

export interface ExportOptions {
  /** The heading. */
  readonly title: string;
  /** A paragraph below it. */
  readonly description?: string;
  /** One slider for each entry of x; a fractional equation has the ranges of its model instead. */
  readonly inputs?: readonly Slider[];
  /** What the entries of y, z or u are; default: y₁, z₁ or u₁ and so on. */
  readonly outputs?: readonly Quantity[];
  /** Drawn as dots: places on the horizontal axis, and a row of outputs for each. A function of several inputs has none. */
  readonly data?: Observations;
}
