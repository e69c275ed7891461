// How is a fractional equation with a network as its right side fitted to observations, update by update?
import {
  ConvergenceError,
  DomainError,
  exp,
  jit,
  log,
  random,
  slice,
  type Tensor,
  tanh,
  tensor,
  valueAndGrad,
} from "stillpoint";
import { boundedOrder, solveCaputo } from "stillpoint/fractional";
import { loadTraining } from "stillpoint/io";
import { type Affine, meanSquaredError, mlp } from "stillpoint/nn";
import { type AdamState, adam, cosineSchedule } from "stillpoint/optim";
import { limits, type Observations, spacingOf } from "./observations.js";

/** All are numbers, so that they stand in a checkpoint. */
export interface Settings {
  /** Units of the hidden layer. */
  readonly width: number;
  /** Steps of the solver from one sample to the next. */
  readonly stepsPerSample: number;
  /** The learning rate of the first update; it falls as a cosine does. */
  readonly rate: number;
  readonly updates: number;
  /** 1: the order is learned, and starts at `order`; 0: it stays there. */
  readonly learned: number;
  readonly order: number;
  /** The last samples, which no update sees. */
  readonly heldBack: number;
  /** 1: columns of positive numbers are fitted as logarithms. */
  readonly logarithms: number;
  /** Of the network. */
  readonly seed: number;
}

export const defaults: Settings = {
  width: 16,
  stepsPerSample: 2,
  rate: 0.02,
  updates: 3000,
  learned: 1,
  order: 0.9,
  heldBack: 4,
  logarithms: 1,
  seed: 1,
};

/** From and to what a setting goes, and whether it is an integer. */
export const ranges: Readonly<Record<keyof Settings, readonly [number, number, boolean]>> = {
  width: [2, 64, true],
  stepsPerSample: [1, 16, true],
  rate: [1e-4, 1, false],
  updates: [1, 20_000, true],
  learned: [0, 1, true],
  order: [0.05, 1, false],
  heldBack: [0, limits.rows[1], true],
  logarithms: [0, 1, true],
  seed: [0, 1e6, true],
};

/** So that some samples remain to be fitted. */
const fewestFitted = 4;

/** Steps of the solver in all, so that one update takes seconds at most; between unequal times each step has weights of its own. */
const mostSteps = { equidistant: 4000, others: 1000 } as const;

/** @throws DomainError */
export function checkSettings(settings: Settings, times: readonly number[]): void {
  const samples = times.length;
  for (const [name, [low, high, whole]] of Object.entries(ranges)) {
    const value = settings[name as keyof Settings];
    if (value >= low && value <= high && (!whole || Number.isInteger(value))) continue;
    const kind = whole ? "an integer" : "a number";
    throw new DomainError(`training: expected ${name} to be ${kind} from ${low} to ${high}, received ${value}`);
  }
  if (settings.learned === 1 && settings.order > 0.95) {
    throw new DomainError(
      `training: expected a learned order to start at 0.95 or below, received ${settings.order}; start lower, or fix it`,
    );
  }
  const steps = (samples - 1) * settings.stepsPerSample;
  const most = spacingOf(times).equidistant ? mostSteps.equidistant : mostSteps.others;
  if (steps > most) {
    throw new DomainError(
      `training: expected at most ${most} steps from the first sample to the last, received ${steps}; take fewer per sample, or fewer samples`,
    );
  }
  if (samples - settings.heldBack < fewestFitted) {
    throw new DomainError(
      `training: expected at least ${fewestFitted} of ${samples} samples to be fitted, received heldBack ${settings.heldBack}; hold back fewer`,
    );
  }
}

/**
 * From values of a column to the scale of the fit, with mean 0 and spread 1 over the fitted samples, and back. Logarithms are
 * the library's, which have the same bits in every engine; those of Math have not.
 */
interface Scale {
  readonly logarithm: boolean;
  to(values: readonly number[]): number[];
  back(units: readonly number[]): number[];
}

const average = (xs: readonly number[]): number => xs.reduce((total, x) => total + x, 0) / xs.length;
const square = (x: number): number => x * x;

function scaleOf(column: readonly number[], fitted: number, logarithms: boolean): Scale {
  const logarithm = logarithms && column.every((x) => x > 0);
  const into = (xs: readonly number[]): number[] => (logarithm ? [...log(tensor([...xs])).data] : [...xs]);
  const known = into(column.slice(0, fitted));
  const mean = average(known);
  const spread = Math.sqrt(average(known.map((x) => square(x - mean)))) || 1;
  return {
    logarithm,
    to: (values) => into(values).map((x) => (x - mean) / spread),
    back(units) {
      const values = units.map((x) => mean + spread * x);
      return logarithm ? [...exp(tensor(values)).data] : values;
    },
  };
}

const columnOf = (rows: readonly (readonly number[])[], column: number): number[] => rows.map((row) => row[column]);
/** The rows of columns. */
const turned = (columns: readonly (readonly number[])[]): number[][] =>
  columns[0].map((_, i) => columns.map((column) => column[i]));

interface Params {
  readonly layers: readonly Affine[];
  /** u(0), which starts at the first sample and is learned too. */
  readonly start: Tensor;
  /** The order is boundedOrder(rho), or fixed. */
  readonly rho: Tensor;
}

/** All that the next update depends on, what it is fitted to, and what was noted so far. */
export interface TrainingState {
  readonly params: Params;
  readonly optimiser: AdamState;
  /** Updates done. */
  readonly step: number;
  /** [updates, 2]: loss before and order after each update, NaN for those to come. */
  readonly history: Tensor;
  readonly settings: Settings;
  readonly data: {
    readonly times: Tensor;
    readonly values: Tensor;
    /** The names of all columns, that of the time first, as numbers of their characters. */
    readonly names: readonly Tensor[];
  };
}

/** The fitted equation on its own grid, from the first sample to the last. */
export interface Trajectory {
  readonly times: readonly number[];
  readonly values: readonly (readonly number[])[];
}

export interface Fit {
  readonly begin: TrainingState;
  /** Samples that may be fitted. */
  readonly fitted: number;
  /** The samples as they are fitted: times in mean gaps from the first, values in spreads. */
  readonly samples: Trajectory;
  /** Whether a column is fitted as logarithms. */
  readonly logarithms: readonly boolean[];
  /** The network, the right side of the equation. @shape u [..., columns] → the same */
  field(state: TrainingState, u: Tensor): Tensor;
  /** The state after one more update. @throws DomainError if the loss is not finite */
  step(state: TrainingState): TrainingState;
  /** Shorter, or empty, where the equation has no solution that can be found so far. */
  trajectory(state: TrainingState): Trajectory;
  /** Samples that the next update fits. */
  samplesAt(step: number): number;
  /** Root of the mean square of what is off, in spreads, over the fitted samples and over those held back. */
  errors(state: TrainingState): { readonly fitted: number; readonly heldBack: number };
}

/** The fit starts with few samples and takes in one after the other, until this share of the updates is done. */
const growing = { first: 5, share: 0.5 } as const;

/** The rate falls to this share of the first. */
const lastShare = 0.005;

const codesOf = (text: string): Tensor => tensor([...text].map((mark) => mark.codePointAt(0) ?? 0));
const textOf = (codes: Tensor): string => String.fromCodePoint(...codes.data);

function noteUpdate(history: Tensor, step: number, loss: number, order: number): Tensor {
  const data = history.data.slice();
  data.set([loss, order], 2 * step);
  return tensor(data, history.shape);
}

/**
 * D^α u = mlp(u) for u the scaled values and time in mean gaps between samples: mean squared error at the samples, Adam with
 * a cosine schedule, all of an update one plan.
 *
 * @throws DomainError if a setting is out of its range.
 */
export function makeFit(observations: Observations, settings: Settings): Fit {
  const { times, values, names } = observations;
  checkSettings(settings, times);
  const { width, stepsPerSample, updates, rate } = settings;
  const isLearned = settings.learned === 1;
  const fitted = times.length - settings.heldBack;
  const scales = names.map((_, c) => scaleOf(columnOf(values, c), fitted, settings.logarithms === 1));
  const units = turned(scales.map((scale, c) => scale.to(columnOf(values, c))));
  const { equidistant, mean } = spacingOf(times);
  const grid = times.flatMap((time, i) => {
    const gap = i + 1 < times.length ? times[i + 1] - time : 0;
    const inner = i + 1 < times.length ? stepsPerSample : 1;
    return Array.from({ length: inner }, (_, k) => time + (gap * k) / stepsPerSample);
  });
  const inGaps = (time: number): number => (time - times[0]) / mean;
  const nodes = grid.map(inGaps);
  const net = mlp([names.length, width, names.length], { activation: tanh, random: random(settings.seed) });
  const orderOf = (params: Params): Tensor => (isLearned ? boundedOrder(params.rho) : tensor(settings.order));

  function pathOf(params: Params, samples: number): Tensor {
    const steps = (samples - 1) * stepsPerSample;
    const axis = equidistant ? { duration: samples - 1, steps } : { times: nodes.slice(0, steps + 1) };
    const options = { order: isLearned ? boundedOrder(params.rho) : settings.order, ...axis };
    return solveCaputo((_t, u) => net.apply(params.layers, u), params.start, options).values;
  }
  const lossAndGradient = valueAndGrad((params: Params, target: Tensor) => {
    const path = pathOf(params, target.shape[0]);
    return meanSquaredError(slice(path, [0, 0], path.shape, [stepsPerSample, 1]), target);
  });
  const optimiser = adam({ learningRate: cosineSchedule({ from: rate, to: lastShare * rate, steps: updates }) });
  const update = jit((params: Params, state: AdamState, target: Tensor) => {
    const { value, gradient } = lossAndGradient(params, target);
    return { loss: value, ...optimiser.update(gradient, state, params) };
  });
  const wholePath = jit((params: Params) => pathOf(params, times.length));

  /** Rows of the grid; those up to the samples of this update, or none, where the equation leads nowhere beyond. */
  function rowsOf({ params, step }: TrainingState): number[][] {
    for (const path of [wholePath, (p: Params) => pathOf(p, samplesAt(step))]) {
      try {
        return path(params).toArray() as number[][];
      } catch (error) {
        if (!(error instanceof ConvergenceError)) throw error;
      }
    }
    return [];
  }

  const samplesAt = (step: number): number => {
    const first = Math.min(fitted, growing.first);
    return Math.min(fitted, first + Math.floor(((fitted - first) * step) / (growing.share * updates)));
  };
  const rootMeanSquare = (rows: readonly (readonly number[])[], from: number): number =>
    Math.sqrt(average(rows.flatMap((row, i) => row.map((x, c) => square(x - units[from + i][c])))));

  const params: Params = {
    layers: net.params,
    start: tensor(units[0]),
    rho: isLearned ? log(settings.order / (1 - settings.order)) : tensor(0),
  };
  return {
    fitted,
    samplesAt,
    samples: { times: times.map(inGaps), values: units },
    logarithms: scales.map(({ logarithm }) => logarithm),
    field: (state, u) => net.apply(state.params.layers, u),
    begin: {
      params,
      optimiser: optimiser.init(params),
      step: 0,
      history: tensor(new Float64Array(2 * updates).fill(Number.NaN), [updates, 2]),
      settings,
      data: { times: tensor([...times]), values: tensor(values), names: [observations.time, ...names].map(codesOf) },
    },
    step(state) {
      const done = update(state.params, state.optimiser, tensor(units.slice(0, samplesAt(state.step))));
      const loss = done.loss.item();
      if (!Number.isFinite(loss)) {
        throw new DomainError(
          `training: expected a finite loss, received ${loss} in update ${state.step + 1}; choose a lower learning rate`,
        );
      }
      return {
        ...state,
        params: done.params,
        optimiser: done.state,
        step: state.step + 1,
        history: noteUpdate(state.history, state.step, loss, orderOf(done.params).item()),
      };
    },
    trajectory(state) {
      const rows = rowsOf(state);
      if (rows.length === 0) return { times: [], values: [] };
      return {
        times: grid.slice(0, rows.length),
        values: turned(scales.map((scale, c) => scale.back(columnOf(rows, c)))),
      };
    },
    errors(state) {
      const samples = rowsOf(state).filter((_, i) => i % stepsPerSample === 0);
      const reached = (count: number, off: () => number): number => (samples.length < count ? Infinity : off());
      return {
        fitted: reached(fitted, () => rootMeanSquare(samples.slice(0, fitted), 0)),
        heldBack: reached(times.length, () => rootMeanSquare(samples.slice(fitted), fitted)),
      };
    },
  };
}

/** The order after the last update, or the one to begin with. */
export const orderAt = ({ history, step, settings }: TrainingState): number =>
  step === 0 ? settings.order : history.data[2 * step - 1];

/** Losses and orders of all updates done. */
export function historyOf({ history, step }: TrainingState): { losses: number[]; orders: number[] } {
  const noted = Array.from({ length: step }, (_, k) => k);
  return { losses: noted.map((k) => history.data[2 * k]), orders: noted.map((k) => history.data[2 * k + 1]) };
}

/**
 * The training in a checkpoint, with its data and settings.
 *
 * @throws DomainError if the bytes are damaged, or those of another kind of file.
 * @throws ShapeError if they hold another kind of state.
 */
export function restoreFit(bytes: Uint8Array): { observations: Observations; fit: Fit; state: TrainingState } {
  const { settings, data } = loadTraining<TrainingState>(bytes);
  if (typeof settings?.width !== "number" || data?.values?.shape?.length !== 2 || !Array.isArray(data.names)) {
    throw new DomainError(
      "restoreFit: expected a training of this page, received one of another program; choose a file that was saved here",
    );
  }
  const [time, ...names] = data.names.map(textOf);
  const times = data.times.toArray() as number[];
  const values = data.values.toArray() as number[][];
  const observations = { time, names, times, values };
  const fit = makeFit(observations, settings);
  return { observations, fit, state: loadTraining(bytes, fit.begin) };
}
