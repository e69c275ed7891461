// How long is a chaotic trajectory of fractional order the same at two resolutions?
//
// Source: Grigorenko and Grigorenko (2003), "Chaotic dynamics of the fractional Lorenz system"
import { concat, mul, sub, type Tensor, tensor } from "stillpoint";
import { productTrapezoid, solveCaputo, spectral } from "stillpoint/fractional";
import { compute, type Keep } from "../shared/work.js";
import { type Comparison, type Curve, curveOf, differences, errorOf, evenTimes, horizon, state } from "./comparison.js";

const [sigma, rho, beta] = [10, 28, 8 / 3];

export const lorenz = (_: Tensor, u: Tensor): Tensor => {
  const [x, y, z] = [0, 1, 2].map((c) => state(u, c));
  return concat([mul(sigma, sub(y, x)), sub(mul(x, sub(rho, z)), y), sub(mul(x, y), mul(beta, z))], 1);
};

/** Above 0.9941 the two resting points of the wings repel. */
export const order = 0.995;
export const duration = 60;
/** Until here the largest errors are told; later they are those of the chaos. */
export const compared = 20;
export const share = 0.01;

export const times = evenTimes(duration, 6000);
/** Of the trapezoid, from one time to the next. */
const perTime = 4;

const initial = tensor([1, 1, 1]);
const options = { order, duration, tolerance: 1e-12 };

const bySpectral = (panels: number): { readonly name: string; readonly curve: Curve } => ({
  name: `spectral, ${panels} × 20`,
  curve: curveOf(solveCaputo(lorenz, initial, { ...options, quadrature: spectral({ nodes: 20, panels }) }), times),
});

/** The times are among its nodes. */
function byTrapezoid(): { readonly name: string; readonly curve: Curve } {
  const steps = perTime * (times.length - 1);
  const { values } = solveCaputo(lorenz, initial, { ...options, quadrature: productTrapezoid(), steps });
  const curve = [0, 1, 2].map((c) => Float64Array.from(times, (_, k) => values.data[3 * perTime * k + c]));
  return { name: `trapezoid, ${steps} steps`, curve };
}

export interface Chaos {
  readonly curve: Curve;
  readonly runs: readonly { readonly name: string; readonly apart: readonly number[]; readonly horizon: number }[];
  readonly comparisons: readonly Comparison[];
}

export async function measureLorenz(keep: Keep = compute): Promise<Chaos> {
  const finest = await keep("Lorenz, finest", () => bySpectral(360), 26);
  const others = [
    await keep("Lorenz, spectral", () => bySpectral(300), 26),
    await keep("Lorenz, trapezoid", byTrapezoid, 26),
  ];
  const early = (whole: Curve): Curve => whole.map((x) => x.filter((_, k) => times[k] <= compared));
  const measured = others.map(({ name, curve }) => ({
    run: { name, apart: differences(curve, finest.curve), horizon: horizon(times, curve, finest.curve, share) },
    comparison: {
      ...{ equation: "Lorenz", order: String(order), duration: compared, quadrature: name, against: finest.name },
      error: errorOf(early(curve), early(finest.curve)),
    },
  }));
  return {
    curve: finest.curve,
    runs: measured.map(({ run }) => run),
    comparisons: measured.map(({ comparison }) => comparison),
  };
}
