// How long does the memory of a fractional integral take, summed directly and convolved by blocks?
//
// Two columns on N equidistant nodes, weights of the product trapezoidal rule of order 0.6. Beside the sums: the whole
// product at once, and window by window of 32 nodes, as a solver asks for it. The growth exponent is the slope from the
// number of nodes before, 2 for direct sums. A round times everything once, so ratios and slopes are of one round.
//
//   node build/bench/history.js [largest N = 100000]
import { causalWeights, gradedMesh, trapezoidCells } from "stillpoint/fractional";
import { accumulateCausal, makeHistory } from "stillpoint/typed-array-ops";
import { measure, median, ratio, showMachine, spread, timesOf } from "./measure.js";
import { numberAt, publish, roundsOf } from "./results.js";

const width = 2;
const windowSize = 32;
const order = 0.6;

function prepare(nodes: number) {
  const weights = [causalWeights(trapezoidCells, gradedMesh(nodes - 1), order, 0)];
  const x = Float64Array.from({ length: nodes * width }, (_, i) => Math.cos(i / (width * nodes)));
  const out = new Float64Array(nodes * width);
  const history = makeHistory(weights, width, false);
  return {
    direct: () => {
      out.fill(0);
      accumulateCausal(out, 0, x, 0, weights, width, 0, nodes, 0, nodes, false);
      return out;
    },
    whole: () => {
      history.apply(out, x);
      return out;
    },
    windows: () => {
      out.fill(0);
      history.begin();
      for (let start = 0; start < nodes; start += windowSize) {
        const end = Math.min(nodes, start + windowSize);
        history.recall(out.subarray(start * width, end * width), x, start, end);
        accumulateCausal(out, 0, x, 0, weights, width, start, end, start, end, false);
      }
      return out;
    },
  };
}

/** @throws Error if two products differ; all terms are positive, so differences are relative to each entry. */
function checkAgreement(name: string, found: Float64Array, expected: Float64Array): void {
  found.forEach((value, i) => {
    const difference = Math.abs(value - expected[i]);
    if (!(difference <= 1e-12 * expected[i])) throw new Error(`${name}: entry ${i} differs by ${difference}`);
  });
}

const largest = numberAt(0, 100_000);
const rounds = roundsOf(5);
const sizes = [300, 1_000, 3_000, 10_000, 30_000, 100_000].filter((nodes) => nodes <= largest);
const kinds = ["direct", "whole", "windows"] as const;
const nameOf = (kind: string, nodes: number): string => `${kind}, N = ${nodes}`;

const contenders = sizes.flatMap((nodes) => {
  const run = prepare(nodes);
  const expected = run.direct().slice();
  for (const kind of kinds) checkAgreement(nameOf(kind, nodes), run[kind](), expected);
  return kinds.map((kind) => ({ name: nameOf(kind, nodes), run: run[kind] }));
});
console.log(`The memory of a fractional integral, ${width} columns. ${showMachine()}`);
const timings = measure(contenders, { rounds, seconds: 0.2 });

/** The slope between two numbers of nodes, round by round. */
function growth(kind: string, nodes: number, before: number): string {
  const times = timesOf(timings, nameOf(kind, before));
  const slopes = timesOf(timings, nameOf(kind, nodes)).map((time, round) => Math.log(time / times[round]));
  return (median(slopes) / Math.log(nodes / before)).toFixed(2);
}

const rows = sizes.flatMap((nodes, i) =>
  kinds.map((kind) => [
    nameOf(kind, nodes),
    spread(timesOf(timings, nameOf(kind, nodes))),
    ratio(timings, nameOf("direct", nodes), nameOf(kind, nodes)),
    i > 0 ? growth(kind, nodes, sizes[i - 1]) : "",
  ]),
);
const [from, to] = [sizes[1], sizes[sizes.length - 1]];
publish({
  name: "history",
  title: `The memory of a fractional integral on N nodes, ${width} columns, median [min..max] of ${rounds} rounds`,
  heading: ["", "ms", "times as fast as direct sums", "growth exponent"],
  rows,
  notes:
    sizes.length > 2
      ? kinds.map((kind) => `${kind}: growth exponent ${growth(kind, to, from)} from N = ${from} to ${to}`)
      : [],
  figure: {
    kind: "lines",
    caption: "The memory of a fractional integral: time against the number of nodes; both axes are logarithmic.",
    x: "nodes",
    y: "ms",
    points: sizes.flatMap((nodes) =>
      kinds.map((kind) => ({ series: kind, x: nodes, y: spread(timesOf(timings, nameOf(kind, nodes))) })),
    ),
  },
});
