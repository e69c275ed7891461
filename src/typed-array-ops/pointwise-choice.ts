// How are entries compared, chosen and rounded?

export function greaterEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] > y[i] ? 1 : 0;
}

export function greaterEqualEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] >= y[i] ? 1 : 0;
}

export function lessEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] < y[i] ? 1 : 0;
}

export function lessEqualEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] <= y[i] ? 1 : 0;
}

export function equalEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] === y[i] ? 1 : 0;
}

export function isFiniteEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] - x[i] === 0 ? 1 : 0;
}

export function whereEach(out: Float64Array, condition: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = condition[i] !== 0 ? x[i] : y[i];
}

/** weight x, and 0 where the weight is 0, whatever x is. */
export function weighEach(out: Float64Array, weight: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = weight[i] !== 0 ? weight[i] * x[i] : 0;
}

export function maximumEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i], y[i]);
}

export function minimumEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.min(x[i], y[i]);
}

/** 1 where x is the larger one, 1/2 where both are equal, else 0. */
export function shareOfLargerEach(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] > y[i] ? 1 : x[i] === y[i] ? 0.5 : 0;
}

export function clipEach(out: Float64Array, x: Float64Array, low: Float64Array, high: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(x[i], low[i]), high[i]);
}

export function reluEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i], 0);
}

export function leakyReluEach(out: Float64Array, x: Float64Array, slope: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] > 0 ? x[i] : slope[i] * x[i];
}

export function absEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.abs(x[i]);
}

export function signEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.sign(x[i]);
}

export function floorEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.floor(x[i]);
}

export function ceilEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.ceil(x[i]);
}

/** From here on all float64 numbers are integers, and the sum of this and a smaller number is rounded to an integer. */
const ALL_INTEGERS = 2 ** 52;

/** The nearest integer; of two equally near ones the even one (IEEE 754-2019, roundToIntegralTiesToEven). */
function roundToEven(x: number): number {
  const size = Math.abs(x);
  if (!(size < ALL_INTEGERS) || size === 0) return x;
  const rounded = size + ALL_INTEGERS - ALL_INTEGERS;
  return x < 0 ? -rounded : rounded;
}

export function roundEach(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = roundToEven(x[i]);
}
