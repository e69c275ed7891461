// What does a page get from one file?
//
// The names of `stillpoint`, and the sub-paths as namespaces. `stillpoint/random` has no namespace: `random` is a function
// already, so its other names stand beside it. Left out are `stillpoint/verify/arbitraries`, which wants fast-check, and
// `stillpoint/export`, whose pages would double the file.
export * as fractional from "../fractional/index.js";
export * from "../index.js";
export * as io from "../io/index.js";
export * as nn from "../nn/index.js";
export * as optim from "../optim/index.js";
export * as pictures from "../pictures/index.js";
export { drawNormal, drawUniform, Random, randomFrom, splitKey } from "../random/index.js";
export * as special from "../special/index.js";
export * as typedArrayOps from "../typed-array-ops/index.js";
export * as verify from "../verify/index.js";
export * as workers from "../workers/index.js";
