// Which special functions of a real number are there?

export { digamma } from "./digamma.js";
export { erf, erfc } from "./erf.js";
export { gamma, lgamma } from "./gamma.js";
export { polygamma } from "./polygamma.js";
