// How is an elementary function applied to every entry?
//
// Where WebAssembly is measured to be faster, two entries at a time, with the same bits.
import {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cos,
  cosh,
  exp,
  expm1,
  log,
  log1p,
  pow,
  sin,
  sinh,
  tan,
  tanh,
} from "./elementary/index.js";
import { elementaryInWebAssembly } from "./webassembly/elementary.js";

export function powEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = pow(x[i], y[i]);
}

export function expEach(out: Float64Array, x: Float64Array): void {
  if (out.length >= 16 && elementaryInWebAssembly("exp", out, x)) return;
  for (let i = 0; i < out.length; i++) out[i] = exp(x[i]);
}

export function expm1Each(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = expm1(x[i]);
}

export function logEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = log(x[i]);
}

export function log1pEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = log1p(x[i]);
}

export function sinEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = sin(x[i]);
}

export function cosEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = cos(x[i]);
}

export function tanEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = tan(x[i]);
}

export function asinEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = asin(x[i]);
}

export function acosEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = acos(x[i]);
}

export function atanEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = atan(x[i]);
}

export function atan2Each(out: Float64Array, y: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = atan2(y[i], x[i]);
}

export function sinhEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = sinh(x[i]);
}

export function coshEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = cosh(x[i]);
}

export function tanhEach(out: Float64Array, x: Float64Array): void {
  if (out.length >= 16 && elementaryInWebAssembly("tanh", out, x)) return;
  for (let i = 0; i < out.length; i++) out[i] = tanh(x[i]);
}

export function asinhEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = asinh(x[i]);
}

export function acoshEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = acosh(x[i]);
}

export function atanhEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = atanh(x[i]);
}
