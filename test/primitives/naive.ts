// What do the operations give, computed index by index?
import fc from "fast-check";
import { type Shape, sizeOf, Tensor } from "../../src/tensor/index.js";

export type Index = readonly number[];

/** All indices of a shape in row-major order. */
export function indices(shape: Shape): Index[] {
  let all: Index[] = [[]];
  for (const n of shape) {
    all = all.flatMap((index) => Array.from({ length: n }, (_, i) => [...index, i]));
  }
  return all;
}

/** The entry of x at an index. */
export function at(x: Tensor, index: Index): number {
  let offset = 0;
  index.forEach((i, axis) => {
    offset = offset * x.shape[axis] + i;
  });
  return x.data[offset];
}

/** The entry of x that stands at an index of a shape to which x broadcasts. */
export const atBroadcast = (x: Tensor, index: Index): number =>
  at(
    x,
    index.slice(index.length - x.shape.length).map((i, axis) => (x.shape[axis] === 1 ? 0 : i)),
  );

/** The tensor whose entry at each index is f(index). */
export const build = (shape: Shape, f: (index: Index) => number): Tensor =>
  new Tensor(shape, Float64Array.from(indices(shape), f));

export const shapes = (maxRank = 3, min = 0, max = 3): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min, max }), { maxLength: maxRank });

/** A tensor of this shape; by default its entries are small integers, with which sums and products are exact. */
export const tensors = (
  shape: Shape,
  entries: fc.Arbitrary<number> = fc.integer({ min: -99, max: 99 }),
): fc.Arbitrary<Tensor> =>
  fc
    .array(entries, { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((values) => new Tensor(shape, Float64Array.from(values)));

/** Tensors of any shape. */
export const anyTensor = (maxRank = 3, min = 0): fc.Arbitrary<Tensor> =>
  shapes(maxRank, min).chain((shape) => tensors(shape));

/** A shape that broadcasts to `shape`: leading axes are dropped, others become 1. */
export const shrunk = (shape: Shape): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.nat({ max: shape.length }), fc.infiniteStream(fc.boolean()))
    .map(([dropped, ones]) => shape.slice(dropped).map((n) => (ones.next().value ? 1 : n)));

/** A common shape and `count` tensors that broadcast to it together; the first has that shape. */
export const together = (count: number, entries?: fc.Arbitrary<number>): fc.Arbitrary<Tensor[]> =>
  shapes().chain((shape) =>
    fc.tuple(
      tensors(shape, entries),
      ...Array.from({ length: count - 1 }, () => shrunk(shape).chain((small) => tensors(small, entries))),
    ),
  );

/** Units in the last place of 1. */
export const epsilon = 2 ** -52;
