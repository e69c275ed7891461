// Which training step is measured, and in which ways can it be computed?
//
// One step is the forward solve and the implicit gradient of the loss in all weights: batch 16, five states, a network
// 5-15-15-5 with ReLU, order 0.9, duration 20, mean squared error to the trajectory of a hidden network. The seed's rule is
// explicit, and swept exactly; the trapezoid is implicit, and solved to 1e-10.
import { compile, mul, random, relu, type Tensor, trace, valueAndGrad } from "stillpoint";
import {
  causalWeights,
  gradedMesh,
  productRectangle,
  productTrapezoid,
  type Quadrature,
  rectangleCells,
  solveCaputo,
  trapezoidCells,
} from "stillpoint/fractional";
import { type Affine, meanSquaredError, mlp } from "stillpoint/nn";
import { explicitStep } from "./yardsticks/explicit-step.js";
import { explicitStepInWasm } from "./yardsticks/explicit-step-wasm.js";
import { trajectoryByPairs } from "./yardsticks/network-per-pair.js";
import { newtonStep } from "./yardsticks/newton-step.js";
import type { TrainingProblem, TrainingStep } from "./yardsticks/pair-loops.js";

type Params = readonly Affine[];

/** A loss and its gradient, however they were computed: numbers in the order of the parameters. */
export interface StepResult {
  readonly loss: number;
  readonly gradient: readonly Float64Array[];
}

const batch = 16;
const states = 5;
const hidden = 15;
const order = 0.9;
const duration = 20;

const tensors = (params: Params): Tensor[] => params.flatMap(({ weight, bias }) => [weight, bias]);

/** A rule, how exactly its equation is solved by iterations, and the hand-written loops for it. */
export interface Way {
  readonly quadrature: Quadrature;
  readonly cells: typeof rectangleCells;
  readonly tolerance: number;
  readonly loops: (problem: TrainingProblem) => TrainingStep;
  readonly kernels?: (problem: TrainingProblem) => TrainingStep;
}

export const rules: Readonly<Record<"rectangle" | "trapezoid", Way>> = {
  rectangle: {
    quadrature: productRectangle(),
    cells: rectangleCells,
    tolerance: 1e-8,
    loops: explicitStep,
    kernels: explicitStepInWasm,
  },
  trapezoid: { quadrature: productTrapezoid(), cells: trapezoidCells, tolerance: 1e-10, loops: newtonStep },
};

/** All ways to compute a step; hand-written ones lay out their memory when they are made. */
export function prepare({ quadrature, cells, tolerance, loops: handWritten, kernels }: Way, steps: number) {
  const [forStart, forHidden, forNetwork] = random(0).split(3);
  const sizes = [states, hidden, hidden, states];
  const teacher = mlp(sizes, { activation: relu, random: forHidden });
  const network = mlp(sizes, { activation: relu, random: forNetwork });
  const { params } = network;
  const u0 = mul(3, forStart.normal([batch, states]));
  const options = { order, duration, steps, tolerance, quadrature };
  const target = solveCaputo((_t, u) => teacher.apply(teacher.params, u), u0, options).values;

  const step = valueAndGrad((p: Params): Tensor => {
    const { values } = solveCaputo((_t, u) => network.apply(p, u), u0, options);
    return meanSquaredError(values, target);
  });
  const compiled = compile(
    trace((p: Params) => {
      const { value, gradient } = step(p);
      return [value, ...tensors(gradient)];
    }, params),
  );

  const unit = causalWeights(cells, gradedMesh(steps), order, 0);
  const scale = duration ** order;
  const weights = { lags: unit.lags.map((w) => scale * w), first: unit.first.map((w) => scale * w), nodes: steps + 1 };
  const pairStep = valueAndGrad((p: Params): Tensor => {
    const values = trajectoryByPairs((u) => network.apply(p, u), u0, { ...weights, tolerance });
    return meanSquaredError(values, target);
  });

  const problem = { ...weights, batch, states, hidden, tolerance, start: u0.data, target: target.data };
  const plain = { weights: params.map(({ weight }) => weight.data), biases: params.map(({ bias }) => bias.data) };

  const runOf = (way: TrainingStep) => (): StepResult => {
    const loss = way.run(plain);
    const { weights: w, biases: b } = way.gradient;
    return { loss, gradient: w.flatMap((weight, i) => [weight, b[i]]) };
  };
  const resultOf = ([loss, ...gradient]: readonly Tensor[]): StepResult => ({
    loss: loss.item(),
    gradient: gradient.map((part) => part.data),
  });
  const run = (f: typeof step): StepResult => {
    const { value, gradient } = f(params);
    return resultOf([value, ...tensors(gradient)]);
  };
  return {
    library: (): StepResult => run(step),
    compiled: (): StepResult => resultOf(compiled.run([params]) as unknown as readonly Tensor[]),
    byPairs: (): StepResult => run(pairStep),
    byHand: () => runOf(handWritten(problem)),
    inWasm: kernels && (() => runOf(kernels(problem))),
  };
}

/** @throws Error if two ways to compute a step do not agree; differences are relative to the largest entry. */
export function checkAgreement(
  name: string,
  found: StepResult,
  expected: StepResult,
  lossGoal: number,
  gradientGoal: number,
  say: (text: string) => void = console.log,
): void {
  const loss = Math.abs(found.loss - expected.loss) / Math.abs(expected.loss);
  let largest = 0;
  let difference = 0;
  expected.gradient.forEach((part, i) => {
    part.forEach((entry, k) => {
      largest = Math.max(largest, Math.abs(entry));
      difference = Math.max(difference, Math.abs(entry - found.gradient[i][k]));
    });
  });
  const gradient = difference / largest;
  say(`${name}: loss differs by ${loss.toExponential(1)}, gradient by ${gradient.toExponential(1)}`);
  if (!(loss <= lossGoal && gradient <= gradientGoal)) {
    throw new Error(`${name}: expected ${lossGoal} and ${gradientGoal} at most`);
  }
}
