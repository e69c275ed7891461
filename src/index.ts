// What does a user of `stillpoint` reach?
export { grad, jvp, linearize, valueAndGrad, vjp } from "./calculus/index.js";
export {
  add, alias, arange, broadcastTo, concat, cos, div, equal, exp, expandDims, eye, full, greater, linspace, log, matmul, mean, mul, neg, ones, pow, relu, reshape, sin, slice, sqrt, square, squeeze, stack, stopGradient, sub, sum, tanh, transpose, where, zeros, type TensorLike
} from "./primitives/index.js";
export { compile, print, replay } from "./readings/index.js";
export { trace, type Program, type TracedProgram, listeningTapes } from "./tape/index.js";
export { tensor, random, Tensor, mapTree, ConvergenceError, DomainError, ShapeError, TraceError } from "./tensor/index.js";
export { anderson, fixedPoint, fixedPointWithReport, picard, type FixedPointOptions, type FixedPointReport, type Solver } from "./fixed-point/index.js";
