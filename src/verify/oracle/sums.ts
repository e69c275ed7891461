// How are entries moved, added up and multiplied together in 106 bits?
//
// A move is a kernel that copies entries and rounds nothing: it acts on the high and on the low parts. The transpose of a
// move is a sum, and the move of the numbers 0, 1, 2, … says which entries belong to which sum.

import { broadcastToPrimitive, type Transposed, takePrimitive } from "../../primitives/index.js";
import type { Primitive } from "../../tape/index.js";
import { type Shape, sizeOf } from "../../tensor/index.js";
import {
  add,
  compare,
  type DoubleDouble,
  exp,
  fromNumber,
  log1p,
  max,
  min,
  mul,
  scale,
  sqrt,
  square,
  sub,
  ZERO,
} from "../double-double/index.js";
import { at, blank, fill, put, type WideTensor } from "./wide-tensor.js";

/** The outputs of a kernel on float64 numbers. */
export function runKernel<P>(
  primitive: Primitive<P>,
  shapes: readonly Shape[],
  data: readonly Float64Array[],
  parameters: P,
): { shape: Shape; data: Float64Array }[] {
  const outputs = primitive
    .shapes(shapes, parameters)
    .map((shape) => ({ shape, data: new Float64Array(sizeOf(shape)) }));
  primitive.kernel(shapes, parameters)(
    outputs.map((y) => y.data),
    data,
  );
  return outputs;
}

const shapesOf = (inputs: readonly WideTensor[]): Shape[] => inputs.map((x) => x.shape);

/** A kernel that copies entries; inputs after the first `moved` ones say where to. */
export function move<P>(
  primitive: Primitive<P>,
  inputs: readonly WideTensor[],
  parameters: P,
  moved: number = inputs.length,
): WideTensor {
  const shapes = shapesOf(inputs);
  const part = (of: (x: WideTensor) => Float64Array): { shape: Shape; data: Float64Array } =>
    runKernel(
      primitive,
      shapes,
      inputs.map((x, i) => (i < moved ? of(x) : x.high)),
      parameters,
    )[0];
  const { shape, data: high } = part((x) => x.high);
  return { shape, high, low: part((x) => x.low).data };
}

/** Entry i of x is added to entry targets[i] of the result. */
function collect(shape: Shape, x: WideTensor, targets: Float64Array): WideTensor {
  const sums = blank(shape);
  targets.forEach((target, i) => {
    put(sums, target, add(at(sums, target), at(x, i)));
  });
  return sums;
}

const counting = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i);

export const sumTo = ([x]: readonly WideTensor[], shape: Shape): WideTensor =>
  collect(shape, x, runKernel(broadcastToPrimitive, [shape], [counting(sizeOf(shape))], x.shape)[0].data);

export function scatterAdd(
  [x, ...indices]: readonly WideTensor[],
  { size, ...listed }: { readonly list?: readonly number[]; readonly size: number },
): WideTensor {
  const shape = [x.shape[0], size, x.shape[2]];
  const data = [counting(sizeOf(shape)), ...indices.map((i) => i.high)];
  return collect(shape, x, runKernel(takePrimitive, [shape, ...shapesOf(indices)], data, listed)[0].data);
}

export function cumsum([x]: readonly WideTensor[], { reverse }: { readonly reverse: boolean }): WideTensor {
  const [, n, inner] = x.shape;
  const sums = blank(x.shape);
  for (let k = 0; k < x.high.length; k++) {
    const i = reverse ? x.high.length - 1 - k : k;
    const row = Math.floor(i / inner) % n;
    const first = reverse ? row === n - 1 : row === 0;
    put(sums, i, first ? at(x, i) : add(at(sums, reverse ? i + inner : i - inner), at(x, i)));
  }
  return sums;
}

/** Operands and result of an operation at an earlier replay. */
export interface Remembered {
  readonly inputs: readonly WideTensor[];
  readonly output: WideTensor;
}

export const sameEntry = (x: WideTensor, y: WideTensor, i: number): boolean =>
  Object.is(x.high[i], y.high[i]) && x.low[i] === y.low[i];

/** Entry l of the rows of a matrix or, turned, of its columns: where it stands in the data. */
type Place = (line: number, l: number) => number;

/** For each line the l at which it is not what it was. */
const changesIn = (x: WideTensor, before: WideTensor, lines: number, k: number, place: Place): number[][] =>
  Array.from({ length: lines }, (_, line) =>
    Array.from({ length: k }, (_l, l) => l).filter((l) => !sameEntry(x, before, place(line, l))),
  );

/** Where few terms of a sum have changed since an earlier replay, the sum is changed by what they have changed by. */
export function matmul(
  [a, b]: readonly WideTensor[],
  { transposeA, transposeB }: Transposed,
  before?: Remembered,
): WideTensor {
  const [p, q] = a.shape.slice(-2);
  const [r, s] = b.shape.slice(-2);
  const [m, k] = transposeA ? [q, p] : [p, q];
  const n = transposeB ? r : s;
  const batches = a.high.length / (p * q) || 0;
  const row: Place = (line, l) => Math.floor(line / m) * p * q + (transposeA ? l * q + (line % m) : (line % m) * q + l);
  const column: Place = (line, l) =>
    Math.floor(line / n) * r * s + (transposeB ? (line % n) * s + l : l * s + (line % n));
  const rows = before && changesIn(a, before.inputs[0], batches * m, k, row);
  const columns = before && changesIn(b, before.inputs[1], batches * n, k, column);
  return fill([...a.shape.slice(0, -2), m, n], (entry) => {
    const [left, right] = [Math.floor(entry / n), Math.floor(entry / (m * n)) * n + (entry % n)];
    const term = (x: WideTensor, y: WideTensor, l: number): DoubleDouble =>
      mul(at(x, row(left, l)), at(y, column(right, l)));
    if (before && rows && columns && rows[left].length + columns[right].length <= k / 4) {
      const [x, y] = before.inputs;
      let sum = at(before.output, entry);
      for (const l of new Set([...rows[left], ...columns[right]])) sum = add(sum, sub(term(a, b, l), term(x, y, l)));
      return sum;
    }
    let sum = ZERO;
    for (let l = 0; l < k; l++) sum = add(sum, term(a, b, l));
    return sum;
  });
}

/** What becomes of each row of a matrix. */
const eachRow =
  (of: (row: readonly DoubleDouble[]) => DoubleDouble) =>
  ([x]: readonly WideTensor[]): WideTensor => {
    const [m, n] = x.shape;
    return fill([m], (i) => of(Array.from({ length: n }, (_, j) => at(x, i * n + j))));
  };

const largest = (row: readonly DoubleDouble[]): DoubleDouble => row.reduce(max, fromNumber(-Infinity));

export const maxOfRows: (inputs: readonly WideTensor[]) => WideTensor = /* @__PURE__ */ eachRow(largest);
export const minOfRows: (inputs: readonly WideTensor[]) => WideTensor = /* @__PURE__ */ eachRow((row) =>
  row.reduce(min, fromNumber(Infinity)),
);
export const argmaxOfRows: (inputs: readonly WideTensor[]) => WideTensor = /* @__PURE__ */ eachRow((row) => {
  const nan = row.findIndex((x) => Number.isNaN(x.high));
  const most = largest(row);
  return fromNumber(nan >= 0 ? nan : row.findIndex((x) => compare(x, most) === 0));
});

/** m + log1p Σ e^(x − m) over all entries but one that is the largest, m. */
export const logSumExp: (inputs: readonly WideTensor[]) => WideTensor = /* @__PURE__ */ eachRow((row) => {
  const most = largest(row);
  if (!Number.isFinite(most.high)) return most;
  const place = row.findIndex((x) => compare(x, most) === 0);
  const rest = row.reduce((sum, x, i) => (i === place ? sum : add(sum, exp(sub(x, most)))), ZERO);
  return add(most, log1p(rest));
});

/** √Σ x², with the entries scaled by a power of two so that their squares neither overflow nor lose digits. */
export const norm: (inputs: readonly WideTensor[]) => WideTensor = /* @__PURE__ */ eachRow((row) => {
  const most = row.reduce((size, x) => Math.max(size, Math.abs(x.high)), 0);
  if (most === 0 || !Number.isFinite(most)) return fromNumber(most);
  const exponent = Math.floor(Math.log2(most));
  return scale(sqrt(row.reduce((sum, x) => add(sum, square(scale(x, -exponent))), ZERO)), exponent);
});
