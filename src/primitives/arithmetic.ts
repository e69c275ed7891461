// What do + − × ÷ and powers do to tensors and to derivatives?

import type { Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import {
  addEach,
  divEach,
  mulEach,
  negEach,
  powEach,
  sqrtEach,
  squareEach,
  subEach,
} from "../typed-array-ops/index.js";
import {
  addLanes,
  divLanes,
  mulLanes,
  negLanes,
  sqrtLanes,
  squareLanes,
  subLanes,
} from "../typed-array-ops/webassembly/lanes.js";
import { equal } from "./comparisons.js";
import { log } from "./elementary.js";
import { bilinear, linear, oneShape, pointwise, sumOf } from "./kinds.js";
import { where } from "./selection.js";
import { binaryWord, type TensorLike, unaryWord } from "./words.js";

export const addPrimitive: Primitive<void, "add"> = /* @__PURE__ */ linear("add", {
  shape: (inputs) => oneShape("add", inputs)[0],
  lanes: addLanes,
  kernel: () => addEach,
  push: ([dx, dy]) => (dx && dy ? add(dx, dy) : (dx ?? dy)),
  pull: (g) => g,
});
/**
 * x + y
 *
 * @example add(tensor([1, 2]), 3).toArray() // → [4, 5]
 */
export const add: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(addPrimitive);

export const subPrimitive: Primitive<void, "sub"> = /* @__PURE__ */ linear("sub", {
  shape: (inputs) => oneShape("sub", inputs)[0],
  lanes: subLanes,
  kernel: () => subEach,
  push: ([dx, dy]) => (dx && dy ? sub(dx, dy) : (dx ?? (dy && neg(dy)))),
  pull: (g, i) => (i === 0 ? g : neg(g)),
});
/**
 * x − y
 *
 * @example sub(tensor([[1], [2]]), tensor([1, 2])).toArray() // → [[0, -1], [1, 0]]
 */
export const sub: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(subPrimitive);

export const negPrimitive: Primitive<void, "neg"> = /* @__PURE__ */ linear("neg", {
  shape: (inputs) => inputs[0],
  lanes: negLanes,
  kernel: () => negEach,
  pull: (g) => neg(g),
});
/**
 * −x
 *
 * @example neg(tensor([1, -2])).toArray() // → [-1, 2]
 */
export const neg: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(negPrimitive);

export const mulPrimitive: Primitive<void, "mul"> = /* @__PURE__ */ bilinear("mul", {
  shape: (a, b) => oneShape("mul", [a, b])[0],
  lanes: mulLanes,
  kernel: () => mulEach,
  apply: (a, b) => mul(a, b),
  pullLeft: (g, b) => mul(g, b),
  pullRight: (g, a) => mul(g, a),
});
/**
 * x·y, entry by entry
 *
 * @example mul(tensor([1, 2]), tensor([3, 4])).toArray() // → [3, 8]
 */
export const mul: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(mulPrimitive);

export const divPrimitive: Primitive<void, "div"> = {
  name: "div",
  shapes: (inputs) => oneShape("div", inputs),
  lanes: divLanes,
  kernel:
    () =>
    ([out], [a, b]) =>
      divEach(out, a, b),
  vjp([g], [y], [, b], _, wanted) {
    const pulled = div(g as Tensor, b);
    return [pulled, wanted[1] ? neg(mul(pulled, y)) : undefined];
  },
  jvp([da, db], [y], [, b]) {
    const fromB = db && neg(mul(y, db));
    return [div(sumOf([da, fromB]) as Tensor, b)];
  },
};
/**
 * x / y
 *
 * @example div(tensor([1, -1, 0]), 0).toArray() // → [Infinity, -Infinity, NaN]
 */
export const div: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(divPrimitive);

/** y·x^(y−1), which is taken as 0 at x = y = 0; x^y·log x, which is taken as 0 at x = 0. */
export const powPrimitive: Primitive<void, "pow"> = /* @__PURE__ */ pointwise(
  "pow",
  powEach,
  ([x, y]) => mul(y, pow(where(mul(equal(x, 0), equal(y, 0)), 1, x), sub(y, 1))),
  ([x], y) => mul(where(equal(x, 0), 0, y), log(where(equal(x, 0), 1, x))),
);
/**
 * x^y
 *
 * @example pow(2, tensor([-1, 0.5, 3])).toArray() // → [0.5, 1.4142135623730951, 8]
 */
export const pow: (x: TensorLike, y: TensorLike) => Tensor = /* @__PURE__ */ binaryWord(powPrimitive);

export const squarePrimitive: Primitive<void, "square"> = /* @__PURE__ */ pointwise(
  "square",
  [squareEach, squareLanes],
  ([x]) => mul(2, x),
);
/**
 * x²
 *
 * @example square(tensor([-3, 2])).toArray() // → [9, 4]
 */
export const square: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(squarePrimitive);

export const sqrtPrimitive: Primitive<void, "sqrt"> = /* @__PURE__ */ pointwise("sqrt", [sqrtEach, sqrtLanes], (_, y) =>
  div(0.5, y),
);
/**
 * √x
 *
 * @example sqrt(tensor([4, -1])).toArray() // → [2, NaN]
 */
export const sqrt: (x: TensorLike) => Tensor = /* @__PURE__ */ unaryWord(sqrtPrimitive);
