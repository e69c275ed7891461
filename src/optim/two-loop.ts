// Which direction does L-BFGS take, from the steps and the changes of the gradient that it remembers?
import { add, dot, mul, sub } from "../primitives/index.js";
import type { Tensor } from "../tensor/index.js";

/** The last pairs of steps s and changes of the gradient y, oldest first. A pair with 1/(s·y) = 0 has no effect. */
export interface History {
  readonly s: readonly Tensor[];
  readonly y: readonly Tensor[];
  /** 1/(s·y) for each pair. */
  readonly rho: readonly Tensor[];
  /** s·y/(y·y) of the newest pair: the size of the inverse Hessian that is assumed before it is corrected. */
  readonly scale: Tensor;
}

/** A pair counts if s·y exceeds this share of y·y. */
export const leastCurvature: number = 2 ** -52;

/**
 * −H g, where H is the inverse Hessian that the pairs suggest.
 *
 * @source Nocedal and Wright (2006), "Numerical optimization", algorithm 7.4 and equation 7.20
 */
export function direction(gradient: Tensor, { s, y, rho, scale }: History): Tensor {
  let q = gradient;
  const alpha: Tensor[] = [];
  for (let i = s.length - 1; i >= 0; i--) {
    alpha[i] = mul(rho[i], dot(s[i], q));
    q = sub(q, mul(alpha[i], y[i]));
  }
  let r = mul(scale, q);
  for (let i = 0; i < s.length; i++) r = add(r, mul(s[i], sub(alpha[i], mul(rho[i], dot(y[i], r)))));
  return mul(-1, r);
}
