// How fast is one training step of the seed's experiment with an explicit rule, in hand-written loops?
//
// The equation is z_n = u₀ + Σ_{j < n} A_(n−j) f(z_j) with f a network d-h-h-d with ReLU; the loss is the mean squared error of z. It
// is solved node by node, exactly, and differentiated by one sweep backwards in time: v_n = Σ_{m > n} A_(m−n) u_m with u = g + Jᵀ v.
// Halves of the trajectory are solved one after the other, the first adding to the second what it contributes. Samples are
// kept in pairs, see pair-loops.ts.
import { makeLagBlocks } from "./lag-blocks.js";
import {
  asTheyAre,
  fillPanels,
  inPairs,
  layer,
  makePanels,
  type NetworkWeights,
  none,
  outerSum,
  rectified,
  sampleSum,
  type TrainingProblem,
  type TrainingStep,
  whereMaskIsPositive,
} from "./pair-loops.js";

/** So many nodes are not halved any more. */
const few = 8;

/** Lays out all memory for one problem; `run` allocates nothing. */
export function explicitStep(problem: TrainingProblem): TrainingStep {
  const { batch, states: d, hidden: h, nodes, lags } = problem;
  if (batch % 2 !== 0) throw new Error(`expected an even batch, received ${batch}`);
  if (lags[0] !== 0) throw new Error(`expected an explicit rule, received one with the weight ${lags[0]} at lag 0`);
  const pairs = batch / 2;
  const width = batch * d;
  const start = inPairs(problem.start, d);
  const target = inPairs(problem.target, d);
  const blocks = makeLagBlocks(lags, nodes, width);

  const forward = [makePanels(h, d), makePanels(h, h), makePanels(d, h)];
  const backward = [makePanels(d, h), makePanels(h, h), makePanels(h, d)];
  const bias = forward.map(({ entries, products }) => new Float64Array(entries.length / products));
  const noBias = new Float64Array(Math.max(d, h) + 2);

  const make = (entries: number): Float64Array => new Float64Array(nodes * batch * entries);
  const [z, f, cotangent, adjoint] = [make(d), make(d), make(d), make(d)];
  const [hidden1, hidden2, adjoint1, adjoint2] = [make(h), make(h), make(h), make(h)];
  const pulled = new Float64Array(2 * d);
  const gradient: NetworkWeights = {
    weights: [new Float64Array(d * h), new Float64Array(h * h), new Float64Array(h * d)],
    biases: [new Float64Array(h), new Float64Array(h), new Float64Array(d)],
  };

  function prepare({ weights, biases }: NetworkWeights): void {
    for (let i = 0; i < 3; i++) {
      const { outputs, products } = forward[i];
      fillPanels(forward[i], weights[i], outputs, 1);
      fillPanels(backward[i], weights[i], 1, backward[i].products);
      bias[i].set(biases[i]);
      if (products !== backward[i].outputs) throw new Error("a layer and its transpose do not fit");
    }
  }

  /** f = network(z) at a node. */
  function evaluate(n: number): void {
    for (let pair = n * pairs; pair < (n + 1) * pairs; pair++) {
      const at = pair * 2 * d;
      const inside = pair * 2 * h;
      layer(forward[0], bias[0], z, at, hidden1, inside, rectified, none, 0);
      layer(forward[1], bias[1], hidden1, inside, hidden2, inside, rectified, none, 0);
      layer(forward[2], bias[2], hidden2, inside, f, at, asTheyAre, none, 0);
    }
  }

  /** u = g + Jᵀ v at a node, in place of g. */
  function pullBack(n: number): void {
    for (let pair = n * pairs; pair < (n + 1) * pairs; pair++) {
      const at = pair * 2 * d;
      const inside = pair * 2 * h;
      layer(backward[2], noBias, adjoint, at, adjoint2, inside, whereMaskIsPositive, hidden2, inside);
      layer(backward[1], noBias, adjoint2, inside, adjoint1, inside, whereMaskIsPositive, hidden1, inside);
      layer(backward[0], noBias, adjoint1, inside, pulled, 0, asTheyAre, none, 0);
      for (let i = 0; i < 2 * d; i++) cotangent[at + i] += pulled[i];
    }
  }

  function addRow(out: Float64Array, x: Float64Array, to: number, from: number, w: number): void {
    for (let i = 0; i < width; i++) out[to + i] += w * x[from + i];
  }

  /** Solves the nodes [from, end), to which the earlier ones have added. */
  function solve(from: number, end: number): void {
    if (end - from > few) {
      const middle = (from + end) >> 1;
      solve(from, middle);
      blocks.add(z, f, from, middle, end, false);
      solve(middle, end);
      return;
    }
    for (let n = from; n < end; n++) {
      for (let j = from; j < n; j++) addRow(z, f, n * width, j * width, lags[n - j]);
      evaluate(n);
    }
  }

  /** The same backwards, nodes counted from the last one. */
  function solveBack(from: number, end: number): void {
    if (end - from > few) {
      const middle = (from + end) >> 1;
      solveBack(from, middle);
      blocks.add(adjoint, cotangent, from, middle, end, true);
      solveBack(middle, end);
      return;
    }
    for (let s = from; s < end; s++) {
      const n = nodes - 1 - s;
      for (let r = from; r < s; r++) addRow(adjoint, cotangent, n * width, (nodes - 1 - r) * width, lags[s - r]);
      pullBack(n);
    }
  }

  function fillGradient(): void {
    const { weights, biases } = gradient;
    outerSum(weights[0], z, d, adjoint1, h, nodes * pairs);
    outerSum(weights[1], hidden1, h, adjoint2, h, nodes * pairs);
    outerSum(weights[2], hidden2, h, adjoint, d, nodes * pairs);
    sampleSum(biases[0], adjoint1);
    sampleSum(biases[1], adjoint2);
    sampleSum(biases[2], adjoint);
  }

  return {
    gradient,
    run(network) {
      prepare(network);
      for (let n = 0; n < nodes; n++) z.set(start, n * width);
      solve(0, nodes);
      let loss = 0;
      for (let i = 0; i < z.length; i++) {
        const difference = z[i] - target[i];
        loss += difference * difference;
        cotangent[i] = (2 * difference) / z.length;
      }
      adjoint.fill(0);
      solveBack(0, nodes);
      fillGradient();
      return loss / z.length;
    },
  };
}
