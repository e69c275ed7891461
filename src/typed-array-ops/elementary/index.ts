export const sin: (x: number) => number = Math.sin;
export const cos: (x: number) => number = Math.cos;
export const tan: (x: number) => number = Math.tan;
export const sinh: (x: number) => number = Math.sinh;
export const cosh: (x: number) => number = Math.cosh;
export const pow: (x: number, y: number) => number = Math.pow;
export { exp, expm1 } from "./exp.js";
export { log, log1p } from "./log.js";
export { tanh } from "./hyperbolic.js";
