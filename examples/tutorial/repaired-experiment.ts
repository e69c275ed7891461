// How well does a neural fractional equation learn the trajectories that a hidden one of the same form made?
import {
  broadcastTo,
  full,
  mean,
  type Random,
  random,
  relu,
  slice,
  square,
  squeeze,
  sub,
  type Tensor,
  tensor,
  transpose,
  valueAndGrad,
} from "stillpoint";
import { solveCaputo } from "stillpoint/fractional";
import { meanSquaredError, mlp } from "stillpoint/nn";
import { type AdamState, adam, batches, cosineSchedule } from "stillpoint/optim";
import { randomFrom } from "stillpoint/random";
import { type RunTraining, runTraining as withoutStops } from "../shared/work.js";

/** The protocol of the experiment: the seed's own, with the fixed points solved to 1e-10. */
export const protocol = {
  samples: 1000,
  trainingShare: 0.8,
  states: 5,
  spread: 3,
  sizes: [5, 15, 15, 5],
  order: 0.9,
  duration: 20,
  steps: 20,
  batchSize: 16,
  firstRate: 1e-3,
  lastRate: 1e-6,
  tolerance: 1e-10,
} as const;

/** Losses are mean squared errors over all entries of the trajectories, node 0 (which is known) included. */
export interface EpochLosses {
  readonly epoch: number;
  /** Mean over the batches of the epoch, each before its update. */
  readonly training: number;
  /** On the validation samples, after the epoch. */
  readonly validation: number;
}

/** One sample's trajectories: a row for each time node, a column for each state. */
export interface SamplePath {
  readonly error: number;
  readonly truth: readonly (readonly number[])[];
  readonly learned: readonly (readonly number[])[];
}

export interface RepairedExperiment {
  readonly hiddenSeed: number;
  readonly losses: readonly EpochLosses[];
  /** Variance over all entries of all trajectories of the data. */
  readonly variance: number;
  /** What the predictor u(t) = u₀ scores. */
  readonly constant: { readonly training: number; readonly validation: number };
  readonly times: readonly number[];
  readonly best: SamplePath;
  readonly worst: SamplePath;
}

export interface RepairedOptions {
  readonly hiddenSeed: number;
  readonly epochs: number;
  /** Default: to the end, without a bar. */
  readonly runTraining?: RunTraining;
}

interface Samples {
  /** [samples, states] */
  readonly start: Tensor;
  /** [samples, nodes, states] */
  readonly path: Tensor;
}

type Network = ReturnType<typeof mlp>;

const network = (stream: ReturnType<typeof random>): Network =>
  mlp(protocol.sizes, { activation: relu, random: stream });

/** Trajectories from many initial values at once, as [nodes, samples, states]. */
function trajectories({ apply }: Network, params: Network["params"], start: Tensor): Tensor {
  const { order, duration, steps, tolerance } = protocol;
  return solveCaputo((_t, u) => apply(params, u), start, { order, duration, steps, tolerance }).values;
}

/** Time first, as the equation has it, to samples first, as batches are dealt, and back. */
const swap = (values: Tensor): Tensor => transpose(values, [1, 0, 2]);

function makeSamples(hidden: ReturnType<typeof random>, starts: ReturnType<typeof random>): Samples {
  const truth = network(hidden);
  const start = starts.normal([protocol.samples, protocol.states], 0, protocol.spread);
  return { start, path: swap(trajectories(truth, truth.params, start)) };
}

const varianceOf = (x: Tensor): number => mean(square(sub(x, mean(x)))).item();

const constantError = ({ start, path }: Samples): number =>
  meanSquaredError(broadcastTo(start, [protocol.steps + 1, ...start.shape]), swap(path)).item();

function samplePath(truth: Tensor, learned: Tensor, sample: number): SamplePath {
  const of = (values: Tensor): Tensor => squeeze(slice(values, [sample], [sample + 1]), 0);
  return {
    error: meanSquaredError(of(learned), of(truth)).item(),
    truth: of(truth).toArray() as number[][],
    learned: of(learned).toArray() as number[][],
  };
}

export const batchesPerEpoch = Math.ceil((protocol.samples * protocol.trainingShare) / protocol.batchSize);

/** All that the next update depends on, and what was noted so far. */
interface Learning {
  readonly params: Network["params"];
  readonly optimiser: AdamState;
  /** From which the batches of the epoch under way were dealt. */
  readonly order: Random;
  /** Sum of the losses of the epoch under way. */
  readonly total: number;
  /** [epochs, 2]: training and validation; NaN for the epochs to come. */
  readonly losses: Tensor;
}

/** The batches of an epoch, and the stream after it. An epoch is dealt once, also where training goes on in the middle of it. */
function dealer(training: Samples): (order: Random) => { readonly dealt: readonly Samples[]; readonly after: Random } {
  let last: { readonly order: Random; readonly dealt: readonly Samples[]; readonly after: Random } | undefined;
  return (order) => {
    if (last?.order !== order) {
      const after = randomFrom(order.state());
      last = { order, dealt: [...batches(training, { size: protocol.batchSize, random: after })], after };
    }
    return last;
  };
}

function noteRow(table: Tensor, row: number, values: readonly number[]): Tensor {
  const data = table.data.slice();
  data.set(values, row * values.length);
  return tensor(data, table.shape);
}

/** Learns from 80 % of the samples; neither the seeds nor the protocol depend on what comes out. */
export async function runRepairedExperiment(options: RepairedOptions): Promise<RepairedExperiment> {
  const { hiddenSeed, epochs, runTraining = withoutStops } = options;
  const [hiddenStream, startStream, splitStream, batchStream, learnerStream] = random(hiddenSeed).split(5);
  const data = makeSamples(hiddenStream, startStream);
  const [training, validation] = [
    ...batches(data, { size: protocol.samples * protocol.trainingShare, random: splitStream }),
  ];
  const learner = network(learnerStream);
  const updates = epochs * batchesPerEpoch;
  const optimiser = adam({
    learningRate: cosineSchedule({ from: protocol.firstRate, to: protocol.lastRate, steps: updates }),
  });
  const lossAndGradient = valueAndGrad((params: Network["params"], { start, path }: Samples) =>
    meanSquaredError(trajectories(learner, params, start), swap(path)),
  );
  const predict = (params: Network["params"]): Tensor => swap(trajectories(learner, params, validation.start));
  const deal = dealer(training);

  /** One update, and the validation after the last one of an epoch. */
  function step(state: Learning, update: number): Learning {
    const [epoch, batch] = [Math.floor(update / batchesPerEpoch), update % batchesPerEpoch];
    const { dealt, after } = deal(state.order);
    const { value, gradient } = lossAndGradient(state.params, dealt[batch]);
    const { params, state: moments } = optimiser.update(gradient, state.optimiser, state.params);
    const next = { ...state, params, optimiser: moments, total: state.total + value.item() };
    if (batch + 1 < batchesPerEpoch) return next;
    const facts = [next.total / batchesPerEpoch, meanSquaredError(predict(params), validation.path).item()];
    return { ...next, order: after, total: 0, losses: noteRow(state.losses, epoch, facts) };
  }

  const { params, losses } = await runTraining({
    name: "act 1",
    settings: { ...protocol, hiddenSeed, epochs },
    begin: {
      params: learner.params,
      optimiser: optimiser.init(learner.params),
      order: batchStream,
      total: 0,
      losses: full([epochs, 2], Number.NaN),
    },
    steps: updates,
    step,
  });

  const learned = predict(params);
  const paths = Array.from({ length: validation.start.shape[0] }, (_, i) => samplePath(validation.path, learned, i));
  const byError = paths.sort((a, b) => a.error - b.error);
  return {
    hiddenSeed,
    losses: (losses.toArray() as number[][]).map(([training, validation], i) => ({
      epoch: i + 1,
      training,
      validation,
    })),
    variance: varianceOf(data.path),
    constant: { training: constantError(training), validation: constantError(validation) },
    times: Array.from({ length: protocol.steps + 1 }, (_, n) => (n * protocol.duration) / protocol.steps),
    best: byError[0],
    worst: byError[byError.length - 1],
  };
}
