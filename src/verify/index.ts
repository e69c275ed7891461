// What does this room offer?
export { detectAnomalies } from "./anomalies.js";
export {
  type CertificateOptions,
  type CertifiedSolve,
  certifyGradient,
  type GradientCertificate,
} from "./certificates.js";
export { assertGradients, type CheckOptions, checkGradients } from "./check-gradients.js";
export { measurePrecision, type Precision, type PrecisionReport } from "./precision.js";
export type { Entry, GradientReport, Method } from "./report.js";
export type { AnyFunction } from "./subject.js";
