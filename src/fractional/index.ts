// What does this room offer?
export { type AdjointOptions, type AdjointSolution, continuousAdjoint } from "./baselines/continuous-adjoint.js";
export type { SteppedSolution } from "./baselines/equation.js";
export { type PredictorOptions, predictorCorrector } from "./baselines/predictor-corrector.js";
export { sampledRectangle } from "./baselines/sampled-rectangle.js";
export { type SteppingOptions, stepThroughTime } from "./baselines/step-through-time.js";
export { boundedOrder } from "./bounded-order.js";
export type { CaputoOptions } from "./caputo-options.js";
export type { Lobatto } from "./lobatto.js";
export { gradedMesh, type Mesh } from "./mesh.js";
export { type MultiTermOptions, solveMultiTerm, type Term } from "./multi-term.js";
export { type CellRule, type CellWeights, causalWeights, rectangleCells, trapezoidCells } from "./product-weights.js";
export {
  convolutionQuadrature,
  type GridRequest,
  productRectangle,
  productRule,
  productTrapezoid,
  type Quadrature,
  type Rule,
  type SpectralOptions,
  spectral,
} from "./quadrature.js";
export { caputoDerivative, caputoIntegral, type SampleOptions } from "./samples.js";
export { type CaputoSolution, solveCaputo, solveCaputoWithReport, type TimeField, type Times } from "./solve-caputo.js";
export type { Panels } from "./spectral-weights.js";
export type { TrajectoryReport } from "./sweep.js";
