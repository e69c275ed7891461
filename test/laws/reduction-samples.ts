// Which arguments do reductions and indexed operations get in the laws?
import { type Shape, sizeOf, Tensor } from "../../src/tensor/index.js";
import type { Draw } from "./draw.js";
import type { Sampler } from "./samples.js";

/** Entries that keep their order while the laws move them: at least 0.3 from each other, in any order. */
function separated(draw: Draw, shape: Shape): Tensor {
  const ranks = Array.from({ length: sizeOf(shape) }, (_, i) => i);
  for (let i = ranks.length - 1; i > 0; i--) ranks.push(...ranks.splice(draw.integer(0, i), 1));
  return new Tensor(
    shape,
    Float64Array.from(ranks, (rank) => 0.5 * rank - 2 + draw.integer(-100, 100) / 1024),
  );
}

const rows = (draw: Draw): Shape => [draw.size(3), draw.size(4)];

/** m indices into n entries, negative ones among them, as a second input or as a list among the parameters. */
function indices(draw: Draw, m: number, n: number) {
  const list = Array.from({ length: m }, () => draw.integer(-n, n - 1));
  return draw.integer(0, 1) === 0
    ? { inputs: [], parameters: { list } }
    : { inputs: [new Tensor([m], Float64Array.from(list))], parameters: {} };
}

export const reductionSamples = {
  max: (draw) => ({ inputs: [separated(draw, rows(draw))], parameters: undefined }),
  min: (draw) => ({ inputs: [separated(draw, rows(draw))], parameters: undefined }),
  argmax: (draw) => ({ inputs: [separated(draw, rows(draw))], parameters: undefined }),
  logSumExp: (draw) => ({ inputs: [draw.tensor(rows(draw))], parameters: undefined }),
  norm: (draw) => ({ inputs: [draw.awayFromZero(rows(draw))], parameters: undefined }),
  cumsum: (draw) => ({
    inputs: [draw.tensor([draw.size(2), draw.size(4), draw.size(2)])],
    parameters: { reverse: draw.integer(0, 1) === 1 },
  }),
  take: (draw) => {
    const [outer, n, inner] = [draw.size(2), draw.size(3), draw.size(2)];
    const { inputs, parameters } = indices(draw, draw.size(4), n);
    return { inputs: [draw.tensor([outer, n, inner]), ...inputs], parameters, fixed: [1] };
  },
  scatterAdd: (draw) => {
    const [outer, n, inner, m] = [draw.size(2), draw.size(3), draw.size(2), draw.size(4)];
    const { inputs, parameters } = indices(draw, m, n);
    return { inputs: [draw.tensor([outer, m, inner]), ...inputs], parameters: { ...parameters, size: n }, fixed: [1] };
  },
  oneHot: (draw) => {
    const [m, n] = [draw.size(4), draw.size(3)];
    const list = Float64Array.from({ length: m }, () => draw.integer(-n, n - 1));
    return { inputs: [new Tensor([m], list)], parameters: { n }, fixed: [0] };
  },
  interval: (draw) => {
    const n = draw.size(3) + 1;
    const knots = new Tensor(
      [n],
      Float64Array.from({ length: n }, (_, i) => i),
    );
    const x = separated(draw, [draw.size(4)]).data.map((entry) => Math.round(entry) + 0.5);
    return { inputs: [new Tensor([x.length], x), knots], parameters: undefined };
  },
} as const satisfies Record<string, Sampler>;
