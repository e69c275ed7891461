// What does this room offer?
export { caputoIntegral, type SampleOptions } from "./caputo-integral.js";
export { gradedMesh, type Mesh } from "./mesh.js";
export { causalWeights, type ProductRule, trapezoidCells } from "./product-weights.js";
export { productTrapezoid } from "./quadrature.js";
export { type CaputoOptions, type CaputoSolution, solveCaputo, solveCaputoWithReport } from "./solve-caputo.js";
export type { TrajectoryReport } from "./sweep.js";
