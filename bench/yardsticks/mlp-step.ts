// How fast is one training step of a multilayer perceptron, written by hand?
//
// Affine layers with ReLU between them, cross entropy of classes, Adam. All memory is made once.
import type { Product } from "./plain-product.js";

export interface MlpProblem {
  readonly batch: number;
  /** From the inputs to the classes. */
  readonly sizes: readonly number[];
  /** [batch, sizes[0]] */
  readonly x: Float64Array;
  /** One row per sample with a 1 at its class. */
  readonly labels: Float64Array;
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export interface MlpStep {
  /** Weights [in, out] and biases, in turn. */
  readonly params: readonly Float64Array[];
  /** Takes these parameters, and forgets the means of gradients. */
  begin(params: readonly Float64Array[]): void;
  /** Returns the loss before the step. */
  step(): number;
}

function addBias(y: Float64Array, bias: Float64Array, rectify: boolean): void {
  const n = bias.length;
  for (let row = 0; row < y.length; row += n) {
    for (let j = 0; j < n; j++) {
      const sum = y[row + j] + bias[j];
      y[row + j] = rectify && !(sum > 0) ? 0 : sum;
    }
  }
}

/** Fills g with the gradient of the mean cross entropy, and returns that. */
function crossEntropy(g: Float64Array, logits: Float64Array, labels: Float64Array, classes: number): number {
  let loss = 0;
  const share = classes / logits.length;
  for (let row = 0; row < logits.length; row += classes) {
    let most = Number.NEGATIVE_INFINITY;
    for (let j = row; j < row + classes; j++) if (logits[j] > most) most = logits[j];
    let total = 0;
    for (let j = row; j < row + classes; j++) total += Math.exp(logits[j] - most);
    const level = most + Math.log(total);
    for (let j = row; j < row + classes; j++) {
      loss += labels[j] * (level - logits[j]) * share;
      g[j] = (Math.exp(logits[j] - level) - labels[j]) * share;
    }
  }
  return loss;
}

function sumRows(out: Float64Array, g: Float64Array): void {
  out.fill(0);
  for (let row = 0; row < g.length; row += out.length) for (let j = 0; j < out.length; j++) out[j] += g[row + j];
}

function adam(
  p: Float64Array,
  mean: Float64Array,
  square: Float64Array,
  g: Float64Array,
  { rate, beta1, beta2, epsilon }: MlpProblem,
  step: number,
): void {
  const scale1 = rate / (1 - beta1 ** step);
  const scale2 = 1 / (1 - beta2 ** step);
  const [rest1, rest2] = [1 - beta1, 1 - beta2];
  for (let i = 0; i < p.length; i++) {
    const m = beta1 * mean[i] + rest1 * g[i];
    const v = beta2 * square[i] + rest2 * g[i] * g[i];
    mean[i] = m;
    square[i] = v;
    p[i] -= (scale1 * m) / (Math.sqrt(scale2 * v) + epsilon);
  }
}

export function makeMlpStep(problem: MlpProblem, product: Product): MlpStep {
  const { batch, sizes, x, labels } = problem;
  const layers = sizes.length - 1;
  const like = (): Float64Array[] =>
    Array.from({ length: 2 * layers }, (_, i) => {
      const outputs = sizes[(i >> 1) + 1];
      return new Float64Array(i % 2 === 0 ? sizes[i >> 1] * outputs : outputs);
    });
  const [params, gradient, means, squares] = [like(), like(), like(), like()];
  const outputs = Array.from({ length: layers }, (_, i) => new Float64Array(batch * sizes[i + 1]));
  const cotangents = outputs.map((y) => new Float64Array(y.length));
  let steps = 0;

  function forward(): void {
    for (let i = 0; i < layers; i++) {
      const input = i === 0 ? x : outputs[i - 1];
      product(outputs[i], input, params[2 * i], batch, sizes[i + 1], sizes[i], false, false);
      addBias(outputs[i], params[2 * i + 1], i < layers - 1);
    }
  }

  function backward(): void {
    for (let i = layers - 1; i >= 0; i--) {
      const input = i === 0 ? x : outputs[i - 1];
      const g = cotangents[i];
      product(gradient[2 * i], input, g, sizes[i], sizes[i + 1], batch, true, false);
      sumRows(gradient[2 * i + 1], g);
      if (i === 0) return;
      const before = cotangents[i - 1];
      product(before, g, params[2 * i], batch, sizes[i], sizes[i + 1], false, true);
      for (let k = 0; k < before.length; k++) if (!(input[k] > 0)) before[k] = 0;
    }
  }

  return {
    params,
    begin(initial) {
      steps = 0;
      params.forEach((p, i) => {
        p.set(initial[i]);
        means[i].fill(0);
        squares[i].fill(0);
      });
    },
    step() {
      steps++;
      forward();
      const loss = crossEntropy(cotangents[layers - 1], outputs[layers - 1], labels, sizes[layers]);
      backward();
      for (let i = 0; i < params.length; i++) adam(params[i], means[i], squares[i], gradient[i], problem, steps);
      return loss;
    },
  };
}
