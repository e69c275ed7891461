// How are signals and weights kept at a given size?
import {
  abs,
  add,
  div,
  eigh,
  greater,
  matmul,
  max,
  maximum,
  mean,
  mul,
  norm,
  ones,
  sqrt,
  stopGradient,
  sub,
  toTensor,
  transpose,
  variance,
  where,
  zeros,
} from "../primitives/index.js";
import {
  checkCount,
  checkNumber,
  checkOptions,
  DomainError,
  ShapeError,
  showShape,
  type Tensor,
} from "../tensor/index.js";
import { type Affine, checkAffine, type Layer } from "./layer.js";

/**
 * The layer x ↦ scale·(x − x̄)/√(var x + ε) + shift, mean and variance taken over the last axis. A row of equal
 * entries gives the shift; with ε = 0 it gives NaN.
 *
 * @shape x [..., size] → the same
 * @throws DomainError if size is not an integer ≥ 1, or epsilon not a number ≥ 0.
 * @throws ShapeError from `apply` if the last axis of x has another size.
 * @source Ba, Kiros and Hinton (2016), "Layer normalization", equation 4
 * @example layerNorm(2, { epsilon: 0 }).apply(layerNorm(2).params, tensor([1, 3])).toArray() // → [-1, 1]
 */
export function layerNorm(
  size: number,
  options: { readonly epsilon?: number } = {},
): Layer<{ readonly scale: Tensor; readonly shift: Tensor }> {
  checkOptions("layerNorm", options, ["epsilon"]);
  checkCount("layerNorm", "size", size);
  const epsilon = checkNumber("layerNorm", "epsilon", options.epsilon ?? 1e-5, "a number ≥ 0", (x) => x >= 0);
  return {
    params: { scale: ones([size]), shift: zeros([size]) },
    apply({ scale, shift }, signal) {
      const x = toTensor("layerNorm", signal);
      if (x.shape[x.shape.length - 1] !== size) {
        throw new ShapeError(`layerNorm: expected x of shape [..., ${size}], received ${showShape(x.shape)}`);
      }
      const centred = sub(x, mean(x, -1, { keepDims: true }));
      const spread = sqrt(add(variance(x, -1, { keepDims: true }), epsilon));
      return add(mul(div(centred, spread), scale), shift);
    },
  };
}

/** Weights as a direction for each output, and its length. */
export interface Directed {
  /** [in, out] */
  readonly direction: Tensor;
  /** [out] */
  readonly length: Tensor;
  /** [out] */
  readonly bias: Tensor;
}

/**
 * An affine layer whose weights are W = length·V/‖V‖, column by column: direction and length are learned apart. It begins
 * as the layer it is given.
 *
 * @throws DomainError if the layer is not affine, or a column of its weights is 0 and so has no direction.
 * @source Salimans and Kingma (2016), "Weight normalization", equation 2
 * @example weightNorm(linear(3, 2, { random: random(0) })).params.length.shape // → [2]
 */
export function weightNorm(layer: Layer<Affine>): Layer<Directed> {
  checkAffine("weightNorm", layer);
  const { weight, bias } = layer.params;
  const lengths = norm(weight, 0);
  const without = lengths.traced ? -1 : lengths.data.indexOf(0);
  if (without >= 0) {
    throw new DomainError(
      `weightNorm: expected columns of weights that have a direction, received zeros in column ${without}; ` +
        "draw them, for instance with the initialiser glorotNormal",
    );
  }
  return {
    params: { direction: weight, length: lengths, bias },
    apply: ({ direction, length, bias: shift }, x) =>
      layer.apply({ weight: mul(direction, div(length, norm(direction, 0))), bias: shift }, x),
  };
}

/**
 * ‖W‖₂, the largest factor by which x ↦ x W lengthens a vector, from the largest eigenvalue of Wᵀ W. Its derivative is that
 * of one singular value, which exists where the largest is single; of several largest it is a mean, and at W = 0 it is 0.
 * Where two singular values are equal the second derivative is NaN.
 *
 * @shape W [in, out] → []
 * @example spectralNormOf(tensor([[3, 0], [0, 4]])).item() // → 4
 */
export function spectralNormOf(weight: Tensor): Tensor {
  const size = max(abs(stopGradient(weight)));
  const some = greater(size, 0);
  const unit = where(some, size, 1);
  const scaled = div(weight, unit);
  const turned = transpose(scaled);
  const [m, n] = weight.shape;
  const largest = max(eigh(m < n ? matmul(scaled, turned) : matmul(turned, scaled)).values);
  return mul(unit, where(some, sqrt(where(some, largest, 1)), 0));
}

/** W·bound/max(bound, ‖W‖₂): as it is, or shortened to the bound. */
export const shortened = (weight: Tensor, bound: number): Tensor =>
  mul(weight, div(bound, maximum(bound, spectralNormOf(weight))));

/**
 * An affine layer whose weights are shortened, if they must be, to ‖W‖₂ ≤ bound, to rounding: W·bound/max(bound, ‖W‖₂). With
 * an activation of slope at most 1 it is a contraction for every bound below 1.
 *
 * @throws DomainError if the layer is not affine, or bound is not a number > 0.
 * @source Miyato, Kataoka, Koyama and Yoshida (2018), "Spectral normalization for generative adversarial networks",
 * equation 8, with the norm itself in place of its estimate by power iteration
 * @example spectralNorm(linear(2, 2, { random: random(0) }), { bound: 0.9 }).params.bias.shape // → [2]
 */
export function spectralNorm(layer: Layer<Affine>, options: { readonly bound?: number } = {}): Layer<Affine> {
  checkOptions("spectralNorm", options, ["bound"]);
  checkAffine("spectralNorm", layer);
  const bound = checkNumber("spectralNorm", "bound", options.bound ?? 1, "a number > 0", (x) => x > 0);
  return {
    params: layer.params,
    apply: ({ weight, bias }, x) => layer.apply({ weight: shortened(weight, bound), bias }, x),
  };
}
