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
import type { Primitive } from "../../tape/index.js";

/** All but random draws. */
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
] as readonly Primitive[];
