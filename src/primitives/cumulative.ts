// How does a sum grow along an axis?
import { apply1, type Primitive } from "../tape/index.js";
import { around, type Tensor } from "../tensor/index.js";
import { cumulate } from "../typed-array-ops/index.js";
import { linear } from "./kinds.js";
import { reshape } from "./layout.js";
import { type TensorLike, toTensor } from "./words.js";

/** Partial sums along the middle axis of [outer, n, inner], from its start or from its end: each is the other's transpose. */
export const cumsumPrimitive: Primitive<{ readonly reverse: boolean }, "cumsum"> = /* @__PURE__ */ linear("cumsum", {
  shape: ([x]) => x,
  kernel:
    ([[, n, inner]], { reverse }) =>
    (out, x) =>
      cumulate(out, x, n, inner, reverse),
  pull: (g, _, { reverse }) => apply1(cumsumPrimitive, [g], { reverse: !reverse }),
});

/**
 * The partial sums yⱼ = x₀ + … + xⱼ along an axis.
 *
 * @throws DomainError if the axis does not exist.
 * @example cumsum(tensor([[1, 2, 3], [4, 5, 6]]), 1).toArray() // → [[1, 3, 6], [4, 9, 15]]
 */
export function cumsum(x: TensorLike, axis: number): Tensor {
  const from = toTensor("cumsum", x);
  const { blocks } = around("cumsum", from.shape, axis);
  return reshape(apply1(cumsumPrimitive, [reshape(from, blocks)], { reverse: false }), from.shape);
}
