// What does this room offer?
export * from "./arithmetic.js";
export * from "./blocks.js";
export * from "./broadcasting.js";
export * from "./contraction.js";
export * from "./creation.js";
export * from "./elementary.js";
export * from "./families.js";
export * from "./kinds.js";
export * from "./layout.js";
export * from "./reductions.js";
export * from "./selection.js";
export * from "./words.js";
