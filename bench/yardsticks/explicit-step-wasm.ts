// How fast is the same training step as in explicit-step.ts in hand-written WebAssembly?
//
// Everything lies in one memory; JavaScript calls the kernels. The history is summed directly, however long it is.
import { gatherKernel, lagKernel, layerKernel, outerKernel, rowKernel } from "./explicit-kernels.js";
import { inPairs, type NetworkWeights, type TrainingProblem, type TrainingStep } from "./pair-loops.js";
import { instantiate } from "./wasm-emitter.js";

/** So many nodes are not halved any more. */
const few = 6;

/** Lays out all memory for one problem; `run` allocates nothing. */
export function explicitStepInWasm(problem: TrainingProblem): TrainingStep {
  const { batch, states: d, hidden: h, nodes, lags } = problem;
  const width = batch * d;
  if (batch % 4 !== 0 || width % 4 !== 0) throw new Error(`expected a batch of fours, received ${batch}`);
  const quads = batch / 4;
  const pairs = batch / 2;
  let top = 0;
  /** The place of so many numbers; kernels read a little beyond what they need. */
  const take = (count: number): number => {
    const at = top;
    top += 8 * (count + 2 + (count % 2));
    return at;
  };
  const rows = (entries: number): number => take(nodes * batch * entries);
  const [z, f, g, v] = [rows(d), rows(d), rows(d), rows(d)];
  const [hidden1, hidden2, adjoint1, adjoint2] = [rows(h), rows(h), rows(h), rows(h)];
  const sizes = [d, h, h, d];
  const forward = [0, 1, 2].map((i) => take(sizes[i] * sizes[i + 1]));
  const backward = [0, 1, 2].map((i) => take(sizes[i] * sizes[i + 1]));
  const bias = [1, 2, 3].map((i) => take(sizes[i]));
  const noBias = take(Math.max(d, h));
  const lagsAt = take(nodes + 3);
  const panel = take(4 * nodes);
  const ones = take(6);
  const sums = take(2 * (Math.max(d, h) + 2) * (Math.max(d, h) + 1));
  const { run, memory } = instantiate(
    [
      layerKernel("forward0", h, d, "rectified"),
      layerKernel("forward1", h, h, "rectified"),
      layerKernel("forward2", d, h, "none"),
      layerKernel("backward2", h, d, "masked"),
      layerKernel("backward1", h, h, "masked"),
      layerKernel("backward0", d, h, "added"),
      ...[lagKernel(), gatherKernel(), outerKernel(), rowKernel()],
    ],
    top / 8 + 64,
  );
  const place = (bytes: number): number => bytes >> 3;
  memory.set(lags, place(lagsAt));
  memory.fill(1, place(ones), place(ones) + 6);
  const start = inPairs(problem.start, d);
  const target = inPairs(problem.target, d);
  const gradient: NetworkWeights = {
    weights: [new Float64Array(d * h), new Float64Array(h * h), new Float64Array(h * d)],
    biases: [new Float64Array(h), new Float64Array(h), new Float64Array(d)],
  };

  /** Panels of three outputs; entry (k, j) of the matrix stands at k·kStride + j·jStride. */
  function fill(to: number, matrix: Float64Array, products: number, outputs: number, kStride: number, jStride: number) {
    let at = place(to);
    for (let first = 0; first < outputs; first += 3) {
      for (let k = 0; k < products; k++) {
        for (let j = first; j < Math.min(first + 3, outputs); j++) memory[at++] = matrix[k * kStride + j * jStride];
      }
    }
  }

  function prepare({ weights, biases }: NetworkWeights): void {
    for (let i = 0; i < 3; i++) {
      const [inputs, outputs] = [sizes[i], sizes[i + 1]];
      fill(forward[i], weights[i], inputs, outputs, outputs, 1);
      fill(backward[i], weights[i], outputs, inputs, 1, outputs);
      memory.set(biases[i], place(bias[i]));
    }
  }

  function evaluate(n: number): void {
    const [at, inside] = [8 * n * width, 8 * n * batch * h];
    run.forward0(quads, z + at, hidden1 + inside, forward[0], bias[0], 0);
    run.forward1(quads, hidden1 + inside, hidden2 + inside, forward[1], bias[1], 0);
    run.forward2(quads, hidden2 + inside, f + at, forward[2], bias[2], 0);
  }

  function pullBack(n: number): void {
    const [at, inside] = [8 * n * width, 8 * n * batch * h];
    run.backward2(quads, v + at, adjoint2 + inside, backward[2], noBias, hidden2 + inside);
    run.backward1(quads, adjoint2 + inside, adjoint1 + inside, backward[1], noBias, hidden1 + inside);
    run.backward0(quads, adjoint1 + inside, g + at, backward[0], noBias, g + at);
  }

  /** Adds what the nodes [from, first) contribute to the nodes [first, end), whose number is divisible by three. */
  function addBlock(out: number, x: number, from: number, first: number, end: number, backwards: boolean): void {
    const stride = (backwards ? -8 : 8) * width;
    const origin = backwards ? 8 * (nodes - 1) * width : 0;
    for (let c = 0; c < 8 * width; c += 32) {
      run.gather(panel, x + origin + from * stride + c, stride, first - from);
      const lag = lagsAt + 8 * (first - from);
      run.lags(panel, first - from, lag, (end - first) / 3, out + origin + first * stride + c, stride);
    }
  }

  /** Nodes are counted from the last one backwards. */
  function solve(from: number, end: number, backwards: boolean): void {
    const [out, x] = backwards ? [v, g] : [z, f];
    if (end - from > few) {
      const middle = end - 3 * Math.round((end - from) / 6);
      solve(from, middle, backwards);
      addBlock(out, x, from, middle, end, backwards);
      solve(middle, end, backwards);
      return;
    }
    for (let s = from; s < end; s++) {
      const n = backwards ? nodes - 1 - s : s;
      for (let r = from; r < s; r++) {
        const j = backwards ? nodes - 1 - r : r;
        run.addRow(width >> 1, out + 8 * n * width, x + 8 * j * width, lagsAt + 8 * (s - r));
      }
      if (backwards) pullBack(n);
      else evaluate(n);
    }
  }

  /** out[k, j] = Σ over all samples of a[k]·g[j]. */
  function outer(out: Float64Array, a: number, k: number, aRow: number, g: number, columns: number): void {
    const row = 2 * (columns + (columns % 2));
    for (let i = 0; i < k; i += 3) {
      for (let j = 0; j < columns; j += 2) {
        const to = sums + 8 * (i * row + 2 * j);
        run.outer(nodes * pairs, a + 16 * i, aRow, g + 16 * j, 16 * columns, to, 8 * row);
      }
    }
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < columns; j++) {
        const at = place(sums) + i * row + 2 * j;
        out[i * columns + j] = memory[at] + memory[at + 1];
      }
    }
  }

  return {
    gradient,
    run(network) {
      prepare(network);
      for (let n = 0; n < nodes; n++) memory.set(start, place(z) + n * width);
      solve(0, nodes, false);
      let loss = 0;
      const count = nodes * width;
      const [zAt, gAt] = [place(z), place(g)];
      for (let i = 0; i < count; i++) {
        const difference = memory[zAt + i] - target[i];
        loss += difference * difference;
        memory[gAt + i] = (2 * difference) / count;
      }
      memory.fill(0, place(v), place(v) + count);
      solve(0, nodes, true);
      const { weights, biases } = gradient;
      outer(weights[0], z, d, 16 * d, adjoint1, h);
      outer(weights[1], hidden1, h, 16 * h, adjoint2, h);
      outer(weights[2], hidden2, h, 16 * h, v, d);
      outer(biases[0], ones, 1, 0, adjoint1, h);
      outer(biases[1], ones, 1, 0, adjoint2, h);
      outer(biases[2], ones, 1, 0, v, d);
      return loss / count;
    },
  };
}
