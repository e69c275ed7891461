// What is a multilayer perceptron?
import { tanh, zeros } from "../primitives/index.js";
import {
  checkCount,
  checkFunction,
  checkOptions,
  DomainError,
  describe,
  type Random,
  type Shape,
  ShapeError,
  sameShape,
  showShape,
  Tensor,
} from "../tensor/index.js";
import type { Initialiser } from "./initialisers.js";
import { type Affine, applyAffine, type Layer, readRandom } from "./layer.js";

export interface AffineOptions {
  readonly random: Random;
  /** Draws the weights, and lets biases be 0; default: weights and biases uniform in ±1/√inputs. */
  readonly initialiser?: Initialiser;
}

function readInitialiser(operation: string, { initialiser }: AffineOptions): Initialiser | undefined {
  if (initialiser !== undefined) checkFunction(`${operation}: initialiser`, initialiser);
  return initialiser;
}

function drawAffine(
  operation: string,
  inputs: number,
  outputs: number,
  random: Random,
  initialiser: Initialiser | undefined,
): Affine {
  if (initialiser !== undefined) {
    const shape = [inputs, outputs];
    const weight = initialiser(shape, random);
    if (!(weight instanceof Tensor && sameShape(weight.shape, shape))) {
      throw new ShapeError(
        `${operation}: initialiser: expected weights [in, out] of shape ${showShape(shape)}, received ` +
          `${weight instanceof Tensor ? showShape((weight as Tensor).shape) : describe(weight)}`,
      );
    }
    return { weight, bias: zeros([outputs]) };
  }
  const bound = 1 / Math.sqrt(inputs);
  return {
    weight: random.uniform([inputs, outputs], -bound, bound),
    bias: random.uniform([outputs], -bound, bound),
  };
}

/**
 * The layer x ↦ x W + b; entries of W and b are uniform in ±1/√inputs, as PyTorch's Linear draws them, or W is drawn by an
 * initialiser and b is 0.
 *
 * @shape x [..., inputs] → [..., outputs]
 * @throws DomainError if a size is not an integer ≥ 1 or random is missing.
 * @throws ShapeError if an initialiser draws weights of another shape.
 * @source LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.6, for the scale 1/√inputs
 * @example linear(3, 2, { random: random(0) }).params.weight.shape // → [3, 2]
 */
export function linear(inputs: number, outputs: number, options: AffineOptions): Layer<Affine> {
  checkOptions("linear", options, ["random", "initialiser"]);
  checkCount("linear", "inputs", inputs);
  checkCount("linear", "outputs", outputs);
  return {
    params: drawAffine(
      "linear",
      inputs,
      outputs,
      readRandom("linear", options?.random),
      readInitialiser("linear", options),
    ),
    apply: applyAffine,
  };
}

/**
 * Affine layers with an activation between them: x ↦ W_n σ(… σ(W_1 x)).
 *
 * @shape x [..., sizes[0]] → [..., sizes[n]]
 * @throws DomainError if there are fewer than two sizes, one is not an integer ≥ 1, or random is missing.
 * @throws ShapeError if an initialiser draws weights of another shape, or x has another width.
 * @example mlp([2, 8, 2], { activation: tanh, random: random(0) }).params.length // → 2
 */
export function mlp(
  sizes: Shape,
  options: AffineOptions & { readonly activation?: (x: Tensor) => Tensor },
): Layer<readonly Affine[]> {
  checkOptions("mlp", options, ["activation", "random", "initialiser"]);
  if (!Array.isArray(sizes) || sizes.length < 2) {
    throw new DomainError(`mlp: expected at least two sizes, such as [2, 8, 2], received ${JSON.stringify(sizes)}`);
  }
  sizes.forEach((size, i) => {
    checkCount("mlp", `sizes[${i}]`, size);
  });
  const stream = readRandom("mlp", options?.random);
  const activation = options.activation ?? tanh;
  checkFunction("mlp: activation", activation);
  const initialiser = readInitialiser("mlp", options);
  const layers = sizes.length - 1;
  return {
    params: Array.from({ length: layers }, (_, i) => drawAffine("mlp", sizes[i], sizes[i + 1], stream, initialiser)),
    apply(params, x) {
      if (params.length !== layers || x.shape[x.shape.length - 1] !== sizes[0]) {
        throw new ShapeError(
          `mlp: expected ${layers} layers and x of shape [..., ${sizes[0]}], received ${params.length} and ${showShape(x.shape)}`,
        );
      }
      return params.reduce((y, layer, i) => applyAffine(layer, i === 0 ? y : activation(y)), x);
    },
  };
}
