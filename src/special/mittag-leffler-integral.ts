// What does the contour integral of the Mittag-Leffler function give, and which of its forms loses least?
//
// The sum over the nodes, with what the poles add to it. A sum knows the magnitudes of what it added: where much cancels, the
// other forms of the integral (mittag-leffler-sums.ts) are tried, and the one with the smallest magnitudes is taken.

import { exp as expOf } from "../typed-array-ops/elementary/index.js";
import { type Complex, complex, exp, modulus, over, plus, scaled, times, ZERO } from "./complex.js";
import { type Layout, layOut, type Rule, ruleFor, TINY } from "./mittag-leffler-contour.js";
import {
  derivativeOf,
  type Jet,
  jetExp,
  jetOfPole,
  jetProduct,
  jetReciprocal,
  type Pole,
  polesOf,
  residueOf,
} from "./mittag-leffler-poles.js";
import { addSums, algebraicPart, asSum, lossOf, reciprocalGammaAt, type Sum } from "./mittag-leffler-series.js";
import { plainSum, sumBesideOne, sumBesideZero, sumsAhead } from "./mittag-leffler-sums.js";

/** Digits may cancel by this factor before other forms are tried. */
export const ACCEPTED_LOSS = 20;

/** e^(-TINY) in units of rounding: where the rule is cut, taking out known functions makes nothing smaller. */
const CUT: number = /* @__PURE__ */ (() => expOf(-TINY) * 2 ** 52)();

/** rho / (1 - q) of a pole at `v`. */
function correction(residue: Jet, v: Jet, { density, shift }: Rule): Sum {
  if (!Number.isFinite(modulus(residue[0]))) return asSum(residue[0]);
  const turn = complex(0, 2 * Math.PI * shift);
  const q = jetExp(
    v.map((c, n) => (n === 0 ? plus(scaled(plus(c, complex(-1, 0)), -density), turn) : scaled(c, -density))),
  );
  const share = jetReciprocal(q.map((c, n) => (n === 0 ? complex(1 - c.re, -c.im) : scaled(c, -1))));
  return asSum(derivativeOf(jetProduct(residue, share)));
}

/** sqrt(s / mu); of poles that are far enough away it only counts that they are. */
const placeOf = (pole: Pole, mu: number): Jet => jetOfPole({ ...pole, root: Math.min(pole.root, 1e200) }, mu, 0.5);

/** How many steps of the rule the nearest pole is away from the parabola. */
const distanceInSteps = (places: readonly Jet[], h: number): number =>
  places.reduce((least, [v]) => Math.min(least, Math.abs(v.re - 1) / h), Infinity);

/** The shift, one of some, that keeps the nodes away from poles close to the parabola. */
function shiftFor(places: readonly Jet[], h: number, shifts: readonly number[]): number {
  const clearance = (shift: number): number =>
    places.reduce((least, [v]) => {
      if (!(Math.abs(v.re - 1) < h)) return least;
      const steps = v.im / h - shift;
      return Math.min(least, Math.abs(steps - Math.round(steps)));
    }, 1);
  return shifts.reduce((best, shift) => (clearance(shift) > clearance(best) + 1e-9 ? shift : best), shifts[0]);
}

const REAL_SHIFTS = [0, 0.5];
const SHIFTS = [0, 0.5, 0.25, 0.75];

/** Parabolas that are wider by these factors: beside a pole the rule would magnify the rounding of its place. */
const WIDER = [1, 1.5, 2.25];

/** E of fixed alpha and beta, or a derivative, by the integral; `root` is |z|^(1/alpha). The nodes are kept from call to call. */
export function integrator(alpha: number, beta: number): (z: Complex, root: number, order: number) => Sum {
  const rules = new Map<string, Rule>();
  const layouts = new Map<number, Layout>();
  const layoutWith = (mu: number): Layout => {
    const found = layouts.get(mu) ?? layOut(alpha, beta, mu);
    layouts.set(mu, found);
    return found;
  };
  const rule = (layout: Layout, shift: number, symmetric: boolean): Rule => {
    const key = `${layout.mu} ${shift} ${symmetric}`;
    const found = rules.get(key) ?? ruleFor(alpha, beta, layout, shift, symmetric);
    rules.set(key, found);
    return found;
  };

  /** The parabola, and where it puts the poles. */
  function parabolaFor(poles: readonly Pole[], root: number): { layout: Layout; places: readonly Jet[] } {
    // e^s s^(-beta) is least at s = beta, and where |z| is large the integrand is like e^s s^(alpha-beta)
    const peak = Math.max(1, root > Math.max(1, beta) ? beta - alpha : beta);
    let [best, most]: [{ layout: Layout; places: readonly Jet[] } | undefined, number] = [undefined, -1];
    for (const factor of WIDER) {
      const layout = layoutWith(peak * factor);
      const places = poles.map((pole) => placeOf(pole, layout.mu));
      const distance = distanceInSteps(places, layout.h);
      if (distance > most || best === undefined) [best, most] = [{ layout, places }, distance];
      if (distance >= 1) break;
    }
    return best as { layout: Layout; places: readonly Jet[] };
  }

  function onContour(z: Complex, root: number, order: number): Sum {
    const symmetric = z.im === 0;
    const poles = polesOf(alpha, z, order, 0);
    const { layout, places } = parabolaFor(poles, root);
    const shift = shiftFor(places, layout.h, symmetric ? REAL_SHIFTS : SHIFTS);
    const nodes = rule(layout, shift, symmetric);
    const fromPoles = poles.reduce<Sum>(
      (total, pole, i) =>
        places[i][0].re > layout.edge
          ? addSums(total, correction(residueOf(pole, alpha, beta), places[i], nodes))
          : total,
      { value: ZERO, size: 0 },
    );
    const plain = addSums(plainSum(nodes, symmetric, z, order), fromPoles);
    let best = plain;
    const consider = (other: Sum): void => {
      if (other.size < best.size) best = other;
    };
    if (order > 0 || lossOf(best) <= ACCEPTED_LOSS) return best;
    if (modulus(z) > 1) {
      sumsAhead(nodes, symmetric, z).forEach((sum, n) => {
        const size = sum.size + plain.size * CUT;
        consider(addSums(addSums({ value: sum.value, size }, algebraicPart(alpha, beta, z, n + 1)), fromPoles));
      });
    }
    if (alpha < 0.3) {
      const base = over(complex(reciprocalGammaAt(alpha, beta, 0), 0), complex(1 - z.re, -z.im));
      consider(addSums(addSums(sumBesideZero(nodes, symmetric, z), asSum(base)), fromPoles));
    }
    const b = Math.min(1, Math.round(beta));
    if (Math.abs(alpha - 1) < 0.2 && Math.abs(beta - b) < 0.2 && z.re < 0) consider(besideOne(z, b, nodes, fromPoles));
    return best;
  }

  function besideOne(z: Complex, b: number, nodes: Rule, fromPoles: Sum): Sum {
    let base = exp(z);
    for (let i = b; i < 1; i++) base = times(base, z);
    const [pole] = polesOf(1, z, 0, 0);
    const rest = addSums(sumBesideOne(alpha, beta, b, nodes, z.im === 0, z), fromPoles);
    const total = addSums(rest, asSum(base));
    if (pole === undefined) return total;
    const v = placeOf(pole, nodes.mu);
    if (!(v[0].re > nodes.edge)) return total;
    const taken = correction([base], v, nodes);
    return { value: plus(total.value, scaled(taken.value, -1)), size: total.size + taken.size };
  }

  return onContour;
}
