// What is a shape, and when do two of them meet?
import { DomainError, describe, ShapeError } from "./errors.js";

/** Sizes of the axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** A number as text, which tells −0 from 0. */
export const showNumber = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`;

/** Shapes of several tensors, for messages. */
export const showShapes = (xs: readonly { readonly shape: Shape }[]): string =>
  xs.map(({ shape }) => showShape(shape)).join(", ") || "none";

/** Refuses what is not an array of integers. */
export function checkIntegers(operation: string, name: string, values: unknown): readonly number[] {
  if (Array.isArray(values) && values.every((value) => Number.isSafeInteger(value))) return values;
  const received = Array.isArray(values) ? `[${values.join(", ")}]` : describe(values);
  throw new DomainError(`${operation}: expected ${name} to be an array of integers, received ${received}`);
}

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Refuses sizes that are not non-negative integers. */
export function checkShape(operation: string, shape: Shape): Shape {
  if (!Array.isArray(shape)) {
    throw new ShapeError(`${operation}: expected a shape such as [2, 3], received ${describe(shape)}`);
  }
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis] as unknown;
    if (!Number.isSafeInteger(size) || (size as number) < 0) {
      throw new ShapeError(
        `${operation}: expected sizes that are integers ≥ 0, received ${showShape(shape)}: axis ${axis} is ${size}`,
      );
    }
  }
  return shape;
}

/**
 * The common shape of NumPy broadcasting: axes are aligned at the end, and a size of 1 stretches. `refuse` may throw a
 * better error than this does if there is none.
 */
export function broadcastShapes(operation: string, a: Shape, b: Shape, refuse?: () => never): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let fromEnd = 1; fromEnd <= rank; fromEnd++) {
    const m = a[a.length - fromEnd] ?? 1;
    const n = b[b.length - fromEnd] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      refuse?.();
      throw new ShapeError(
        `${operation}: expected shapes that broadcast, received ${showShape(a)} and ${showShape(b)}: ` +
          `axis −${fromEnd} is ${m} in the first and ${n} in the second; equal sizes or 1 would fit (reshape or expandDims)`,
      );
    }
    shape[rank - fromEnd] = m === 1 ? n : m;
  }
  return shape;
}

/** One axis as an index from the front; negative ones count from the end. */
export function normalizeAxis(operation: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new DomainError(
      rank === 0
        ? `${operation}: expected no axis, since a scalar has none, received ${axis}`
        : `${operation}: expected an axis from ${-rank} to ${rank - 1}, received ${axis}`,
    );
  }
  return axis < 0 ? axis + rank : axis;
}

/** A shape around one of its axes: the sizes before it, its own, those after it, and all as [outer, n, inner]. */
export function around(
  operation: string,
  shape: Shape,
  axis: number,
): { readonly before: Shape; readonly n: number; readonly after: Shape; readonly blocks: Shape } {
  const along = normalizeAxis(operation, axis, shape.length);
  const [before, n, after] = [shape.slice(0, along), shape[along], shape.slice(along + 1)];
  return { before, n, after, blocks: [sizeOf(before), n, sizeOf(after)] };
}

/** Several axes in ascending order; `undefined` stands for all of them. */
export function normalizeAxes(operation: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = (typeof axes === "number" ? [axes] : checkIntegers(operation, "axes", axes)).map((axis) =>
    normalizeAxis(operation, axis, rank),
  );
  const sorted = [...list].sort((a, b) => a - b);
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] === sorted[i - 1]) {
      throw new DomainError(
        `${operation}: expected different axes, received ${showShape(list)}: axis ${sorted[i]} twice`,
      );
    }
  }
  return sorted;
}

/** Row-major strides in entries: how far the next index along each axis lies. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}
