// How are all trainings of one model run, so that none is begun twice?
import type { Tensor } from "stillpoint";
import type { Progress } from "../shared/progress.js";
import { checkpointFile, readCheckpoint, writeCheckpoint } from "./checkpoints.js";
import { type Digits, type Split, splitDigits } from "./data.js";
import { type AnyTrainer, seeds, streamsOf, trainerOf } from "./experiment.js";
import type { ModelName } from "./models.js";
import { accuracyOf, type EpochFacts, historyOf, settings, type TrainingState } from "./training.js";

/** A training, not begun, under way or done. */
export interface Task {
  readonly model: ModelName;
  readonly seed: number;
  readonly split: Split;
  readonly trainer: AnyTrainer;
  readonly file: string;
  readonly state: TrainingState<unknown>;
}

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

/** The five trainings of a model, each where its checkpoint stands. */
export const tasksOf = (model: ModelName, digits: Digits): Task[] =>
  seeds.map((seed) => {
    const split = splitDigits(digits, streamsOf(seed).split);
    const trainer = trainerOf(model, split, seed, settings);
    const file = checkpointFile(`${model} ${seed}`);
    return { model, seed, split, trainer, file, state: readCheckpoint(file, trainer.begin) };
  });

export const epochsLeft = (tasks: readonly Task[]): number =>
  tasks.reduce((total, { state }) => total + settings.epochs - state.epoch, 0);

const lineOf = ({ model, seed }: Task, epoch: number, facts: EpochFacts): string => {
  const { loss, validation, forward, backward } = facts;
  const solves = forward > 0 ? `  evaluations ${forward.toFixed(1)} forward, ${backward.toFixed(1)} backward` : "";
  return (
    `${model}, split ${seed}, epoch ${String(epoch).padStart(2)}  loss ${loss.toFixed(4)}  ` +
    `validation ${(100 * validation).toFixed(1)} %${solves}`
  );
};

function finish({ model, seed, split, trainer }: Task, state: TrainingState<unknown>): Run {
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

/** Trains, and writes a checkpoint after each epoch; undefined if it was stopped between two epochs. */
export async function runTasks(
  tasks: readonly Task[],
  { advance, note }: Progress,
  stopped: () => boolean,
): Promise<readonly Run[] | undefined> {
  const runs: Run[] = [];
  let done = 0;
  for (const task of tasks) {
    let { state } = task;
    while (state.epoch < settings.epochs) {
      if (stopped()) return undefined;
      state = task.trainer.next(state);
      writeCheckpoint(task.file, state);
      note(lineOf(task, state.epoch, historyOf(state)[state.epoch - 1]));
      await advance(++done);
    }
    runs.push(finish(task, state));
  }
  return runs;
}
