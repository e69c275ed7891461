// How are all trainings of one model run?
import type { Tensor } from "stillpoint";
import type { RunTraining } from "../shared/work.js";
import { type Digits, splitDigits } from "./data.js";
import { seeds, streamsOf, trainerOf } from "./experiment.js";
import type { ModelName } from "./models.js";
import { accuracyOf, type EpochFacts, historyOf, settings } from "./training.js";

/** What came out of a training. */
export interface Run {
  readonly model: ModelName;
  readonly seed: number;
  readonly history: readonly EpochFacts[];
  readonly params: unknown;
  readonly test: Digits;
  /** Logits of the test digits. */
  readonly logits: Tensor;
  readonly accuracy: number;
  /** Seconds of learning. */
  readonly seconds: number;
}

const lineOf = (model: ModelName, seed: number, epoch: number, facts: EpochFacts): string => {
  const { loss, validation, forward, backward } = facts;
  const solves = forward > 0 ? `  evaluations ${forward.toFixed(1)} forward, ${backward.toFixed(1)} backward` : "";
  return (
    `${model}, split ${seed}, epoch ${String(epoch).padStart(2)}  loss ${loss.toFixed(4)}  ` +
    `validation ${(100 * validation).toFixed(1)} %${solves}`
  );
};

async function runOne(model: ModelName, seed: number, digits: Digits, runTraining: RunTraining): Promise<Run> {
  const split = splitDigits(digits, streamsOf(seed).split);
  const trainer = trainerOf(model, split, seed, settings);
  const state = await runTraining({
    name: `${model} ${seed}`,
    settings,
    begin: trainer.begin,
    steps: settings.epochs,
    step: trainer.next,
    line: (state, epoch) => lineOf(model, seed, epoch, historyOf(state)[epoch - 1]),
  });
  const history = historyOf(state);
  const logits = trainer.use(state.params, split.test.pictures);
  return {
    model,
    seed,
    history,
    params: state.params,
    test: split.test,
    logits,
    accuracy: accuracyOf(logits, split.test),
    seconds: history.reduce((total, { seconds }) => total + seconds, 0),
  };
}

export const epochsInAll = seeds.length * settings.epochs;

/** The trainings of a model, one for each split. */
export async function runModel(model: ModelName, digits: Digits, runTraining: RunTraining): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (const seed of seeds) runs.push(await runOne(model, seed, digits, runTraining));
  return runs;
}
