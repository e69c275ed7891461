// What is the solution of Σ bᵢ D^aᵢ u = f(t, u)?
//
// Integrated to the highest order a₀, with the Taylor polynomials Tᵢ of u that D^aᵢ takes away,
//
//     u = T₀ + I^a₀ [f(t, u)/b₀] − Σ_(i>0) (bᵢ/b₀) I^(a₀ − aᵢ) [u − Tᵢ].
//
// Each integral is a state yᵢ of its own: D^a₀ y₀ = f(t, u)/b₀ and D^(a₀ − aᵢ) yᵢ = −(bᵢ/b₀)(u − Tᵢ), all beginning at 0, with
// u = T₀ + Σ yᵢ. So it is a system with one order per state, and needs no solver of its own.
import { add, broadcastTo, concat, div, mul, neg, reshape, slice, sub, toTensor, zeros } from "../primitives/index.js";
import {
  checkFunction,
  DomainError,
  describe,
  isObject,
  ShapeError,
  sameShape,
  showShape,
  sizeOf,
  type Tensor,
} from "../tensor/index.js";
import { type CaputoOptions, refuseNonFinite } from "./caputo-options.js";
import { type CaputoSolution, solveCaputo, type TimeField, timesOf } from "./solve-caputo.js";

/** b·D^order u */
export interface Term {
  readonly coefficient: number | Tensor;
  /** In [0, 2], as a number; the first one is the highest. */
  readonly order: number;
}

export interface MultiTermOptions extends Omit<CaputoOptions, "order"> {
  readonly terms: readonly Term[];
}

function readTerms(terms: unknown): readonly Term[] {
  if (!Array.isArray(terms) || terms.length === 0) {
    throw new DomainError(
      `solveMultiTerm: expected terms such as [{ coefficient: 1, order: 1.5 }], received ${describe(terms)}`,
    );
  }
  terms.forEach((term: Term, i) => {
    if (!isObject(term))
      throw new DomainError(`solveMultiTerm: expected terms { coefficient, order }, received ${describe(term)}`);
    const { coefficient, order } = term;
    if (!(order >= 0 && order <= 2)) {
      throw new DomainError(`solveMultiTerm: expected orders in [0, 2], received ${order} in term ${i}`);
    }
    if (i === 0 ? order === 0 : order >= (terms[0] as Term).order) {
      throw new DomainError(
        `solveMultiTerm: expected the highest order first and positive, received ${order} in term ${i}`,
      );
    }
    if (toTensor("solveMultiTerm", coefficient).shape.length > 0) {
      throw new ShapeError(`solveMultiTerm: expected a scalar coefficient in term ${i}`);
    }
  });
  const leading = toTensor("solveMultiTerm", (terms[0] as Term).coefficient);
  if (!leading.traced && leading.item() === 0) {
    throw new DomainError("solveMultiTerm: expected a leading coefficient other than 0");
  }
  return terms as readonly Term[];
}

/**
 * The solution of Σ bᵢ D^aᵢ u = f(t, u), u(0) = u0, u′(0) = initialDerivative if the highest order is above 1. The other
 * options, and f, are those of `solveCaputo`; coefficients receive their gradients as well.
 *
 * @shape values [steps + 1, ...u0.shape]
 * @throws DomainError unless the terms begin with the highest order, all orders lie in [0, 2], and the first coefficient is not 0.
 * @throws ConvergenceError if the discrete equation is not solved to the tolerance.
 * @source Diethelm (2010), The Analysis of Fractional Differential Equations, section 8.1, for the system
 * @example
 * const terms = [{ coefficient: 1, order: 2 }, { coefficient: 1, order: 0 }];
 * const options = { terms, duration: 1, initialDerivative: 1, quadrature: spectral({ nodes: 24 }) };
 * solveMultiTerm((t, u) => mul(0, u), 0, options).at(1).item().toFixed(9) // → "0.841470985"
 */
export function solveMultiTerm(f: TimeField, u0: number | Tensor, options: MultiTermOptions): CaputoSolution {
  checkFunction("solveMultiTerm", f);
  const { terms: given, initialDerivative, ...rest } = options ?? {};
  const terms = readTerms(given);
  if ("order" in rest) throw new DomainError("solveMultiTerm: expected orders in its terms, received the option order");
  const start = refuseNonFinite("solveMultiTerm", "u0", toTensor("solveMultiTerm", u0));
  const row = start.shape.length === 0 ? [1] : start.shape;
  const d = row[row.length - 1];
  const highest = terms[0].order;
  if (initialDerivative !== undefined && highest <= 1) {
    throw new DomainError("solveMultiTerm: expected no initialDerivative for orders up to 1, received one");
  }
  const slope = refuseNonFinite(
    "solveMultiTerm",
    "initialDerivative",
    toTensor("solveMultiTerm", initialDerivative ?? 0),
  );
  const leading = terms[0].coefficient;

  /** What D^order takes away from u before it differentiates: nothing, u₀, or u₀ + u′₀ t; t has the rank of u. */
  function taylor(order: number, t: Tensor): Tensor {
    const shape = [t.shape[0], ...row];
    if (order === 0) return zeros(shape);
    const constant = broadcastTo(reshape(start, row), shape);
    return order <= 1 ? constant : add(constant, mul(t, broadcastTo(slope, row)));
  }
  const part = (y: Tensor, i: number): Tensor => {
    const first = y.shape.slice(0, -1).map(() => 0);
    return slice(y, [...first, i * d], [...y.shape.slice(0, -1), (i + 1) * d]);
  };
  const whole = (t: Tensor, y: Tensor): Tensor => terms.reduce((u, _, i) => add(u, part(y, i)), taylor(highest, t));
  const asRows = (t: Tensor): Tensor => reshape(t, [t.shape[0], ...row.map(() => 1)]);
  const scalar = start.shape.length === 0;

  const field: TimeField = (t, y) => {
    const u = whole(t, y);
    const value = scalar
      ? toTensor("solveMultiTerm", f(reshape(t, [t.shape[0]]), reshape(u, [u.shape[0]])))
      : toTensor("solveMultiTerm", f(t, u));
    if (sizeOf(value.shape) !== sizeOf(u.shape) || (!scalar && !sameShape(value.shape, u.shape))) {
      throw new ShapeError(
        `solveMultiTerm: expected f(t, u) of the shape of u, received ${showShape(value.shape)} for u of ` +
          `${showShape(u.shape)}: f is evaluated on many time nodes at once, time first`,
      );
    }
    const fields = terms.map(({ coefficient, order }, i) =>
      i === 0 ? div(reshape(value, u.shape), leading) : mul(neg(div(coefficient, leading)), sub(u, taylor(order, t))),
    );
    return concat(fields, row.length);
  };
  const order = terms.flatMap((term, i) => new Array<number>(d).fill(i === 0 ? highest : highest - term.order));
  const solution = solveCaputo(field, zeros([...row.slice(0, -1), terms.length * d]), { ...rest, order });
  const shaped = (t: Tensor, y: Tensor): Tensor => reshape(whole(asRows(t), y), [t.shape[0], ...start.shape]);
  return {
    times: solution.times,
    values: shaped(solution.times, solution.values),
    at(when) {
      const chosen = timesOf("solveMultiTerm", when);
      const count = sizeOf(chosen.shape);
      const flat = reshape(chosen, [count]);
      return reshape(shaped(flat, solution.at(flat)), [...chosen.shape, ...start.shape]);
    },
  };
}
