// What does this room offer?
export {
  type CellOptions,
  type ContractingParams,
  contractingCell,
  type MonotoneCell,
  type MonotoneParams,
  monotoneCell,
  type RecurrentCell,
} from "./cells.js";
export {
  type ContractionBound,
  type ContractionOptions,
  contractionBound,
  type Weights,
} from "./contraction-bound.js";
export { type CorrectionOptions, correctionLoss } from "./correction-loss.js";
export { dropout, embedding } from "./embedding.js";
export { type Cell, type EquilibriumLayer, type EquilibriumOptions, equilibrium, fractional } from "./implicit.js";
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initialiser,
  lecunNormal,
  lecunUniform,
  orthogonal,
} from "./initialisers.js";
export { jacobianPenalty, type PenaltyOptions } from "./jacobian-penalty.js";
export type { Affine, Layer } from "./layer.js";
export { binaryCrossEntropy, crossEntropy, huber, meanAbsoluteError, meanSquaredError } from "./losses.js";
export { type AffineOptions, linear, mlp } from "./mlp.js";
export { type Directed, layerNorm, spectralNorm, spectralNormOf, weightNorm } from "./normalisation.js";
export { type SpectralRadius, spectralRadius } from "./spectral-radius.js";
