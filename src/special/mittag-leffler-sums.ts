// What are the sums over the nodes of a contour, plain and with a simpler function taken out?
//
// A sum over the nodes is good to some units of the sum of the magnitudes of its terms. Where E is much smaller than
// that, a function with known values is taken out of the integrand, and the rest is small itself:
//
//     the first N terms of the asymptotic expansion:  E(z) = -sum_(k<=N) z^(-k)/Gamma(beta - alpha k) + [sum with (s^alpha/z)^N]
//     alpha = 0:                                      E(z) = 1/((1 - z) Gamma(beta)) + [sum with z (1 - s^alpha)/(s^alpha (1 - z))]
//     alpha = 1 and an integer b <= 1 for beta:       E(z) = z^(1-b) e^z + [sum of the difference of the two integrands].

import { type Complex, complex, expm1, minus, modulus, over, plus, scaled, times, ZERO } from "./complex.js";
import { MOST_TERMS_AHEAD, type Rule } from "./mittag-leffler-contour.js";
import type { Sum } from "./mittag-leffler-series.js";

type Term = (weight: Complex, power: Complex, logarithm: Complex) => Complex;

/** The sum of the terms at the nodes; a symmetric rule has half of them, and the rest are their conjugates. */
function sumOver(rule: Rule, symmetric: boolean, term: Term): Sum {
  const { weights, powers, logarithms } = rule;
  let [re, im, size] = [0, 0, 0];
  for (let i = 0; i < weights.length; i += 2) {
    const value = term(
      complex(weights[i], weights[i + 1]),
      complex(powers[i], powers[i + 1]),
      complex(logarithms[i], logarithms[i + 1]),
    );
    re += value.re;
    im += value.im;
    size += modulus(value);
  }
  return symmetric ? { value: complex(2 * re, 0), size: 2 * size } : { value: complex(re, im), size };
}

/** order! times the sum of w / (s^alpha - z)^(order+1). */
export function plainSum(rule: Rule, symmetric: boolean, z: Complex, order: number): Sum {
  const { weights, powers } = rule;
  const [restRe, restIm] = [1 - z.re, -z.im];
  let [re, im, size] = [0, 0, 0];
  for (let i = 0; i < weights.length; i += 2) {
    // s^alpha - z = (s^alpha - 1) + (1 - z)
    const [a, b] = [powers[i] + restRe, powers[i + 1] + restIm];
    const below = a * a + b * b;
    let [x, y] = [weights[i], weights[i + 1]];
    for (let k = 0; k <= order; k++) {
      const factor = Math.max(1, k) / below;
      [x, y] = [(x * a + y * b) * factor, (y * a - x * b) * factor];
    }
    re += x;
    im += y;
    size += Math.sqrt(x * x + y * y);
  }
  return symmetric ? { value: complex(2 * re, 0), size: 2 * size } : { value: complex(re, im), size };
}

const ONE = complex(1, 0);

/** The sums that remain after N = 1, 2, ... terms of the asymptotic expansion. */
export function sumsAhead(rule: Rule, symmetric: boolean, z: Complex): readonly Sum[] {
  const rest = minus(ONE, z);
  return Array.from({ length: MOST_TERMS_AHEAD }, (_, n) =>
    sumOver(rule, symmetric, (weight, power) => {
      const factor = over(plus(power, ONE), z);
      let value = over(weight, plus(power, rest));
      for (let i = 0; i <= n; i++) value = times(value, factor);
      return value;
    }),
  );
}

/** What remains beside the value for alpha = 0. */
export function sumBesideZero(rule: Rule, symmetric: boolean, z: Complex): Sum {
  const rest = minus(ONE, z);
  const factor = over(scaled(z, -1), rest);
  return sumOver(rule, symmetric, (weight, power) =>
    times(factor, over(over(times(weight, power), plus(power, ONE)), plus(power, rest))),
  );
}

/** What remains beside the value for alpha = 1 and the integer b. */
export function sumBesideOne(alpha: number, beta: number, b: number, rule: Rule, symmetric: boolean, z: Complex): Sum {
  const rest = minus(ONE, z);
  const [ofS, ofZ] = [beta - b, 1 - alpha + (beta - b)];
  return sumOver(rule, symmetric, (weight, power, logarithm) => {
    const s = plus(expm1(logarithm), ONE);
    const above = minus(times(z, expm1(scaled(logarithm, ofZ))), times(s, expm1(scaled(logarithm, ofS))));
    return over(over(times(weight, above), plus(power, rest)), minus(s, z));
  });
}

export const NOTHING: Sum = { value: ZERO, size: 0 };
