// How does Adam update parameters?
import { add, div, mul, pow, sqrt, square, sub, toTensor, zeros } from "../primitives/index.js";
import { checkLike, checkNumber, checkOptions, DomainError, mapTree, type Tensor } from "../tensor/index.js";

/** A number, or a function of how many updates were made before. */
export type Schedule = number | ((step: Tensor) => Tensor);

/** An optimiser: its state is data, its update a function of tensors. */
export interface Optimiser<S> {
  init(params: unknown): S;
  update<P>(gradient: P, state: S, params: P): { params: P; state: S };
}

export interface AdamState {
  /** Updates made so far. */
  readonly step: Tensor;
  /** Running means of the gradient and of its square, of the form of the parameters. */
  readonly mean: unknown;
  readonly square: unknown;
}

export interface AdamOptions {
  /** Default: 1e-3. */
  readonly learningRate?: Schedule;
  /** Default: 0.9. */
  readonly beta1?: number;
  /** Default: 0.999. */
  readonly beta2?: number;
  /** Default: 1e-8. */
  readonly epsilon?: number;
}

/**
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η·m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
 *
 * @throws DomainError if a setting is out of range.
 * @throws ShapeError from `update` if gradient, state and parameters differ in form.
 * @source Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1
 * @example adam().init(tensor([1, 2])).step.item() // → 0
 */
export function adam(options: AdamOptions = {}): Optimiser<AdamState> {
  checkOptions("adam", options, ["learningRate", "beta1", "beta2", "epsilon"]);
  const share = (name: string, value: number): number =>
    checkNumber("adam", name, value, "in [0, 1)", (x) => x >= 0 && x < 1);
  const beta1 = share("beta1", options.beta1 ?? 0.9);
  const beta2 = share("beta2", options.beta2 ?? 0.999);
  const epsilon = checkNumber("adam", "epsilon", options.epsilon ?? 1e-8, "a number ≥ 0", (x) => x >= 0);
  const rate = readSchedule("adam", options.learningRate ?? 1e-3);
  const blend = (beta: number, old: Tensor, fresh: Tensor): Tensor => add(mul(beta, old), mul(1 - beta, fresh));
  return {
    init: (params) => ({
      step: toTensor("adam", 0),
      mean: mapTree((x) => zeros(x.shape), params),
      square: mapTree((x) => zeros(x.shape), params),
    }),
    update(gradient, state, params) {
      checkLike("adam", "the gradient", gradient, params);
      checkLike("adam", "the state", state.mean, params);
      const step = add(state.step, 1);
      const eta = rate(state.step);
      const mean = mapTree((m, g) => blend(beta1, m, g), state.mean, gradient);
      const squares = mapTree((v, g) => blend(beta2, v, square(g)), state.square, gradient);
      const correct1 = sub(1, pow(beta1, step));
      const correct2 = sub(1, pow(beta2, step));
      const next = mapTree(
        (x, m, v) => sub(x, mul(eta, div(div(m, correct1), add(sqrt(div(v, correct2)), epsilon)))),
        params,
        mean,
        squares,
      );
      return { params: next, state: { step, mean, square: squares } };
    },
  };
}

function readSchedule(operation: string, schedule: Schedule): (step: Tensor) => Tensor {
  if (typeof schedule === "function") return schedule;
  if (typeof schedule !== "number") {
    throw new DomainError(`${operation}: expected learningRate to be a number or a function of the step`);
  }
  checkNumber(operation, "learningRate", schedule, "a number > 0", (x) => x > 0);
  return () => toTensor(operation, schedule);
}
