// Where do the laws draw their arguments from?
import fc from "fast-check";
import { type Shape, sizeOf, Tensor } from "../../src/tensor/index.js";

/** Draws sizes, shapes and tensors from fast-check, which shrinks them when a law fails. */
export interface Draw {
  size(max?: number): number;
  integer(min: number, max: number): number;
  shape(maxRank?: number): Shape;
  /** Entries in [low, high]. */
  tensor(shape: Shape, low?: number, high?: number): Tensor;
  /** Entries with 0.3 ≤ |x| ≤ 3: away from kinks and poles at 0. */
  awayFromZero(shape: Shape): Tensor;
  /** Entries that are 0 or 1. */
  flags(shape: Shape): Tensor;
}

export function drawFrom(g: fc.GeneratorValue): Draw {
  const integer = (min: number, max: number): number => g(fc.integer, { min, max });
  // Multiples of 2⁻¹⁰ shrink well and lose nothing: the laws are about rules, not about rounding in the inputs.
  const entries = (shape: Shape, draw: () => number): Tensor =>
    new Tensor(
      shape,
      Float64Array.from({ length: sizeOf(shape) }, () => draw()),
    );
  const grid = (low: number, high: number): number => integer(Math.ceil(low * 1024), Math.floor(high * 1024)) / 1024;
  return {
    integer,
    size: (max = 4) => integer(1, max),
    shape: (maxRank = 3) => Array.from({ length: integer(0, maxRank) }, () => integer(1, 3)),
    tensor: (shape, low = -3, high = 3) => entries(shape, () => grid(low, high)),
    awayFromZero: (shape) => entries(shape, () => (integer(0, 1) === 0 ? 1 : -1) * grid(0.3, 3)),
    flags: (shape) => entries(shape, () => integer(0, 1)),
  };
}
