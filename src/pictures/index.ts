// What does this room offer?
export { type DrawOptions, draw } from "./draw.js";
export { type DrawSolvesOptions, drawSolves } from "./draw-solves.js";
export { type Recording, recordSolves } from "./record-solves.js";
export type { RecordedSolve, RecordedStep } from "./solve-record.js";
