// How is an iteration taught to be near its answer before it has converged?
import { scan } from "../calculus/index.js";
import { add, mul, stopGradient, toTensor, zeros } from "../primitives/index.js";
import {
  checkAlike,
  checkFunction,
  checkNumber,
  checkOptions,
  DomainError,
  describe,
  flattenTree,
  mapTree,
  ShapeError,
  showShape,
  Tensor,
  type TensorsOf,
  type TreeLike,
  unflattenTree,
} from "../tensor/index.js";

export interface CorrectionOptions {
  /** At which iterates z_k the loss is taken: their numbers k ≥ 0, in rising order; no iteration runs beyond the last. */
  readonly at: readonly number[];
  /** The weight of each chosen iterate as a share of that of the next one; default 0.8. */
  readonly discount?: number;
}

function readOptions(options: CorrectionOptions): Required<CorrectionOptions> {
  checkOptions("correctionLoss", options, ["at", "discount"]);
  const at = options?.at;
  const rising = (k: unknown, i: number): boolean =>
    Number.isSafeInteger(k) && (k as number) > (i === 0 ? -1 : at[i - 1]);
  if (!Array.isArray(at) || at.length === 0 || !at.every(rising)) {
    throw new DomainError(
      "correctionLoss: expected the option at to be numbers of iterates in rising order, such as [2, 5, 9], received " +
        `${Array.isArray(at) ? JSON.stringify(at) : describe(at)}`,
    );
  }
  const discount = checkNumber(
    "correctionLoss",
    "discount",
    options.discount ?? 0.8,
    "in (0, 1]",
    (x) => x > 0 && x <= 1,
  );
  return { at, discount };
}

function checkScalar(value: unknown): Tensor {
  if (value instanceof Tensor && value.shape.length === 0) return value;
  throw new ShapeError(
    "correctionLoss: expected loss to return a scalar, received " +
      `${value instanceof Tensor ? showShape((value as Tensor).shape) : describe(value)}: reduce it with sum or mean`,
  );
}

/**
 * Fixed-point correction: Σ_i discount^(last − i)·loss(f(z_k)) with k = at[i], where z_{k+1} = f(z_k) from z₀. It is added to
 * the loss at the fixed point, or replaces it, so that few steps are enough.
 *
 * **The gradient is inexact on purpose.** The value is what it says, but every z_k counts as a constant: what f closes over
 * receives (∂f/∂θ)ᵀ ∇loss of one application at z_k. The paths through earlier iterates are left out; of the gradient of a
 * fixed point, (∂f/∂θ)ᵀ (I − J)⁻ᵀ ∇loss, that is the first term of (I − J)⁻ᵀ = I + Jᵀ + …, and even at a z_k that has
 * converged its relative error is of the order of ‖J‖/(1 − ‖J‖): it is 0 only where J = ∂f/∂z is. z₀ receives none. What the loss
 * closes over receives its whole gradient. Higher derivatives are those of this gradient with the z_k constant.
 *
 * The iterates between the chosen ones are not kept for the derivative.
 *
 * @shape z₀ a tensor or a tree, f(z) like it → []
 * @throws DomainError if an option is out of range.
 * @throws ShapeError if f(z) does not look like z, or the loss is no scalar.
 * @throws TraceError if f reads values.
 * @source Bai, Geng, Savani and Kolter (2022), "Deep equilibrium optical flow estimation", section 3.3
 * @example correctionLoss((z) => mul(0.5, add(z, 1)), 0, (z) => sub(1, z), { at: [0, 1], discount: 0.5 }).item() // → 0.5
 */
export function correctionLoss<Z extends TreeLike>(
  f: (z: TensorsOf<Z>) => TreeLike,
  z0: Z,
  loss: (z: TensorsOf<Z>) => Tensor,
  options: CorrectionOptions,
): Tensor {
  checkFunction("correctionLoss: f", f);
  checkFunction("correctionLoss: loss", loss);
  const { at, discount } = readOptions(options);
  type Z1 = TensorsOf<Z>;
  const start = flattenTree("correctionLoss: z0", z0);
  const still = (z: unknown): Z1 => mapTree((leaf) => stopGradient(leaf), z) as Z1;
  const step = (z: Z1): Z1 => {
    const next = flattenTree("correctionLoss: f(z)", f(z));
    checkAlike("correctionLoss: expected f to return what it is given,", next, start);
    return unflattenTree(start.form, next.leaves) as Z1;
  };
  /** One body however many steps, of which a tape keeps the ends only. */
  const advance = (z: Z1, steps: number): Z1 =>
    steps === 0
      ? z
      : still(scan((carry: Z1, row: Tensor) => ({ carry: step(carry), y: row }), z, zeros([steps])).carry);

  let z = still(unflattenTree(start.form, start.leaves));
  let total = toTensor("correctionLoss", 0);
  at.forEach((k, i) => {
    z = advance(z, k - (i === 0 ? 0 : at[i - 1] + 1));
    const corrected = step(z);
    total = add(mul(discount, total), checkScalar(loss(corrected)));
    z = still(corrected);
  });
  return total;
}
