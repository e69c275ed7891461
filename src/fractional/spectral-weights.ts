// What are the weights of a polynomial in x, integrated against the kernel in t = x^r?
//
// On a panel [a, a + H] of the time axis, φ = (t − a)/H = x^r, the field is interpolated by a polynomial in x. What a node
// at distance D₀ from the far end of a stretch [a, a + L] of it sees is
//
//     1/Γ(α) ∫₀¹ (D₀ + L(1 − τ))^(α−1) ℓ_k((L τ/H)^(1/r)) L dτ.
//
// Source: Hou, Lin and Xu (2019), "A fractional spectral method based on Müntz polynomials", for the interpolation in x; the
// integrals are not theirs, whose coefficients need many digits.
import { DomainError } from "../tensor/index.js";
import type { CausalWeights } from "../typed-array-ops/index.js";
import { expm1, log, log1p, makeBlocks, pow } from "../typed-array-ops/index.js";
import { logarithmicFactor, powerOverGamma } from "./kernel.js";
import { gaussPoints, type Lobatto, lagrange } from "./lobatto.js";
import { tanhSinh } from "./tanh-sinh.js";

/** Panels on [0, 1], each with the same points; the first one in t = x^exponent, the others in t = x. */
export interface Panels {
  /** Weights that were computed for other panels with some of the same edges, by whoever tries several. */
  readonly known?: Map<string, Float64Array>;
  /** 0 = b₀ < … < b_P = 1 */
  readonly edges: Float64Array;
  readonly exponent: number;
  readonly points: Lobatto;
}

/** Adds the weights of ℓ₀, …, as derivatives in α, for some stretch of a panel. */
type Stretch = (out: Float64Array, from: number) => void;

/** The integrals were found right down to this order. */
const LOWEST = 0.02;

/** Points enough for polynomials of this many nodes: found by doubling them, on orders from 0.05 to 2 and exponents up to 40. */
const pointsFor = (nodes: number): number => 2 * Math.ceil(2.3 * nodes + 60) + 1;

/** How the weights of one order are integrated. */
function makeStretches({ points }: Panels, alpha: number, k: number) {
  const { x: nodes } = points;
  const { x: tau, rest, weight } = tanhSinh(pointsFor(nodes.length));
  const gauss = gaussPoints(Math.ceil(nodes.length / 2) + 14);
  const values = new Float64Array(nodes.length);
  const kernel = powerOverGamma(alpha, -1, k);
  const upper = powerOverGamma(alpha, 0, 0);
  const factor = logarithmicFactor(alpha, -1, k);

  function add(out: Float64Array, from: number, x: number, w: number): void {
    lagrange(points, x, values);
    for (let j = 0; j < values.length; j++) out[from + j] += w * values[j];
  }

  return {
    /** The panel's part up to the node itself, which lies at x and at a distance `length` from the panel's begin. With
     * v = (1 − τ)^α the singularity is gone: L^α/Γ(α + 1) ∫₀¹ ℓ(x τ^(1/r)) dv. */
    own(x: number, length: number, exponent: number): Stretch {
      return (out, from) => {
        const scale = upper(length);
        const logLength = log(length);
        for (let i = 0; i < tau.length; i++) {
          // Here v = tau[i], 1 − v = rest[i].
          const logRest = (tau[i] < 0.5 ? log(tau[i]) : log1p(-rest[i])) / alpha; // ln(1 − τ)
          const inside = -expm1(logRest); // τ
          add(out, from, x * pow(inside, 1 / exponent), scale * weight[i] * factor(logLength + logRest));
        }
      };
    },
    /** A whole panel that ends at the distance `near` before the node. */
    earlier(near: number, length: number, exponent: number): Stretch {
      return (out, from) => {
        if (exponent === 1 && near >= length) {
          // Seen from as far as it is long, the kernel is as smooth as the polynomials.
          for (let i = 0; i < gauss.x.length; i++) {
            const w = length * gauss.weight[i];
            add(out, from, gauss.x[i], w * kernel(near + length * (1 - gauss.x[i])));
          }
          return;
        }
        for (let i = 0; i < tau.length; i++) {
          add(out, from, pow(tau[i], 1 / exponent), length * weight[i] * kernel(near + length * rest[i]));
        }
      };
    },
  };
}

/** How many nodes panels have, and which are solved at once: t = 0 alone, then each panel without its first node. */
export const panelSizes = ({ edges, points }: Panels): number[] => [
  1,
  ...Array.from({ length: edges.length - 1 }, () => points.x.length - 1),
];

/** Where the nodes lie. */
export function panelNodes({ edges, exponent, points }: Panels): Float64Array {
  const { x } = points;
  const nodes = [0];
  for (let p = 0; p + 1 < edges.length; p++) {
    const length = edges[p + 1] - edges[p];
    for (let i = 1; i < x.length; i++) {
      nodes.push(i === x.length - 1 ? edges[p + 1] : edges[p] + length * (p === 0 ? pow(x[i], exponent) : x[i]));
    }
  }
  return Float64Array.from(nodes);
}

/**
 * The weights on panels: k-th derivative in α. Panels of equal lengths share what depends on their distance alone.
 *
 * @throws DomainError for orders below 0.02.
 */
export function spectralWeights(panels: Panels, alpha: number, k: number): CausalWeights {
  if (alpha < LOWEST) {
    throw new DomainError(
      `spectral: expected orders of at least ${LOWEST}, received ${alpha}: below, its weights lose digits; use productTrapezoid`,
    );
  }
  const { edges, exponent, points } = panels;
  const { x } = points;
  const degree = x.length - 1;
  const nodes = panelNodes(panels);
  const blocks = makeBlocks(panelSizes(panels));
  const rows = new Float64Array(blocks.size);
  const stretches = makeStretches(panels, alpha, k);
  const count = edges.length - 1;
  const uniform = edges.every((edge, p) => Math.abs(edge - p / count) <= 2 * Number.EPSILON);
  const known = panels.known ?? new Map<string, Float64Array>();

  function compute(p: number, q: number, i: number): Float64Array {
    const result = new Float64Array(degree + 1);
    const r = q === 0 ? exponent : 1;
    const length = edges[q + 1] - edges[q];
    // From the panel's begin, since differences of nodes would lose digits just behind an edge.
    const inside = (edges[p + 1] - edges[p]) * (p === 0 ? pow(x[i], exponent) : x[i]);
    const stretch =
      p === q ? stretches.own(x[i], inside, r) : stretches.earlier(edges[p] - edges[q + 1] + inside, length, r);
    stretch(result, 0);
    return result;
  }

  /** What node i of panel p sees of panel q. */
  function seen(p: number, q: number, i: number): Float64Array {
    const place = q > 0 && uniform ? p - q : `${edges[p]} ${edges[p + 1]} ${edges[q]} ${edges[q + 1]}`;
    const key = `${alpha} ${k} ${degree} ${place} ${i}`;
    const found = known.get(key) ?? compute(p, q, i);
    known.set(key, found);
    return found;
  }

  for (let p = 0; p < count; p++) {
    for (let i = 1; i <= degree; i++) {
      const row = blocks.row[p * degree + i];
      for (let q = 0; q <= p; q++) {
        const part = seen(p, q, i);
        for (let j = 0; j <= degree; j++) rows[row + q * degree + j] += part[j];
      }
    }
  }
  const none = new Float64Array(0);
  return { nodes: nodes.length, uniform: false, lags: none, first: none, rows, blocks };
}
