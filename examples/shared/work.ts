// How does long work stop when somebody asks for it, and go on later as if it had not stopped?
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { train } from "stillpoint/optim";
import { CheckpointError, type Checkpoints, checkpointsIn, type Reached } from "./checkpoints.js";
import { type Extent, type Progress, showProgress } from "./progress.js";
import { inExamples } from "./repository.js";

/** A training: its state is a record of trees of tensors, numbers and random streams, and all that the next step depends on. */
export interface Training<S extends object> {
  readonly name: string;
  /** By which a state of other settings is known. */
  readonly settings: object;
  readonly begin: S;
  readonly steps: number;
  readonly step: (state: S, step: number) => S;
  /** A line to print after a step, if there is something to say. */
  readonly line?: (state: S, done: number) => string | undefined;
}

/** Runs a training to its end. */
export type RunTraining = <S extends object>(training: Training<S>) => Promise<S>;

/**
 * Computes a part of the work, of numbers, texts, arrays and records of them, unless it is there already; it weighs as much as
 * it takes long beside others.
 */
export type Keep = <T>(name: string, compute: () => T, weight?: number) => Promise<T>;

/** Trains without a bar and without checkpoints. */
export const runTraining: RunTraining = async ({ step, begin, steps }) => (await train(step, begin, { steps })).state;

/** Computes, and keeps nothing. */
export const compute: Keep = async (_, work) => work();

export interface Work {
  /** Where the report goes, and the folder of checkpoints. */
  readonly folder: string;
  /** Runs a task with a bar. What its trainings have learned and its parts have given is kept when Ctrl-C stops it. */
  run<T>(
    bar: Extent,
    task: (tools: { readonly runTraining: RunTraining; readonly keep: Keep }) => Promise<T>,
  ): Promise<T>;
  /** Takes the checkpoints away, once nobody needs them. */
  finish(): void;
}

/** Milliseconds between two checkpoints of a training that nobody stops, for the day when the machine itself does. */
const between = 2000;

/**
 * The first Ctrl-C ends the process after the step or the part that runs, the second at once; what was reached is written before.
 * `into` is a folder in place of the example's own.
 */
export function startWork(example: string, { into }: { readonly into?: string | undefined } = {}): Work {
  const folder = into ?? inExamples(example);
  const checkpoints = checkpointsIn(join(folder, "checkpoints"), example);
  const controller = new AbortController();
  const { signal } = controller;
  const current: Current = {};

  function stop(): never {
    current.write?.();
    current.progress?.stop();
    const given = process.argv.slice(2).map((word) => (/\s/.test(word) ? JSON.stringify(word) : word));
    const command = ["npm run", example, ...(given.length > 0 ? ["--"] : []), ...given].join(" ");
    const where = current.progress === undefined ? "" : `: ${current.progress.text()} done`;
    console.log(`\nStopped${where}. The same command goes on from there: ${command}`);
    process.exit(130);
  }
  process.on("SIGINT", () => {
    if (signal.aborted) stop();
    controller.abort();
  });

  return {
    folder,
    async run(bar, task) {
      const progress = showProgress(bar);
      current.progress = progress;
      const tools = { checkpoints, current, progress, signal, stop };
      try {
        return await task({ runTraining: trainer(tools), keep: keeper(tools) });
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw error;
        progress.stop();
        console.error(error.message);
        return process.exit(1);
      } finally {
        progress.stop();
        current.progress = undefined;
        current.write = undefined;
      }
    },
    finish: checkpoints.remove,
  };
}

/** What is under way. */
interface Current {
  progress?: Progress | undefined;
  /** Writes what was reached. */
  write?: (() => void) | undefined;
}

interface Tools {
  readonly checkpoints: Checkpoints;
  readonly current: Current;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly stop: () => never;
}

const trainer =
  ({ checkpoints, current, progress, signal, stop }: Tools): RunTraining =>
  async <S extends object>({ name, settings, begin, steps, step, line }: Training<S>): Promise<S> => {
    let reached: Reached<S> = checkpoints.readState(name, begin, settings) ?? { step: 0, state: begin };
    let written = performance.now();
    const write = (): void => checkpoints.writeState(name, reached, settings);
    current.write = write;
    progress.skip(reached.step);
    const { finished, state } = await train(step, reached.state, {
      ...{ steps, from: reached.step, signal },
      onStep(info) {
        reached = { step: info.step, state: info.state };
        progress.advance();
        const text = line?.(info.state, info.step);
        if (text !== undefined) progress.note(text);
        if (performance.now() - written < between) return;
        write();
        written = performance.now();
      },
    });
    if (!finished) stop();
    write();
    current.write = undefined;
    return state;
  };

function keeper({ checkpoints, progress, signal, stop }: Tools): Keep {
  let parts: Map<string, unknown> | undefined;
  const asked = new Set<string>();
  return async <T>(name: string, work: () => T, weight = 1): Promise<T> => {
    parts ??= checkpoints.readParts();
    if (asked.has(name))
      throw new Error(`two parts are named ${name}: the second would be given what the first one is`);
    asked.add(name);
    if (parts.has(name)) {
      progress.skip(1, weight);
      return parts.get(name) as T;
    }
    await nextTurn();
    if (signal.aborted) stop();
    const result = work();
    parts.set(name, result);
    checkpoints.writeParts(parts);
    progress.advance(weight);
    return result;
  };
}
