// What does one training step of a multilayer perceptron cost?
//
// Batch 128, 784-128-64-10 with ReLU, cross entropy, Adam: the whole step, value, gradient and update, as one plan, by `jit`, which
// returns new tensors, and by `compile`, which overwrites its results, as the optimisers of others do; beside loops by hand and beside
// other libraries. Every contender begins anew after so many steps, so that all work on like numbers.

import { compile, jit, oneHot, random, relu, type Tensor, trace, valueAndGrad } from "stillpoint";
import { type Affine, crossEntropy, mlp } from "stillpoint/nn";
import { type AdamState, adam } from "stillpoint/optim";
import { matmul, setWebAssembly } from "stillpoint/typed-array-ops";
import { startThreads } from "stillpoint/workers";
import {
  type Contender,
  fastestRatio,
  measureWithPeers,
  type RemoteContender,
  ratio,
  showMachine,
  spread,
  timesOf,
} from "./measure.js";
import { startPeers } from "./peers.js";
import { checkAgreement, publish, roundsOf, showDifference, type Target } from "./results.js";
import { makeMlpStep } from "./yardsticks/mlp-step.js";
import { makePlainProduct, type Product } from "./yardsticks/plain-product.js";

const batch = 128;
const sizes = [784, 128, 64, 10];
const settings = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** Steps before a contender begins anew. */
const period = 200;
/** Steps after which losses and parameters are compared. */
const compared = 3;
const rounds = roundsOf(9);

const [forX, forLabels, forWeights] = random(0).split(3);
const x = forX.uniform([batch, sizes[0]]);
const labels = oneHot(Array.from(forLabels.uniform([batch], 0, 10).data, Math.floor), 10);
const network = mlp(sizes, { activation: relu, random: forWeights });
const initial = network.params.flatMap(({ weight, bias }) => [weight, bias]);

type Params = readonly Affine[];
const { rate: learningRate, ...means } = settings;
const optimiser = adam({ learningRate, ...means });

/** A way to make a step; it returns the loss before it, and the parameters after it. */
interface Way {
  readonly name: string;
  readonly step: () => readonly Float64Array[];
}

function update(params: Params, state: AdamState, x: Tensor, labels: Tensor) {
  const { value, gradient } = valueAndGrad((p: Params) => crossEntropy(network.apply(p, x), labels))(params);
  return { value, ...optimiser.update(gradient, state, params) };
}

function compiledStep(): typeof update {
  const plan = compile(trace(update as never, network.params, optimiser.init(network.params), x, labels));
  return (...args) => plan.run(args) as unknown as ReturnType<typeof update>;
}

function library(name: string, webAssembly: boolean, make: () => typeof update = () => jit(update)): Way {
  const compiled = make();
  let steps = period;
  let params: Params = [];
  let state = optimiser.init(network.params);
  return {
    name,
    step: () => {
      setWebAssembly(webAssembly);
      if (steps === period) {
        steps = 0;
        params = network.params;
        state = optimiser.init(params);
      }
      steps++;
      const next = compiled(params, state, x, labels);
      params = next.params as Params;
      state = next.state as AdamState;
      return [next.value.data, ...params.flatMap(({ weight, bias }) => [weight.data, bias.data])];
    },
  };
}

function loops(name: string, webAssembly: boolean, product: Product): Way {
  const hand = makeMlpStep({ batch, sizes, x: x.data, labels: labels.data, ...settings }, product);
  let steps = period;
  return {
    name,
    step: () => {
      setWebAssembly(webAssembly);
      if (steps === period) {
        steps = 0;
        hand.begin(initial.map(({ data }) => data));
      }
      steps++;
      return [Float64Array.of(hand.step()), ...hand.params];
    },
  };
}

const names = {
  library: "stillpoint, jit",
  compiled: "stillpoint, compiled",
  threads: "stillpoint, jit, two threads",
  compiledThreads: "stillpoint, compiled, two threads",
  typeScript: "stillpoint, jit, without WebAssembly",
  plain: "loops by hand",
  withKernel: "loops by hand, stillpoint's matmul",
};
const own: readonly Way[] = [
  loops(names.plain, false, makePlainProduct(sizes[0] * Math.max(batch, sizes[1]))),
  loops(names.withKernel, true, (out, a, b, m, n, k, aT, bT) => matmul(out, a, b, m, n, k, aT, bT)),
  library(names.library, true),
  library(names.compiled, true, compiledStep),
  library(names.typeScript, false),
];

const { started, notes, close } = await startPeers(["torch", "jax float64", "jax float32", "tfjs cpu", "tfjs wasm"]);
console.log(`A training step of a multilayer perceptron. ${showMachine()}`);

const runTimes = (way: Way, times: number): readonly Float64Array[] => {
  let outputs: readonly Float64Array[] = [];
  for (let i = 0; i < times; i++) outputs = way.step();
  return outputs;
};
const expected = runTimes(own[0], compared).map((part) => part.slice());
const contenders: (Contender | RemoteContender)[] = [];
const differences = new Map<string, number>();
function include(way: Way): void {
  const found = way === own[0] ? expected : runTimes(way, compared);
  differences.set(way.name, checkAgreement(way.name, found, expected, 1e-9));
  contenders.push({ name: way.name, run: way.step });
}
for (const way of own) include(way);
// Plans that are at work already stay with one thread.
const threads = await startThreads(2);
include(library(names.threads, true));
include(library(names.compiledThreads, true, compiledStep));
const inputs = { x, labels, ...Object.fromEntries(initial.map((p, i) => [`p${i}`, p])) };
for (const peer of started) {
  const { name, precision } = peer.about;
  const full = `${name} ${precision}`;
  for (const way of await peer.prepare("mlp", inputs, { ...settings, period })) {
    const bound = precision === "float32" ? 1e-3 : 1e-6;
    differences.set(full, checkAgreement(full, await peer.run(way, compared), expected, bound));
    contenders.push({ name: full, time: (seconds) => peer.time(way, seconds) });
  }
}

const timings = await measureWithPeers(contenders, { rounds, seconds: 0.4 });
close();
threads.stop();

const all = [...timings.keys()];
const target = (claim: string, others: readonly string[], bound: number): readonly Target[] =>
  others.length === 0
    ? []
    : [{ claim, bound, side: "at least", reached: fastestRatio(timings, others, names.library) }];
publish({
  name: "mlp",
  title: `A training step of a perceptron 784-128-64-10, batch 128, Adam: ms per step, median [min..max] of ${rounds} rounds`,
  heading: ["", "ms per step", "ratio to the loops by hand", "ratio to stillpoint, jit", "differs by"],
  rows: all.map((name) => [
    name,
    spread(timesOf(timings, name)),
    ratio(timings, name, names.plain),
    ratio(timings, name, names.library),
    showDifference(differences.get(name) ?? Number.NaN),
  ]),
  notes: [
    ...notes,
    `Differences are of the loss and the parameters after ${compared} steps, relative to the largest. tfjs has float32 only; jax-js has both.`,
  ],
  targets: [
    ...(all.includes("PyTorch float64")
      ? [names.library, names.threads, names.compiled, names.compiledThreads].map((name) => ({
          claim: `${name}, times as long as PyTorch`,
          bound: 2,
          side: "at most" as const,
          reached: ratio(timings, name, "PyTorch float64"),
        }))
      : []),
    ...target(
      "jit, times as fast as the JavaScript peer in float64",
      all.filter((name) => name === "jax-js float64"),
      8,
    ),
  ],
  figure: {
    kind: "bars",
    caption: "A training step of a multilayer perceptron: time per step; the axis is logarithmic.",
    x: "",
    y: "ms per step",
    points: all.map((name) => ({ series: "step", x: name, y: spread(timesOf(timings, name)) })),
  },
});
