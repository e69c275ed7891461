// What does the Mittag-Leffler function do to tensors and to derivatives?
import { mul, oneShape, type TensorLike, toTensor } from "../primitives/index.js";
import { apply1, type Primitive } from "../tape/index.js";
import type { Tensor } from "../tensor/index.js";
import { checkOrders } from "./mittag-leffler.js";
import { evaluator } from "./mittag-leffler-evaluate.js";

/** Which function it is: the derivative of that order of E with these alpha and beta. */
export interface MittagLefflerOrders {
  readonly alpha: number;
  readonly beta: number;
  readonly order: number;
}

/** The slope is the same function with the next order. */
export const mittagLefflerPrimitive: Primitive<MittagLefflerOrders, "mittagLeffler"> = {
  name: "mittagLeffler",
  shapes: (inputs) => oneShape("mittagLeffler", inputs),
  kernel: (_, { alpha, beta, order }) => {
    const evaluate = evaluator(alpha, beta);
    return ([out], [z]) => {
      for (let i = 0; i < out.length; i++) out[i] = evaluate({ re: z[i], im: 0 }, order).re;
    };
  },
  vjp: ([g], _, [z], orders) => [mul(g as Tensor, slope(z, orders))],
  jvp: ([dz], _, [z], orders) => [dz && mul(dz, slope(z, orders))],
};

const slope = (z: Tensor, orders: MittagLefflerOrders): Tensor =>
  apply1(mittagLefflerPrimitive, [z], { ...orders, order: orders.order + 1 });

/**
 * The Mittag-Leffler function of every entry, `E_alpha,beta(z) = sum_{k>=0} z^k / Gamma(alpha k + beta)`, as an operation on
 * tensors with derivatives in z of every order; alpha and beta are plain numbers.
 *
 * @shape z → z
 * @throws DomainError if alpha is not in (0, 2] or beta is not finite.
 * @source Garrappa (2015), Numerical evaluation of two and three parameter Mittag-Leffler functions, SIAM J. Numer. Anal. 53;
 * the derivatives are those of its equation 2.1 under the integral.
 * @example mittagLefflerOf(1, tensor([0, 1])).toArray() // → [1, 2.718281828459045]
 */
export function mittagLefflerOf(alpha: number, z: TensorLike, beta = 1): Tensor {
  checkOrders("mittagLefflerOf", alpha, beta);
  return apply1(mittagLefflerPrimitive, [toTensor("mittagLefflerOf", z)], { alpha, beta, order: 0 });
}
