// What do the poles of s^(alpha-beta) / (s^alpha - z) contribute to the Mittag-Leffler function?
//
// The poles are s_j = |z|^(1/alpha) e^(i phi_j) with phi_j = (arg z + 2 pi j) / alpha, and e^s times the function has
// there the residue
//
//     rho_j = s_j^(1-beta) e^(s_j) / alpha                                             (Garrappa 2015, section 3).
//
// Only poles with |phi_j| < pi lie on the sheet of the contour. As alpha or arg z move, poles arrive through the cut, and
// what they bring is switched on by a factor that depends on the method.
// All is done with Taylor series in z (jets), so that the derivatives of every order come out alike.

import { atan2, cos, exp as expOf, log, pow, sin } from "../typed-array-ops/elementary/index.js";
import { type Complex, complex, exp, modulus, over, plus, scaled, times, ZERO } from "./complex.js";
import { type DoubleDouble, exactProduct, exactSum } from "./double-double.js";
import { gamma } from "./gamma.js";

/** Coefficients of a truncated power series, the constant one first. */
export type Jet = readonly Complex[];

/** The product of two series. */
export const jetProduct = (a: Jet, b: Jet): Jet =>
  a.map((_, n) => {
    let sum = ZERO;
    for (let k = 0; k <= n; k++) sum = plus(sum, times(a[k], b[n - k]));
    return sum;
  });

/** e^a: from y' = a' y, n y_n = sum_k k a_k y_(n-k). */
export function jetExp(a: Jet): Jet {
  const y: Complex[] = [exp(a[0])];
  for (let n = 1; n < a.length; n++) {
    let sum = ZERO;
    for (let k = 1; k <= n; k++) sum = plus(sum, scaled(times(a[k], y[n - k]), k));
    y.push(scaled(sum, 1 / n));
  }
  return y;
}

/** 1 / a. */
export function jetReciprocal(a: Jet): Jet {
  const y: Complex[] = [over(complex(1, 0), a[0])];
  for (let n = 1; n < a.length; n++) {
    let sum = ZERO;
    for (let k = 1; k <= n; k++) sum = plus(sum, times(a[k], y[n - k]));
    y.push(scaled(times(sum, y[0]), -1));
  }
  return y;
}

export const jetScaled = (a: Jet, factor: number): Jet => a.map((coefficient) => scaled(coefficient, factor));

/** The last coefficient of a series in t as the derivative of that order. */
export const derivativeOf = (jet: Jet): Complex => scaled(jet[jet.length - 1], gamma(jet.length));

/** log(1 + t/z) as a series in t: the coefficient of t^n is -(-1/z)^n / n. */
function logJet(z: Complex, order: number): Jet {
  const step = over(complex(-1, 0), z);
  const y: Complex[] = [ZERO];
  let power = complex(-1, 0);
  for (let n = 1; n <= order; n++) {
    power = times(power, step);
    y.push(scaled(power, 1 / n));
  }
  return y;
}

/** |z|^(1/alpha); the low part makes good what is lost in rounding 1/alpha, which the logarithm of |z| multiplies. */
function modulusRoot(alpha: number, z: Complex): DoubleDouble {
  const size = modulus(z);
  const inverse = 1 / alpha;
  const high = pow(size, inverse);
  if (high === 0 || high === Infinity) return { high, low: 0 };
  const product = exactProduct(inverse, alpha);
  return { high, low: high * ((1 - product.high - product.low) / alpha) * log(size) };
}

/** A pole on the sheet of the contour or just beside it. */
export interface Pole {
  /** |s|, to some more digits than float64 has. */
  readonly root: number;
  readonly rootLow: number;
  /** arg s, in or near [-pi, pi]; for real z its digits beyond float64 are there too. */
  readonly phi: number;
  readonly phiLow: number;
  /** log s(z + t) - log s(z) as a series in t. */
  readonly turn: Jet;
}

const PI_LOW = 1.2246467991473532e-16; // pi - Math.PI

/** (angle + angleLow + 2 pi j) / alpha, and what rounding takes from it. */
function angleOfPole(angle: number, angleLow: number, j: number, alpha: number): { phi: number; phiLow: number } {
  const { high, low } = exactSum(angle, 2 * Math.PI * j);
  const phi = high / alpha;
  const product = exactProduct(phi, alpha);
  return { phi, phiLow: (high - product.high - product.low + (low + angleLow + 2 * PI_LOW * j)) / alpha };
}

/** The poles with |phi| < pi + margin. */
export function polesOf(alpha: number, z: Complex, order: number, margin: number): readonly Pole[] {
  const angle = atan2(z.im, z.re);
  const angleLow = z.im === 0 && z.re < 0 ? Math.sign(angle) * PI_LOW : 0;
  const { high: root, low: rootLow } = modulusRoot(alpha, z);
  const turn = jetScaled(logJet(z, order), 1 / alpha);
  return [0, -1, 1]
    .map((j) => ({ root, rootLow, ...angleOfPole(angle, angleLow, j, alpha), turn }))
    .filter(({ phi }) => Math.abs(phi) < Math.PI + margin);
}

/** (s(z + t)/scale)^power as a series in t. */
export function jetOfPole({ root, phi, turn }: Pole, scale: number, power: number): Jet {
  const constant = scaled(exp(complex(0, power * phi)), pow(root / scale, power));
  return jetExp(jetScaled(turn, power)).map((coefficient) => times(constant, coefficient));
}

/** a b + rest, in two parts. */
function productPlus(a: number, b: number, rest: number): DoubleDouble {
  const { high, low } = exactProduct(a, b);
  return exactSum(high, low + rest);
}

/** A number too large for float64, in the direction of that angle. */
const infinity = (angle: number): Complex =>
  angle === 0 ? complex(Infinity, 0) : complex(Infinity * cos(angle), Infinity * sin(angle));

/** rho(z + t) as a series in t. */
export function residueOf(pole: Pole, alpha: number, beta: number): Jet {
  const { root, rootLow, phi, phiLow, turn } = pole;
  // Rounding s by one unit turns e^s by as much as |s| units: s is carried with two parts.
  const [x, y] = [cos(phi), phi === 0 ? 0 : sin(phi)];
  const middle = root * (x - phiLow * y);
  if (!(middle > -1500)) return turn.map(() => ZERO);
  if (middle > 1500) return turn.map(() => infinity(phi === 0 ? 0 : root * y + (1 - beta) * phi));
  const re = productPlus(root, x, rootLow * x - root * phiLow * y);
  const im = productPlus(root, y, rootLow * y + root * phiLow * x);
  // by halves, where e^s or the power overflows before the other brings it back
  const halves = Math.abs(re.high) > 600 || Math.abs((1 - beta) * log(root)) > 600 ? 2 : 1;
  const part = expOf(re.high / halves) * pow(root, (1 - beta) / halves);
  const size = (part / alpha) * (halves === 2 ? part : 1) * (1 + re.low);
  const angle = exactSum(im.high, (1 - beta) * phi);
  const [c, s] = [cos(angle.high), phi === 0 ? 0 : sin(angle.high)];
  const low = angle.low + im.low;
  const constant = phi === 0 ? complex(size, 0) : complex(size * (c - low * s), size * (s + low * c));
  if (turn.length === 1) return [constant];
  const jet = jetOfPole(pole, 1, 1);
  const exponent = turn.map((coefficient, n) => (n === 0 ? ZERO : plus(jet[n], scaled(coefficient, 1 - beta))));
  return jetExp(exponent).map((coefficient) => times(constant, coefficient));
}
