// How does an equilibrium read a digit, step by step, and which pixels does its answer rest on?
import {
  anderson,
  auto,
  broyden,
  ConvergenceError,
  type FixedPointReport,
  fixedPoint,
  newton,
  picard,
  random,
  reshape,
  type Solver,
  type StepInfo,
  softmax,
  type Tensor,
  tensor,
  vjp,
  zeros,
} from "stillpoint";
import { loadSafetensors } from "stillpoint/io";
import { type Affine, type ContractingParams, contractingCell, linear } from "stillpoint/nn";

export const side = 8;
export const pixels = side * side;
export const classCount = 10;
/** Numbers in z: a square, to be seen as a picture. */
export const hiddenSide = 6;
export const hidden = hiddenSide * hiddenSide;
/** Ink of a black pixel in the data. */
export const fullInk = 16;

export interface Params {
  readonly cell: ContractingParams;
  readonly output: Affine;
}

/** z = tanh(z W + x U + b) with ‖W‖₂ ≤ 0.9, and logits = z V + c. */
export function makeModel(seed: number) {
  const [ofCell, ofOutput] = random(seed).split(2);
  const cell = contractingCell(hidden, pixels, { random: ofCell, bound: 0.9 });
  const output = linear(hidden, classCount, { random: ofOutput });
  return { params: { cell: cell.params, output: output.params } as Params, cell, output };
}

const { params: shapes, cell, output } = makeModel(0);

/** The parameters in a file that `saveSafetensors` made of them. */
export function readParams(bytes: Uint8Array): Params {
  const named = loadSafetensors(bytes);
  const partOf = <T extends object>(name: string, like: T): T =>
    Object.fromEntries(
      Object.entries(like).map(([key, { shape }]: [string, Tensor]) => {
        const found = named[`${name}.${key}`];
        if (found === undefined || String(found.shape) !== String(shape)) {
          throw new Error(
            `readParams: expected ${name}.${key} of shape [${shape}], received ${found?.shape ?? "none"}`,
          );
        }
        return [key, found];
      }),
    ) as T;
  return { cell: partOf("cell", shapes.cell), output: partOf("output", shapes.output) };
}

export const solvers: Readonly<Record<string, { readonly says: string; readonly make: () => Solver }>> = {
  picard: { says: "Picard: z ← f(z)", make: () => picard() },
  damped: { says: "Picard, damped by ½", make: () => picard({ damping: 0.5 }) },
  anderson: { says: "Anderson", make: () => anderson() },
  broyden: { says: "Broyden", make: () => broyden() },
  newton: { says: "Newton", make: () => newton() },
  auto: { says: "auto: the solver by default", make: () => auto() },
};

export interface Choice {
  readonly solver: string;
  readonly tolerance: number;
  readonly maxSteps: number;
}

/** z after a step of the solver, and what it says. */
export interface Step {
  readonly residual: number;
  readonly state: readonly number[];
  /** Of the ten classes, read off z as it is. */
  readonly probabilities: readonly number[];
}

export interface Gradient {
  /** ∂(logit of the winner)/∂(ink of a pixel, as a share of full ink). */
  readonly pixels: readonly number[];
  /** How the linear equation of the gradient was solved. */
  readonly report: FixedPointReport;
}

export interface Reading {
  readonly steps: readonly Step[];
  readonly winner: number;
  readonly report: FixedPointReport | undefined;
  readonly gradient: Gradient | undefined;
  /** What the library says where it does not reach the tolerance. */
  readonly failure: string | undefined;
}

const probabilitiesOf = (params: Params, state: Float64Array): number[] => [
  ...softmax(output.apply(params.output, tensor(state.slice(), [hidden]))).data,
];

const argmax = (xs: readonly number[]): number => xs.indexOf(Math.max(...xs));

/**
 * Solves for one picture, 64 counts of ink from 0 to 16, and asks for the gradient of the highest score. The steps up to a
 * failure are kept.
 */
export function readDigit(params: Params, counts: readonly number[], { solver, tolerance, maxSteps }: Choice): Reading {
  const steps: Step[] = [];
  let solved: FixedPointReport | undefined;
  let adjoint: FixedPointReport | undefined;
  const chosen = solvers[solver]?.make();
  if (chosen === undefined) throw new Error(`readDigit: expected one of ${Object.keys(solvers)}, received ${solver}`);
  const options = {
    solver: chosen,
    tolerance,
    maxSteps,
    adjoint: { solver: chosen },
    onStep({ residual, state }: StepInfo) {
      steps.push({ residual, state: [...state], probabilities: probabilitiesOf(params, state) });
    },
    onSolve: (report: FixedPointReport) => {
      solved = report;
    },
    onAdjoint: (report: FixedPointReport) => {
      adjoint = report;
    },
  };
  const logits = (x: Tensor): Tensor => {
    const z = fixedPoint((state) => cell.apply(params.cell, state, x), zeros([1, hidden]), options);
    return reshape(output.apply(params.output, z), [classCount]);
  };
  const picture = tensor(
    counts.map((count) => count / fullInk),
    [1, pixels],
  );
  const read = (gradient?: Gradient, failure?: string): Reading => ({
    steps,
    winner: argmax(steps.at(-1)?.probabilities ?? []),
    report: solved,
    gradient,
    failure,
  });
  try {
    const { value, pull } = vjp(logits, picture);
    const winner = argmax([...value.data]);
    const [slope] = pull(tensor(Array.from({ length: classCount }, (_, c) => (c === winner ? 1 : 0))));
    return read(adjoint && { pixels: [...slope.data], report: adjoint });
  } catch (error) {
    if (!(error instanceof ConvergenceError)) throw error;
    return read(undefined, `${error.name}: ${error.message}`);
  }
}

/** Logits of many pictures at once. @shape [n, 64] → [n, 10] */
export const logitsOf = (params: Params, pictures: Tensor, tolerance = 1e-10): Tensor => {
  const start = zeros([pictures.shape[0], hidden]);
  const z = fixedPoint((state) => cell.apply(params.cell, state, pictures), start, { solver: picard(), tolerance });
  return output.apply(params.output, z);
};
