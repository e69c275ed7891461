// How are blocks cut out of tensors and put together?
//
// The transpose of slice is embed (zeros around the block); the transpose of concat is a slice for each input.
import { apply1, type Primitive } from "../tape/index.js";
import {
  checkIntegers,
  DomainError,
  normalizeAxis,
  type Shape,
  ShapeError,
  sameShape,
  showShape,
  stridesOf,
  Tensor,
} from "../tensor/index.js";
import { gather, makeWalk, scatter } from "../typed-array-ops/index.js";
import { broadcastTo } from "./broadcasting.js";
import { linear } from "./kinds.js";
import { expandDims } from "./layout.js";
import { type TensorLike, toTensor } from "./words.js";

/** A block of a tensor: entry i of axis a lies at starts[a] + i·steps[a]. */
export interface Block {
  readonly starts: readonly number[];
  readonly steps: readonly number[];
  readonly sizes: Shape;
}

function walkOf(whole: Shape, { starts, steps, sizes }: Block): ReturnType<typeof makeWalk> {
  const strides = stridesOf(whole);
  const start = starts.reduce((sum, from, axis) => sum + from * strides[axis], 0);
  return makeWalk(
    sizes,
    strides.map((stride, axis) => stride * steps[axis]),
    start,
  );
}

export const slicePrimitive: Primitive<Block, "slice"> = /* @__PURE__ */ linear("slice", {
  shape: (_, block) => block.sizes,
  kernel: ([x], block) => {
    const walk = walkOf(x, block);
    return (out, from) => gather(out, from, walk);
  },
  pull: (g, _i, block, [x]) => apply1(embedPrimitive, [g], { ...block, whole: x }),
});

/** The transpose of slice: x at the place of the block, zeros elsewhere. */
export const embedPrimitive: Primitive<Block & { readonly whole: Shape }, "embed"> = /* @__PURE__ */ linear("embed", {
  shape: (_, { whole }) => whole,
  kernel: (_, parameters) => {
    const walk = walkOf(parameters.whole, parameters);
    return (out, from) => {
      out.fill(0);
      scatter(out, from, walk);
    };
  },
  pull: (g, _, { starts, steps, sizes }) => apply1(slicePrimitive, [g], { starts, steps, sizes }),
});

/**
 * The entries from `starts` up to but without `ends`, in steps, along the leading axes; the others are kept whole.
 * Negative positions count from the end. A negative step runs backwards.
 *
 * @throws DomainError if there are more positions than axes, or a step is 0.
 * @example slice(tensor([0, 1, 2, 3, 4]), [1], [4]).toArray() // → [1, 2, 3]
 */
export function slice(
  x: TensorLike,
  starts: readonly number[],
  ends: readonly number[],
  steps?: readonly number[],
): Tensor {
  const from = toTensor("slice", x);
  const rank = from.shape.length;
  checkIntegers("slice", "starts", starts);
  checkIntegers("slice", "ends", ends);
  if (steps !== undefined) checkIntegers("slice", "steps", steps);
  if (starts.length > rank || ends.length !== starts.length || (steps && steps.length !== starts.length)) {
    throw new DomainError(
      `slice: expected as many starts, ends and steps, at most ${rank} for shape ${showShape(from.shape)}, ` +
        `received ${starts.length}, ${ends.length} and ${steps?.length ?? starts.length}`,
    );
  }
  const block = { starts: [] as number[], steps: [] as number[], sizes: [] as number[] };
  for (let axis = 0; axis < rank; axis++) {
    const size = from.shape[axis];
    const step = steps?.[axis] ?? 1;
    if (step === 0) {
      throw new DomainError(`slice: expected steps other than 0, received 0 for axis ${axis}`);
    }
    const least = step > 0 ? 0 : -1;
    const most = step > 0 ? size : size - 1;
    const clamp = (position: number | undefined, otherwise: number): number =>
      position === undefined ? otherwise : Math.min(Math.max(position < 0 ? position + size : position, least), most);
    const start = clamp(starts[axis], least === 0 ? 0 : most);
    const end = clamp(ends[axis], least === 0 ? most : least);
    block.starts.push(start);
    block.steps.push(step);
    block.sizes.push(Math.max(0, Math.ceil((end - start) / step)));
  }
  const whole = block.steps.every((step) => step === 1) && sameShape(block.sizes, from.shape);
  return whole ? from : apply1(slicePrimitive, [from], block);
}

/** The entries from start up to but without end along one axis. */
export function between(x: Tensor, axis: number, start: number, end: number): Tensor {
  const before = x.shape.slice(0, axis);
  return slice(x, [...before.map(() => 0), start], [...before, end]);
}

/** How far the first inputs reach along the axis along which they are joined. */
const reach = (inputs: readonly Shape[], axis: number, count: number): number =>
  inputs.slice(0, count).reduce((sum, shape) => sum + shape[axis], 0);

const joined = (inputs: readonly Shape[], axis: number): Shape =>
  inputs[0].map((n, a) => (a === axis ? reach(inputs, axis, inputs.length) : n));

export const concatPrimitive: Primitive<number, "concat"> = /* @__PURE__ */ linear("concat", {
  shape: joined,
  kernel: (inputs, axis) => {
    const strides = stridesOf(joined(inputs, axis));
    const walks = inputs.map((shape, i) => makeWalk(shape, strides, reach(inputs, axis, i) * strides[axis]));
    return (out, ...xs) => {
      for (let i = 0; i < walks.length; i++) scatter(out, xs[i], walks[i]);
    };
  },
  push: (dx, axis, inputs) =>
    apply1(
      concatPrimitive,
      dx.map((d, i) => d ?? broadcastTo(0, inputs[i].shape)),
      axis,
    ),
  pull: (g, i, axis, inputs) => between(g, axis, reach(inputs, axis, i), reach(inputs, axis, i + 1)),
});

/**
 * Tensors joined along an axis.
 *
 * @throws ShapeError if another axis differs.
 * @example concat([tensor([1, 2]), tensor([3])], 0).toArray() // → [1, 2, 3]
 */
export function concat(xs: readonly TensorLike[], axis = 0): Tensor {
  const tensors = readTensors("concat", xs);
  const along = normalizeAxis("concat", axis, tensors[0].shape.length);
  checkAlike("concat", tensors, along);
  return tensors.length === 1 ? tensors[0] : apply1(concatPrimitive, tensors, along);
}

/**
 * Tensors of one shape side by side along a new axis.
 *
 * @throws ShapeError if the shapes differ.
 * @example stack([tensor([1, 2]), tensor([3, 4])], 1).toArray() // → [[1, 3], [2, 4]]
 */
export function stack(xs: readonly TensorLike[], axis = 0): Tensor {
  const tensors = readTensors("stack", xs);
  normalizeAxis("stack", axis, tensors[0].shape.length + 1);
  checkAlike("stack", tensors);
  return concat(
    tensors.map((x) => expandDims(x, axis)),
    axis,
  );
}

function readTensors(operation: string, xs: readonly TensorLike[]): Tensor[] {
  if (!Array.isArray(xs) || xs.length === 0) {
    throw new DomainError(
      `${operation}: expected at least one tensor, in an array, received ${xs instanceof Tensor ? "a tensor" : "none"}`,
    );
  }
  return xs.map((x) => toTensor(operation, x));
}

/** Refuses shapes that differ, but for one axis. */
function checkAlike(operation: string, tensors: readonly Tensor[], except?: number): void {
  const [{ shape: first }] = tensors;
  tensors.forEach(({ shape }, i) => {
    if (shape.length !== first.length || shape.some((n, axis) => axis !== except && n !== first[axis])) {
      throw new ShapeError(
        `${operation}: expected equal shapes${except === undefined ? "" : `, but for axis ${except}`}, received ` +
          `${showShape(first)} and ${showShape(shape)} (argument ${i})`,
      );
    }
  });
}
