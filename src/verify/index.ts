// What does this room offer?
export { detectAnomalies } from "./anomalies.js";
export { assertGradients, type CheckOptions, checkGradients } from "./check-gradients.js";
export type { Entry, GradientReport, Method } from "./report.js";
