// What does this room offer?
export * from "./adjoint.js";
export * from "./anderson.js";
export * from "./auto.js";
export * from "./broyden.js";
export type { Equation, Vectors } from "./equation.js";
export * from "./fixed-point.js";
export * from "./implicit.js";
export * from "./newton.js";
export * from "./newton-krylov.js";
export * from "./norms.js";
export * from "./options.js";
export * from "./rows.js";
export * from "./solve.js";
export * from "./solver.js";
