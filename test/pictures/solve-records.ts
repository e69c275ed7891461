// Records of solves, made by hand: z = tanh(zW + x) by plain iteration and by weighted means of the last values.
import { random, tensor } from "stillpoint";
import type { RecordedSolve, RecordedStep } from "stillpoint/pictures";

/** A step with what a test does not care about filled in. */
export const makeStep = (step: number, residual: number, rest: Partial<RecordedStep> = {}): RecordedStep => ({
  step,
  residual,
  goal: 1e-6,
  method: "picard",
  state: Float64Array.of(residual),
  ...rest,
});

export const makeSolve = (steps: readonly RecordedStep[], rest: Partial<RecordedSolve> = {}): RecordedSolve => ({
  operation: "fixedPoint",
  role: "forward",
  solver: "auto()",
  steps,
  ...rest,
});

/** A solve with these residuals. */
export const withResiduals = (residuals: readonly number[], rest: Partial<RecordedStep> = {}): RecordedSolve =>
  makeSolve(residuals.map((residual, k) => makeStep(k, residual, rest)));

/** Rows of `width` entries, z = tanh(zW + x): all iterates, the first `plain` of them plain, the rest mixed. */
export function recordTanh(rows: number, width: number, steps: number, plain: number, memory: number): RecordedSolve {
  const draws = random(7);
  const weights = draws.normal([width, width], 0, 0.6 / Math.sqrt(width)).data;
  const x = draws.normal([rows, width]).data;
  const f = (z: Float64Array): Float64Array =>
    z.map((_, at) => {
      const [row, column] = [Math.floor(at / width), at % width];
      let sum = x[at];
      for (let i = 0; i < width; i++) sum += z[row * width + i] * weights[i * width + column];
      return Math.tanh(sum);
    });
  const values: Float64Array[] = [];
  const recorded: RecordedStep[] = [];
  let state: Float64Array = tensor(new Float64Array(rows * width)).data;
  let mixing: number[] | undefined;
  for (let step = 0; step <= steps; step++) {
    const value = f(state);
    const residual = value.reduce((most, v, i) => Math.max(most, Math.abs(v - state[i])), 0);
    const method = mixing === undefined ? "picard" : "anderson";
    const mixed = mixing === undefined ? {} : { weights: mixing };
    recorded.push({ step, residual, goal: 1e-10, method, state, ...mixed });
    values.unshift(value);
    const last = values.slice(0, memory + 1);
    // Not the best weights, but of the size and signs of such.
    const tail = last.slice(1).map((_, i) => 0.1 * (step % 2 === 0 ? 1 : -1) * 0.6 ** i);
    mixing = step < plain ? undefined : [1 - tail.reduce((a, b) => a + b, 0), ...tail];
    const mix = mixing ?? [1];
    state = value.map((_, i) => mix.reduce((sum, c, j) => sum + c * last[j][i], 0));
  }
  return makeSolve(recorded, { solver: `anderson({ memory: ${memory} })` });
}

/** The solve as one of the equation of the derivative. */
export const asDerivative = (solve: RecordedSolve): RecordedSolve => ({
  ...solve,
  operation: "fixedPoint: the linear equation of its derivative",
  role: "derivative",
});
