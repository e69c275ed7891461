// Which operations does the library in a page have where there is no solver?
import {
  activationFamily,
  arithmeticFamily,
  comparisonFamily,
  contractionFamily,
  elementaryFamily,
  hyperbolicFamily,
  indexingFamily,
  linearAlgebraFamily,
  moveFamily,
  piecewiseFamily,
  reductionFamily,
  roundingFamily,
  selectionFamily,
  trigonometricFamily,
} from "../../primitives/index.js";
import { erfcPrimitive, erfPrimitive, geluPrimitive } from "../../special/operations.js";
import type { Primitive } from "../../tape/index.js";

/** All but random draws and what brings much code with it: functions of the family of Γ, and that of Mittag-Leffler. */
export const operationsOfFunctions: readonly Primitive[] = [
  ...arithmeticFamily,
  ...elementaryFamily,
  ...trigonometricFamily,
  ...hyperbolicFamily,
  ...activationFamily,
  ...selectionFamily,
  ...comparisonFamily,
  ...piecewiseFamily,
  ...roundingFamily,
  ...moveFamily,
  ...contractionFamily,
  ...reductionFamily,
  ...indexingFamily,
  ...linearAlgebraFamily,
  erfPrimitive,
  erfcPrimitive,
  geluPrimitive,
] as readonly Primitive[];
