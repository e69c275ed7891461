// Which trainings are compared?
import { type Random, random } from "stillpoint";
import type { Split } from "./data.js";
import {
  type Classifier,
  equilibriumClassifier,
  explicitClassifier,
  explicitLayers,
  type ModelName,
} from "./models.js";
import { makeTally } from "./tally.js";
import { makeTrainer, type Settings, type Trainer } from "./training.js";

/** One 80/20 split each; the seed also draws the parameters, the batches and the shifts. */
export const seeds = [0, 1, 2, 3, 4] as const;

export interface Streams {
  readonly split: Random;
  readonly model: Random;
  readonly batches: Random;
  readonly shifts: Random;
}

export function streamsOf(seed: number): Streams {
  const [split, model, batches, shifts] = random(seed).split(4);
  return { split, model, batches, shifts };
}

/** A trainer whose parameters nobody looks into. */
export type AnyTrainer = Trainer<unknown>;

export function trainerOf(name: ModelName, data: Omit<Split, "test">, seed: number, settings: Settings): AnyTrainer {
  const { model, batches, shifts } = streamsOf(seed);
  const tally = makeTally();
  const make = <P>(classifier: Classifier<P>): AnyTrainer =>
    makeTrainer(classifier, data, [batches, shifts], settings, tally) as AnyTrainer;
  return name === "equilibrium"
    ? make(equilibriumClassifier(model, settings, tally.listeners))
    : make(explicitClassifier(model, explicitLayers[name]));
}
