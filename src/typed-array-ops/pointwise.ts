// How is a function applied to every entry?
//
// Every loop is written out: a function that is handed another function to call cannot be compiled as tightly.
import { cos, exp, log, pow, sin, tanh } from "./elementary/index.js";

export function addEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] + y[i];
}

export function subEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] - y[i];
}

export function mulEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] * y[i];
}

export function divEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] / y[i];
}

export function powEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = pow(x[i], y[i]);
}

export function negEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = -x[i];
}

export function squareEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] * x[i];
}

export function sqrtEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(x[i]);
}

export function expEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = exp(x[i]);
}

export function logEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = log(x[i]);
}

export function sinEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = sin(x[i]);
}

export function cosEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = cos(x[i]);
}

export function tanhEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = tanh(x[i]);
}

export function reluEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i], 0);
}

export function greaterEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] > y[i] ? 1 : 0;
}

export function equalEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] === y[i] ? 1 : 0;
}

export function whereEach(out: Float64Array, condition: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = condition[i] !== 0 ? x[i] : y[i];
}
