// What does this room offer?
export * from "./apply.js";
export * from "./primitive.js";
export * from "./program.js";
