// Which functions are constant between their jumps?
import type { Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import { ceilEach, floorEach, roundEach, signEach } from "../typed-array-ops/index.js";
import { ceilLanes, floorLanes, roundLanes, signLanes } from "../typed-array-ops/webassembly/lanes.js";
import { flat } from "./kinds.js";
import { type TensorLike, unaryWord } from "./words.js";

export const signPrimitive: Primitive<void, "sign"> = /* @__PURE__ */ flat("sign", [signEach, signLanes]);
/**
 * −1, 0 or 1, with derivative 0 everywhere
 *
 * @example sign(tensor([-0.5, 0, 7])).toArray() // → [-1, 0, 1]
 */
export const sign: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(signPrimitive);

export const floorPrimitive: Primitive<void, "floor"> = /* @__PURE__ */ flat("floor", [floorEach, floorLanes]);
/**
 * The largest integer ≤ x, with derivative 0 everywhere.
 *
 * @example floor(tensor([-1.5, 1.5])).toArray() // → [-2, 1]
 */
export const floor: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(floorPrimitive);

export const ceilPrimitive: Primitive<void, "ceil"> = /* @__PURE__ */ flat("ceil", [ceilEach, ceilLanes]);
/**
 * The smallest integer ≥ x, with derivative 0 everywhere.
 *
 * @example ceil(tensor([-1.5, 1.5])).toArray() // → [-1, 2]
 */
export const ceil: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(ceilPrimitive);

export const roundPrimitive: Primitive<void, "round"> = /* @__PURE__ */ flat("round", [roundEach, roundLanes]);
/**
 * The nearest integer, with derivative 0 everywhere. Of two equally near integers it is the even one, as in NumPy and in
 * IEEE 754; Math.round takes the larger one.
 *
 * @example round(tensor([0.5, 1.5, 2.5, -0.7])).toArray() // → [0, 2, 2, -1]
 */
export const round: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(roundPrimitive);
