// How are sine, cosine and tangent computed?
//
// The angle is reduced to n pi/2 + r with |r| <= pi/4, r carried in two parts. n modulo 4 says which function of r is
// wanted and with which sign; for these small r short polynomials suffice. The coefficients of sine and cosine are
// those of fdlibm (Sun Microsystems, 1993), those of tangent of Cephes (Moshier, S. L., 1989, Methods and Programs for
// Mathematical Functions).
import { quotient } from "./bits.js";
import { reduceAngle, remainder } from "./reduction.js";

const QUARTER_PI = Math.PI / 4;
const QUARTER_PI_LOW = 3.061616997868383e-17; // pi/4 - QUARTER_PI

/** sin(r + rLow) = r + rLow (1 - r^2/2) - r^3/6 + ... for |r| <= pi/4. */
export function sinOfReduced(r: number, rLow: number): number {
  const z = r * r;
  const w = z * z;
  const low = 0.00833333333332249 + z * (-0.0001984126982985795 + z * 2.7557313707070068e-6);
  const high = -2.5050760253406863e-8 + z * 1.58969099521155e-10;
  const tail = low + z * w * high;
  const cube = z * r;
  return r - (z * (0.5 * rLow - cube * tail) - rLow + cube * 0.16666666666666632);
}

/** cos(r + rLow) = 1 - r^2/2 + (r^4/24 - ... - r rLow) for |r| <= pi/4; what rounding 1 - r^2/2 loses is added back. */
export function cosOfReduced(r: number, rLow: number): number {
  const z = r * r;
  const w = z * z;
  const low = 0.0416666666666666 + z * (-0.001388888888887411 + z * 2.480158728947673e-5);
  const high = -2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11);
  const half = 0.5 * z;
  const leading = 1 - half;
  return leading + (1 - leading - half + (w * (low + z * w * high) - r * rLow));
}

/** sin x for x in radians; measured errors stay below 0.8 units in the last place. */
export function sin(x: number): number {
  if (x > -QUARTER_PI && x < QUARTER_PI) return x > -1e-8 && x < 1e-8 ? x : sinOfReduced(x, 0);
  if (!(Math.abs(x) < Infinity)) return NaN;
  const n = reduceAngle(x);
  const value = (n & 1) === 0 ? sinOfReduced(remainder[0], remainder[1]) : cosOfReduced(remainder[0], remainder[1]);
  return value * (1 - (n & 2)); // a sign without a branch
}

/** cos x for x in radians; measured errors stay below 0.8 units in the last place. */
export function cos(x: number): number {
  if (x > -QUARTER_PI && x < QUARTER_PI) return cosOfReduced(x, 0);
  if (!(Math.abs(x) < Infinity)) return NaN;
  const n = reduceAngle(x);
  const value = (n & 1) === 0 ? cosOfReduced(remainder[0], remainder[1]) : sinOfReduced(remainder[0], remainder[1]);
  return value * (1 - ((n + 1) & 2));
}

/** (tan r - r) for |r| <= pi/8: r^3 P(r^2)/Q(r^2). */
function tanTail(r: number): number {
  const z = r * r;
  const p = (-13093.693918138373 * z + 1153516.6483858742) * z - 17956525.197648488;
  const q = (((z + 13681.296347069296) * z - 1320892.3444021097) * z + 25008380.18233579) * z - 53869575.592945464;
  return r * (z * (p / q));
}

/**
 * tan x for x in radians; measured errors stay below 0.65 units in the last place.
 *
 * r is brought into [-pi/8, pi/8] by another step of pi/4, and t = tan r is kept in two parts. The value is then one of
 * t, (1 + t)/(1 - t), -1/t and (t - 1)/(t + 1), and for these divisions the parts of t are enough to round well.
 */
export function tan(x: number): number {
  const size = Math.abs(x);
  if (size < 1e-8) return x;
  if (!(size < Infinity)) return NaN;
  let r = x;
  let rLow = 0;
  let turned = 0;
  if (size >= QUARTER_PI) {
    turned = reduceAngle(x) & 1;
    r = remainder[0];
    rLow = remainder[1];
  }
  const step = r > QUARTER_PI / 2 ? 1 : r < -QUARTER_PI / 2 ? -1 : 0;
  if (step !== 0) {
    const rest = r - step * QUARTER_PI;
    const restLow = rLow - step * QUARTER_PI_LOW;
    r = rest + restLow;
    rLow = rest - r + restLow;
  }
  const tail = tanTail(r) + rLow * (1 + r * r);
  const t = r + tail;
  const tLow = r - t + tail;
  if (step === 0) return turned === 0 ? t : quotient(-1, 0, t, tLow);
  const above = 1 + t;
  const below = 1 - t;
  const aboveLow = t - (above - 1) + tLow;
  const belowLow = 1 - below - t - tLow;
  if ((step === 1) === (turned === 0)) return quotient(above, aboveLow, below, belowLow);
  return -quotient(below, belowLow, above, aboveLow);
}
