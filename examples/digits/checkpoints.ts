// How does training go on after it was stopped?
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { loadTraining, saveTraining } from "stillpoint/io";
import { inExamples } from "../shared/repository.js";
import type { TrainingState } from "./training.js";

const folder = inExamples("digits", "checkpoints");

export const checkpointFile = (name: string): string =>
  inExamples("digits", "checkpoints", `${name.replaceAll(" ", "-")}.safetensors`);

/** Written beside and then renamed: a process that ends meanwhile leaves the last one whole. */
export function writeCheckpoint(file: string, state: TrainingState<unknown>): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, saveTraining(state));
  renameSync(`${file}.part`, file);
}

/** The state in the file if there is one, and otherwise the one with which training begins. */
export function readCheckpoint<P>(file: string, begin: TrainingState<P>): TrainingState<P> {
  if (!existsSync(file)) return begin;
  const state = loadTraining<TrainingState<P>>(readFileSync(file), begin);
  if (JSON.stringify(state.settings) !== JSON.stringify(begin.settings)) {
    throw new Error(`${file} was made with other settings: remove it to begin anew`);
  }
  return state;
}

export const removeCheckpoints = (): void => rmSync(folder, { recursive: true, force: true });
