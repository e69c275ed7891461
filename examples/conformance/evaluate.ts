// What does an expression of the pack compute with this library?
import * as stillpoint from "stillpoint";
import { anderson, fixedPoint, grad, jvp, mul, pow, type Tensor, tensor } from "stillpoint";
import { solveCaputo } from "stillpoint/fractional";
import type { Expression, Options } from "./pack.js";

export type Scope = Readonly<Record<string, Tensor>>;

type Operation = (...args: readonly unknown[]) => Tensor;
const operations = stillpoint as unknown as Readonly<Record<string, Operation>>;

/** Operations with options, in this library's order of arguments. */
const withOptions: Readonly<Record<string, (xs: readonly Tensor[], options: Options) => Tensor>> = {
  softmax: ([x], { axis = -1 }) => stillpoint.softmax(x, axis),
  logSoftmax: ([x], { axis = -1 }) => stillpoint.logSoftmax(x, axis),
  cumsum: ([x], { axis = -1 }) => stillpoint.cumsum(x, axis),
  transpose: ([x], { axes }) => stillpoint.transpose(x, axes),
  reshape: ([x], { shape = [] }) => stillpoint.reshape(x, shape),
  take: ([x], { indices = [], axis = 0 }) => stillpoint.take(x, indices, axis),
  concat: (xs, { axis = 0 }) => stillpoint.concat(xs, axis),
};

const reductions = new Set(["sum", "mean", "variance", "prod", "max", "min", "logSumExp", "norm"]);

const isOptions = (part: unknown): part is Options => typeof part === "object" && part !== null && !Array.isArray(part);

/** To what equations are solved: what float64 leaves of the residual. */
const tolerances = { tolerance: 1e-14, relativeTolerance: 4e-16, adjoint: { tolerance: 1e-13 } };

/** The value of an expression for these names. */
export function evaluate(expression: Expression, scope: Scope): Tensor {
  if (typeof expression === "number") return tensor(expression);
  if (typeof expression === "string") return scope[expression];
  const [name, ...rest] = expression;
  const options = isOptions(rest[rest.length - 1]) ? (rest.pop() as Options) : {};
  const parts = rest as Expression[];
  const body = (variable: Expression, inside: Expression) => (x: Tensor) =>
    evaluate(inside, { ...scope, [variable as string]: x });
  const at = (i: number): Tensor => evaluate(parts[i], scope);
  switch (name) {
    case "let":
      return body(parts[0], parts[2])(at(1));
    case "grad":
      return grad(body(parts[0], parts[1]))(at(2));
    case "jvp":
      return jvp(body(parts[0], parts[1]), [at(2)], [at(3)]).tangent;
    case "fixedPoint":
      return fixedPoint(body(parts[0], parts[1]), at(2), { solver: anderson({ memory: 20 }), ...tolerances });
    case "caputo":
      return caputo(parts, scope);
    case "polygamma":
      return stillpoint.polygamma(parts[0] as number, at(1));
    default:
      break;
  }
  const xs = parts.map((_, i) => at(i));
  if (name in withOptions) return withOptions[name](xs, options);
  if (reductions.has(name)) return operations[name](xs[0], options.axes, { keepDims: options.keepDims === true });
  if (typeof operations[name] !== "function")
    throw new Error(`expected an operation of this library, received ${name}`);
  return operations[name](...xs);
}

/** ["caputo", t, u, body, u0, order, duration, nodes], with nodes between 0 and 1. */
function caputo([t, u, inside, ...rest]: readonly Expression[], scope: Scope): Tensor {
  const [u0, order, duration, nodes] = rest.map((part) => evaluate(part, scope));
  const field = (time: Tensor, state: Tensor): Tensor =>
    evaluate(inside, { ...scope, [t as string]: time, [u as string]: state });
  const steps = nodes.data.length - 1;
  const options = { order, tolerance: 1e-14, relativeTolerance: 4e-16, adjoint: { tolerance: 1e-13 } };
  if (nodes.data.every((node, j) => node === j / steps)) {
    return solveCaputo(field, u0, { ...options, duration, steps }).values;
  }
  // In units of the duration T the equation is D^order u = T^order f(T t, u), on the nodes themselves.
  const scaled = (time: Tensor, state: Tensor): Tensor => mul(pow(duration, order), field(mul(duration, time), state));
  return solveCaputo(scaled, u0, { ...options, times: nodes.data }).values;
}
