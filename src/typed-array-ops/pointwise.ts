// How does arithmetic act on every entry?
//
// Every loop is written out: a function that is handed another function to call cannot be compiled as tightly.

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

export function negEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = -x[i];
}

export function squareEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] * x[i];
}

export function sqrtEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(x[i]);
}
