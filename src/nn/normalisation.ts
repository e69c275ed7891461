// How are signals and weights kept at a given size?
import {
  add,
  div,
  eigh,
  matmul,
  max,
  mean,
  minimum,
  mul,
  norm,
  ones,
  sqrt,
  sub,
  transpose,
  variance,
  zeros,
} from "../primitives/index.js";
import { checkCount, checkNumber, checkOptions, ShapeError, showShape, type Tensor } from "../tensor/index.js";
import { type Affine, checkLayer, type Layer } from "./layer.js";

/**
 * The layer x ↦ scale·(x − x̄)/√(var x + ε) + shift, mean and variance taken over the last axis.
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
    apply({ scale, shift }, x) {
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
 * @throws DomainError if the layer is none.
 * @source Salimans and Kingma (2016), "Weight normalization", equation 2
 * @example weightNorm(linear(3, 2, { random: random(0) })).params.length.shape // → [2]
 */
export function weightNorm(layer: Layer<Affine>): Layer<Directed> {
  checkLayer("weightNorm", layer);
  const { weight, bias } = layer.params;
  return {
    params: { direction: weight, length: norm(weight, 0), bias },
    apply: ({ direction, length, bias: shift }, x) =>
      layer.apply({ weight: mul(direction, div(length, norm(direction, 0))), bias: shift }, x),
  };
}

/**
 * ‖W‖₂, the largest factor by which x ↦ x W lengthens a vector, from the largest eigenvalue of Wᵀ W. Its derivative is that
 * of one singular value, which exists where the largest is single.
 *
 * @shape W [in, out] → []
 * @example spectralNormOf(tensor([[3, 0], [0, 4]])).item() // → 4
 */
export function spectralNormOf(weight: Tensor): Tensor {
  const turned = transpose(weight);
  const [m, n] = weight.shape;
  return sqrt(max(eigh(m < n ? matmul(weight, turned) : matmul(turned, weight)).values));
}

/**
 * An affine layer whose weights are shortened, if they must be, to ‖W‖₂ ≤ bound: W·min(1, bound/‖W‖₂). With an activation
 * of slope at most 1 it is a contraction for every bound below 1.
 *
 * @throws DomainError if the layer is none, or bound is not a number > 0.
 * @source Miyato, Kataoka, Koyama and Yoshida (2018), "Spectral normalization for generative adversarial networks",
 * equation 8, with the norm itself in place of its estimate by power iteration
 * @example spectralNorm(linear(2, 2, { random: random(0) }), { bound: 0.9 }).params.bias.shape // → [2]
 */
export function spectralNorm(layer: Layer<Affine>, options: { readonly bound?: number } = {}): Layer<Affine> {
  checkOptions("spectralNorm", options, ["bound"]);
  checkLayer("spectralNorm", layer);
  const bound = checkNumber("spectralNorm", "bound", options.bound ?? 1, "a number > 0", (x) => x > 0);
  return {
    params: layer.params,
    apply: ({ weight, bias }, x) =>
      layer.apply({ weight: mul(weight, minimum(1, div(bound, spectralNormOf(weight)))), bias }, x),
  };
}
