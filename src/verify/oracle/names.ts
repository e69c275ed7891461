// Which names do the primitives have, and which of them act entry by entry?
import type { calculusFamily } from "../../calculus/index.js";
import type { fixedPointFamily } from "../../fixed-point/index.js";
import type { fractionalFamily } from "../../fractional/volterra.js";
import type * as primitives from "../../primitives/index.js";
import type { specialFamily } from "../../special/operations.js";

/** Families of operations that act on each entry alone, and need nothing but one scalar. */
type PointwiseFamily =
  | typeof primitives.arithmeticFamily
  | typeof primitives.elementaryFamily
  | typeof primitives.trigonometricFamily
  | typeof primitives.hyperbolicFamily
  | typeof primitives.activationFamily
  | typeof primitives.comparisonFamily
  | typeof primitives.selectionFamily
  | typeof primitives.piecewiseFamily
  | typeof primitives.roundingFamily
  | typeof specialFamily;

type Family =
  | PointwiseFamily
  | typeof primitives.moveFamily
  | typeof primitives.contractionFamily
  | typeof primitives.linearAlgebraFamily
  | typeof primitives.reductionFamily
  | typeof primitives.indexingFamily
  | typeof primitives.drawFamily
  | typeof calculusFamily
  | typeof fixedPointFamily
  | typeof fractionalFamily;

export type PrimitiveName = Family[number]["name"];

/** Orders of polygamma and mittagLeffler are parameters, and stopGradient moves entries only. */
export type PointwiseName = Exclude<PointwiseFamily[number]["name"], "polygamma" | "mittagLeffler" | "stopGradient">;
