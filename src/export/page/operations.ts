// Which operations does the library in a page have beside a solver?
import {
  activationFamily,
  arithmeticFamily,
  comparisonFamily,
  contractionFamily,
  coshPrimitive,
  cosPrimitive,
  elementaryFamily,
  logSumExpPrimitive,
  moveFamily,
  piecewiseFamily,
  selectionFamily,
  sinhPrimitive,
  sinPrimitive,
  tanhPrimitive,
  tanhSlopePrimitive,
} from "../../primitives/index.js";
import type { Primitive } from "../../tape/index.js";

/** What networks are made of. */
export const operationsOfSolves: readonly Primitive[] = [
  ...arithmeticFamily,
  ...elementaryFamily,
  sinPrimitive,
  cosPrimitive,
  sinhPrimitive,
  coshPrimitive,
  tanhPrimitive,
  tanhSlopePrimitive,
  ...activationFamily,
  ...selectionFamily,
  ...comparisonFamily,
  ...piecewiseFamily,
  ...moveFamily,
  ...contractionFamily,
  logSumExpPrimitive,
] as readonly Primitive[];
