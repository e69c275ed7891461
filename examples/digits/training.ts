// How is a classifier trained, one epoch after the other, so that it can stop after each?
import { argmax, equal, jit, mean, type Random, type Tensor, tensor, valueAndGrad } from "stillpoint";
import { crossEntropy } from "stillpoint/nn";
import { type AdamState, adamW, batches, cosineSchedule } from "stillpoint/optim";
import { randomFrom } from "stillpoint/random";
import { countOf, type Digits, shiftSome } from "./data.js";
import type { Classifier, EquilibriumSettings } from "./models.js";
import type { Tally } from "./tally.js";

/** The same for all models; how they were chosen stands in the README of this example. */
export interface Settings extends EquilibriumSettings {
  readonly epochs: number;
  readonly batchSize: number;
  /** The learning rate falls from here to `lastRate` as a cosine does. */
  readonly firstRate: number;
  readonly lastRate: number;
  readonly weightDecay: number;
  /** This share of each batch is moved by up to one pixel along each axis. */
  readonly shiftedShare: number;
}

export const settings: Settings = {
  epochs: 60,
  batchSize: 64,
  firstRate: 2e-2,
  lastRate: 2e-4,
  weightDecay: 0.1,
  shiftedShare: 0.5,
  bound: 0.9,
  tolerance: 1e-6,
};

/** What is noted of an epoch. */
export interface EpochFacts {
  /** Mean over the batches, each before its update. */
  readonly loss: number;
  /** Share of the validation digits that are recognised after the epoch. */
  readonly validation: number;
  /** Mean number of evaluations for a batch, of f and of the linear equation of its gradient; 0 without an equilibrium. */
  readonly forward: number;
  readonly backward: number;
  /** Of learning alone. */
  readonly seconds: number;
}

const columns = ["loss", "validation", "forward", "backward", "seconds"] as const;

/** All that the next epoch depends on, and what was noted so far. */
export interface TrainingState<P> {
  readonly params: P;
  readonly optimiser: AdamState;
  readonly batches: Random;
  readonly shifts: Random;
  /** Epochs done. */
  readonly epoch: number;
  /** [epochs, columns], NaN for the epochs to come. */
  readonly history: Tensor;
}

export const historyOf = ({ history, epoch }: TrainingState<unknown>): EpochFacts[] =>
  (history.toArray() as number[][])
    .slice(0, epoch)
    .map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])) as unknown as EpochFacts);

function noteEpoch(history: Tensor, epoch: number, facts: EpochFacts): Tensor {
  const data = history.data.slice();
  data.set(
    columns.map((name) => facts[name]),
    epoch * columns.length,
  );
  return tensor(data, history.shape);
}

/** Share of the digits for which the class of the largest logit is the true one. */
export const accuracyOf = (logits: Tensor, { classes }: Digits): number =>
  mean(equal(argmax(logits, 1), classes)).item();

export interface Trainer<P> {
  readonly begin: TrainingState<P>;
  /** The state after one more epoch; the state given to it is left as it is. */
  readonly next: (state: TrainingState<P>) => TrainingState<P>;
  /** Logits in use, as a plan. */
  readonly use: (params: P, pictures: Tensor) => Tensor;
}

/** Softmax cross entropy, AdamW with a cosine schedule, batches in random order. */
export function makeTrainer<P>(
  classifier: Classifier<P>,
  { training, validation }: { readonly training: Digits; readonly validation: Digits },
  [batchStream, shiftStream]: readonly Random[],
  chosen: Settings,
  tally?: Tally,
): Trainer<P> {
  const { epochs, batchSize, firstRate, lastRate, weightDecay, shiftedShare } = chosen;
  const perEpoch = Math.ceil(countOf(training) / batchSize);
  const optimiser = adamW({
    learningRate: cosineSchedule({ from: firstRate, to: lastRate, steps: epochs * perEpoch }),
    weightDecay,
  });
  const lossAndGradient = valueAndGrad((params: P, { pictures, classes }: Digits) =>
    crossEntropy(classifier.learn(params, pictures), classes),
  );
  const step = jit((params: P, state: AdamState, batch: Digits) => {
    const { value, gradient } = lossAndGradient(params, batch);
    return { loss: value, ...optimiser.update(gradient, state, params) };
  });
  const use = jit(classifier.use);

  function next(from: TrainingState<P>): TrainingState<P> {
    const [order, shifts] = [from.batches, from.shifts].map((stream) => randomFrom(stream.state()));
    let { params, optimiser: state } = from;
    let total = 0;
    tally?.reset();
    const begun = performance.now();
    for (const batch of batches(training, { size: batchSize, random: order })) {
      const done = step(params, state, shiftSome(batch, shiftedShare, shifts));
      ({ params, state } = done);
      total += done.loss.item();
    }
    const facts = {
      loss: total / perEpoch,
      seconds: (performance.now() - begun) / 1000,
      validation: accuracyOf(use(params, validation.pictures), validation),
      ...(tally?.read() ?? { forward: 0, backward: 0 }),
    };
    const history = noteEpoch(from.history, from.epoch, facts);
    return { ...from, params, optimiser: state, batches: order, shifts, epoch: from.epoch + 1, history };
  }

  const begin: TrainingState<P> = {
    params: classifier.params,
    optimiser: optimiser.init(classifier.params),
    batches: batchStream,
    shifts: shiftStream,
    epoch: 0,
    history: tensor(new Float64Array(epochs * columns.length).fill(Number.NaN), [epochs, columns.length]),
  };
  return { begin, next, use };
}
