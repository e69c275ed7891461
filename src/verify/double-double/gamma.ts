// How are the logarithm of Γ, its derivatives, and powers over Γ computed to about 30 digits?
//
// Far out by asymptotic series with exact Bernoulli numbers; nearer to 0 by recurrence from there; left of 0 by reflection.
import { abs, add, type DoubleDouble, div, fromNumber, mul, neg, ONE, scale, sub, ZERO } from "./arithmetic.js";
import { cos, sin } from "./circular.js";
import { EULER_GAMMA, PI } from "./constants.js";
import { fromRatio } from "./exact.js";
import { exp, log, powInteger } from "./exponential.js";
import { floor, round } from "./order.js";

const TERMS = 20;

/** B₂, B₄, …, B₄₀ from Σ C(n + 1, k) Bₖ = 0, in fractions with a common denominator of their own. */
const bernoulli: readonly DoubleDouble[] = /* @__PURE__ */ (() => {
  const numbers: [bigint, bigint][] = [[1n, 1n]];
  for (let n = 1; n <= 2 * TERMS; n++) {
    let [above, below] = [0n, 1n];
    let choose = 1n;
    for (let k = 0; k < n; k++) {
      const [p, q] = numbers[k];
      [above, below] = [above * q + choose * p * below, below * q];
      choose = (choose * BigInt(n + 1 - k)) / BigInt(k + 1);
    }
    numbers.push(shortened(-above, below * BigInt(n + 1)));
  }
  return numbers.filter((_, n) => n > 0 && n % 2 === 0).map(([p, q]) => fromRatio(p, q));
})();

function shortened(p: bigint, q: bigint): [bigint, bigint] {
  let [a, b] = [p < 0n ? -p : p, q];
  while (b !== 0n) [a, b] = [b, a % b];
  return [p / a, q / a];
}

/** From here on 20 terms of the asymptotic series leave nothing of 106 bits. */
const FAR = 32;

const logOfTwoPi: DoubleDouble = /* @__PURE__ */ log(/* @__PURE__ */ scale(PI, 1));

/** The steps to the right by which x comes to lie beyond FAR + more. */
const stepsFor = (x: DoubleDouble, more = 0): number => Math.max(0, Math.ceil(FAR + more - x.high));

const isPole = (x: DoubleDouble): boolean => x.high <= 0 && floor(x).high === x.high && floor(x).low === x.low;

/** π x less the nearest multiple of π. */
const angleOf = (x: DoubleDouble): DoubleDouble => mul(PI, sub(x, round(x)));

const known: DoubleDouble[] = [];

/** (−1)ᵏ ζ(k)/k for k ≥ 2, from ψ⁽ᵏ⁻¹⁾(1) = (−1)ᵏ (k − 1)! ζ(k); found when it is first asked for. */
function zetaOver(k: number): DoubleDouble {
  known[k] ??= div(polygamma(k - 1, ONE), factorial(k));
  return known[k];
}

/** Terms of t^k for |t| ≤ 1/4 until 2⁻¹⁰⁸. */
const NEAR_TERMS = 52;

/** log Γ(1 + t) = −γ t + Σ (−1)ᵏ ζ(k) tᵏ/k for |t| ≤ 1/4, with relative accuracy at its zero. */
function nearOne(t: DoubleDouble): DoubleDouble {
  let sum = ZERO;
  for (let k = NEAR_TERMS; k >= 2; k--) sum = add(mul(sum, t), zetaOver(k));
  return mul(t, sub(mul(sum, t), EULER_GAMMA));
}

/**
 * log |Γ(x)|
 *
 * @source Abramowitz and Stegun (1964), equations 6.1.33, 6.1.41 and 6.1.17
 */
export function lgamma(x: DoubleDouble): DoubleDouble {
  if (!Number.isFinite(x.high)) return fromNumber(Number.isNaN(x.high) ? x.high : Infinity);
  if (isPole(x)) return fromNumber(Infinity);
  const t = sub(x, ONE);
  if (Math.abs(t.high) <= 0.25) return nearOne(t);
  if (Math.abs(t.high - 1) <= 0.25) return add(log(t), nearOne(sub(t, ONE)));
  if (x.high < 0.5) return sub(log(abs(div(PI, sin(angleOf(x))))), lgamma(sub(ONE, x)));
  const steps = stepsFor(x);
  let product = ONE;
  for (let i = 0; i < steps; i++) product = mul(product, add(x, fromNumber(i)));
  const far = add(x, fromNumber(steps));
  const inverse = div(ONE, mul(far, far));
  let sum = ZERO;
  for (let k = TERMS; k >= 1; k--) sum = add(mul(sum, inverse), div(bernoulli[k - 1], fromNumber(2 * k * (2 * k - 1))));
  const main = add(sub(mul(sub(far, fromNumber(0.5)), log(far)), far), scale(logOfTwoPi, -1));
  return sub(add(main, div(sum, far)), log(product));
}

/** ψ(x) = Γ′(x)/Γ(x); NaN at the poles. */
export const digamma = (x: DoubleDouble): DoubleDouble => polygamma(0, x);

/** n! */
function factorial(n: number): DoubleDouble {
  let product = ONE;
  for (let i = 2; i <= n; i++) product = mul(product, fromNumber(i));
  return product;
}

/**
 * ψ⁽ⁿ⁾(x)
 *
 * @source Abramowitz and Stegun (1964), equations 6.4.11, 6.4.6 and 6.4.7
 */
export function polygamma(n: number, x: DoubleDouble): DoubleDouble {
  if (Number.isNaN(x.high) || x.high === Number.NEGATIVE_INFINITY) return fromNumber(Number.NaN);
  if (x.high === Infinity) return fromNumber(n === 0 ? Infinity : n % 2 === 0 ? -0 : 0);
  if (isPole(x)) return fromNumber(n % 2 === 1 ? Infinity : Number.NaN);
  const side = n % 2 === 0 ? -1 : 1;
  if (x.high < 0.5) {
    const mirrored = polygamma(n, sub(ONE, x));
    return sub(n % 2 === 0 ? mirrored : neg(mirrored), mul(powInteger(PI, n + 1), cotangentDerivative(n, angleOf(x))));
  }
  const steps = stepsFor(x, n);
  const size = factorial(n);
  let near = ZERO;
  for (let i = steps - 1; i >= 0; i--) near = add(near, div(size, powInteger(add(x, fromNumber(i)), n + 1)));
  const far = add(x, fromNumber(steps));
  const inverse = div(ONE, mul(far, far));
  let sum = ZERO;
  for (let k = TERMS; k >= 1; k--) {
    // (2k + n − 1)!/(2k)!
    let ratio = n === 0 ? div(ONE, fromNumber(2 * k)) : ONE;
    for (let i = 2 * k + 1; i < 2 * k + n; i++) ratio = mul(ratio, fromNumber(i));
    sum = add(mul(sum, inverse), mul(bernoulli[k - 1], ratio));
  }
  sum = mul(sum, inverse);
  const first = n === 0 ? neg(log(far)) : factorial(n - 1);
  const middle = div(size, scale(far, 1));
  const tail = add(first, add(middle, sum));
  const whole = add(n === 0 ? tail : div(tail, powInteger(far, n)), near);
  return side < 0 ? neg(whole) : whole;
}

/** dⁿ/duⁿ cot u as a polynomial Pₙ in c = cot u: P₀ = c and Pₙ₊₁ = −(1 + c²) Pₙ′. */
function cotangentDerivative(n: number, u: DoubleDouble): DoubleDouble {
  let coefficients = [ZERO, ONE];
  for (let k = 0; k < n; k++) {
    const slope = coefficients.slice(1).map((a, i) => mul(a, fromNumber(-(i + 1))));
    coefficients = [...slope, ZERO, ZERO].map((_, i) => add(slope[i] ?? ZERO, slope[i - 2] ?? ZERO));
  }
  const c = div(cos(u), sin(u));
  return coefficients.reduceRight((sum, a) => add(mul(sum, c), a), ZERO);
}

/**
 * The function t ↦ dᵏ/dpᵏ [t^p/Γ(p + 1)] for t > 0, p > −1: the power times a complete Bell polynomial of its logarithm's
 * derivatives, ln t − ψ(p + 1), −ψ′(p + 1), …
 *
 * @source Comtet (1974), Advanced Combinatorics, section 3.3, for the Bell polynomials
 */
export function powerOverGamma(p: DoubleDouble, k: number): (t: DoubleDouble) => DoubleDouble {
  const above = add(p, ONE);
  const logOfGamma = lgamma(above);
  const slopes = Array.from({ length: k }, (_, i) => neg(polygamma(i, above)));
  return (t) => {
    const logOfT = log(t);
    const bell = [ONE];
    for (let n = 0; n < k; n++) {
      let [sum, choose] = [ZERO, 1];
      for (let i = 0; i <= n; i++) {
        const slope = i === 0 ? add(logOfT, slopes[0]) : slopes[i];
        sum = add(sum, mul(fromNumber(choose), mul(bell[n - i], slope)));
        choose = (choose * (n - i)) / (i + 1);
      }
      bell.push(sum);
    }
    return mul(exp(sub(mul(p, logOfT), logOfGamma)), bell[k]);
  };
}
