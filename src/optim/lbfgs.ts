// How does L-BFGS find a minimum from gradients alone?
import {
  abs,
  add,
  concat,
  div,
  dot,
  greater,
  max,
  maximum,
  mul,
  reshape,
  slice,
  sub,
  toTensor,
  where,
  zeros,
} from "../primitives/index.js";
import {
  checkCount,
  checkFunction,
  checkLike,
  checkNumber,
  checkOptions,
  flattenTree,
  ShapeError,
  sizeOf,
  type Tensor,
  unflattenTree,
} from "../tensor/index.js";
import { cut, type MinimiseInfo, type MinimiseReport, minimiseFrom } from "./minimise.js";
import { type Optimiser, readSchedule, type Schedule } from "./optimiser.js";
import { direction, type History, leastCurvature } from "./two-loop.js";

/** Parameters and gradients are vectors of all entries of the tree. */
export interface LbfgsState extends History {
  readonly step: Tensor;
  /** Where the last gradient was taken. */
  readonly params: Tensor;
  readonly gradient: Tensor;
}

export interface LbfgsOptions {
  /** Pairs of steps and changes of the gradient that are remembered; default 10. */
  readonly memory?: number;
  /** For `minimise`: the largest entry of the gradient at the end; default 1e-8. */
  readonly tolerance?: number;
  /** For `minimise`; default 10000. */
  readonly maxSteps?: number;
  /** For `minimise`: called at the start and after every step. */
  readonly onStep?: (info: MinimiseInfo) => void;
  /** For `update`, which cannot search: the share of the step that is taken; default 1. */
  readonly learningRate?: Schedule;
}

export interface Lbfgs extends Optimiser<LbfgsState> {
  /**
   * The parameters at which ‖∇f‖∞ ≤ tolerance, from the given ones on: each step searches along the direction of L-BFGS for
   * the strong Wolfe conditions, and turns back where f is not finite. f is traced once, and run as a plan.
   *
   * @throws ConvergenceError if maxSteps do not suffice, f stops falling, or f is not finite at the start.
   * @throws ShapeError if f does not return a scalar, or there is nothing to vary.
   * @throws TraceError if f reads values, or inside a derivative.
   */
  minimise<P, R extends readonly unknown[]>(
    f: (params: P, ...rest: R) => Tensor,
    params: P,
    ...rest: R
  ): { params: P; value: Tensor; report: MinimiseReport };
}

/** All entries of a tree as one vector. */
function vectorOf(name: string, tree: unknown): Tensor {
  const { leaves } = flattenTree(name, tree);
  if (leaves.length === 0) throw new ShapeError(`${name}: expected at least one tensor, received none`);
  return concat(leaves.map((x) => reshape(x, [sizeOf(x.shape)])));
}

/** The tree like `params` whose entries a vector holds. */
function treeOf<P>(params: P, x: Tensor): P {
  const { leaves, form } = flattenTree("lbfgs", params);
  const parts = cut(leaves, (begin, end, shape) => reshape(slice(x, [begin], [end]), shape));
  return unflattenTree(form, parts) as P;
}

/**
 * L-BFGS: θ ← θ − t H ∇f, where H is the inverse Hessian as the last `memory` steps and changes of the gradient suggest it.
 *
 * `minimise(f, params, …)` runs it to a tolerance, with a line search. `update` is one step as of the other optimisers; it
 * sees no values of f, takes t = learningRate, and suits smooth functions near their minimum, with the whole data at once.
 *
 * @throws DomainError if a setting is out of range.
 * @throws ShapeError from `update` if gradient, state and parameters differ in form.
 * @source Nocedal and Wright (2006), "Numerical optimization", algorithms 7.4, 7.5, 3.5 and 3.6
 * @example lbfgs().minimise((x) => sum(square(sub(x, 3))), tensor([0, 9])).params.toArray() // → [3, 3]
 */
export function lbfgs(options: LbfgsOptions = {}): Lbfgs {
  checkOptions("lbfgs", options, ["memory", "tolerance", "maxSteps", "onStep", "learningRate"]);
  const memory = checkCount("lbfgs", "memory", options.memory ?? 10);
  const tolerance = checkNumber("lbfgs", "tolerance", options.tolerance ?? 1e-8, "a number > 0", (x) => x > 0);
  const maxSteps = checkCount("lbfgs", "maxSteps", options.maxSteps ?? 10_000, 0);
  if (options.onStep !== undefined) checkFunction("lbfgs: onStep", options.onStep);
  const rule = { operation: "lbfgs", memory, tolerance, maxSteps, onStep: options.onStep };
  const rate = readSchedule("lbfgs", options.learningRate ?? 1);
  return {
    minimise(f, params, ...rest) {
      checkFunction("lbfgs", f);
      return minimiseFrom((p) => f(p, ...rest), params, rule);
    },
    init(params) {
      const nothing = zeros(vectorOf("lbfgs", params).shape);
      const pairs = Array.from({ length: memory }, () => nothing);
      const rho = pairs.map(() => toTensor("lbfgs", 0));
      const scale = toTensor("lbfgs", 1);
      return { step: toTensor("lbfgs", 0), params: nothing, gradient: nothing, s: pairs, y: pairs, rho, scale };
    },
    update(gradient, state, params) {
      checkLike("lbfgs", "the gradient", gradient, params);
      const [x, g] = [vectorOf("lbfgs", params), vectorOf("lbfgs", gradient)];
      checkLike("lbfgs", "the state", [state.params, state.gradient], [x, x]);
      const history = follow(state, x, g);
      const next = add(x, mul(rate(state.step), direction(g, history)));
      return {
        params: treeOf(params, next),
        state: { step: add(state.step, 1), params: x, gradient: g, ...history },
      };
    },
  };
}

/** The history with the pair that leads from the last place to this one; without curvature it has no effect. */
function follow({ step, params, gradient, s, y, rho, scale }: LbfgsState, x: Tensor, g: Tensor): History {
  const [ds, dy] = [sub(x, params), sub(g, gradient)];
  const [sy, yy] = [dot(ds, dy), dot(dy, dy)];
  const begun = greater(step, 0);
  const counts = mul(begun, greater(sy, mul(leastCurvature, yy)));
  const first = div(1, maximum(1, max(abs(g))));
  return {
    s: [...s.slice(1), ds],
    y: [...y.slice(1), dy],
    rho: [...rho.slice(1), where(counts, div(1, sy), 0)],
    scale: where(counts, div(sy, yy), where(begun, scale, first)),
  };
}
