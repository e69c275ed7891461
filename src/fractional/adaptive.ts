// On which panels does spectral collocation meet an accuracy?
//
// On each panel the last Legendre coefficients of u and of f tell how well the polynomial follows. A panel where they are too
// large is cut, or all panels get more nodes, and so it goes with one on which the equation cannot be solved. Then everything is solved again with more nodes
// on the same panels: what the two solutions differ by is the estimate of the error, and the second one is returned.
import { ConvergenceError } from "../tensor/index.js";
import { pow } from "../typed-array-ops/index.js";
import { type Lobatto, legendreTransform, lobattoPoints } from "./lobatto.js";
import type { Panels } from "./spectral-weights.js";

/** A trial: u and f on the nodes of the panels, [nodes, entries], and u wherever it is asked for. */
export interface Trial {
  readonly u: Float64Array;
  readonly f: Float64Array;
  at(places: readonly number[]): Float64Array;
}

export interface Refined {
  readonly panels: Panels;
  /** What two solutions differ by, relative to the largest |u| after an initial layer. */
  readonly errorEstimate: number;
}

/** Nodes of a panel in trials for an accuracy: more of them are cheaper than more panels. */
const nodesFor = (accuracy: number): number => Math.max(8, Math.ceil(6 - 1.2 * Math.log10(accuracy)));
/** How many more the second solution has. */
const MORE = 6;
/** Where the first panel is cut: the next one, a polynomial in t, has its singularity at 0 a third of its length away. */
const FIRST_CUT = 0.25;
/** From this exponent on a cut there takes little of x; panels get more nodes first, up to so many. */
const [STEEP, MOST_NODES] = [4, 64];
const MOST_PANELS = 128;
const ROUNDS = 40;
/** A shorter panel on which the equation cannot be solved is not cut again: it has no solution there. */
const SHORTEST = 1e-5;

/**
 * Panels on which the trials agree to the accuracy, relative to the largest |u|.
 *
 * @throws ConvergenceError if 128 panels do not suffice, or the equation cannot be solved on a short panel.
 */
export function refinePanels(
  operation: string,
  accuracy: number,
  exponent: number,
  solve: (panels: Panels) => Trial,
): Refined {
  const known = new Map<string, Float64Array>();
  let edges = Float64Array.of(0, 1);
  let count = nodesFor(accuracy);
  let goal = accuracy;
  let difference = Infinity;
  const refine = (bad: ReadonlySet<number>): void => {
    if (bad.has(0) && exponent >= STEEP && count < MOST_NODES) {
      count = Math.min(MOST_NODES, Math.ceil(1.5 * count));
      return;
    }
    edges = Float64Array.from(
      [...edges].flatMap((edge, p) =>
        bad.has(p) ? [edge, p === 0 ? FIRST_CUT * edges[1] : (edge + edges[p + 1]) / 2] : [edge],
      ),
    );
  };
  /** A trial; or nothing, after a cut of the panel on which its equation could not be solved. */
  const attempt = (nodes: number): { trial: Trial; panels: Panels; points: Lobatto } | undefined => {
    const points = lobattoPoints(nodes);
    const panels = { edges, exponent, points, known };
    try {
      return { trial: solve(panels), panels, points };
    } catch (error) {
      if (!(error instanceof ConvergenceError)) throw error;
      // The first window of a sweep is t = 0, then each is a panel; the last one failed.
      const failed = error.residuals.length - 2;
      if (failed < 0 || edges[failed + 1] - edges[failed] < SHORTEST) throw error;
      refine(new Set([failed]));
      return undefined;
    }
  };
  for (let round = 0; round < ROUNDS && edges.length <= MOST_PANELS + 1; round++) {
    const rough = attempt(count);
    if (rough === undefined) continue;
    const scale = scaleOf(rough.trial);
    const sizes = tails(rough.trial, scale, legendreTransform(rough.points), count, edges.length - 1);
    const bad = new Set([...sizes.keys()].filter((p) => !(sizes[p] <= goal)));
    if (bad.size > 0) {
      refine(bad);
      continue;
    }
    const better = attempt(count + MORE);
    if (better === undefined) continue;
    difference = disagreement(rough.trial, better.trial, edges, exponent) / scale;
    if (difference <= accuracy) return { panels: better.panels, errorEstimate: difference };
    goal /= 10;
    // Where the coefficients say nothing, all panels are refined.
    if (!sizes.some((size) => size > goal)) refine(new Set(sizes.keys()));
  }
  throw new ConvergenceError(
    `${operation}: expected two solutions that agree to an accuracy of ${accuracy}, received a difference of ${difference} on ` +
      `${edges.length - 1} panels of ${count} nodes: the solution may have kinks or layers, for which productTrapezoid is the ` +
      "better rule; or ask for less",
    { residual: difference, residuals: [difference], steps: edges.length - 1, tolerance: accuracy },
  );
}

const largest = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** The largest |u| at tenths of the duration: what is there but for an initial layer; no less than a thousandth of the layer. */
const scaleOf = ({ u, at }: Trial): number =>
  Math.max(largest(at([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])), 1e-3 * largest(u), Number.MIN_VALUE);

/** For each panel the size of the last two coefficients: of u relative to the scale, or of f relative to its largest entry. */
function tails({ u, f }: Trial, scale: number, transform: Float64Array, n: number, count: number): number[] {
  const entries = u.length / (count * (n - 1) + 1);
  const last = (values: Float64Array, p: number): number => {
    let worst = 0;
    for (let c = 0; c < entries; c++) {
      for (const k of [n - 2, n - 1]) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += transform[k * n + j] * values[(p * (n - 1) + j) * entries + c];
        worst = Math.max(worst, Math.abs(sum));
      }
    }
    return worst;
  };
  const force = Math.max(largest(f), Number.MIN_VALUE);
  return Array.from({ length: count }, (_, p) => Math.max(last(u, p) / scale, last(f, p) / force));
}

/** The largest difference of two solutions at some places of each panel. */
function disagreement(one: Trial, other: Trial, edges: Float64Array, exponent: number): number {
  const shares = [0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 1];
  const places = [...edges].flatMap((edge, p) =>
    p + 1 < edges.length ? shares.map((x) => edge + (p === 0 ? pow(x, exponent) : x) * (edges[p + 1] - edge)) : [],
  );
  const [a, b] = [one.at(places), other.at(places)];
  return a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i])), 0);
}
