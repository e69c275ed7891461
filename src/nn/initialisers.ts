// How are weights drawn at the start, so that signals neither grow nor fade?
import { mul, qr, reshape, transpose } from "../primitives/index.js";
import {
  checkNumber,
  checkOptions,
  checkShape,
  type Random,
  type Shape,
  ShapeError,
  showShape,
  sizeOf,
  type Tensor,
} from "../tensor/index.js";
import { readRandom } from "./layer.js";

/** Draws a tensor of weights. */
export type Initialiser = (shape: Shape, random: Random) => Tensor;

/** How many numbers go into an output, and how many outputs an input reaches; axes before the last two are windows. */
interface Fans {
  readonly ins: number;
  readonly outs: number;
}

function readFans(operation: string, shape: Shape): Fans {
  if (checkShape(operation, shape).length < 2) {
    throw new ShapeError(`${operation}: expected weights of shape [..., in, out], received ${showShape(shape)}`);
  }
  const window = sizeOf(shape.slice(0, -2));
  return { ins: window * shape[shape.length - 2], outs: window * shape[shape.length - 1] };
}

type VarianceOf = (fans: Fans) => number;

/** Uniform between ∓√(3 v), which has the variance v. */
function drawUniform(operation: string, shape: Shape, random: Random, variance: VarianceOf): Tensor {
  const bound = Math.sqrt(3 * variance(readFans(operation, shape)));
  return readRandom(operation, random).uniform(shape, -bound, bound);
}

function drawNormal(operation: string, shape: Shape, random: Random, variance: VarianceOf): Tensor {
  const std = Math.sqrt(variance(readFans(operation, shape)));
  return readRandom(operation, random).normal(shape, 0, std);
}

/**
 * Uniform weights of variance 2/(in + out): between ∓√(6/(in + out)).
 *
 * @shape [..., in, out]
 * @throws ShapeError if the shape has fewer than two axes.
 * @source Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks", equation 16
 * @example glorotUniform([3, 2], random(0)).shape // → [3, 2]
 */
export const glorotUniform: Initialiser = (shape, random) =>
  drawUniform("glorotUniform", shape, random, ({ ins, outs }) => 2 / (ins + outs));

/**
 * Normal weights of variance 2/(in + out): for activations that are nearly linear at 0.
 *
 * @shape [..., in, out]
 * @throws ShapeError if the shape has fewer than two axes.
 * @source Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks", equation 12
 * @example glorotNormal([3, 2], random(0)).shape // → [3, 2]
 */
export const glorotNormal: Initialiser = (shape, random) =>
  drawNormal("glorotNormal", shape, random, ({ ins, outs }) => 2 / (ins + outs));

/**
 * Uniform weights of variance 2/in: between ∓√(6/in), for rectifiers.
 *
 * @shape [..., in, out]
 * @throws ShapeError if the shape has fewer than two axes.
 * @source He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", equation 10
 * @example heUniform([3, 2], random(0)).shape // → [3, 2]
 */
export const heUniform: Initialiser = (shape, random) => drawUniform("heUniform", shape, random, ({ ins }) => 2 / ins);

/**
 * Normal weights of variance 2/in: for rectifiers, which pass half of the signal.
 *
 * @shape [..., in, out]
 * @throws ShapeError if the shape has fewer than two axes.
 * @source He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", equation 10
 * @example heNormal([3, 2], random(0)).shape // → [3, 2]
 */
export const heNormal: Initialiser = (shape, random) => drawNormal("heNormal", shape, random, ({ ins }) => 2 / ins);

/**
 * Uniform weights of variance 1/in: between ∓√(3/in).
 *
 * @shape [..., in, out]
 * @throws ShapeError if the shape has fewer than two axes.
 * @source LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.6
 * @example lecunUniform([3, 2], random(0)).shape // → [3, 2]
 */
export const lecunUniform: Initialiser = (shape, random) =>
  drawUniform("lecunUniform", shape, random, ({ ins }) => 1 / ins);

/**
 * Normal weights of variance 1/in: so that outputs vary as inputs do.
 *
 * @shape [..., in, out]
 * @throws ShapeError if the shape has fewer than two axes.
 * @source LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.6
 * @example lecunNormal([3, 2], random(0)).shape // → [3, 2]
 */
export const lecunNormal: Initialiser = (shape, random) =>
  drawNormal("lecunNormal", shape, random, ({ ins }) => 1 / ins);

/**
 * Weights gain·Q with orthonormal columns, or rows where there are fewer of them, uniformly distributed among all such: the
 * Q of normal numbers, with R's diagonal positive. The gain is 1; √2 makes up for rectifiers.
 *
 * @shape [..., in, out]
 * @throws ShapeError if the shape has fewer than two axes.
 * @throws DomainError unless gain is a number > 0.
 * @source Saxe, McClelland and Ganguli (2014), "Exact solutions to the nonlinear dynamics of learning in deep linear neural
 * networks", section 3; Mezzadri (2007), "How to generate random matrices from the classical compact groups", for R
 * @example orthogonal([2, 2], random(0)).shape // → [2, 2]
 * @example linear(2, 2, { random: random(0), initialiser: (shape, from) => orthogonal(shape, from, { gain: 2 }) }).params.bias.data // → [0, 0]
 */
export function orthogonal(shape: Shape, random: Random, options: { readonly gain?: number } = {}): Tensor {
  checkOptions("orthogonal", options, ["gain"]);
  const gain = checkNumber("orthogonal", "gain", options.gain ?? 1, "a number > 0", (x) => x > 0);
  const { ins } = readFans("orthogonal", shape);
  const outs = shape[shape.length - 1];
  const stream = readRandom("orthogonal", random);
  const tall = qr(stream.normal(ins >= outs ? [ins, outs] : [outs, ins])).q;
  return mul(gain, reshape(ins >= outs ? tall : transpose(tall), shape));
}
