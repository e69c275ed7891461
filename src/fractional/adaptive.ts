// On which panels does spectral collocation meet an accuracy?
//
// On each panel the last Legendre coefficients of u and of f tell how well the polynomial follows. A panel where they are too
// large is cut in two, and so is one on which the equation cannot be solved. Then everything is solved again with more nodes
// on the same panels: what the two solutions differ by is the estimate of the error, and the second one is returned.
import { ConvergenceError } from "../tensor/index.js";
import { legendreTransform, lobattoPoints } from "./lobatto.js";
import type { Panels } from "./spectral-weights.js";

/** A trial: u and f on the nodes of the panels, [nodes, entries], and u wherever it is asked for. */
export interface Trial {
  readonly u: Float64Array;
  readonly f: Float64Array;
  at(places: readonly number[]): Float64Array;
}

export interface Refined {
  readonly panels: Panels;
  /** What two solutions differ by, relative to the largest |u|. */
  readonly errorEstimate: number;
}

/** Nodes of a panel in trials for an accuracy: more of them are cheaper than more panels. */
const nodesFor = (accuracy: number): number => Math.max(8, Math.ceil(6 - 1.2 * Math.log10(accuracy)));
/** How many more the second solution has. */
const MORE = 6;
/** Where the first panel is cut: the next one, a polynomial in t, has its singularity at 0 a third of its length away. */
const FIRST_CUT = 0.25;
const MOST_PANELS = 256;
const ROUNDS = 40;

/**
 * Panels on which the trials agree to the accuracy, relative to the largest |u|.
 *
 * @throws ConvergenceError if 256 panels do not suffice.
 */
export function refinePanels(
  operation: string,
  accuracy: number,
  exponent: number,
  solve: (panels: Panels) => Trial,
): Refined {
  const [coarse, fine] = [nodesFor(accuracy), nodesFor(accuracy) + MORE].map(lobattoPoints);
  const transform = legendreTransform(coarse);
  let edges = Float64Array.of(0, 1);
  let goal = accuracy;
  let difference = Infinity;
  const cut = (bad: ReadonlySet<number>): void => {
    edges = Float64Array.from(
      [...edges].flatMap((edge, p) =>
        bad.has(p) ? [edge, p === 0 ? FIRST_CUT * edges[1] : (edge + edges[p + 1]) / 2] : [edge],
      ),
    );
  };
  for (let round = 0; round < ROUNDS && edges.length <= MOST_PANELS + 1; round++) {
    const trial = attempt(solve, { edges, exponent, points: coarse });
    if (typeof trial === "number") {
      cut(new Set([trial]));
      continue;
    }
    const bad = new Set<number>();
    const sizes = tails(trial, transform, coarse.x.length, edges.length - 1);
    sizes.forEach((size, p) => {
      if (!(size <= goal)) bad.add(p);
    });
    if (bad.size > 0) {
      cut(bad);
      continue;
    }
    const panels = { edges, exponent, points: fine };
    const better = attempt(solve, panels);
    if (typeof better === "number") {
      cut(new Set([better]));
      continue;
    }
    difference = disagreement(trial, better, edges);
    if (difference <= accuracy) return { panels, errorEstimate: difference };
    goal /= 10;
    // Where the coefficients say nothing, all panels are cut.
    if (!sizes.some((size) => size > goal)) cut(new Set(sizes.keys()));
  }
  throw new ConvergenceError(
    `${operation}: expected an accuracy of ${accuracy} on at most ${MOST_PANELS} panels, received a difference of ` +
      `${difference} between two solutions on ${edges.length - 1}: the solution may have kinks or layers, for which ` +
      "productTrapezoid is the better rule; or ask for less",
    { residual: difference, residuals: [difference], steps: edges.length - 1, tolerance: accuracy },
  );
}

/** A trial, or the panel on which its equation could not be solved. */
function attempt(solve: (panels: Panels) => Trial, panels: Panels): Trial | number {
  try {
    return solve(panels);
  } catch (error) {
    if (!(error instanceof ConvergenceError)) throw error;
    // The first window of a sweep is t = 0, then each is a panel; the last one failed.
    return Math.max(0, error.residuals.length - 2);
  }
}

/** For each panel the size of the last two coefficients, the larger one of u and of f, relative to their largest entries. */
function tails({ u, f }: Trial, transform: Float64Array, n: number, count: number): number[] {
  const entries = u.length / (count * (n - 1) + 1);
  const largest = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return Array.from({ length: count }, (_, p) =>
    Math.max(
      ...[u, f].map((values) => {
        const scale = Math.max(largest(values), Number.MIN_VALUE);
        let worst = 0;
        for (let c = 0; c < entries; c++) {
          for (const k of [n - 2, n - 1]) {
            let sum = 0;
            for (let j = 0; j < n; j++) sum += transform[k * n + j] * values[(p * (n - 1) + j) * entries + c];
            worst = Math.max(worst, Math.abs(sum) / scale);
          }
        }
        return worst;
      }),
    ),
  );
}

/** The largest difference of two solutions at four places of each panel, relative to the largest |u|. */
function disagreement(one: Trial, other: Trial, edges: Float64Array): number {
  const places = [...edges].flatMap((edge, p) =>
    p + 1 < edges.length ? [0.1, 0.4, 0.7, 1].map((share) => edge + share * (edges[p + 1] - edge)) : [],
  );
  const [a, b] = [one.at(places), other.at(places)];
  const scale = other.u.reduce((most, x) => Math.max(most, Math.abs(x)), Number.MIN_VALUE);
  return a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]) / scale), 0);
}
