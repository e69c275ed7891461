// Which words of the library may stand in an expression?
import {
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cos,
  cosh,
  digamma,
  div,
  erf,
  erfc,
  exp,
  expm1,
  gelu,
  lgamma,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  relu,
  sigmoid,
  sign,
  silu,
  sin,
  sinh,
  softplus,
  sqrt,
  square,
  sub,
  type Tensor,
  type TensorLike,
  tan,
  tanh,
} from "stillpoint";

type Unary = (x: TensorLike) => Tensor;
type Binary = (x: TensorLike, y: TensorLike) => Tensor;

const unary: Readonly<Record<string, Unary>> = {
  ...{
    abs,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    digamma,
    erf,
    erfc,
    exp,
    expm1,
    gelu,
    lgamma,
    log,
    log1p,
  },
  ...{ neg, relu, sigmoid, sign, silu, sin, sinh, softplus, sqrt, square, tan, tanh },
};
const binary: Readonly<Record<string, Binary>> = { add, atan2, div, maximum, minimum, mul, pow, sub };

/** How many arguments a function takes; undefined for what is none. */
export function argumentsOf(name: string): 1 | 2 | undefined {
  if (Object.hasOwn(unary, name)) return 1;
  return Object.hasOwn(binary, name) ? 2 : undefined;
}

export const functionNames: readonly string[] = [...Object.keys(unary), ...Object.keys(binary)].sort();

export function call(name: string, [x, y]: readonly TensorLike[]): Tensor {
  return argumentsOf(name) === 1 ? unary[name](x) : binary[name](x, y);
}

export const constants: Readonly<Record<string, number>> = { pi: Math.PI, π: Math.PI, e: Math.E };
