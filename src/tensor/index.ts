// What does this room offer?
export * from "./errors.js";
export * from "./options.js";
export * from "./random.js";
export * from "./shape.js";
export * from "./tensor.js";
export * from "./tree.js";
