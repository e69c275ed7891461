// What is a tensor whose entries carry about 106 bits?
import { type Shape, sizeOf, type Tensor } from "../../tensor/index.js";
import { type DoubleDouble, fromNumber } from "../double-double/index.js";

/** Entry i is the unevaluated sum high[i] + low[i]. */
export interface WideTensor {
  readonly shape: Shape;
  readonly high: Float64Array;
  readonly low: Float64Array;
}

/** The values of a tensor, exactly. */
export const widen = ({ shape, data }: Pick<Tensor, "shape" | "data">): WideTensor => ({
  shape,
  high: data,
  low: new Float64Array(data.length),
});

export const at = (x: WideTensor, i: number): DoubleDouble => ({ high: x.high[i], low: x.low[i] });

export function put(x: WideTensor, i: number, value: DoubleDouble): void {
  x.high[i] = value.high;
  x.low[i] = value.low;
}

/** A tensor of zeros, to be filled. */
export const blank = (shape: Shape): WideTensor => ({
  shape,
  high: new Float64Array(sizeOf(shape)),
  low: new Float64Array(sizeOf(shape)),
});

/** The tensor with these entries, in row-major order. */
export function fill(shape: Shape, entry: (i: number) => DoubleDouble): WideTensor {
  const x = blank(shape);
  for (let i = 0; i < x.high.length; i++) put(x, i, entry(i));
  return x;
}

export const constant = (value: number): WideTensor => fill([], () => fromNumber(value));

/** The same entries under another shape. */
export const shaped = ({ high, low }: WideTensor, shape: Shape): WideTensor => ({ shape, high, low });

/** The largest |entry|; NaN if one of them is. */
export const sizeOfEntries = ({ high }: WideTensor): number =>
  high.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
