// What does Chua's circuit do when its three states have three orders?
//
// Source: Petráš (2008), "A note on the fractional-order Chua's system", for orders of one's own; the cubic resistor is that of
// Hartley, Lorenzo and Qammer (1995), "Chaos in a fractional order Chua's system"
import { add, concat, div, mul, pow, sub, type Tensor, tensor } from "stillpoint";
import { solveCaputo, spectral } from "stillpoint/fractional";
import { compute, type Keep } from "../shared/work.js";
import { type Comparison, type Curve, curveOf, errorOf, evenTimes, state } from "./comparison.js";
import { knownTrajectories } from "./reference-trajectories.js";

export const [gain, decay] = [12.75, 14.285714285714286];

export const chua = (_: Tensor, u: Tensor): Tensor => {
  const [x, y, z] = [0, 1, 2].map((c) => state(u, c));
  const resistor = div(sub(x, mul(2, pow(x, 3))), 7);
  return concat([mul(gain, add(y, resistor)), add(sub(x, y), z), mul(-decay, y)], 1);
};

export const duration = 60;
export const times = evenTimes(duration, 2400);

export interface Circuit {
  readonly curve: Curve;
  readonly comparisons: readonly Comparison[];
}

export async function measureChua(keep: Keep = compute): Promise<Circuit> {
  const [known] = knownTrajectories("chua_multi_order");
  const { order, u0 } = known;
  const solve = (end: number, nodes: number, panels: number, at: readonly number[]): Curve => {
    const options = { order, duration: end, quadrature: spectral({ nodes, panels }), tolerance: 1e-14 };
    return curveOf(solveCaputo(chua, tensor(u0), options), at);
  };
  const short = errorOf(solve(known.duration, 32, 1, known.times), known.curve);
  const curve = await keep("Chua, finer", () => solve(duration, 20, 180, times), 19);
  const coarse = await keep("Chua, coarser", () => solve(duration, 20, 150, times), 19);
  const common = { equation: "Chua", order: String(order).replaceAll(",", ", ") };
  return {
    curve,
    comparisons: [
      {
        ...{ ...common, duration: known.duration, quadrature: "spectral, 1 × 32" },
        ...{ against: "power series", error: short },
      },
      {
        ...{ ...common, duration, quadrature: "spectral, 150 × 20" },
        ...{ against: "spectral, 180 × 20", error: errorOf(coarse, curve) },
      },
    ],
  };
}
