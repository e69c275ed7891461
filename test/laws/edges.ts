// Which arguments are there besides the ordinary ones: kinks, ties, and numbers that overflow?
import { abs, add, greater, maximum, mul, type Tensor, where } from "stillpoint";
import type { Primitive } from "../../src/tape/index.js";
import { type Shape, sizeOf, Tensor as TensorClass } from "../../src/tensor/index.js";
import type { Draw } from "./draw.js";
import { type Sampler, sampleOf } from "./samples.js";

/** Small integers: zeros and ties are frequent among them. */
const coarse = (draw: Draw, shape: Shape, low = -1, high = 1): Tensor =>
  new TensorClass(
    shape,
    Float64Array.from({ length: sizeOf(shape) }, () => draw.integer(low, high)),
  );

const ties =
  (count: number, low = -1, high = 1): Sampler =>
  (draw) => {
    const shape = draw.shape();
    const inputs = Array.from({ length: count }, () => coarse(draw, shape, low, high));
    return { inputs, parameters: undefined, edge: true };
  };
const rows = (draw: Draw): Shape => [draw.size(3), draw.size(4)];
const tiedRows: Sampler = (draw) => ({ inputs: [coarse(draw, rows(draw))], parameters: undefined, edge: true });

/** 1, or so much that the square of a number of this size overflows. */
const sizes = (draw: Draw, shape: Shape): Tensor => where(draw.flags(shape), 2 ** 600, 1);

const edges: Readonly<Record<string, Sampler>> = {
  pow: ties(2, 0, 2),
  abs: ties(1),
  maximum: ties(2),
  minimum: ties(2),
  clip: ties(3),
  relu: ties(1),
  leakyRelu: ties(2),
  max: tiedRows,
  min: tiedRows,
  norm: tiedRows,
  asinh: (draw) => {
    const shape = draw.shape();
    const unit = sizes(draw, shape);
    return { inputs: [mul(unit, draw.awayFromZero(shape))], parameters: undefined, units: [unit] };
  },
  // each of them huge, or both; where only x is, it is positive: y would move across the cut
  atan2: (draw) => {
    const shape = draw.shape();
    const [ofY, ofX] = [sizes(draw, shape), sizes(draw, shape)];
    const [y, x] = [mul(ofY, draw.awayFromZero(shape)), mul(ofX, draw.awayFromZero(shape))];
    const unit = maximum(ofY, ofX);
    return { inputs: [y, where(greater(ofX, ofY), abs(x), x)], parameters: undefined, units: [unit, unit] };
  },
  // at 0, or where the exponential overflows
  elu: (draw) => {
    if (draw.integer(0, 1) === 0) return ties(2)(draw);
    const shape = draw.shape();
    const x = draw.awayFromZero(shape);
    return { inputs: [add(x, mul(1000, greater(x, 0))), draw.tensor(shape)], parameters: undefined };
  },
  // rows that are large or small as a whole, and rows of large and small entries
  logSumExp: (draw) => {
    const shape = rows(draw);
    const entries = mul(800 * draw.integer(0, 1), draw.flags(shape));
    const rowwise = mul(1000 * draw.integer(-1, 1), draw.flags([shape[0], 1]));
    return { inputs: [add(add(draw.tensor(shape), entries), rowwise)], parameters: undefined };
  },
};

/** What the laws are asked about: a third of it is edges, where a primitive has some. */
export const lawSampleOf = (primitive: Primitive): Sampler => {
  const edge = edges[primitive.name];
  const ordinary = sampleOf(primitive);
  return edge === undefined ? ordinary : (draw) => (draw.integer(0, 2) === 0 ? edge(draw) : ordinary(draw));
};
