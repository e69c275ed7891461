// What does this room offer?
export * from "./differentiate.js";
export * from "./reverse.js";
export * from "./tangent.js";
