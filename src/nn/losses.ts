// How far is a prediction from its target?
import {
  abs,
  equal,
  type Indices,
  less,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  softplus,
  square,
  sub,
  sum,
  type TensorLike,
  toTensor,
  where,
} from "../primitives/index.js";
import { checkNumber, checkOptions, type Shape, ShapeError, sameShape, showShape, Tensor } from "../tensor/index.js";

/** Both as tensors of one shape: a broadcast here is nearly always a mistake. @throws ShapeError */
function pair(operation: string, prediction: TensorLike, target: TensorLike): [Tensor, Tensor] {
  const x = toTensor(operation, prediction);
  const y = toTensor(operation, target);
  if (sameShape(x.shape, y.shape)) return [x, y];
  throw new ShapeError(`${operation}: expected equal shapes, received ${showShape(x.shape)} and ${showShape(y.shape)}`);
}

/**
 * The mean of (prediction − target)² over all entries.
 *
 * @throws ShapeError if the shapes differ: a broadcast here is nearly always a mistake.
 * @example meanSquaredError(tensor([1, 2]), tensor([1, 4])).item() // → 2
 */
export function meanSquaredError(prediction: TensorLike, target: TensorLike): Tensor {
  return mean(square(sub(...pair("meanSquaredError", prediction, target))));
}

/**
 * The mean of |prediction − target| over all entries.
 *
 * @throws ShapeError if the shapes differ.
 * @example meanAbsoluteError(tensor([1, 2]), tensor([1, 4])).item() // → 1
 */
export function meanAbsoluteError(prediction: TensorLike, target: TensorLike): Tensor {
  return mean(abs(sub(...pair("meanAbsoluteError", prediction, target))));
}

/**
 * The mean of ½ e² where |e| ≤ δ and of δ(|e| − ½ δ) elsewhere, e = prediction − target: squares that outliers do not rule.
 *
 * @throws DomainError unless delta is a number > 0.
 * @throws ShapeError if the shapes differ.
 * @source Huber (1964), "Robust estimation of a location parameter", equation 2.3
 * @example huber(tensor([0, 3]), tensor([1, 0])).item() // → 1.5
 */
export function huber(prediction: TensorLike, target: TensorLike, options: { readonly delta?: number } = {}): Tensor {
  checkOptions("huber", options, ["delta"]);
  const delta = checkNumber("huber", "delta", options.delta ?? 1, "a number > 0", (x) => x > 0);
  const error = sub(...pair("huber", prediction, target));
  const size = abs(error);
  return mean(where(less(size, delta), mul(0.5, square(error)), mul(delta, sub(size, delta / 2))));
}

/**
 * The mean of −Σ_c target_c·log softmax(logits)_c over all but the last axis. Targets are classes, as integers, or a tensor of
 * probabilities; logits are what softmax takes, so that nothing overflows. A logit of −∞ excludes its class: 0·log 0 is 0.
 *
 * @shape logits [..., classes], target [...] classes or [..., classes] probabilities
 * @throws DomainError if a class is fractional or out of range.
 * @throws ShapeError if the target does not fit, or the logits are a scalar.
 * @source Bishop (2006), Pattern Recognition and Machine Learning, equation 4.108
 * @example crossEntropy(tensor([[0, 0], [0, 0]]), [0, 1]).item() // → 0.6931471805599453
 */
export function crossEntropy(logits: TensorLike, target: Indices): Tensor {
  const { shape } = toTensor("crossEntropy", logits);
  if (shape.length === 0) throw new ShapeError("crossEntropy: expected logits of shape [..., classes], received []");
  const batch = shape.slice(0, -1);
  const isTensor = target instanceof Tensor;
  const given = isTensor && sameShape(target.shape, shape);
  const check = (received: Shape): void => {
    if (given || sameShape(received, batch)) return;
    throw new ShapeError(
      `crossEntropy: expected classes of shape ${showShape(batch)}, or probabilities as a tensor of shape ` +
        `${showShape(shape)}, received ${isTensor ? "a tensor" : "an array"} of shape ${showShape(received)}`,
    );
  };
  if (isTensor) check(target.shape);
  const weights = given ? target : oneHot(target, shape[shape.length - 1]);
  check(weights.shape.slice(0, -1));
  const logs = logSoftmax(logits);
  const excluded = mul(equal(weights, 0), equal(logs, -Infinity));
  return neg(mean(sum(mul(weights, where(excluded, 0, logs)), -1)));
}

/**
 * The mean of log(1 + e^x) − target·x over all entries: the cross entropy of two classes, x being the logit of the one
 * that targets in [0, 1] stand for, in a form that does not overflow.
 *
 * @throws ShapeError if the shapes differ.
 * @source Bishop (2006), Pattern Recognition and Machine Learning, equation 4.90
 * @example binaryCrossEntropy(tensor([0, 1000]), tensor([1, 1])).item() // → 0.34657359027997264
 */
export function binaryCrossEntropy(logits: TensorLike, target: TensorLike): Tensor {
  const [x, y] = pair("binaryCrossEntropy", logits, target);
  return mean(sub(softplus(x), mul(y, x)));
}
