// What does this room offer?
export * from "./fixed-point.js";
export * from "./implicit.js";
export * from "./solve.js";
export * from "./solver.js";
