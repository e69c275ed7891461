// How is a function integrated that has a branch point at either end?
import { exp, sinh } from "../typed-array-ops/index.js";

/** Points in (0, 1), how far each is from 1, and weights. */
export interface TanhSinh {
  readonly x: Float64Array;
  readonly rest: Float64Array;
  readonly weight: Float64Array;
}

/** Beyond ±LAST the weights are below 1e-19. */
const LAST = 3.4;

/**
 * The double exponential rule x = 1/(1 + exp(−π sinh s)) for equidistant s in [−3.4, 3.4], with so many points. The distance from
 * 1 is computed by itself, since 1 − x has no digits left near 1.
 *
 * @source Takahasi and Mori (1974), "Double exponential formulas for numerical integration", equation 3.2
 * @example tanhSinh(3).x[1] // → 0.5
 */
export function tanhSinh(points: number): TanhSinh {
  const [x, rest, weight] = [0, 1, 2].map(() => new Float64Array(points));
  const step = (2 * LAST) / (points - 1);
  for (let i = 0; i < points; i++) {
    const s = step * i - LAST;
    const small = exp(-Math.PI * Math.abs(sinh(s))); // the nearer end's distance over the other's
    const [near, far] = [small / (1 + small), 1 / (1 + small)];
    x[i] = s < 0 ? near : far;
    rest[i] = s < 0 ? far : near;
    weight[i] = step * Math.PI * coshOf(s) * near * far;
  }
  return { x, rest, weight };
}

const coshOf = (s: number): number => (exp(s) + exp(-s)) / 2;
