// What does this room offer?
export { type DrawOptions, draw } from "./draw.js";
