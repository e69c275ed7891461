// What does this room offer?
export { drawNormal, drawUniform, splitKey } from "../primitives/index.js";
export { Random, random, randomFrom } from "../tensor/index.js";
