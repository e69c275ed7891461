// What does this room offer?
export { type AdamOptions, type AdamState, adam, type Optimiser, type Schedule } from "./adam.js";
export { batches } from "./batches.js";
export { type CosineOptions, cosineSchedule } from "./schedules.js";
