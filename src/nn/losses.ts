// How far is a prediction from its target?
import { mean, square, sub, type TensorLike, toTensor } from "../primitives/index.js";
import { ShapeError, sameShape, showShape, type Tensor } from "../tensor/index.js";

/**
 * The mean of (prediction − target)² over all entries.
 *
 * @throws ShapeError if the shapes differ: a broadcast here is nearly always a mistake.
 * @example meanSquaredError(tensor([1, 2]), tensor([1, 4])).item() // → 2
 */
export function meanSquaredError(prediction: TensorLike, target: TensorLike): Tensor {
  const x = toTensor("meanSquaredError", prediction);
  const y = toTensor("meanSquaredError", target);
  if (!sameShape(x.shape, y.shape)) {
    throw new ShapeError(
      `meanSquaredError: expected equal shapes, received ${showShape(x.shape)} and ${showShape(y.shape)}`,
    );
  }
  return mean(square(sub(x, y)));
}
