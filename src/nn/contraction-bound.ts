// Is there one fixed point, before anything is solved?
import { checkNumber, checkOptions, DomainError, describe, ShapeError, showShape, Tensor } from "../tensor/index.js";
import { log, maxAbs } from "../typed-array-ops/index.js";
import { normsAbove, productAbove } from "./operator-norms.js";

/** Weights [in, out] of z ↦ z W + b, alone or with what belongs to them. */
export type Weights = Tensor | { readonly weight: Tensor };

export interface ContractionOptions {
  /**
   * The largest slope of the activations, in modulus; default 1. A number is that of every activation between layers, and
   * counts after the last one too if it is above 1, because there may be one. A list has one for each layer: that of what
   * follows it, 1 for nothing.
   */
  readonly slope?: number | readonly number[];
}

export interface ContractionBound {
  /** ‖f(y) − f(z)‖ ≤ factor·‖y − z‖ for all y and z. */
  readonly factor: number;
  /** In which norm: 1, 2 or Infinity, whichever gives the smallest factor. */
  readonly norm: number;
  /** Whether the factor is below 1, and so there is exactly one fixed point. */
  readonly unique: boolean;
  /** With how many steps z ← f(z) at most ‖f(z) − z‖ falls from this residual to this tolerance, in that norm. */
  steps(residual: number, tolerance: number): number;
  /** The share of each layer in the factor, which is their product: the norm of its weights times its slope. */
  readonly layers: readonly { readonly factor: number }[];
  /** The index of the largest. */
  readonly worst: number;
  readonly text: string;
}

function readLayers(layers: Weights | readonly Weights[]): Tensor[] {
  const list: readonly Weights[] = Array.isArray(layers) ? layers : [layers as Weights];
  if (list.length === 0) throw new DomainError("contractionBound: expected at least one layer, received none");
  const weights = list.map((layer, i) => {
    const weight = layer instanceof Tensor ? layer : (layer as { weight?: unknown } | undefined)?.weight;
    if (!(weight instanceof Tensor)) {
      throw new DomainError(
        `contractionBound: expected weights or { weight, bias } for layer ${i}, received ${describe(layer)}`,
      );
    }
    if (weight.shape.length !== 2) {
      throw new ShapeError(
        `contractionBound: expected weights [in, out], received ${showShape(weight.shape)} for layer ${i}`,
      );
    }
    if (!Number.isFinite(maxAbs(weight.data))) {
      throw new DomainError(`contractionBound: expected finite weights, received ${maxAbs(weight.data)} in layer ${i}`);
    }
    return weight;
  });
  weights.forEach(({ shape: [, out] }, i) => {
    const next = (i + 1) % weights.length;
    if (weights[next].shape[0] === out) return;
    throw new ShapeError(
      `contractionBound: expected layers that map a state to one of its size, received ${weights.map(({ shape }) => showShape(shape)).join(", ")}: ` +
        `layer ${i} gives ${out} entries and layer ${next} takes ${weights[next].shape[0]}`,
    );
  });
  return weights;
}

function readSlopes({ slope = 1 }: ContractionOptions, layers: number): number[] {
  const check = (value: unknown, name: string): number =>
    checkNumber("contractionBound", name, value, "a number ≥ 0", (x) => x >= 0);
  if (!Array.isArray(slope)) {
    const each = check(slope, "slope");
    return Array.from({ length: layers }, (_, i) => (i < layers - 1 ? each : Math.max(1, each)));
  }
  if (slope.length !== layers) {
    throw new DomainError(`contractionBound: expected ${layers} slopes, one for each layer, received ${slope.length}`);
  }
  return slope.map((value, i) => check(value, `slope[${i}]`));
}

/** The bound in one norm. */
function boundIn(norm: number, weights: readonly Tensor[], slopes: readonly number[]) {
  const measure = normsAbove.get(norm) as (weight: Tensor) => number;
  const layers = weights.map((weight, i) => ({ factor: productAbove(measure(weight), slopes[i]) }));
  return { norm, layers, factor: layers.reduce((product, { factor }) => productAbove(product, factor), 1) };
}

const show = (x: number): string => x.toPrecision(3);
const nameOf = (norm: number): string => `${norm === Infinity ? "∞" : norm}-norm`;

/** The number of steps after which factorᵏ·residual ≤ tolerance; a few too many where rounding leaves it open. */
function stepsFor(factor: number, residual: number, tolerance: number): number {
  checkNumber("contractionBound: steps", "residual", residual, "a number ≥ 0", (x) => x >= 0);
  checkNumber("contractionBound: steps", "tolerance", tolerance, "a number > 0", (x) => x > 0);
  if (residual <= tolerance) return 0;
  if (factor >= 1) return Infinity;
  if (factor === 0) return 1;
  // The logarithms are off by 1e-13 at most.
  return Math.ceil((log(residual) - log(tolerance) + 2 ** -40) / -log(factor));
}

/**
 * A bound on the Lipschitz constant of z ↦ σ(… σ(z W₁ + b₁) … W_n + b_n), Π slope·‖W‖ in the best of three norms. Below 1 it proves
 * that there is exactly one fixed point, and how many steps plain iteration takes at most; at 1 or above it proves nothing, and
 * the text names the layer to shorten. Of a batch, the norm is that of each row.
 *
 * The bound holds in spite of the rounding of its own arithmetic: sums are enlarged by 2⁻⁵² per term, and the 2-norm of W [m, n]
 * is proved by a Cholesky factorisation, which enlarges it by about min(m, n)·(m + n + 2)·2⁻⁵². The rounding of f is
 * not in it: no tolerance can be reached that is below what that leaves of the residual.
 *
 * @shape weights [in, out], each as wide as the layer before it and the first as wide as the last; a layer, or an array of them
 * @throws ShapeError if the layers do not map a state to one of its size.
 * @throws DomainError if there is no layer, weights are not finite, or a slope is not a number ≥ 0.
 * @throws TraceError inside a traced function: it reads values.
 * @source Banach (1922), "Sur les opérations dans les ensembles abstraits", theorem 6; Rump (2006), "Verification of positive
 * definiteness", section 2; Higham (2002), Accuracy and Stability of Numerical Algorithms, theorem 10.3
 * @example contractionBound(tensor([[0.5, 0], [0, -0.25]])).unique // → true
 * @example contractionBound(tensor([[0.5, 0], [0, -0.25]])).steps(1, 1e-6) // → 20
 */
export function contractionBound(
  layers: Weights | readonly Weights[],
  options: ContractionOptions = {},
): ContractionBound {
  checkOptions("contractionBound", options, ["slope"]);
  const weights = readLayers(layers);
  const slopes = readSlopes(options, weights.length);
  const bounds = [...normsAbove.keys()].map((norm) => boundIn(norm, weights, slopes));
  const best = bounds.reduce((least, bound) => (bound.factor < least.factor ? bound : least));
  const { factor, norm } = best;
  const worst = best.layers.reduce((most, layer, i) => (layer.factor > best.layers[most].factor ? i : most), 0);
  const unique = factor < 1;
  const largest = `layer ${worst} has the largest factor, ${show(best.layers[worst].factor)}`;
  const text = unique
    ? `a contraction by ${show(factor)} in the ${nameOf(norm)}: there is exactly one fixed point; ${largest}`
    : `no contraction is proved: the factor is ${bounds.map((b) => `${show(b.factor)} in the ${nameOf(b.norm)}`).join(", ")}; ` +
      `in the ${nameOf(norm)} ${largest}: multiply its weights by ${show(0.995 / factor)} or less`;
  return {
    factor,
    norm,
    unique,
    steps: (residual, tolerance) => stepsFor(factor, residual, tolerance),
    layers: best.layers,
    worst,
    text,
  };
}
