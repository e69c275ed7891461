// How fast do two solvers reach the fixed point of one discrete fractional equation?
import {
  add,
  anderson,
  broadcastTo,
  fixedPointWithReport,
  linspace,
  picard,
  random,
  relu,
  type Solver,
  type Tensor,
} from "stillpoint";
import { caputoIntegral } from "stillpoint/fractional";
import { mlp } from "stillpoint/nn";

/** The seed's own example, solved further. */
export const example = {
  order: 0.8,
  duration: 1,
  steps: 20,
  states: 2,
  samples: 3,
  tolerance: 1e-10,
  seed: 0,
} as const;

export interface ResidualHistory {
  readonly solver: string;
  /** ‖f(z) − z‖∞ before each iteration, and at the end. */
  readonly residuals: readonly number[];
}

/** z = u₀ + I^α f(z) for the whole trajectory at once, from z = u₀. */
export function residualHistories(): readonly ResidualHistory[] {
  const { order, duration, steps, states, samples, tolerance, seed } = example;
  const [networkStream, startStream] = random(seed).split(2);
  const net = mlp([states, 3 * states, 3 * states, states], { activation: relu, random: networkStream });
  const u0 = startStream.normal([samples, states]);
  const times = linspace(0, duration, steps + 1).toArray() as number[];
  const start = broadcastTo(u0, [steps + 1, samples, states]);
  const equation = (z: Tensor): Tensor => add(u0, caputoIntegral(net.apply(net.params, z), { order, times }));
  return [picard(), anderson()].map((solver: Solver) => {
    const { report } = fixedPointWithReport(equation, start, { solver, tolerance });
    return { solver: report.solver, residuals: report.residuals };
  });
}
