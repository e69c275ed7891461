// What is the fractional integral of samples, as an operation?
//
// On nodes in [0, 1] the operator is Â(α); for duration T it is T^α·Â(α), so T needs no rule. The family Â⁽ᵏ⁾(α) of
// derivatives of the weights is closed: the tangent in α raises k. The transpose looks from the future back.
import { add, mul, sumTo } from "../primitives/index.js";
import { apply1, type Primitive } from "../tape/index.js";
import { DomainError, type Shape, ShapeError, showShape, type Tensor } from "../tensor/index.js";
import { accumulateCausal, type CausalWeights } from "../typed-array-ops/index.js";
import type { Rule } from "./quadrature.js";

/** Which member of the family: a rule on its nodes, the k-th derivative in α, or its transpose. */
export interface Integral {
  readonly rule: Rule;
  readonly k: number;
  readonly transposed: boolean;
  /** Weights that were computed already, by order and k; they are shared by all members of the rule. */
  readonly known: Map<string, CausalWeights>;
}

/**
 * The integral of a rule, its weights still to be computed.
 *
 * @example makeIntegral(productRule("line", gradedMesh(4))).transposed // → false
 */
export const makeIntegral = (rule: Rule): Integral => ({ rule, k: 0, transposed: false, known: new Map() });

/** The weights for each of the orders, one set if they are all equal. */
export function weightsOf({ rule, k, known }: Integral, orders: Float64Array): CausalWeights[] {
  for (const alpha of orders) {
    if (!(alpha >= 0 && alpha <= 2)) {
      throw new DomainError(
        `fractional integral: expected orders in [0, 2], received ${alpha}; keep a learned order inside, for instance ` +
          "as 0.5·(1 + tanh ρ)",
      );
    }
  }
  const sets = orders.every((alpha) => alpha === orders[0]) ? orders.subarray(0, 1) : orders;
  return Array.from(sets, (alpha) => {
    const key = `${alpha} ${k}`;
    let weights = known.get(key);
    if (weights === undefined) {
      weights = rule.weights(alpha, k);
      known.set(key, weights);
    }
    return weights;
  });
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
  kernel: ([[nodes, ...row]], integral) => {
    const width = row.reduce((product, n) => product * n, 1);
    return ([out], [y, orders]) => {
      out.fill(0);
      const weights = weightsOf(integral, orders);
      accumulateCausal(out, 0, y, 0, weights, width, 0, nodes, 0, nodes, integral.transposed);
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
