// What is a multilayer perceptron?
import { add, matmul, tanh } from "../primitives/index.js";
import {
  checkCount,
  checkFunction,
  checkOptions,
  DomainError,
  Random,
  type Shape,
  ShapeError,
  showShape,
  type Tensor,
} from "../tensor/index.js";

/** A function together with the parameters it starts from; `apply` takes parameters of the same form. */
export interface Layer<P> {
  readonly params: P;
  apply(params: P, x: Tensor): Tensor;
}

/** An affine map x W + b. */
export type Affine = {
  /** [in, out] */
  readonly weight: Tensor;
  /** [out] */
  readonly bias: Tensor;
};

function readRandom(operation: string, random: unknown): Random {
  if (random instanceof Random) return random;
  throw new DomainError(`${operation}: expected the option random, for instance random(0), received ${typeof random}`);
}

const applyAffine = ({ weight, bias }: Affine, x: Tensor): Tensor => add(matmul(x, weight), bias);

function drawAffine(inputs: number, outputs: number, random: Random): Affine {
  const bound = 1 / Math.sqrt(inputs);
  return {
    weight: random.uniform([inputs, outputs], -bound, bound),
    bias: random.uniform([outputs], -bound, bound),
  };
}

/**
 * The layer x ↦ x W + b; entries of W and b are uniform in ±1/√inputs, as PyTorch's Linear draws them.
 *
 * @shape x [..., inputs] → [..., outputs]
 * @throws DomainError if a size is not an integer ≥ 1 or random is missing.
 * @source LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.6, for the scale 1/√inputs
 * @example linear(3, 2, { random: random(0) }).params.weight.shape // → [3, 2]
 */
export function linear(inputs: number, outputs: number, options: { readonly random: Random }): Layer<Affine> {
  checkOptions("linear", options, ["random"]);
  checkCount("linear", "inputs", inputs);
  checkCount("linear", "outputs", outputs);
  return { params: drawAffine(inputs, outputs, readRandom("linear", options?.random)), apply: applyAffine };
}

/**
 * Affine layers with an activation between them: x ↦ W_n σ(… σ(W_1 x)).
 *
 * @shape x [..., sizes[0]] → [..., sizes[n]]
 * @throws DomainError if there are fewer than two sizes, one is not an integer ≥ 1, or random is missing.
 * @example mlp([2, 8, 2], { activation: tanh, random: random(0) }).params.length // → 2
 */
export function mlp(
  sizes: Shape,
  options: { readonly activation?: (x: Tensor) => Tensor; readonly random: Random },
): Layer<readonly Affine[]> {
  checkOptions("mlp", options, ["activation", "random"]);
  if (!Array.isArray(sizes) || sizes.length < 2) {
    throw new DomainError(`mlp: expected at least two sizes, such as [2, 8, 2], received ${JSON.stringify(sizes)}`);
  }
  sizes.forEach((size, i) => {
    checkCount("mlp", `sizes[${i}]`, size);
  });
  const stream = readRandom("mlp", options?.random);
  const activation = options.activation ?? tanh;
  checkFunction("mlp: activation", activation);
  const layers = sizes.length - 1;
  return {
    params: Array.from({ length: layers }, (_, i) => drawAffine(sizes[i], sizes[i + 1], stream)),
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
