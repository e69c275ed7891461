// How is a tensor cut into parts, framed by zeros, turned round or turned over?
import { apply1 } from "../tape/index.js";
import {
  checkCount,
  checkIntegers,
  checkNumber,
  DomainError,
  normalizeAxes,
  normalizeAxis,
  ShapeError,
  sameShape,
  showShape,
  type Tensor,
} from "../tensor/index.js";
import { between, concat, embedPrimitive, slicePrimitive } from "./blocks.js";
import type { Axes } from "./reductions.js";
import { type TensorLike, toTensor } from "./words.js";

/**
 * x cut along an axis, by default the first, into a number of equal parts, or into parts of the given sizes; concat puts
 * them together again.
 *
 * @throws ShapeError if the parts do not make up the axis.
 * @example split(tensor([1, 2, 3, 4]), 2).map((part) => part.toArray()) // → [[1, 2], [3, 4]]
 * @example split(tensor([1, 2, 3, 4]), [1, 3]).map((part) => part.toArray()) // → [[1], [2, 3, 4]]
 */
export function split(x: TensorLike, parts: number | readonly number[], axis = 0): Tensor[] {
  const from = toTensor("split", x);
  const along = normalizeAxis("split", axis, from.shape.length);
  const n = from.shape[along];
  const sizes =
    typeof parts === "number"
      ? new Array<number>(checkCount("split", "parts", parts)).fill(n / parts)
      : checkIntegers("split", "parts", parts);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (typeof parts === "number" ? n % parts !== 0 : total !== n || sizes.some((size) => size < 0)) {
    throw new ShapeError(
      `split: expected parts that make up axis ${along} of size ${n}, received ` +
        (typeof parts === "number"
          ? `${parts} equal parts: ${n} is not a multiple of ${parts}`
          : `sizes ${showShape(sizes)}, which are ${total} in all`),
    );
  }
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return between(from, along, start - size, start);
  });
}

/**
 * x with zeros before and after it along each axis.
 *
 * @throws DomainError if there is not one pair of integers ≥ 0 for each axis.
 * @example pad(tensor([1, 2]), [[1, 2]]).toArray() // → [0, 1, 2, 0, 0]
 */
export function pad(x: TensorLike, widths: readonly (readonly [before: number, after: number])[]): Tensor {
  const from = toTensor("pad", x);
  const { shape } = from;
  const isPair = (pair: unknown): boolean =>
    Array.isArray(pair) && pair.length === 2 && pair.every((width) => Number.isSafeInteger(width) && width >= 0);
  if (!Array.isArray(widths) || widths.length !== shape.length || !widths.every(isPair)) {
    throw new DomainError(
      `pad: expected [before, after], two integers ≥ 0, for each of ${shape.length} axes of shape ${showShape(shape)}, ` +
        `received ${JSON.stringify(widths)}`,
    );
  }
  const whole = shape.map((n, axis) => widths[axis][0] + n + widths[axis][1]);
  if (sameShape(whole, shape)) return from;
  const starts = widths.map(([before]) => before);
  return apply1(embedPrimitive, [from], { starts, steps: shape.map(() => 1), sizes: shape, whole });
}

/**
 * x in reverse order along the given axes, or along all.
 *
 * @throws DomainError if an axis does not exist or is named twice.
 * @example flip(tensor([[1, 2], [3, 4]]), 1).toArray() // → [[2, 1], [4, 3]]
 */
export function flip(x: TensorLike, axes?: Axes): Tensor {
  const from = toTensor("flip", x);
  const turned = normalizeAxes("flip", axes, from.shape.length);
  if (turned.length === 0) return from;
  const starts = from.shape.map((n, axis) => (turned.includes(axis) ? n - 1 : 0));
  const steps = from.shape.map((_, axis) => (turned.includes(axis) ? -1 : 1));
  return apply1(slicePrimitive, [from], { starts, steps, sizes: from.shape });
}

/**
 * x moved on by a number of places along an axis; what leaves at the end returns at the start.
 *
 * @throws DomainError if the shift is not an integer or the axis does not exist.
 * @example roll(tensor([1, 2, 3, 4]), 1, 0).toArray() // → [4, 1, 2, 3]
 */
export function roll(x: TensorLike, shift: number, axis: number): Tensor {
  const from = toTensor("roll", x);
  const along = normalizeAxis("roll", axis, from.shape.length);
  checkNumber("roll", "shift", shift, "an integer", Number.isSafeInteger);
  const n = from.shape[along];
  const places = n === 0 ? 0 : ((shift % n) + n) % n;
  if (places === 0) return from;
  return concat([between(from, along, n - places, n), between(from, along, 0, n - places)], along);
}
