// What does this room offer?
export * from "./backward.js";
export * from "./compile.js";
export * from "./forward.js";
export { type Held, holdPlan } from "./hold.js";
export type { Round } from "./kernel-plan.js";
export { makePlan, type Plan } from "./plan.js";
export * from "./print.js";
export * from "./replay.js";
export { shareSteps, showPlain } from "./share.js";
export * from "./shelf.js";
