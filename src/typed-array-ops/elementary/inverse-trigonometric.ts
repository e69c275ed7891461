// How are the angles with a given sine, cosine or tangent computed?
//
// The coefficients of both approximations are those of fdlibm (Sun Microsystems, 1993).
import { exponentFor, head, powerOfTwo } from "./bits.js";

const HALF_PI = Math.PI / 2;
const HALF_PI_LOW = 6.123233995736766e-17; // pi/2 - HALF_PI
const ATAN_HALF = 0.4636476090008061;
const ATAN_HALF_LOW = 2.2698777452961687e-17; // arctan(1/2) - ATAN_HALF

/** (t - arctan t) / t for |t| <= 7/16: t^2/3 - t^4/5 + ..., shortened. */
function atanTail(t: number): number {
  const z = t * t;
  const w = z * z;
  const odd =
    0.3333333333333293 +
    w *
      (0.14285714272503466 +
        w * (0.09090887133436507 + w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782))));
  const even =
    -0.19999999999876483 +
    w * (-0.11111110405462356 + w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916)));
  return z * odd + w * even;
}

/**
 * turn + turnLow + sign arctan(a/b) for 0 <= a <= b, both of moderate size. With c = 0, 1/2 or 1 nearest to a/b,
 *   arctan(a/b) = arctan c + arctan t,   t = (a - c b)/(b + c a),
 * where the numerator is exact and t is kept in two parts.
 */
function angle(a: number, b: number, turn: number, turnLow: number, sign: number): number {
  const c = a < 0.3125 * b ? 0 : a < 0.71875 * b ? 0.5 : 1;
  const base = c === 0 ? 0 : c === 1 ? HALF_PI / 2 : ATAN_HALF;
  const baseLow = c === 0 ? 0 : c === 1 ? HALF_PI_LOW / 2 : ATAN_HALF_LOW;
  const above = a - c * b;
  const below = b + c * a;
  const belowHead = head(below);
  const belowTail = b - below + c * a + (below - belowHead);
  const inverse = 1 / below;
  const tHead = head(above * inverse);
  const tTail = (above - tHead * belowHead - tHead * belowTail) * inverse;
  const small = tTail - (tHead + tTail) * atanTail(tHead + tTail);

  const start = turn + sign * base;
  const startLost = turn - start + sign * base;
  const total = start + sign * tHead;
  const totalLost = start - total + sign * tHead;
  return total + (totalLost + (startLost + (turnLow + sign * (baseLow + small))));
}

/** arctan x; measured errors stay below 0.7 units in the last place. */
export function atan(x: number): number {
  const size = Math.abs(x);
  if (!(size > 1e-8)) return x;
  if (size <= 1) return x > 0 ? angle(size, 1, 0, 0, 1) : -angle(size, 1, 0, 0, 1);
  const value = size < 1e17 ? angle(1, size, HALF_PI, HALF_PI_LOW, -1) : HALF_PI;
  return x > 0 ? value : -value;
}

/**
 * The angle of the point (x, y), from -pi to pi, with the special values of Math.atan2; measured errors stay below 0.7
 * units.
 */
export function atan2(y: number, x: number): number {
  const value = angleOfPoint(Math.abs(y), x);
  return y < 0 || (y === 0 && 1 / y < 0) ? -value : value;
}

function angleOfPoint(y: number, x: number): number {
  const size = Math.abs(x);
  if (!(y < Infinity && size < Infinity)) return angleAtInfinity(y, x);
  const left = x < 0 || (x === 0 && 1 / x < 0);
  if (y === 0) return left ? Math.PI : 0;
  if (y < 1e-8 * size && !left) return y / size;
  if (y < 1e-17 * size) return Math.PI;
  if (size < 1e-17 * y) return HALF_PI;
  // Neither is smaller than 2^-57 times the other, so that both can be brought near 1 by a power of two.
  const k = exponentFor(y * powerOfTwo(54), 0x3ff00000) - 54;
  const half = -k >> 1; // 2^-k may overflow, so it is applied in two steps
  const a = y * powerOfTwo(half) * powerOfTwo(-k - half);
  const b = size * powerOfTwo(half) * powerOfTwo(-k - half);
  if (a > b) return angle(b, a, HALF_PI, HALF_PI_LOW, left ? 1 : -1);
  return left ? angle(a, b, Math.PI, 2 * HALF_PI_LOW, -1) : angle(a, b, 0, 0, 1);
}

function angleAtInfinity(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (y < Infinity) return x > 0 ? 0 : Math.PI;
  if (Math.abs(x) < Infinity) return HALF_PI;
  return x > 0 ? HALF_PI / 2 : 3 * (HALF_PI / 2);
}

/** (arcsin t - t) / t from z = t^2 <= 1/4. */
function asinTail(z: number): number {
  const p =
    0.16666666666666666 +
    z *
      (-0.3255658186224009 +
        z *
          (0.20121253213486293 + z * (-0.04005553450067941 + z * (0.0007915349942898145 + z * 3.479331075960212e-5))));
  const q =
    1 + z * (-2.403394911734414 + z * (2.0209457602335057 + z * (-0.6882839716054533 + z * 0.07703815055590194)));
  return z * (p / q);
}

/**
 * turn + turnLow + sign 2 arcsin(sqrt((1 - x)/2)) for 1/2 <= x <= 1, the sine of half an angle from the cosine of the
 * angle. The root is kept in two parts.
 */
function halfAngle(x: number, turn: number, turnLow: number, sign: number): number {
  const z = 0.5 * (1 - x);
  if (z === 0) return turn;
  const root = Math.sqrt(z);
  const rootHead = head(root);
  const rootTail = (z - rootHead * rootHead) / (root + rootHead);
  const total = turn + sign * 2 * rootHead;
  const lost = turn - total + sign * 2 * rootHead;
  return total + (lost + (turnLow + sign * 2 * (rootTail + root * asinTail(z))));
}

/** arcsin x; measured errors stay below 0.8 units in the last place. */
export function asin(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.5) return size < 1e-8 ? x : x + x * asinTail(x * x);
  if (!(size <= 1)) return NaN;
  return x > 0 ? halfAngle(x, HALF_PI, HALF_PI_LOW, -1) : -halfAngle(-x, HALF_PI, HALF_PI_LOW, -1);
}

/** arccos x; measured errors stay below 0.8 units in the last place. */
export function acos(x: number): number {
  if (!(x >= -1 && x <= 1)) return NaN;
  if (x > 0.5) return halfAngle(x, 0, 0, 1);
  if (x < -0.5) return halfAngle(-x, Math.PI, 2 * HALF_PI_LOW, -1);
  const leading = HALF_PI - x;
  const lost = HALF_PI - leading - x;
  return leading + (lost + (HALF_PI_LOW - x * asinTail(x * x)));
}
