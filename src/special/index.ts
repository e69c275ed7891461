// Which special functions of a real number are there?

export type { Complex } from "./complex.js";
export { digamma } from "./digamma.js";
export { erf, erfc } from "./erf.js";
export { gamma, lgamma } from "./gamma.js";
export { mittagLeffler } from "./mittag-leffler.js";
export { mittagLefflerMatrix } from "./mittag-leffler-matrix.js";
export { type MittagLefflerOrders, mittagLefflerOf } from "./mittag-leffler-operation.js";
export { polygamma } from "./polygamma.js";
