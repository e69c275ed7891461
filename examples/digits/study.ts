// What is seen in the trained equilibrium: its mistakes, how it is solved, and what a loose tolerance would cost?
import { anderson, picard, type Random, type Solver, softmax, type Tensor, valueAndGrad } from "stillpoint";
import { crossEntropy } from "stillpoint/nn";
import { classCount, type Digits, pick, pixels } from "./data.js";
import { type EquilibriumClassifier, type EquilibriumParams, equilibriumClassifier } from "./models.js";
import type { Run } from "./runs.js";
import { makeTally } from "./tally.js";
import { settings } from "./training.js";

export interface Mistake {
  readonly picture: readonly number[];
  readonly truth: number;
  readonly predicted: number;
  /** The probability given to the predicted class. */
  readonly confidence: number;
  readonly seed: number;
}

function mistakesOf({ logits, test, seed }: Run): Mistake[] {
  const shares = softmax(logits).data;
  return Array.from(test.classes.data).flatMap((truth, i) => {
    const row = shares.subarray(i * classCount, (i + 1) * classCount);
    const confidence = Math.max(...row);
    const predicted = row.indexOf(confidence);
    const picture = Array.from(test.pictures.data.subarray(i * pixels, (i + 1) * pixels));
    return predicted === truth ? [] : [{ picture, truth, predicted, confidence, seed }];
  });
}

/** Over all splits; a digit that is in several tests appears once, where the mistake is made most confidently. */
export function worstMistakes(runs: readonly Run[], count: number): Mistake[] {
  const seen = new Set<string>();
  return runs
    .flatMap(mistakesOf)
    .sort((a, b) => b.confidence - a.confidence)
    .filter(({ picture }) => !seen.has(picture.join()) && seen.add(picture.join()))
    .slice(0, count);
}

export interface ResidualHistory {
  readonly solver: string;
  readonly residuals: readonly number[];
}

export interface ToleranceCost {
  readonly tolerance: number;
  /** Of f and of the linear equation of the gradient, for one batch. */
  readonly evaluations: number;
  /** ‖gradient − reference‖₂/‖reference‖₂, over all parameters. */
  readonly error: number;
}

export interface Study {
  readonly mistakes: readonly Mistake[];
  readonly histories: readonly ResidualHistory[];
  readonly costs: readonly ToleranceCost[];
}

/** The digit whose solve is shown, by its place in the first test part. */
export const shownDigit = 0;
/** How many digits the gradient is taken of. */
export const batchShown = 64;
const reference = 1e-14;
const compared = [1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10];
const solvers: readonly Solver[] = [picard(), anderson()];

const entriesOf = (gradient: EquilibriumParams): number[] =>
  [gradient.input.weight, gradient.input.bias, gradient.state, gradient.output.weight, gradient.output.bias].flatMap(
    (part: Tensor) => Array.from(part.data),
  );

const length = (xs: readonly number[]): number => Math.hypot(...xs);

/** The gradient of the loss for some digits, with both equations solved to each tolerance. */
function costsOf(model: EquilibriumClassifier, params: EquilibriumParams, digits: Digits): ToleranceCost[] {
  const gradientAt = (tolerance: number): { gradient: number[]; evaluations: number } => {
    const tally = makeTally();
    const logits = model.at(tolerance, tally.listeners);
    const loss = (p: EquilibriumParams): Tensor => crossEntropy(logits(p, digits.pictures), digits.classes);
    const gradient = entriesOf(valueAndGrad(loss)(params).gradient);
    const { forward, backward } = tally.read();
    return { gradient, evaluations: forward + backward };
  };
  const exact = gradientAt(reference).gradient;
  return compared.map((tolerance) => {
    const { gradient, evaluations } = gradientAt(tolerance);
    return { tolerance, evaluations, error: length(gradient.map((x, i) => x - exact[i])) / length(exact) };
  });
}

export function studyEquilibrium(runs: readonly Run[], stream: Random): Study {
  const model = equilibriumClassifier(stream, settings);
  const [{ params, test }] = runs;
  const trained = params as EquilibriumParams;
  const one = pick(test, [shownDigit]);
  const some = pick(
    test,
    Array.from({ length: batchShown }, (_, i) => i),
  );
  return {
    mistakes: worstMistakes(runs, 10),
    histories: solvers.map((solver) => ({
      solver: solver.name,
      residuals: model.report(trained, one.pictures, solver).residuals,
    })),
    costs: costsOf(model, trained, some),
  };
}
