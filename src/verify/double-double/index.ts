// What does this room offer?
export * from "./arithmetic.js";
export * from "./circular.js";
export * from "./constants.js";
export * from "./erf.js";
export * from "./exact.js";
export * from "./exponential.js";
export * from "./gamma.js";
export * from "./hyperbolic.js";
export * from "./order.js";
