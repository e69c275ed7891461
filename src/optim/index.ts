// What does this room offer?
export { type AdamOptions, type AdamState, adam, adamW } from "./adam.js";
export { batches } from "./batches.js";
export { clipByGlobalNorm } from "./clipping.js";
export {
  type RmsPropOptions,
  type RmsPropState,
  rmsProp,
  type SgdOptions,
  type SgdState,
  sgd,
} from "./gradient-descent.js";
export type { Optimiser, Schedule } from "./optimiser.js";
export { type CosineOptions, cosineSchedule } from "./schedules.js";
