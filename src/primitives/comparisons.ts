// How are values compared?
import type { Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import {
  equalEach,
  greaterEach,
  greaterEqualEach,
  isFiniteEach,
  lessEach,
  lessEqualEach,
} from "../typed-array-ops/index.js";
import {
  equalLanes,
  greaterEqualLanes,
  greaterLanes,
  isFiniteLanes,
  lessEqualLanes,
  lessLanes,
} from "../typed-array-ops/webassembly/lanes.js";
import { flat } from "./kinds.js";
import { binaryWord, type TensorLike, unaryWord } from "./words.js";

export const greaterPrimitive: Primitive<void, "greater"> = /* @__PURE__ */ flat("greater", [
  greaterEach,
  greaterLanes,
]);
/**
 * 1 where x > y, else 0
 *
 * @example greater(tensor([1, 2, 3]), 2).toArray() // → [0, 0, 1]
 */
export const greater: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(greaterPrimitive);

export const greaterEqualPrimitive: Primitive<void, "greaterEqual"> = /* @__PURE__ */ flat("greaterEqual", [
  greaterEqualEach,
  greaterEqualLanes,
]);
/**
 * 1 where x ≥ y, else 0
 *
 * @example greaterEqual(tensor([1, 2, 3]), 2).toArray() // → [0, 1, 1]
 */
export const greaterEqual: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(greaterEqualPrimitive);

export const lessPrimitive: Primitive<void, "less"> = /* @__PURE__ */ flat("less", [lessEach, lessLanes]);
/**
 * 1 where x < y, else 0
 *
 * @example less(tensor([1, 2, 3]), 2).toArray() // → [1, 0, 0]
 */
export const less: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(lessPrimitive);

export const lessEqualPrimitive: Primitive<void, "lessEqual"> = /* @__PURE__ */ flat("lessEqual", [
  lessEqualEach,
  lessEqualLanes,
]);
/**
 * 1 where x ≤ y, else 0
 *
 * @example lessEqual(tensor([1, 2, NaN]), 2).toArray() // → [1, 1, 0]
 */
export const lessEqual: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(lessEqualPrimitive);

export const equalPrimitive: Primitive<void, "equal"> = /* @__PURE__ */ flat("equal", [equalEach, equalLanes]);
/**
 * 1 where x = y, else 0
 *
 * @example equal(tensor([1, NaN]), tensor([1, NaN])).toArray() // → [1, 0]
 */
export const equal: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(equalPrimitive);

export const isFinitePrimitive: Primitive<void, "isFinite"> = /* @__PURE__ */ flat("isFinite", [
  isFiniteEach,
  isFiniteLanes,
]);
/**
 * 0 where x is NaN, ∞ or −∞, else 1
 *
 * @example isFinite(tensor([1, Infinity, NaN])).toArray() // → [1, 0, 0]
 */
export const isFinite: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(isFinitePrimitive);
