// Which elementary functions are there?
//
// All are computed from + - * / and the square root in a fixed order, so that every engine gives the same bits; the
// language leaves the results of Math.exp and its kin to the engine (ECMAScript, section "Function Properties of
// Math").
export { head } from "./bits.js";
export { exp, expm1 } from "./exp.js";
export { cosh, sinh, tanh } from "./hyperbolic.js";
export { acosh, asinh, atanh } from "./inverse-hyperbolic.js";
export { acos, asin, atan, atan2 } from "./inverse-trigonometric.js";
export { log, log1p } from "./log.js";
export { pow } from "./power.js";
export { cos, sin, tan } from "./trigonometric.js";
