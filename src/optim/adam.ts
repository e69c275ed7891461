// How do Adam and AdamW update parameters?
import { add, div, mul, pow, sqrt, square, sub, toTensor, zeros } from "../primitives/index.js";
import { checkLike, checkOptions, mapTree, type Tensor } from "../tensor/index.js";
import { checkNonNegative, checkShare, type Optimiser, readSchedule, type Schedule } from "./optimiser.js";

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
  return adamAs("adam", options, 0);
}

/**
 * Adam with decoupled weight decay: before Adam's step, θ ← (1 − η λ) θ.
 *
 * @throws DomainError if a setting is out of range.
 * @throws ShapeError from `update` if gradient, state and parameters differ in form.
 * @source Loshchilov and Hutter (2019), "Decoupled weight decay regularization", algorithm 2
 * @example adamW({ weightDecay: 0.01 }).init(tensor([1, 2])).step.item() // → 0
 */
export function adamW(options: AdamOptions & { readonly weightDecay?: number } = {}): Optimiser<AdamState> {
  checkOptions("adamW", options, ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"]);
  return adamAs("adamW", options, checkNonNegative("adamW", "weightDecay", options.weightDecay ?? 0.01));
}

function adamAs(name: string, options: AdamOptions, decay: number): Optimiser<AdamState> {
  const beta1 = checkShare(name, "beta1", options.beta1 ?? 0.9);
  const beta2 = checkShare(name, "beta2", options.beta2 ?? 0.999);
  const epsilon = checkNonNegative(name, "epsilon", options.epsilon ?? 1e-8);
  const rate = readSchedule(name, options.learningRate ?? 1e-3);
  const blend = (beta: number, old: Tensor, fresh: Tensor): Tensor => add(mul(beta, old), mul(1 - beta, fresh));
  return {
    init: (params) => ({
      step: toTensor(name, 0),
      mean: mapTree((x) => zeros(x.shape), params),
      square: mapTree((x) => zeros(x.shape), params),
    }),
    update(gradient, state, params) {
      checkLike(name, "the gradient", gradient, params);
      checkLike(name, "the state", state.mean, params);
      const step = add(state.step, 1);
      const eta = rate(state.step);
      const mean = mapTree((m, g) => blend(beta1, m, g), state.mean, gradient);
      const squares = mapTree((v, g) => blend(beta2, v, square(g)), state.square, gradient);
      const correct1 = sub(1, pow(beta1, step));
      const correct2 = sub(1, pow(beta2, step));
      const shrunk = (x: Tensor): Tensor => (decay === 0 ? x : mul(x, sub(1, mul(decay, eta))));
      const next = mapTree(
        (x, m, v) => sub(shrunk(x), mul(eta, div(div(m, correct1), add(sqrt(div(v, correct2)), epsilon)))),
        params,
        mean,
        squares,
      );
      return { params: next, state: { step, mean, square: squares } };
    },
  };
}
