// Does plain iteration contract at z, and how fast?
//
// Power steps turn a random w towards the eigenvectors of largest modulus: one of them, two of opposite sign, or the plane
// of a complex pair. In all three cases J² w = a J w + b w, whose least-squares fit has as roots of λ² = aλ + b the
// eigenvalues of J on the plane of w and J w (Saad 2011, proposition 6.5). They are computed there, in an orthonormal basis:
// where w is nearly an eigenvector already, a and b are ill-determined and the eigenvalue is not.
import { linearize } from "../calculus/index.js";
import { makePlan } from "../readings/index.js";
import { traceAs } from "../tape/index.js";
import {
  checkAlike,
  checkCount,
  checkFunction,
  checkOptions,
  DomainError,
  flattenTree,
  type Random,
  sizeOf,
  type TensorsOf,
  type TreeLike,
} from "../tensor/index.js";
import { addScaled, dot, maxAbs } from "../typed-array-ops/index.js";
import { readRandom } from "./layer.js";

export interface SpectralRadius {
  /** The estimate of ρ(∂f/∂z). */
  readonly radius: number;
  /** ‖J v − λ v‖/‖λ v‖ of the eigenvector that belongs to it: 0 where the estimate is an eigenvalue, near 1 where it is none. */
  readonly residual: number;
}

/** Writes J v into the vector it is given. */
type Map = (out: Float64Array, v: Float64Array) => void;

/** A root that fits worse than this is taken only if neither fits. */
const fits = 1e-3;
/** What is left of J w beside w is rounding below this share of it. */
const nothing = 1e-14;

/** v ↦ J v, compiled. */
function pushOf(f: (z: never) => unknown, z: unknown): { push: Map; n: number } {
  const state = flattenTree("spectralRadius", z);
  const { value, push } = linearize(f as (state: unknown) => unknown, z);
  checkAlike("spectralRadius: expected f to return what it is given,", flattenTree("spectralRadius", value), state);
  const program = traceAs("spectralRadius", push as (v: never) => unknown, [z]);
  const plan = makePlan(program);
  const sizes = state.leaves.map(({ shape }) => sizeOf(shape));
  const free = program.closure.map(({ data }) => data);
  const joined = (v: Float64Array): Float64Array[] => {
    let end = 0;
    return sizes.map((size) => {
      end += size;
      return v.subarray(end - size, end);
    });
  };
  return {
    n: sizes.reduce((sum, size) => sum + size, 0),
    push(out, v) {
      let at = 0;
      for (const part of plan.run([...joined(v), ...free])) {
        out.set(part, at);
        at += part.length;
      }
    },
  };
}

/** Makes v a unit vector and returns how long it was; the squares neither overflow nor vanish. */
function normalise(v: Float64Array): number {
  const largest = maxAbs(v);
  if (!Number.isFinite(largest)) {
    throw new DomainError(
      `spectralRadius: expected a finite derivative of f at z, received one with an entry ${largest} along some direction`,
    );
  }
  if (largest === 0) return 0;
  for (let i = 0; i < v.length; i++) v[i] /= largest;
  const length = Math.sqrt(dot(v, v));
  for (let i = 0; i < v.length; i++) v[i] /= length;
  return largest * length;
}

/** The estimate on the plane of the unit vector w and J w. */
function onPlane(push: Map, w: Float64Array): SpectralRadius {
  const image = new Float64Array(w.length);
  push(image, w);
  const size = normalise(image);
  if (size === 0) return { radius: 0, residual: 0 };
  const cosine = dot(w, image);
  addScaled(image, -cosine, w);
  // Once more, for what rounding left.
  addScaled(image, -dot(w, image), w);
  const sine = normalise(image);
  if (sine <= nothing) return { radius: size * Math.abs(cosine), residual: sine };
  const second = new Float64Array(w.length);
  push(second, image);
  const reach = normalise(second);
  // In units of the largest image, so that squares neither overflow nor vanish.
  const unit = Math.max(size, reach);
  const along = (size / unit) * cosine;
  const across = (size / unit) * sine;
  const mixed = (reach / unit) * dot(w, second);
  const own = (reach / unit) * dot(image, second);
  for (let i = 0; i < second.length; i++) second[i] *= reach / unit;
  addScaled(second, -mixed, w);
  addScaled(second, -own, image);
  const outside = Math.sqrt(dot(second, second));
  // The eigenvalues of [[along, mixed], [across, own]], and of their eigenvectors (λ − own, across) the misfit.
  const middle = (along + own) / 2;
  const half = (along - own) / 2;
  const square = half * half + mixed * across;
  const root = Math.sqrt(Math.abs(square));
  const pairs = (square < 0 ? [root] : [root, -root]).map((offset) => {
    const size2 = square < 0 ? middle * middle + offset * offset : (middle + offset) ** 2;
    const share2 = square < 0 ? half * half + offset * offset : (half + offset) ** 2;
    const radius = Math.sqrt(size2);
    const misfit = (outside * across) / Math.sqrt(share2 + across * across);
    return { radius: unit * radius, residual: misfit === 0 ? 0 : misfit / radius };
  });
  const good = pairs.filter(({ residual }) => residual <= fits);
  return (good.length > 0 ? good : pairs).reduce((best, pair) => (pair.radius > best.radius ? pair : best));
}

/**
 * An estimate of ρ(J), the largest modulus of an eigenvalue of J = ∂f/∂z at z, from so many power steps and a fit of
 * J² w = a J w + b w, which finds complex pairs and ±λ too. At a fixed point plain iteration converges nearby if ρ < 1, and
 * shrinks its error by ρ in each step in the long run.
 *
 * The residual r says whether to trust it: an eigenvalue lies within rρ if J is normal, and if it is not, within rρ times the
 * condition of its eigenvectors. It stays large if more than two eigenvalues share the largest modulus, or so many steps did not
 * separate them. Of a defective eigenvalue with a chain of m vectors the error is of the order of the m-th root of r.
 *
 * @shape z a tensor or a tree, and f(z) like it
 * @throws DomainError if random is missing, steps is not an integer ≥ 1, or the derivative is not finite.
 * @throws ShapeError if f(z) does not look like z.
 * @throws TraceError inside a traced function: it reads values.
 * @source Wilkinson (1965), The Algebraic Eigenvalue Problem, chapter 9, sections 12 and 13, for the pair; Saad (2011), Numerical
 * Methods for Large Eigenvalue Problems, proposition 6.5
 * @example spectralRadius((z) => mul(tensor([0.5, -0.9]), z), tensor([1, 1]), { random: random(0) }).radius // → 0.9000
 */
export function spectralRadius<Z extends TreeLike>(
  f: (z: TensorsOf<Z>) => TreeLike,
  z: Z,
  options: { readonly random: Random; readonly steps?: number },
): SpectralRadius {
  checkFunction("spectralRadius", f);
  checkOptions("spectralRadius", options, ["random", "steps"]);
  const stream = readRandom("spectralRadius", options?.random);
  const steps = checkCount("spectralRadius", "steps", options.steps ?? 30);
  const { push, n } = pushOf(f as (state: never) => unknown, z);
  if (n === 0) return { radius: 0, residual: 0 };
  const w = stream.normal([n]).data.slice();
  normalise(w);
  const image = new Float64Array(n);
  for (let step = 0; step < steps; step++) {
    push(image, w);
    w.set(image);
    if (normalise(w) === 0) return { radius: 0, residual: 0 };
  }
  return onPlane(push, w);
}
