// What does this room offer?
export * from "./causal.js";
export * from "./causal-history.js";
export * from "./elementary/index.js";
export * from "./factorisations.js";
export * from "./fourier.js";
export * from "./indexed.js";
export * from "./lag-spectra.js";
export * from "./matmul.js";
export * from "./orthogonal.js";
export * from "./pointwise.js";
export * from "./pointwise-activations.js";
export * from "./pointwise-choice.js";
export * from "./pointwise-elementary.js";
export * from "./rows.js";
export * from "./strided.js";
export * from "./threefry.js";
export * from "./vectors.js";
