// Which tensors are made from nothing but numbers?
import { isTracing } from "../tape/index.js";
import { checkCount, checkShape, DomainError, type Shape, Tensor, tensor } from "../tensor/index.js";
import { broadcastTo } from "./broadcasting.js";

/**
 * A tensor with one value everywhere.
 *
 * @throws ShapeError if the shape is not an array of integers ≥ 0.
 * @example full([2], 7).toArray() // → [7, 7]
 */
export const full = (shape: Shape, value: number): Tensor => fill("full", shape, value);

/** A tensor of zeros. @example zeros([2]).toArray() // → [0, 0] */
export const zeros = (shape: Shape): Tensor => fill("zeros", shape, 0);

/** A tensor of ones. @example ones([2]).toArray() // → [1, 1] */
export const ones = (shape: Shape): Tensor => fill("ones", shape, 1);

function fill(operation: string, shape: Shape, value: number): Tensor {
  checkShape(operation, shape);
  // A scalar would stay the literal that it is made of, and a program would keep its value.
  return shape.length === 0 && !isTracing() ? tensor(value) : broadcastTo(value, shape);
}

/**
 * The numbers start, start + step, … below end; `arange(end)` starts at 0.
 *
 * @throws DomainError if a number is not finite or the step is 0.
 * @example arange(3).toArray() // → [0, 1, 2]
 */
export function arange(start: number, end?: number, step = 1): Tensor {
  const [from, to] = end === undefined ? [0, start] : [start, end];
  if (!Number.isFinite(from) || !Number.isFinite(to) || !Number.isFinite(step) || step === 0) {
    throw new DomainError(`arange: expected finite numbers and a step other than 0, received ${from}, ${to}, ${step}`);
  }
  let count = Math.max(0, Math.ceil((to - from) / step));
  // The quotient is rounded: the last number may have reached the end.
  const last = from + (count - 1) * step;
  if (count > 0 && (step > 0 ? last >= to : last <= to)) count--;
  return new Tensor(
    [count],
    Float64Array.from({ length: count }, (_, i) => from + i * step),
  );
}

/**
 * n numbers at equal distances from a to b, both included.
 *
 * @throws DomainError if n is not an integer ≥ 1.
 * @example linspace(0, 1, 3).toArray() // → [0, 0.5, 1]
 */
export function linspace(a: number, b: number, n: number): Tensor {
  checkCount("linspace", "n", n);
  return new Tensor(
    [n],
    Float64Array.from({ length: n }, (_, i) => (i === n - 1 && n > 1 ? b : a + ((b - a) * i) / Math.max(1, n - 1))),
  );
}

/**
 * The identity matrix.
 *
 * @example eye(2).toArray() // → [[1, 0], [0, 1]]
 */
export function eye(n: number): Tensor {
  checkCount("eye", "n", n, 0);
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = 1;
  return new Tensor([n, n], data);
}
