// How does a reaction with a limit cycle approach it when it remembers?
//
// Source: Gafiychuk and Datsko (2008), "Stability analysis and limit cycle in fractional system with Brusselator nonlinearities"
import { add, concat, mul, square, sub, type Tensor, tensor } from "stillpoint";
import { solveCaputo, spectral } from "stillpoint/fractional";
import { compute, type Keep } from "../shared/work.js";
import { type Comparison, type Curve, curveOf, errorOf, evenTimes, state } from "./comparison.js";
import { knownTrajectories } from "./reference-trajectories.js";

export const brusselator =
  (a: number, b: number) =>
  (_: Tensor, u: Tensor): Tensor => {
    const [x, y] = [state(u, 0), state(u, 1)];
    const x2y = mul(square(x), y);
    return concat([add(sub(a, mul(b + 1, x)), x2y), sub(mul(b, x), x2y)], 1);
  };

export const [a, b] = [1, 4];
export const orders = [1, 0.9, 0.8] as const;
export const start = [1.2, 2.8] as const;
export const duration = 20;
export const times = evenTimes(duration, 2000);

export interface Reaction {
  readonly runs: readonly { readonly order: number; readonly curve: Curve }[];
  readonly comparisons: readonly Comparison[];
}

function againstSeries(): readonly Comparison[] {
  return knownTrajectories("brusselator").map((known) => {
    const { order, u0, parameters, duration } = known;
    const panels = duration > 1 ? 4 : 1;
    const options = { order, duration, quadrature: spectral({ nodes: 32, panels }), tolerance: 1e-14 };
    const solution = solveCaputo(brusselator(parameters.A, parameters.B), tensor(u0), options);
    return {
      ...{ equation: "Brusselator", order: String(order), duration },
      quadrature: `spectral, ${panels} × 32`,
      against: panels > 1 ? "two resolutions, 15 digits" : "power series",
      error: errorOf(curveOf(solution, known.times), known.curve),
    };
  });
}

export async function measureBrusselator(keep: Keep = compute): Promise<Reaction> {
  const solve = (order: number, panels: number): Curve => {
    const quadrature = spectral({ nodes: 20, panels });
    const options = { order, duration, quadrature, tolerance: 1e-12 };
    return curveOf(solveCaputo(brusselator(a, b), tensor(start), options), times);
  };
  const measure = (order: number) => {
    const curve = solve(order, 120);
    const comparison = {
      ...{ equation: "Brusselator", order: String(order), duration, quadrature: "spectral, 100 × 20" },
      ...{ against: "spectral, 120 × 20", error: errorOf(solve(order, 100), curve) },
    };
    return { run: { order, curve }, comparison };
  };
  const measured: ReturnType<typeof measure>[] = [];
  for (const order of orders) measured.push(await keep(`Brusselator, order ${order}`, () => measure(order), 10));
  return {
    runs: measured.map(({ run }) => run),
    comparisons: [...againstSeries(), ...measured.map(({ comparison }) => comparison)],
  };
}
