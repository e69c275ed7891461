// What becomes of the closed orbits of predators and prey when they remember?
import { concat, mul, sub, type Tensor, tensor } from "stillpoint";
import { solveCaputo, spectral } from "stillpoint/fractional";
import { type Comparison, type Curve, curveOf, errorOf, evenTimes, state } from "./comparison.js";

/** x′ = x (a − b y), y′ = y (d x − c), with D^α in place of the derivative. */
export const [a, b, c, d] = [2 / 3, 4 / 3, 1, 1];

export const lotkaVolterra = (_: Tensor, u: Tensor): Tensor => {
  const [x, y] = [state(u, 0), state(u, 1)];
  return concat([mul(x, sub(a, mul(b, y))), mul(y, sub(mul(d, x), c))], 1);
};

/** At order 1 it is the same at all times. */
export const conserved = ([x, y]: Curve): Float64Array =>
  x.map((prey, k) => d * prey - c * Math.log(prey) + b * y[k] - a * Math.log(y[k]));

export const orders = [1, 0.95, 0.8] as const;
export const start = [1.8, 0.9] as const;
export const duration = 40;
export const times = evenTimes(duration, 800);

export interface Hunt {
  readonly runs: readonly { readonly order: number; readonly curve: Curve }[];
  readonly comparisons: readonly Comparison[];
}

export function measureHunt(): Hunt {
  const solve = (order: number, panels: number): Curve => {
    const options = { order, duration, quadrature: spectral({ nodes: 20, panels }), tolerance: 1e-13 };
    return curveOf(solveCaputo(lotkaVolterra, tensor(start), options), times);
  };
  const measured = orders.map((order) => {
    const curve = solve(order, 48);
    const common = { equation: "Lotka–Volterra", order: String(order), duration };
    const resolutions = {
      ...{ ...common, quadrature: "spectral, 40 × 20", against: "spectral, 48 × 20" },
      error: errorOf(solve(order, 40), curve),
    };
    if (order !== 1) return { run: { order, curve }, comparisons: [resolutions] };
    const value = conserved(curve);
    const constant = {
      ...{ ...common, quadrature: resolutions.against, against: "its constant of motion" },
      error: errorOf([value], [value.map(() => value[0])]),
    };
    return { run: { order, curve }, comparisons: [constant, resolutions] };
  });
  return {
    runs: measured.map(({ run }) => run),
    comparisons: measured.flatMap(({ comparisons }) => comparisons),
  };
}
