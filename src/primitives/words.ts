// How does a call of an operation become an application of its primitive?
import { apply1, type Primitive } from "../tape/index.js";
import { broadcastShapes, DomainError, describe, leafOf, type Shape, type Tensor } from "../tensor/index.js";
import { broadcastTo } from "./broadcasting.js";

/** What an operation takes: a tensor, or a plain number that stands for a scalar. */
export type TensorLike = Tensor | number;

/** A tensor as it is; a number as a scalar literal. @throws DomainError for anything else. */
export function toTensor(operation: string, x: TensorLike): Tensor {
  const tensor = leafOf(x);
  if (tensor) return tensor;
  throw new DomainError(
    `${operation}: expected a tensor or a number, received ${describe(x)}; make a tensor with tensor(...)`,
  );
}

/** The word of a pointwise primitive of one argument. */
export function unaryWord(primitive: Primitive<void>): (x: TensorLike) => Tensor {
  return (x) => apply1(primitive, [toTensor(primitive.name, x)], undefined);
}

/** The word of a pointwise primitive of two arguments, which broadcast. */
export function binaryWord(primitive: Primitive<void>): (x: TensorLike, y: TensorLike) => Tensor {
  return (x, y) => apply1(primitive, broadcast(primitive.name, x, y), undefined);
}

/** The arguments under their common shape. */
export function broadcast(operation: string, ...xs: TensorLike[]): Tensor[] {
  const tensors = xs.map((x) => toTensor(operation, x));
  let shape: Shape = tensors[0].shape;
  for (const x of tensors) shape = broadcastShapes(operation, shape, x.shape);
  return tensors.map((x) => broadcastTo(x, shape));
}
