// How is an equation for lynx and hare fitted, with its order learned or fixed to 1?
import { add, mul, random, slice, type Tensor, tanh, tensor, valueAndGrad } from "stillpoint";
import { solveCaputo } from "stillpoint/fractional";
import { meanSquaredError, mlp } from "stillpoint/nn";
import { adam, cosineSchedule } from "stillpoint/optim";

/** The same for both kinds of equation. */
export const fitting = {
  sizes: [2, 16, 2],
  stepsPerYear: 2,
  updates: 800,
  firstRate: 2e-2,
  lastRate: 1e-4,
  /** The first so many years are fitted first, then all: a long oscillation cannot be found at once from nothing. */
  firstOrder: 0.9,
} as const;

export type OrderKind = "learned" | "fixed";

export interface Fit {
  readonly kind: OrderKind;
  readonly seed: number;
  readonly order: number;
  readonly loss: number;
  /** Standardised logarithms on the fine grid of all years, fitted and forecast. */
  readonly path: readonly (readonly number[])[];
}

interface Params {
  readonly layers: ReturnType<typeof mlp>["params"];
  readonly start: Tensor;
  readonly rho: Tensor;
}

/** Any real ρ gives an order in (0, 1). */
const orderOf = (kind: OrderKind, rho: Tensor): number | Tensor => (kind === "fixed" ? 1 : mul(0.5, add(1, tanh(rho))));

function fineGrid(kind: OrderKind, apply: ReturnType<typeof mlp>["apply"], params: Params, years: number): Tensor {
  return solveCaputo((_t, u) => apply(params.layers, u), params.start, {
    order: orderOf(kind, params.rho),
    duration: years,
    steps: years * fitting.stepsPerYear,
  }).values;
}

/** Rows 0, k, 2k, … of the fine grid: the years. */
const yearly = (values: Tensor): Tensor => slice(values, [0, 0], values.shape, [fitting.stepsPerYear, 1]);

export function fit(kind: OrderKind, seed: number, rows: readonly (readonly number[])[], fitted: number): Fit {
  const net = mlp(fitting.sizes, { activation: tanh, random: random(seed) });
  const objectiveFor = (years: number) => { const target = tensor(rows.slice(0, years + 1)); return valueAndGrad((params: Params) => {
    return meanSquaredError(yearly(fineGrid(kind, net.apply, params, years)), target);
  });};
  const optimiser = adam({ learningRate: cosineSchedule({ from: fitting.firstRate, to: fitting.lastRate, steps: fitting.updates }) });
  let params: Params = { layers: net.params, start: tensor(rows[0]), rho: tensor(Math.atanh(2 * fitting.firstOrder - 1)) };
  let state = optimiser.init(params);
  let loss = 0;
  for (let i = 0; i < fitting.updates; i++) {
    const { value, gradient } = objectiveFor(i < fitting.updates * 0.25 ? 8 : fitted - 1)(params);
    loss = value.item();
    if (i % 100 === 0) console.log(kind, seed, i, loss, orderOf(kind, params.rho) instanceof Object ? (orderOf(kind, params.rho) as Tensor).item() : 1);
    ({ params, state } = optimiser.update(gradient, state, params));
  }
  const order = orderOf(kind, params.rho);
  return {
    kind, seed, loss,
    order: typeof order === "number" ? order : order.item(),
    path: fineGrid(kind, net.apply, params, rows.length - 1).toArray() as number[][],
  };
}
