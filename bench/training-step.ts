// How long does one training step of the seed's experiment take, beside hand-written loops and beside the seed's way?
//
// One step is the forward solve and the implicit gradient of the loss in all weights: batch 16, five states, a network
// 5-15-15-5 with ReLU, order 0.9, duration 20, mean squared error to the trajectory of a hidden network. The seed's rule is
// explicit, and swept exactly; the trapezoid is implicit, and solved to 1e-10.
//
//   node build/bench/training-step.js [steps in time = 20]
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
import { type Contender, measure, ratio, showMachine, showSpread, showTable, spread, timesOf } from "./measure.js";
import { explicitStep } from "./yardsticks/explicit-step.js";
import { explicitStepInWasm } from "./yardsticks/explicit-step-wasm.js";
import { trajectoryByPairs } from "./yardsticks/network-per-pair.js";
import { newtonStep } from "./yardsticks/newton-step.js";
import type { TrainingProblem, TrainingStep } from "./yardsticks/pair-loops.js";

type Params = readonly Affine[];

/** A loss and its gradient, however they were computed: numbers in the order of the parameters. */
interface StepResult {
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
interface Way {
  readonly quadrature: Quadrature;
  readonly cells: typeof rectangleCells;
  readonly tolerance: number;
  readonly loops: (problem: TrainingProblem) => TrainingStep;
  readonly kernels?: (problem: TrainingProblem) => TrainingStep;
}

const rules: Readonly<Record<"rectangle" | "trapezoid", Way>> = {
  rectangle: {
    quadrature: productRectangle(),
    cells: rectangleCells,
    tolerance: 1e-8,
    loops: explicitStep,
    kernels: explicitStepInWasm,
  },
  trapezoid: { quadrature: productTrapezoid(), cells: trapezoidCells, tolerance: 1e-10, loops: newtonStep },
};

function prepare({ quadrature, cells, tolerance, loops: handWritten, kernels }: Way, steps: number) {
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
    library: () => run(step),
    compiled: () => resultOf(compiled.run([params]) as unknown as readonly Tensor[]),
    byPairs: () => run(pairStep),
    byHand: runOf(handWritten(problem)),
    inWasm: kernels && runOf(kernels(problem)),
  };
}

/** @throws Error if two ways to compute a step do not agree; differences are relative to the largest entry. */
function checkAgreement(name: string, found: StepResult, expected: StepResult, lossGoal: number, gradientGoal: number) {
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
  console.log(`${name}: loss differs by ${loss.toExponential(1)}, gradient by ${gradient.toExponential(1)}`);
  if (!(loss <= lossGoal && gradient <= gradientGoal)) {
    throw new Error(`${name}: expected ${lossGoal} and ${gradientGoal} at most`);
  }
}

/** Times all ways of one rule, after they were seen to agree. */
function compare(name: keyof typeof rules, steps: number): void {
  const { library, compiled, byPairs, byHand, inWasm } = prepare(rules[name], steps);
  const expected = library();
  console.log(`\n${name}: loss ${expected.loss}`);
  checkAgreement("compiled once", compiled(), expected, 0, 0);
  checkAgreement("hand-written loops", byHand(), expected, 1e-12, 1e-9);
  if (inWasm) checkAgreement("hand-written WebAssembly", inWasm(), expected, 1e-12, 1e-9);
  checkAgreement("network once per pair", byPairs(), expected, 1e-7, 1e-7);

  const names = {
    library: "stillpoint, valueAndGrad",
    compiled: "stillpoint, traced and compiled once",
    byPairs: "stillpoint, network once per pair (the seed's way)",
    byHand: "hand-written loops",
    inWasm: "hand-written WebAssembly",
  };
  const contenders: readonly Contender[] = [
    { name: names.library, run: library },
    { name: names.compiled, run: compiled },
    { name: names.byPairs, run: byPairs },
    { name: names.byHand, run: byHand },
    ...(inWasm ? [{ name: names.inWasm, run: inWasm }] : []),
  ];
  const timings = measure(contenders, { rounds: 9, seconds: 0.3 });
  const row = (way: string): string[] => [
    way,
    showSpread(spread(timesOf(timings, way))),
    showSpread(ratio(timings, way, names.byHand)),
    inWasm ? showSpread(ratio(timings, way, names.inWasm)) : "",
    showSpread(ratio(timings, way, names.compiled)),
  ];
  console.log(
    `\n${showTable(
      ["median [min..max] of 9 rounds", "ms per step", "over loops", "over WebAssembly", "over compiled"],
      contenders.map((contender) => row(contender.name)),
    )}`,
  );
}

const steps = Number(process.argv[2] ?? 20);
console.log(`One training step, ${steps} steps in time. ${showMachine()}`);
compare("rectangle", steps);
compare("trapezoid", steps);
