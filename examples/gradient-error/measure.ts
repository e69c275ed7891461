// How wrong is a gradient whose equations were not solved to the end?
//
// z = tanh(z W + x U + b), loss ½‖z‖², gradient in W. Solved to a residual of τ, z is off by at most τ/(1 − L) where f
// contracts by L; so is the gradient up to a factor, however it is taken from there.
import {
  type Adjoint,
  add,
  fixedPoint,
  fixedPointWithReport,
  grad,
  matmul,
  mul,
  newton,
  phantom,
  picard,
  random,
  square,
  sum,
  type Tensor,
  tanh,
  unrolled,
  zeros,
} from "stillpoint";
import { spectralNormOf } from "stillpoint/nn";

export const [batch, width] = [8, 16];
export const bounds = [0.5, 0.95] as const;
export const tolerances: readonly number[] = Array.from({ length: 13 }, (_, k) => 10 ** -(k + 1));

export const methods = [
  "both equations to the tolerance",
  "z to the tolerance, its gradient's equation to 1e-14",
  "z to 1e-14, its gradient's equation to the tolerance",
  "backpropagation through the steps",
  "phantom gradient, 5 steps",
  "Jacobian-free, 1 step",
] as const;
export type Method = (typeof methods)[number];

export interface Point {
  readonly bound: number;
  readonly method: Method;
  readonly tolerance: number;
  /** ‖g − g*‖₂/‖g*‖₂, with g* from the dense solution of both equations. */
  readonly error: number;
}

const tight = 1e-14;

interface Layer {
  readonly w: Tensor;
  readonly drive: Tensor;
}

export function makeLayer(bound: number): Layer {
  const [forW, forX] = random(7).split(2);
  const drawn = forW.normal([width, width]);
  return { w: mul(drawn, bound / spectralNormOf(drawn).item()), drive: forX.normal([batch, width]) };
}

const field =
  ({ drive }: Layer, w: Tensor) =>
  (z: Tensor): Tensor =>
    tanh(add(matmul(z, w), drive));

const gradientOf = (layer: Layer, solve: (f: (z: Tensor) => Tensor) => Tensor): Float64Array =>
  grad((w: Tensor) => mul(0.5, sum(square(solve(field(layer, w))))))(layer.w).data;

const byEquation =
  (tolerance: number, adjoint: Adjoint) =>
  (f: (z: Tensor) => Tensor): Tensor =>
    fixedPoint(f, zeros([batch, width]), { solver: picard(), tolerance, maxSteps: 5000, adjoint });

const exact = (layer: Layer): Float64Array =>
  gradientOf(layer, (f) =>
    fixedPoint(f, zeros([batch, width]), {
      ...{ solver: newton(), tolerance: 1e-15, adjoint: { solver: newton(), tolerance: 1e-15 } },
    }),
  );

/** The steps that Picard's iteration takes to the tolerance, all of them differentiated. */
function bySteps(layer: Layer, tolerance: number): (f: (z: Tensor) => Tensor) => Tensor {
  const options = { solver: picard(), tolerance, maxSteps: 5000 };
  const { steps } = fixedPointWithReport(field(layer, layer.w), zeros([batch, width]), options).report;
  return byEquation(tolerance, unrolled({ steps: Math.max(1, steps) }));
}

function solveBy(layer: Layer, method: Method, tolerance: number): (f: (z: Tensor) => Tensor) => Tensor {
  const adjoint = (to: number): Adjoint => ({ solver: picard(), tolerance: to, maxSteps: 5000 });
  switch (method) {
    case "both equations to the tolerance":
      return byEquation(tolerance, adjoint(tolerance));
    case "z to the tolerance, its gradient's equation to 1e-14":
      return byEquation(tolerance, adjoint(tight));
    case "z to 1e-14, its gradient's equation to the tolerance":
      return byEquation(tight, adjoint(tolerance));
    case "backpropagation through the steps":
      return bySteps(layer, tolerance);
    case "phantom gradient, 5 steps":
      return byEquation(tolerance, phantom({ steps: 5 }));
    case "Jacobian-free, 1 step":
      return byEquation(tolerance, phantom({ steps: 1 }));
  }
}

const length = (x: Float64Array): number => Math.sqrt(x.reduce((total, value) => total + value * value, 0));

export function measureErrors(bound: number): readonly Point[] {
  const layer = makeLayer(bound);
  const expected = exact(layer);
  return methods.flatMap((method) =>
    tolerances.map((tolerance) => {
      const received = gradientOf(layer, solveBy(layer, method, tolerance));
      const error = length(received.map((value, i) => value - expected[i])) / length(expected);
      return { bound, method, tolerance, error };
    }),
  );
}
