// How do gradient descent with momentum and RMSProp update parameters?
import { add, div, mul, sqrt, square, sub, toTensor, zeros } from "../primitives/index.js";
import { checkLike, checkOptions, DomainError, mapTree, type Tensor } from "../tensor/index.js";
import { checkNonNegative, checkShare, type Optimiser, readSchedule, type Schedule } from "./optimiser.js";

export interface SgdState {
  /** Updates made so far. */
  readonly step: Tensor;
  /** The running sum of gradients, of the form of the parameters. */
  readonly velocity: unknown;
}

export interface SgdOptions {
  /** Default: 1e-2. */
  readonly learningRate?: Schedule;
  /** Share of the velocity that is kept; default 0. */
  readonly momentum?: number;
  /** Look ahead along the velocity; needs momentum. */
  readonly nesterov?: boolean;
}

/**
 * v ← μ v + g, θ ← θ − η v; with `nesterov`, θ ← θ − η (g + μ v).
 *
 * @throws DomainError if a setting is out of range, or nesterov is asked for without momentum.
 * @throws ShapeError from `update` if gradient, state and parameters differ in form.
 * @source Sutskever, Martens, Dahl and Hinton (2013), "On the importance of initialization and momentum in deep
 * learning", section 2, in the form in which the rate multiplies the velocity
 * @example sgd({ learningRate: 0.1 }).update(tensor(2), sgd().init(tensor(1)), tensor(1)).params.item() // → 0.8
 */
export function sgd(options: SgdOptions = {}): Optimiser<SgdState> {
  checkOptions("sgd", options, ["learningRate", "momentum", "nesterov"]);
  const momentum = checkShare("sgd", "momentum", options.momentum ?? 0);
  const nesterov = options.nesterov ?? false;
  if (nesterov && momentum === 0) throw new DomainError("sgd: expected momentum > 0 with nesterov, received 0");
  const rate = readSchedule("sgd", options.learningRate ?? 1e-2);
  return {
    init: (params) => ({ step: toTensor("sgd", 0), velocity: mapTree((x) => zeros(x.shape), params) }),
    update(gradient, state, params) {
      checkLike("sgd", "the gradient", gradient, params);
      checkLike("sgd", "the state", state.velocity, params);
      const eta = rate(state.step);
      const velocity = mapTree((v, g) => (momentum === 0 ? g : add(mul(momentum, v), g)), state.velocity, gradient);
      const next = mapTree(
        (x, v, g) => sub(x, mul(eta, nesterov ? add(g, mul(momentum, v)) : v)),
        params,
        velocity,
        gradient,
      );
      return { params: next, state: { step: add(state.step, 1), velocity } };
    },
  };
}

export interface RmsPropState {
  readonly step: Tensor;
  /** The running mean of squared gradients. */
  readonly square: unknown;
}

export interface RmsPropOptions {
  /** Default: 1e-2. */
  readonly learningRate?: Schedule;
  /** Default: 0.99. */
  readonly decay?: number;
  /** Default: 1e-8. */
  readonly epsilon?: number;
}

/**
 * v ← ρ v + (1 − ρ) g², θ ← θ − η g/(√v + ε).
 *
 * @throws DomainError if a setting is out of range.
 * @throws ShapeError from `update` if gradient, state and parameters differ in form.
 * @source Tieleman and Hinton (2012), "Neural networks for machine learning", lecture 6.5
 * @example rmsProp().init(tensor([1, 2])).step.item() // → 0
 */
export function rmsProp(options: RmsPropOptions = {}): Optimiser<RmsPropState> {
  checkOptions("rmsProp", options, ["learningRate", "decay", "epsilon"]);
  const decay = checkShare("rmsProp", "decay", options.decay ?? 0.99);
  const epsilon = checkNonNegative("rmsProp", "epsilon", options.epsilon ?? 1e-8);
  const rate = readSchedule("rmsProp", options.learningRate ?? 1e-2);
  return {
    init: (params) => ({ step: toTensor("rmsProp", 0), square: mapTree((x) => zeros(x.shape), params) }),
    update(gradient, state, params) {
      checkLike("rmsProp", "the gradient", gradient, params);
      checkLike("rmsProp", "the state", state.square, params);
      const eta = rate(state.step);
      const squares = mapTree((v, g) => add(mul(decay, v), mul(1 - decay, square(g))), state.square, gradient);
      const next = mapTree((x, g, v) => sub(x, mul(eta, div(g, add(sqrt(v), epsilon)))), params, gradient, squares);
      return { params: next, state: { step: add(state.step, 1), square: squares } };
    },
  };
}
