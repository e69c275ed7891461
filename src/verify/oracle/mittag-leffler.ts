// What is the Mittag-Leffler function, and each of its derivatives, to about 20 digits or more?
//
// The power series and nothing else: it shares no method with the function that it judges, and 106 bits can afford what
// cancels while |z|^(1/α) is small.
import type { MittagLefflerOrders } from "../../special/index.js";
import { DomainError } from "../../tensor/index.js";
import {
  add,
  type DoubleDouble,
  exp,
  floor,
  fromNumber,
  isEven,
  lgamma,
  mul,
  neg,
  ZERO,
} from "../double-double/index.js";
import { at, fill, type WideTensor } from "./wide-tensor.js";

/** Up to here the largest terms are e^20 and leave 21 digits of a value that is not larger than 1/|z|. */
const FARTHEST = 20;

/** 1/Γ(x) */
function reciprocalGamma(x: DoubleDouble): DoubleDouble {
  const size = exp(neg(lgamma(x)));
  return x.high > 0 || isEven(floor(x)) ? size : neg(size);
}

/** Σ k (k−1) … (k−order+1) z^(k−order)/Γ(αk + β), entry by entry. @throws DomainError far from 0 */
export function mittagLeffler([z]: readonly WideTensor[], { alpha, beta, order }: MittagLefflerOrders): WideTensor {
  const known: DoubleDouble[] = [];
  const coefficient = (k: number): DoubleDouble => {
    if (known[k] === undefined) {
      let weight = fromNumber(1);
      for (let i = 0; i < order; i++) weight = mul(weight, fromNumber(k - i));
      const argument = add(mul(fromNumber(alpha), fromNumber(k)), fromNumber(beta));
      known[k] = mul(weight, reciprocalGamma(argument));
    }
    return known[k];
  };
  return fill(z.shape, (i) => {
    const x = at(z, i);
    if (Number.isNaN(x.high)) return x;
    const root = Math.abs(x.high) ** (1 / alpha);
    if (!(root <= FARTHEST)) {
      throw new DomainError(
        `oracle: expected |z|^(1/alpha) ≤ ${FARTHEST} for the Mittag-Leffler function, received ${root}: ` +
          "the digits of its power series cancel; the gradient can be checked by differences",
      );
    }
    let sum = ZERO;
    let power = fromNumber(1);
    for (let k = order; ; k++) {
      const term = mul(coefficient(k), power);
      sum = add(sum, term);
      const past = alpha * k + beta > 3 * (root + order) + 3;
      if (past && Math.abs(term.high) <= 2 ** -112 * Math.abs(sum.high)) return sum;
      power = mul(power, x);
      if (power.high === 0 && past) return sum;
    }
  });
}
