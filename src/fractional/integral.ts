// What is the fractional integral of samples, as an operation?
//
// On nodes in [0, 1] the operator is Â(α); for duration T it is T^α·Â(α), so T needs no rule. The family Â⁽ᵏ⁾(α) of
// derivatives of the weights is closed: the tangent in α raises k. The transpose looks from the future back.
import { add, mul, sumTo } from "../primitives/index.js";
import { apply1, type Primitive } from "../tape/index.js";
import { DomainError, type Shape, ShapeError, showShape, type Tensor } from "../tensor/index.js";
import { type CausalWeights, type LagSpectra, makeHistory, makeLagSpectra } from "../typed-array-ops/index.js";
import type { Rule } from "./quadrature.js";

/** Which member of the family: a rule on its nodes, the k-th derivative in α, or its transpose. */
export interface Integral {
  readonly rule: Rule;
  readonly k: number;
  readonly transposed: boolean;
  /** What was computed already; it is shared by all members of the rule. */
  readonly known: Known;
}

/** What was computed lately, newest first, for some orders and k. */
type Known = {
  readonly orders: Float64Array;
  readonly k: number;
  readonly found: WeightSets;
}[];

/** The weights of each order, one set if all are equal, and what is kept to apply them. */
export interface WeightSets {
  readonly sets: readonly CausalWeights[];
  readonly spectra: LagSpectra;
}

/** As many orders and k are remembered: where an order is learned, every step has another. */
const REMEMBERED = 4;

const knownOf = new WeakMap<Rule, Known>();

/**
 * The integral of a rule, its weights still to be computed.
 *
 * @example makeIntegral(productRule("line", gradedMesh(4))).transposed // → false
 */
export function makeIntegral(rule: Rule): Integral {
  const known = knownOf.get(rule) ?? [];
  knownOf.set(rule, known);
  return { rule, k: 0, transposed: false, known };
}

const sameNumbers = (x: Float64Array, y: Float64Array): boolean => {
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
};

/** @throws DomainError for an order outside [0, 2]. */
export function weightsOf({ rule, k, known }: Integral, orders: Float64Array): WeightSets {
  for (let i = 0; i < known.length; i++) {
    if (known[i].k === k && sameNumbers(known[i].orders, orders)) return known[i].found;
  }
  for (const alpha of orders) {
    if (!(alpha >= 0 && alpha <= 2)) {
      throw new DomainError(
        `fractional integral: expected orders in [0, 2], received ${alpha}; keep a learned order inside, for instance ` +
          "as 0.5·(1 + tanh ρ)",
      );
    }
  }
  const distinct = orders.every((alpha) => alpha === orders[0]) ? orders.subarray(0, 1) : orders;
  const made = new Map<number, CausalWeights>();
  const sets = Array.from(distinct, (alpha) => {
    const weights = made.get(alpha) ?? rule.weights(alpha, k);
    made.set(alpha, weights);
    return weights;
  });
  const found = { sets, spectra: makeLagSpectra(sets) };
  known.unshift({ orders: orders.slice(), k, found });
  known.length = Math.min(known.length, REMEMBERED);
  return found;
}

function checkShapes(name: string, [y, alpha]: readonly Shape[], { rule: { mesh } }: Integral): readonly Shape[] {
  const fail = (why: string): never => {
    throw new ShapeError(
      `${name}: expected [nodes, …, d] and an order [] or [d], received ${showShape(y)}, ${showShape(alpha)}: ${why}`,
    );
  };
  if (y[0] !== mesh.nodes.length) fail(`there are ${mesh.nodes.length} nodes, and ${y[0]} samples`);
  if (alpha.length > 1 || (alpha.length === 1 && (y.length < 2 || alpha[0] !== y[y.length - 1]))) {
    fail("several orders need one for each entry of the last axis");
  }
  return [y];
}

/** Â⁽ᵏ⁾(α)·y, or its transpose: linear in y, and in α a family that is closed under derivatives. */
export const fractionalIntegralPrimitive: Primitive<Integral, "fractionalIntegral"> = {
  name: "fractionalIntegral",
  shapes: (inputs, integral) => checkShapes("fractionalIntegral", inputs, integral),
  kernel: ([[, ...row]], integral) => {
    const width = row.reduce((product, n) => product * n, 1);
    return ([out], [y, orders]) => {
      const { sets, spectra } = weightsOf(integral, orders);
      makeHistory(sets, width, integral.transposed, spectra).apply(out, y);
    };
  },
  vjp: ([g], _, [y, alpha], integral, wanted) => [
    wanted[0] ? fractionalIntegral(g as Tensor, alpha, { ...integral, transposed: !integral.transposed }) : undefined,
    wanted[1] ? sumTo(mul(g as Tensor, raised(y, alpha, integral)), alpha.shape) : undefined,
  ],
  jvp: ([dy, dalpha], _, [y, alpha], integral) => {
    const fromY = dy && fractionalIntegral(dy, alpha, integral);
    const fromAlpha = dalpha && mul(dalpha, raised(y, alpha, integral));
    return [fromY && fromAlpha ? add(fromY, fromAlpha) : (fromY ?? fromAlpha)];
  },
};

const raised = (y: Tensor, alpha: Tensor, integral: Integral): Tensor =>
  fractionalIntegral(y, alpha, { ...integral, k: integral.k + 1 });

/** The integral on [0, 1] of samples y [nodes, …, d] for an order [] or [d]. */
export const fractionalIntegral = (y: Tensor, alpha: Tensor, integral: Integral): Tensor =>
  apply1(fractionalIntegralPrimitive, [y, alpha], integral);
