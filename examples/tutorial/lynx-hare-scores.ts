// How near are the fitted equations, and two simple predictors, to what was observed?

import type { RunTraining } from "../shared/work.js";
import { average, type Observations, type Rows, readObservations, type Scale, scaleOf } from "./lynx-hare-data.js";
import { type Fit, fitEquation, fitting, type OrderKind, type Start } from "./lynx-hare-fit.js";

export const seeds = [0, 1, 2, 3, 4] as const;
export const kinds: readonly OrderKind[] = ["learned", "fixed"];
export const firstOrder = 0.9;

const starts = seeds.flatMap((seed) => kinds.map((kind): Start => ({ kind, seed, firstOrder })));
/** Tells whether the data or the start decides what order is learned; it takes no part in medians. */
const otherStart: Start = { kind: "learned", seed: seeds[0], firstOrder: 0.6 };

/** Root mean squared errors over years and species: of natural logarithms, and in thousand pelts. */
export interface Errors {
  readonly log: number;
  readonly pelts: number;
}

export interface Score {
  /** Absent where a predictor says nothing about the fitted years. */
  readonly fit?: Errors;
  readonly forecast: Errors;
}

export interface ScoredFit extends Fit, Score {
  readonly fit: Errors;
  /** The path in thousand pelts. */
  readonly pelts: Rows;
}

export interface LynxHare {
  /** Of each fit. */
  readonly updates: number;
  readonly observations: Observations;
  readonly fits: readonly ScoredFit[];
  readonly otherStart: ScoredFit;
  readonly lastValue: Score;
  readonly meanValue: Score;
}

const rms = (xs: readonly number[]): number => Math.sqrt(average(xs.map((x) => x * x)));

function errorsOf(predicted: Rows, observed: Rows): Errors {
  const over = (f: (x: number) => number): number =>
    rms(observed.flatMap((row, i) => row.map((x, s) => f(predicted[i][s]) - f(x))));
  return { log: over(Math.log), pelts: over((x) => x) };
}

function scoreFit(fit: Fit, { pelts, fitted }: Observations, scale: Scale): ScoredFit {
  const path = scale.toPelts(fit.path);
  const yearly = path.filter((_, i) => i % fitting.stepsPerYear === 0);
  return {
    ...fit,
    pelts: path,
    fit: errorsOf(yearly.slice(0, fitted), pelts.slice(0, fitted)),
    forecast: errorsOf(yearly.slice(fitted), pelts.slice(fitted)),
  };
}

const errorsOfConstant = (value: readonly number[], observed: Rows): Errors =>
  errorsOf(
    observed.map(() => value),
    observed,
  );

/** Fits both kinds of equation from the same seeds. */
export async function runLynxHare(updates: number, runTraining: RunTraining): Promise<LynxHare> {
  const observations = readObservations();
  const { pelts, fitted } = observations;
  const scale = scaleOf(observations);
  const rows = scale.toUnits(pelts);
  const fits: ScoredFit[] = [];
  for (const start of [...starts, otherStart]) {
    const fit = await fitEquation(start, rows, { fitted, updates, runTraining });
    fits.push(scoreFit(fit, observations, scale));
  }
  const [past, future] = [pelts.slice(0, fitted), pelts.slice(fitted)];
  const [typical] = scale.toPelts([[0, 0]]);
  return {
    updates,
    observations,
    fits: fits.slice(0, starts.length),
    otherStart: fits[starts.length],
    lastValue: { forecast: errorsOfConstant(past[fitted - 1], future) },
    meanValue: { fit: errorsOfConstant(typical, past), forecast: errorsOfConstant(typical, future) },
  };
}

export const fitCount = starts.length + 1;
