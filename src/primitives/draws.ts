// How are random numbers drawn inside a program?
//
// A key is an input like any other, and the numbers are a function of it: a plan that is run with the next key draws the
// next numbers. They have no derivative in the key; mean, width and ends are joined to them by arithmetic, and have theirs.
import { apply1, type Primitive } from "../tape/index.js";
import {
  checkCount,
  checkInterval,
  checkShape,
  checkSpread,
  DomainError,
  isWord,
  type Shape,
  ShapeError,
  sameShape,
  showShape,
  type Tensor,
} from "../tensor/index.js";
import { drawKeys, drawNormals, drawUnits } from "../typed-array-ops/index.js";
import { add, mul, sub } from "./arithmetic.js";
import { type TensorLike, toTensor } from "./words.js";

const remedy = "random(seed).key() gives one";

type Fill = (out: Float64Array, words: Uint32Array, counter: number) => void;

/** A function of a key; the parameter is the shape of what it gives. */
/* @__NO_SIDE_EFFECTS__ */
function drawing<Name extends string>(name: Name, fill: Fill): Primitive<Shape, Name> {
  return {
    name,
    shapes([key], shape) {
      if (!sameShape(key, [2])) {
        throw new ShapeError(`${name}: expected a key of shape [2], received ${showShape(key)}; ${remedy}`);
      }
      return [shape];
    },
    kernel() {
      const words = new Uint32Array(4);
      return ([out], [[key0, key1]]) => {
        if (!isWord(key0) || !isWord(key1)) {
          throw new DomainError(
            `${name}: expected a key of two integers from 0 to 2³² − 1, received ${key0} and ${key1}; ${remedy}`,
          );
        }
        words[2] = key0;
        words[3] = key1;
        fill(out, words, 0);
      };
    },
    vjp: () => [undefined],
    jvp: () => [undefined],
  };
}

export const drawUniformPrimitive: Primitive<Shape, "drawUniform"> = /* @__PURE__ */ drawing("drawUniform", drawUnits);
/**
 * Entries (1 − u)·low + u·high, where u is uniform in [0, 1) and a function of the key: one key gives the same numbers
 * every time, the next key others. Low and high receive gradients. Rounding may give high itself.
 *
 * With `random(seed).key()` for a key, the numbers u are those of `random(seed).split(1)[0].uniform(shape)`.
 *
 * @shape key [2]; low and high broadcast to the shape
 * @throws ShapeError if the key is not of shape [2], or low or high do not broadcast to the shape.
 * @throws DomainError if the key does not hold 32-bit words, or the numbers low and high are not finite and in order.
 * @source Salmon, Moraes, Dror and Shaw (2011), section 3.3, Threefry-2×32 on (key, place of the entry)
 * @example drawUniform(random(1).key(), [2]).toArray() // → [0.8626317041648646, 0.028835094337418488]
 */
export function drawUniform(key: Tensor, shape: Shape, low: TensorLike = 0, high: TensorLike = 1): Tensor {
  if (typeof low === "number" && typeof high === "number") checkInterval("drawUniform", low, high);
  const u = draw(drawUniformPrimitive, key, shape);
  return low === 0 && high === 1
    ? u
    : fitting("drawUniform", shape, add(mul(sub(1, u), low), mul(u, high)), "low and high");
}

export const drawNormalPrimitive: Primitive<Shape, "drawNormal"> = /* @__PURE__ */ drawing("drawNormal", drawNormals);
/**
 * Entries mean + std·n, where n is normally distributed and a function of the key: one key gives the same numbers every
 * time, the next key others. Mean and std receive gradients.
 *
 * With `random(seed).key()` for a key, the numbers are those of `random(seed).split(1)[0].normal(shape, mean, std)`.
 *
 * @shape key [2]; mean and std broadcast to the shape
 * @throws ShapeError if the key is not of shape [2], or mean or std do not broadcast to the shape.
 * @throws DomainError if the key does not hold 32-bit words, or the numbers mean and std are not finite, or std < 0.
 * @source Kingma and Welling (2014), "Auto-encoding variational Bayes", section 2.4: the reparametrisation
 * @example drawNormal(random(1).key(), [2]).toArray() // → [1.9599179996027878, 0.3590275387592109]
 * @example grad((std) => sum(drawNormal(random(1).key(), [], 0, std)))(tensor(2)).item() // → 1.9599179996027878
 */
export function drawNormal(key: Tensor, shape: Shape, mean: TensorLike = 0, std: TensorLike = 1): Tensor {
  checkSpread("drawNormal", typeof mean === "number" ? mean : 0, typeof std === "number" ? std : 0);
  const n = draw(drawNormalPrimitive, key, shape);
  return mean === 0 && std === 1 ? n : fitting("drawNormal", shape, add(mean, mul(std, n)), "mean and std");
}

export const splitKeyPrimitive: Primitive<Shape, "splitKey"> = /* @__PURE__ */ drawing("splitKey", drawKeys);
/**
 * n keys that are independent of each other and of what the given key draws: one key for each place of a program that
 * draws, from one argument. Two draws of one shape from one key are the same numbers.
 *
 * @shape key [2] → [n, 2]
 * @throws ShapeError if the key is not of shape [2].
 * @throws DomainError if the key does not hold 32-bit words, or n is not an integer ≥ 0.
 * @example splitKey(random(1).key(), 3).shape // → [3, 2]
 */
export function splitKey(key: Tensor, n: number): Tensor {
  return draw(splitKeyPrimitive, key, [checkCount("splitKey", "n", n, 0), 2]);
}

function draw(primitive: Primitive<Shape>, key: Tensor, shape: Shape): Tensor {
  return apply1(primitive, [toTensor(primitive.name, key)], [...checkShape(primitive.name, shape)]);
}

/** Refuses numbers that would be repeated to fill a larger shape than was asked for. */
function fitting(operation: string, shape: Shape, y: Tensor, what: string): Tensor {
  if (sameShape(y.shape, shape)) return y;
  throw new ShapeError(
    `${operation}: expected ${what} that broadcast to ${showShape(shape)}, received some that lead to ${showShape(y.shape)}; ` +
      "ask for that shape, so that every entry is drawn",
  );
}
