// What are layers that solve an equation?
import { type FixedPointOptions, fixedPoint } from "../fixed-point/index.js";
import { type CaputoOptions, solveCaputo } from "../fractional/index.js";
import { zeros } from "../primitives/index.js";
import { checkFunction, checkOptions, type Tensor } from "../tensor/index.js";
import { checkLayer } from "./layer.js";

/** A layer of two arguments. */
export interface Cell<P> {
  readonly params: P;
  apply(params: P, a: Tensor, b: Tensor): Tensor;
  /** Where `equilibrium` starts, unless it is told. */
  readonly start?: (x: Tensor) => Tensor;
}

export interface EquilibriumOptions extends Omit<FixedPointOptions, "samples"> {
  /** Where the iteration starts; default: where the cell says, or zeros like x. */
  readonly start?: (x: Tensor) => Tensor;
  /** The first axis is that of a batch, whose samples are solved one by one; default: false. */
  readonly perSample?: boolean;
}

/** The layer of an equation. A state to start from may be given to it, such as the last solution. */
export interface EquilibriumLayer<P> {
  readonly params: P;
  apply(params: P, x: Tensor, z0?: Tensor): Tensor;
}

/** A record, so that an option which fixedPoint learns is not forgotten here. */
const equilibriumOptions: Record<keyof EquilibriumOptions, true> = {
  start: true,
  perSample: true,
  solver: true,
  adjoint: true,
  tolerance: true,
  relativeTolerance: true,
  norm: true,
  maxSteps: true,
  onStep: true,
  onSolve: true,
  onAdjoint: true,
};

/**
 * The layer x ↦ z with z = cell(z, x), whose gradient is that of the equation and not of the iteration.
 *
 * @shape x [...] → that of the start
 * @throws DomainError if the cell is none or an option is unknown.
 * @throws ConvergenceError from `apply` if there is no fixed point within reach.
 * @source Bai, Kolter and Koltun (2019), "Deep equilibrium models", theorem 1
 * @example equilibrium({ params: [], apply: (_, z, x) => mul(0.5, add(z, x)) }).apply([], tensor([1, 2])).data.map(Math.round) // → [1, 2]
 */
export function equilibrium<P>(cell: Cell<P>, options: EquilibriumOptions = {}): EquilibriumLayer<P> {
  checkLayer("equilibrium", cell);
  checkOptions("equilibrium", options, Object.keys(equilibriumOptions));
  const { start = cell.start ?? ((x: Tensor) => zeros(x.shape)), perSample = false, ...solving } = options;
  checkFunction("equilibrium: start", start);
  const batched = (x: Tensor): FixedPointOptions<Tensor> => (perSample ? { ...solving, samples: x } : solving);
  return {
    params: cell.params,
    apply: (params, x, z0 = start(x)) => fixedPoint((z, rows = x) => cell.apply(params, z, rows), z0, batched(x)),
  };
}

/**
 * The layer u₀ ↦ u(t₀), …, u(t_M) with D^order u = field(t, u). The order may be given anew to `apply`, and then receives
 * its gradient.
 *
 * @shape u₀ [..., d] → [M + 1, ..., d]
 * @throws DomainError if the field is none, and from `apply` what solveCaputo refuses: unknown options, and order or steps
 * that are missing.
 * @example fractional({ params: [], apply: (_, t, u) => neg(u) }, { order: 0.5, duration: 1, steps: 4 }).apply([], tensor([1])).shape // → [5, 1]
 */
export function fractional<P>(
  field: Cell<P>,
  options: CaputoOptions,
): { readonly params: P; apply(params: P, u0: Tensor, order?: CaputoOptions["order"]): Tensor } {
  checkLayer("fractional", field);
  return {
    params: field.params,
    apply: (params, u0, order = options?.order) =>
      solveCaputo((t, u) => field.apply(params, t, u), u0, { ...options, order }).values,
  };
}
