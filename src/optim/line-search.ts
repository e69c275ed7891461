// How far along a direction does a function fall, and where is it worth stopping?

/** A function of one number t, with its slope there. */
export interface LinePoint {
  readonly t: number;
  readonly value: number;
  readonly slope: number;
}

/** Constants c₁ and c₂ of the Wolfe conditions. */
const decrease = 1e-4;
const flattening = 0.9;

/** Values that differ by less than this share of φ(0) may be equal: then slopes decide. */
export const noise = 1e-13;

const mostTrials = 40;

/** Until there is a far end, the step grows by this factor. */
const growth = 4;

/** A function that still falls here falls without end. */
export const farthest: number = growth ** 30;

/** The next trial keeps this share of the interval from both of its ends. */
const margin = 0.1;

const isFinitePoint = ({ value, slope }: LinePoint): boolean => Number.isFinite(value) && Number.isFinite(slope);

/**
 * A point t > 0 at which the strong Wolfe conditions φ(t) ≤ φ(0) + c₁ t φ′(0) and |φ′(t)| ≤ c₂ |φ′(0)| hold, found by
 * bracketing and cubic interpolation; failing that, the last one tried that satisfies the first; nothing if there is
 * none. Where φ is not finite the search turns back. Near a minimum, where differences of φ are rounding errors, the
 * first condition is replaced by φ′(t) ≤ (2c₁ − 1) φ′(0), which says the same of a parabola.
 *
 * @source Nocedal and Wright (2006), "Numerical optimization", algorithms 3.5 and 3.6, equation 3.59
 * @source Hager and Zhang (2005), "A new conjugate gradient method with guaranteed descent and an efficient line
 * search", equation 4.1: the approximate Wolfe conditions
 */
export function searchWolfe<P extends LinePoint>(at: (t: number) => P, start: LinePoint, first: number): P | undefined {
  const slack = noise * Math.abs(start.value);
  const isLow = ({ t, value, slope }: LinePoint): boolean =>
    value <= start.value + decrease * t * start.slope ||
    (value <= start.value + slack && slope <= (2 * decrease - 1) * start.slope);
  let best: P | undefined;
  let near: LinePoint = start;
  let far: LinePoint | undefined;
  let t = first;
  for (let trial = 0; trial < mostTrials; trial++) {
    const point = at(t);
    if (!isFinitePoint(point) || !isLow(point) || (best !== undefined && point.value > best.value + slack)) {
      far = point;
    } else {
      if (Math.abs(point.slope) <= -flattening * start.slope) return point;
      if (far === undefined ? point.slope >= 0 : point.slope * (far.t - near.t) >= 0) far = near;
      near = point;
      best = point;
    }
    const next = far === undefined ? growth * t : between(near, far, slack);
    if (next === near.t || next === far?.t || next > farthest) break;
    t = next;
  }
  return best;
}

/** The minimum of the cubic through both ends, or of the parabola through both slopes if the values tell nothing. */
function between(near: LinePoint, far: LinePoint, slack: number): number {
  const width = far.t - near.t;
  if (!isFinitePoint(far)) return near.t + margin * width;
  let share = near.slope / (near.slope - far.slope);
  if (Math.abs(far.value - near.value) > slack) {
    const d1 = near.slope + far.slope - (3 * (far.value - near.value)) / width;
    const d2 = Math.sign(width) * Math.sqrt(Math.max(0, d1 * d1 - near.slope * far.slope));
    share = 1 - (far.slope + d2 - d1) / (far.slope - near.slope + 2 * d2);
  }
  if (Number.isNaN(share)) share = 0.5;
  return near.t + Math.min(1 - margin, Math.max(margin, share)) * width;
}
