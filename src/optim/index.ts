// What does this room offer?
export { type AdamOptions, type AdamState, adam, adamW } from "./adam.js";
export { type BatchOptions, type BatchProgress, batches } from "./batches.js";
export { clipByGlobalNorm } from "./clipping.js";
export {
  type RmsPropOptions,
  type RmsPropState,
  rmsProp,
  type SgdOptions,
  type SgdState,
  sgd,
} from "./gradient-descent.js";
export { type Lbfgs, type LbfgsOptions, type LbfgsState, lbfgs } from "./lbfgs.js";
export type { MinimiseInfo, MinimiseReport } from "./minimise.js";
export type { Optimiser, Schedule } from "./optimiser.js";
export {
  type CosineOptions,
  cosineSchedule,
  type ExponentialOptions,
  exponentialSchedule,
  linearSchedule,
  type StepOptions,
  stepSchedule,
  warmup,
} from "./schedules.js";
export { type Trained, type TrainInfo, type TrainOptions, train } from "./train.js";
