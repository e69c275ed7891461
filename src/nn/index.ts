// What does this room offer?
export { meanSquaredError } from "./losses.js";
export { type Affine, type Layer, linear, mlp } from "./mlp.js";
