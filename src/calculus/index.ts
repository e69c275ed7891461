// What does this room offer?
export * from "./checkpoint.js";
export * from "./custom.js";
export * from "./differentiate.js";
export * from "./jacobian.js";
export * from "./jit.js";
export * from "./reverse.js";
export * from "./scan.js";
export * from "./tangent.js";
