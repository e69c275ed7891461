// How near are the fitted equations, and two simple predictors, to what was observed?
import { average, type Observations, type Rows, readObservations, scaleOf } from "./lynx-hare-data.js";
import { type Fit, fitEquation, fitting, type OrderKind } from "./lynx-hare-fit.js";

export const seeds = [0, 1, 2, 3, 4] as const;
export const kinds: readonly OrderKind[] = ["learned", "fixed"];

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
  readonly observations: Observations;
  readonly fits: readonly ScoredFit[];
  readonly lastValue: Score;
  readonly meanValue: Score;
}

const rms = (xs: readonly number[]): number => Math.sqrt(average(xs.map((x) => x * x)));

function errorsOf(predicted: Rows, observed: Rows): Errors {
  const over = (f: (x: number) => number): number =>
    rms(observed.flatMap((row, i) => row.map((x, s) => f(predicted[i][s]) - f(x))));
  return { log: over(Math.log), pelts: over((x) => x) };
}

export function scoreLynxHare(observations: Observations, fits: readonly Fit[]): LynxHare {
  const { pelts, fitted } = observations;
  const [past, future] = [pelts.slice(0, fitted), pelts.slice(fitted)];
  const { toPelts } = scaleOf(observations);
  const scored = fits.map((fit) => {
    const path = toPelts(fit.path);
    const yearly = path.filter((_, i) => i % fitting.stepsPerYear === 0);
    return {
      ...fit,
      pelts: path,
      fit: errorsOf(yearly.slice(0, fitted), past),
      forecast: errorsOf(yearly.slice(fitted), future),
    };
  });
  const [typical] = toPelts([[0, 0]]);
  return {
    observations,
    fits: scored,
    lastValue: {
      forecast: errorsOf(
        future.map(() => past[fitted - 1]),
        future,
      ),
    },
    meanValue: {
      fit: errorsOf(
        past.map(() => typical),
        past,
      ),
      forecast: errorsOf(
        future.map(() => typical),
        future,
      ),
    },
  };
}

/** Fits both kinds of equation from the same seeds; `onUpdate` is told how many of all updates are done. */
export async function runLynxHare(onUpdate: (done: number) => void | Promise<void>): Promise<LynxHare> {
  const observations = readObservations();
  const rows = scaleOf(observations).toUnits(observations.pelts);
  const fits: Fit[] = [];
  let done = 0;
  for (const seed of seeds) {
    for (const kind of kinds) {
      fits.push(await fitEquation(kind, seed, rows, observations.fitted, () => onUpdate(++done)));
    }
  }
  return scoreLynxHare(observations, fits);
}

export const lynxHareUpdates = seeds.length * kinds.length * fitting.updates;

export function median(xs: readonly number[]): number {
  const sorted = [...xs].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
