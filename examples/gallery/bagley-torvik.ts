// How does a plate swing in a viscous fluid, u″ + b D^(3/2) u + c u = f(t)?
//
// With x₁ = u, x₂ = D^½ u, x₃ = u′, x₄ = D^(3/2) u it is a system of order ½: each derivative is the next state, and that of
// x₄ is u″. It starts from (u(0), 0, u′(0), 0).
//
// Sources: Bagley and Torvik (1984), "On the appearance of the fractional derivative in the behavior of real materials";
// Diethelm and Ford (2002), "Numerical solution of the Bagley–Torvik equation", for the system; Podlubny (1999), Fractional
// Differential Equations, chapter 8, for the pulse
import { add, concat, mul, sub, type Tensor, tensor } from "stillpoint";
import { type CaputoSolution, solveCaputo, spectral } from "stillpoint/fractional";
import { type Comparison, type Curve, curveOf, errorOf, evenTimes, state } from "./comparison.js";
import { invert } from "./laplace-inversion.js";

export interface Plate {
  readonly b: number;
  readonly c: number;
  readonly load: (t: Tensor) => Tensor;
}

const nodes = 20;

export function swing({ b, c, load }: Plate, u0: number, slope: number, duration: number): CaputoSolution {
  const field = (t: Tensor, x: Tensor): Tensor => {
    const [u, half, first, threeHalves] = [0, 1, 2, 3].map((k) => state(x, k));
    const second = sub(load(t), add(mul(b, threeHalves), mul(c, u)));
    return concat([half, first, threeHalves, second], 1);
  };
  const quadrature = spectral({ nodes, panels: Math.ceil(duration) });
  return solveCaputo(field, tensor([u0, 0, slope, 0]), { order: 0.5, duration, quadrature, tolerance: 1e-13 });
}

/** The load 8 from t = 0 on, at rest before: the transform of the answer is 8/(s (s² + b s^(3/2) + c)). */
export const exactStep = (b: number, c: number): ((t: number) => number) =>
  invert({
    numerator: [[8, 0]],
    denominator: [
      [1, 3],
      [b, 2.5],
      [c, 1],
    ],
    poles: [[-0.2, 0.6]],
    limit: 8 / c,
  });

/** Both b and c of what is drawn. */
export const plate = 0.5;
export const times = evenTimes(30, 300);

export interface Swing {
  readonly pulse: Curve;
  readonly exactPulse: Curve;
  readonly comparisons: readonly Comparison[];
}

export function measureSwing(): Swing {
  const straight = swing({ b: 1, c: 1, load: (t) => add(1, t) }, 1, 1, 10);
  const places = evenTimes(10, 100);
  const line = errorOf(curveOf(straight, places).slice(0, 1), [Float64Array.from(places, (t) => 1 + t)]);

  // The equation is linear: a load that ends at t = 1 is a load for ever less the same one a unit later.
  const step = swing({ b: plate, c: plate, load: (t) => add(mul(0, t), 8) }, 0, 0, 30);
  const [received] = curveOf(step, times);
  const exact = exactStep(plate, plate);
  const expected = Float64Array.from(times, (t) => (t === 0 ? 0 : exact(t)));
  const late = times.findIndex((t) => t >= 1 - 1e-12);
  const ended = (values: Float64Array): Float64Array => values.map((x, k) => x - (k < late ? 0 : values[k - late]));
  const [pulse, exactPulse] = [[ended(received)], [ended(expected)]];
  const common = { equation: "Bagley–Torvik", order: "½, four states" };
  return {
    pulse,
    exactPulse,
    comparisons: [
      { ...common, duration: 10, quadrature: `spectral, 10 × ${nodes}`, against: "1 + t", error: line },
      {
        ...common,
        duration: 30,
        quadrature: `spectral, 30 × ${nodes}`,
        against: "pulse, inverted along the cut",
        error: errorOf(pulse, exactPulse),
      },
    ],
  };
}
