// What does this room offer?
export * from "./causal.js";
export * from "./dense-solve.js";
export * from "./elementary/index.js";
export * from "./matmul.js";
export * from "./pointwise.js";
export * from "./strided.js";
export * from "./vectors.js";
