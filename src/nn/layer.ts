// What is a layer?
import { add, matmul } from "../primitives/index.js";
import { checkFunction, DomainError, describe, Random, Tensor } from "../tensor/index.js";

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

export const applyAffine = ({ weight, bias }: Affine, x: Tensor): Tensor => add(matmul(x, weight), bias);

/** The stream that an option must give. @throws DomainError */
export function readRandom(operation: string, random: unknown): Random {
  if (random instanceof Random) return random;
  throw new DomainError(
    `${operation}: expected the option random, for instance random(0), received ${describe(random)}`,
  );
}

/** Refuses what has no `apply`. @throws DomainError */
export function checkLayer(operation: string, layer: unknown): void {
  if (typeof layer === "function") {
    throw new DomainError(`${operation}: expected a layer { params, apply }, received a function`);
  }
  checkFunction(`${operation}: apply of the layer`, (layer as { apply?: unknown } | undefined)?.apply);
}

/** Refuses a layer that is not affine. @throws DomainError */
export function checkAffine(operation: string, layer: Layer<Affine>): void {
  checkLayer(operation, layer);
  const params = layer.params as Partial<Affine> | undefined;
  if (params?.weight instanceof Tensor && params.bias instanceof Tensor) return;
  throw new DomainError(
    `${operation}: expected a layer with params { weight, bias }, such as linear makes, received params ${describe(params)}` +
      "; of an mlp, wrap each layer",
  );
}
