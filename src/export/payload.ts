// What does an exported page know of its model?
//
// Programs and texts are JSON; numbers are float64, byte by byte, and stand apart. Nothing in either is executed.
import type { Shape } from "../tensor/index.js";

export type Kind = "function" | "equilibrium" | "fractional";

/** What is measured along an axis. */
export interface Quantity {
  readonly label: string;
  readonly unit?: string | undefined;
}

/** A quantity that the reader moves. */
export interface Slider extends Quantity {
  readonly from: number;
  readonly to: number;
  /** Where it starts. */
  readonly value: number;
}

/** Values of the outputs that were observed: row k belongs to place `at[k]` on the horizontal axis; NaN is not drawn. */
export interface Observations {
  readonly at: readonly number[];
  readonly values: readonly (readonly number[])[];
}

/** An operation by name, its parameters, and the slots it reads and fills. */
export type EncodedStep = readonly [
  name: string,
  parameters: unknown,
  inputs: readonly number[],
  outputs: readonly number[],
];

/** A program whose slots are its inputs, then tensors of the pool, then literals, then results. */
export interface EncodedProgram {
  /** Places in the pool. */
  readonly tensors: readonly number[];
  /** Places in the pool, of scalars that programs keep as they keep operations. */
  readonly literals: readonly number[];
  readonly steps: readonly EncodedStep[];
  readonly output: number;
}

/** A tensor of the pool: a weight, or a number that no training changes. */
export interface PooledShape {
  readonly shape: Shape;
  readonly weight: boolean;
}

export interface Payload {
  readonly kind: Kind;
  readonly inputs: readonly Slider[];
  readonly outputs: readonly Quantity[];
  /**
   * Of a function x ↦ y; of an equilibrium (z, x) ↦ z, and z ↦ y where there is a readout; of a fractional equation
   * (t, u) ↦ D^α u on one node and on all.
   */
  readonly programs: readonly EncodedProgram[];
  readonly pool: readonly PooledShape[];
  /** The cyclic redundancy check of the bytes of the pool. */
  readonly check: number;
  readonly data?: Observations | undefined;
  /** The number of entries of z, or of steps in time. */
  readonly size?: number | undefined;
  /** Of a fractional equation: what its horizontal axis measures. */
  readonly time?: Quantity | undefined;
  /** Of a fractional equation: order, duration and initial values; null is the next slider. */
  readonly fixed?: readonly (number | null)[] | undefined;
}
