// What are the weights of the fractional integral in 106 bits?
//
// With Pₚ(D) = D^p/Γ(p + 1), a cell of length H at distances D₀ < D₁ = D₀ + H from tₙ has, for piecewise linear
// interpolation, the weights P_α(D₁) − I of its left end and I − P_α(D₀) of its right one, I = (P_(α+1)(D₁) − P_(α+1)(D₀))/H.
// Constants from the left have P_α(D₁) − P_α(D₀). These differences lose k² units in the last place k cells away from tₙ, which 106 bits can afford.
//
// Source: Diethelm, Ford and Freed (2004), "Detailed error analysis for a fractional Adams method", equation 1.11.
import type { Integral } from "../../fractional/integral.js";
import { DomainError } from "../../tensor/index.js";
import {
  add,
  type DoubleDouble,
  div,
  fromNumber,
  mul,
  ONE,
  powerOverGamma,
  sub,
  ZERO,
} from "../double-double/index.js";
import { at, blank, put, type WideTensor } from "./wide-tensor.js";

/** A[n][j] for j ≤ n: the k-th derivative in α. */
function weightsFor({ rule: { mesh, between, name }, k }: Integral, alpha: DoubleDouble): DoubleDouble[][] {
  if (between !== "line" && between !== "left") {
    throw new DomainError(`oracle: expected productTrapezoid or productRectangle, received ${name}`);
  }
  const steps = mesh.nodes.length - 1;
  const nodes = Array.from(mesh.nodes, (t, j) =>
    mesh.uniform ? div(fromNumber(j), fromNumber(steps)) : fromNumber(t),
  );
  const known = new Map<string, readonly [DoubleDouble, DoubleDouble]>();
  const [lower, upper] = [powerOverGamma(alpha, k), powerOverGamma(add(alpha, ONE), k)];
  /** P_α and P_(α+1); both vanish at 0. */
  const powers = (distance: DoubleDouble): readonly [DoubleDouble, DoubleDouble] => {
    if (distance.high === 0) return [ZERO, ZERO];
    const key = `${distance.high} ${distance.low}`;
    const found = known.get(key) ?? ([lower(distance), upper(distance)] as const);
    known.set(key, found);
    return found;
  };
  return nodes.map((t, n) => {
    const row = new Array<DoubleDouble>(n + 1).fill(ZERO);
    for (let l = 0; l < n; l++) {
      const distanceTo = (j: number): DoubleDouble =>
        mesh.uniform ? div(fromNumber(n - j), fromNumber(steps)) : sub(t, nodes[j]);
      const length = sub(nodes[l + 1], nodes[l]);
      const [p1, q1] = powers(distanceTo(l));
      const [p0, q0] = powers(distanceTo(l + 1));
      const mean = between === "left" ? p0 : div(sub(q1, q0), length);
      row[l] = add(row[l], sub(p1, mean));
      row[l + 1] = add(row[l + 1], sub(mean, p0));
    }
    return row;
  });
}

/** The weights for each of the orders; computed once for each order and derivative of a rule. */
export class KnownWeights {
  readonly #known = new Map<unknown, Map<string, DoubleDouble[][]>>();

  of(integral: Integral, alpha: DoubleDouble): DoubleDouble[][] {
    const onRule = this.#known.get(integral.rule) ?? new Map<string, DoubleDouble[][]>();
    this.#known.set(integral.rule, onRule);
    const key = `${alpha.high} ${alpha.low} ${integral.k}`;
    const found = onRule.get(key) ?? weightsFor(integral, alpha);
    onRule.set(key, found);
    return found;
  }
}

/** The weights A[n][j] for each of the orders, one set if there is one order. */
export const weightSets = (known: KnownWeights, integral: Integral, orders: WideTensor): DoubleDouble[][][] =>
  Array.from(orders.high, (_, c) => known.of(integral, at(orders, c)));

/** Σⱼ A[n, j] y[j], or its transpose. */
export function integrate(sets: readonly DoubleDouble[][][], { transposed }: Integral, y: WideTensor): WideTensor {
  const nodes = y.shape[0];
  const width = y.high.length / nodes;
  const result = blank(y.shape);
  for (let n = 0; n < nodes; n++) {
    for (let c = 0; c < width; c++) {
      const weights = sets[c % sets.length];
      let sum = ZERO;
      for (let j = transposed ? n : 0; j < (transposed ? nodes : n + 1); j++) {
        sum = add(sum, mul(transposed ? weights[j][n] : weights[n][j], at(y, j * width + c)));
      }
      put(result, n * width + c, sum);
    }
  }
  return result;
}
