// How are the error function and its complement computed to about 31 digits?
import { abs, add, type DoubleDouble, div, fromNumber, mul, neg, ONE, scale, sqrt, square, sub } from "./arithmetic.js";
import { PI } from "./constants.js";
import { exp } from "./exponential.js";

const rootOfPi: DoubleDouble = /* @__PURE__ */ sqrt(PI);

/** e^(−x²) */
const gaussian = (x: DoubleDouble): DoubleDouble => exp(neg(square(x)));

/**
 * erf x = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1)/(2n + 1)!!, whose terms are all of one sign.
 *
 * @source Abramowitz and Stegun (1964), equation 7.1.6
 */
function series(x: DoubleDouble): DoubleDouble {
  const twice = scale(square(x), 1);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term.high) > 1e-34 * Math.abs(sum.high); n++) {
    term = div(mul(term, twice), fromNumber(2 * n + 1));
    sum = add(sum, term);
  }
  return div(scale(mul(gaussian(x), sum), 1), rootOfPi);
}

/**
 * erfc x = e^(−x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))) for x ≥ 1, from the inside out.
 *
 * @source Abramowitz and Stegun (1964), equation 7.1.14
 */
function fraction(x: DoubleDouble): DoubleDouble {
  let rest = x;
  for (let n = Math.ceil(60 + 900 / (x.high * x.high)); n > 0; n--) rest = add(x, div(fromNumber(n / 2), rest));
  return div(gaussian(x), mul(rootOfPi, rest));
}

/** 1 − erf x, without cancellation for large x. */
export function erfc(x: DoubleDouble): DoubleDouble {
  if (Number.isNaN(x.high)) return x;
  if (x.high > 28) return fromNumber(0);
  return x.high < 1 ? sub(ONE, erf(x)) : fraction(x);
}

/** erf x = 2/√π ∫₀ˣ e^(−s²) ds */
export function erf(x: DoubleDouble): DoubleDouble {
  if (x.high === 0 || Number.isNaN(x.high)) return x;
  const size = abs(x);
  const value = size.high < 1 ? series(size) : sub(ONE, erfc(size));
  return x.high < 0 ? neg(value) : value;
}
