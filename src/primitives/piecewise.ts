// Which functions are made of straight pieces, and which slope do they have where pieces meet?
import { apply1, type Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import {
  absEach,
  clipEach,
  leakyReluEach,
  maximumEach,
  minimumEach,
  reluEach,
  shareOfLargerEach,
} from "../typed-array-ops/index.js";
import {
  absLanes,
  clipLanes,
  leakyReluLanes,
  maximumLanes,
  minimumLanes,
  reluLanes,
  shareOfLargerLanes,
} from "../typed-array-ops/webassembly/lanes.js";
import { mul } from "./arithmetic.js";
import { greater, greaterEqual, less, lessEqual } from "./comparisons.js";
import { flat, piecewiseLinear, pointwise } from "./kinds.js";
import { sign } from "./rounding.js";
import { where } from "./selection.js";
import { binaryWord, broadcast, type TensorLike, unaryWord } from "./words.js";

export const absPrimitive: Primitive<void, "abs"> = /* @__PURE__ */ piecewiseLinear("abs", [absEach, absLanes], ([x]) =>
  sign(x),
);
/**
 * |x|, with derivative 0 at 0
 *
 * @example grad((x) => sum(abs(x)))(tensor([-2, 0, 3])).toArray() // → [-1, 0, 1]
 */
export const abs: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(absPrimitive);

export const shareOfLargerPrimitive: Primitive<void, "shareOfLarger"> = /* @__PURE__ */ flat("shareOfLarger", [
  shareOfLargerEach,
  shareOfLargerLanes,
]);
/** The part of max(x, y) that is due to x: 1 if x is larger, ½ at a tie, else 0. */
const shareOfLarger: (x: Tensor, y: Tensor) => Tensor = /* @__PURE__ */ binaryWord(shareOfLargerPrimitive);

export const maximumPrimitive: Primitive<void, "maximum"> = /* @__PURE__ */ piecewiseLinear(
  "maximum",
  [maximumEach, maximumLanes],
  ([x, y]) => shareOfLarger(x, y),
  ([x, y]) => shareOfLarger(y, x),
);
/**
 * max(x, y), entry by entry; at a tie each receives half of the derivative, and NaN wins
 *
 * @example maximum(tensor([1, 2, NaN]), tensor([3, -4, 0])).toArray() // → [3, 2, NaN]
 * @example grad((x) => maximum(x, 3))(tensor(3)).item() // → 0.5
 */
export const maximum: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(maximumPrimitive);

export const minimumPrimitive: Primitive<void, "minimum"> = /* @__PURE__ */ piecewiseLinear(
  "minimum",
  [minimumEach, minimumLanes],
  ([x, y]) => shareOfLarger(y, x),
  ([x, y]) => shareOfLarger(x, y),
);
/**
 * min(x, y), entry by entry; at a tie each receives half of the derivative, and NaN wins
 *
 * @example minimum(tensor([1, 2]), tensor([3, -4])).toArray() // → [1, -4]
 */
export const minimum: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(minimumPrimitive);

/** The three slopes are 0 and 1, and one of them is 1. */
export const clipPrimitive: Primitive<void, "clip"> = /* @__PURE__ */ piecewiseLinear(
  "clip",
  [clipEach, clipLanes],
  ([x, low, high]) => mul(greaterEqual(x, low), lessEqual(x, high)),
  ([x, low, high]) => mul(less(x, low), lessEqual(low, high)),
  ([x, low, high]) => greater(maximum(x, low), high),
);
/**
 * min(max(x, low), high). The bounds count as inside, so x receives the whole derivative there. Where low > high the
 * result is high, as in NumPy.
 *
 * @example clip(tensor([-5, 0.5, 5]), -1, 1).toArray() // → [-1, 0.5, 1]
 * @example grad((x) => sum(clip(x, -1, 1)))(tensor([-5, -1, 0, 1, 5])).toArray() // → [0, 1, 1, 1, 0]
 */
export function clip(x: TensorLike, low: TensorLike, high: TensorLike): Tensor {
  return apply1(clipPrimitive, broadcast("clip", x, low, high), undefined);
}

export const reluPrimitive: Primitive<void, "relu"> = /* @__PURE__ */ piecewiseLinear(
  "relu",
  [reluEach, reluLanes],
  ([x]) => greater(x, 0),
);
/**
 * max(x, 0), with derivative 0 at 0
 *
 * @example grad((x) => sum(relu(x)))(tensor([-1, 0, 2])).toArray() // → [0, 0, 1]
 */
export const relu: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(reluPrimitive);

export const leakyReluPrimitive: Primitive<void, "leakyRelu"> = /* @__PURE__ */ pointwise(
  "leakyRelu",
  [leakyReluEach, leakyReluLanes],
  ([x, slope]) => where(greater(x, 0), 1, slope),
  ([x]) => where(greater(x, 0), 0, x),
);
const leakyReluWord = /* @__PURE__ */ binaryWord(leakyReluPrimitive);
/**
 * x where x > 0, else slope·x, with derivative `slope` at 0. A slope that is a tensor broadcasts and can be learned.
 *
 * @example leakyRelu(tensor([-2, 3]), 0.1).toArray() // → [-0.2, 3]
 */
export const leakyRelu = (x: TensorLike, slope: TensorLike = 0.01): Tensor => leakyReluWord(x, slope);
