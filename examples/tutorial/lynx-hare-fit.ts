// How is an equation for lynx and hare fitted, with its order learned or fixed to 1?
import { add, mul, random, slice, type Tensor, tanh, tensor, valueAndGrad } from "stillpoint";
import { solveCaputo } from "stillpoint/fractional";
import { type Affine, type Layer, meanSquaredError, mlp } from "stillpoint/nn";
import { type AdamState, adam, cosineSchedule } from "stillpoint/optim";
import type { RunTraining } from "../shared/work.js";
import type { Rows } from "./lynx-hare-data.js";

/** Everything here is the same for both kinds of equation. */
export const fitting = {
  sizes: [2, 16, 2],
  stepsPerYear: 2,
  firstRate: 2e-2,
  lastRate: 1e-4,
  /** The fit starts with the first years and takes in one after the other, until this share of the updates is done. */
  firstYears: 4,
  growingShare: 0.5,
} as const;

export type OrderKind = "learned" | "fixed";

/** Which equation is fitted, from which initial parameters. */
export interface Start {
  readonly kind: OrderKind;
  /** Of the network. */
  readonly seed: number;
  /** Where a learned order starts. */
  readonly firstOrder: number;
}

export interface Fit extends Start {
  readonly order: number;
  /** The weights of the network. */
  readonly layers: readonly Affine[];
  /** On the grid of all years, fitted and forecast, `stepsPerYear` rows a year. */
  readonly path: Rows;
}

interface Params {
  readonly layers: readonly Affine[];
  /** u(0), which starts at the first observation and is learned too. */
  readonly start: Tensor;
  readonly rho: Tensor;
}

/** Any real ρ gives an order between 0 and 1, so that no update can leave the orders that one initial value allows. */
const orderOf = (kind: OrderKind, rho: Tensor): Tensor => (kind === "fixed" ? tensor(1) : mul(0.5, add(1, tanh(rho))));

function pathOf(kind: OrderKind, { apply }: Layer<readonly Affine[]>, params: Params, years: number): Tensor {
  return solveCaputo((_t, u) => apply(params.layers, u), params.start, {
    order: orderOf(kind, params.rho),
    duration: years,
    steps: years * fitting.stepsPerYear,
  }).values;
}

/** The rows of the grid that fall on years. */
const yearly = (path: Tensor): Tensor => slice(path, [0, 0], path.shape, [fitting.stepsPerYear, 1]);

/** Years after the first that update `step` fits, of `all`: a long oscillation is not found at once from nothing. */
function yearsAt(step: number, updates: number, all: number): number {
  const { firstYears, growingShare } = fitting;
  return Math.min(all, firstYears + Math.floor(((all - firstYears) * step) / (growingShare * updates)));
}

/** All that the next update depends on. */
interface Fitting {
  readonly params: Params;
  readonly optimiser: AdamState;
}

export interface FitOptions {
  /** How many of the rows are fitted, the first ones. */
  readonly fitted: number;
  readonly updates: number;
  readonly runTraining: RunTraining;
}

/** Fits the first of the rows, one a year. */
export async function fitEquation(begin: Start, rows: Rows, options: FitOptions): Promise<Fit> {
  const { kind, seed, firstOrder } = begin;
  const { fitted, updates, runTraining } = options;
  const net = mlp(fitting.sizes, { activation: tanh, random: random(seed) });
  const lossAndGradient = valueAndGrad((params: Params, target: Tensor) =>
    meanSquaredError(yearly(pathOf(kind, net, params, target.shape[0] - 1)), target),
  );
  const { firstRate, lastRate } = fitting;
  const optimiser = adam({ learningRate: cosineSchedule({ from: firstRate, to: lastRate, steps: updates }) });
  const first: Params = { layers: net.params, start: tensor(rows[0]), rho: tensor(Math.atanh(2 * firstOrder - 1)) };
  const { params } = await runTraining({
    name: `act 2, ${kind} order from ${firstOrder}, seed ${seed}`,
    settings: { ...fitting, ...begin, fitted, updates },
    begin: { params: first, optimiser: optimiser.init(first) },
    steps: updates,
    step({ params, optimiser: moments }: Fitting, update): Fitting {
      const years = yearsAt(update, updates, fitted - 1);
      const { gradient } = lossAndGradient(params, tensor(rows.slice(0, years + 1)));
      const next = optimiser.update(gradient, moments, params);
      return { params: next.params, optimiser: next.state };
    },
  });
  return {
    ...begin,
    order: orderOf(kind, params.rho).item(),
    layers: params.layers,
    path: pathOf(kind, net, params, rows.length - 1).toArray() as number[][],
  };
}
