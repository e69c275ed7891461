// What is a solution between its nodes?
//
// For the product rules f is a line (or a constant) on each cell, and u(t) = b(t) + I^α f is known everywhere. With
// P_p(D) = D^p/Γ(p + 1) and the slopes σ_c of f,
//
//     (I^α f)(τ) = f₀ P_α(τ) + Σ_c σ_c [P_(α+1)(τ − t_c) − P_(α+1)(τ − t_(c+1))],
//
// where the last cell ends at τ. For spectral rules u is a polynomial in x on each panel, known by its Legendre coefficients. All
// of it is written in operations: so times, orders and the duration have their derivatives of every order.
import {
  add,
  concat,
  div,
  exp,
  expandDims,
  expm1,
  eye,
  greater,
  log1p,
  matmul,
  mul,
  neg,
  pow,
  reshape,
  slice,
  stack,
  sub,
  transpose,
  where,
  zeros,
} from "../primitives/index.js";
import { lgamma } from "../special/operations.js";
import { DomainError, sizeOf, Tensor } from "../tensor/index.js";
import type { Integral } from "./integral.js";
import { legendreTransform } from "./lobatto.js";
import type { Rule } from "./quadrature.js";
import type { Panels } from "./spectral-weights.js";

/** What a trajectory is on its nodes, flattened to [nodes, entries]. */
export interface NodeValues {
  readonly u: Tensor;
  /** T^α f(t, u), for the integral over [0, 1]. */
  readonly force: () => Tensor;
  /** [] or one for each entry. */
  readonly alpha: Tensor;
  /** Those of the mesh, where they have a derivative. */
  readonly nodes: Tensor | undefined;
}

const constant = (values: ArrayLike<number>): Tensor => new Tensor([values.length], Float64Array.from(values));

/** Whether what `observe` gives is an integral, to which the base curve has to be added. */
export const integrated = ({ between }: Rule): boolean => between === "line" || between === "left";

/** Places are integrated to in parts of about so many entries, places × cells. */
const MOST = 2 ** 18;

/**
 * The solution at places in [0, 1], without its base curve where it is integrated: [places, entries].
 */
export function observe(rule: Rule, values: NodeValues, places: Tensor): Tensor {
  const { between, mesh } = rule;
  if (typeof between === "object") return interpolate(between, values.u, places);
  if (between === "samples") return matmul(hats(mesh.nodes, places), values.u);
  const force = values.force();
  const rows = Math.max(1, Math.floor(MOST / mesh.nodes.length));
  const count = places.shape[0];
  if (count > rows) {
    const parts = Array.from({ length: Math.ceil(count / rows) }, (_, i) =>
      observe(rule, { ...values, force: () => force }, slice(places, [i * rows], [Math.min(count, (i + 1) * rows)])),
    );
    return concat(parts, 0);
  }
  const nodes = values.nodes ?? constant(mesh.nodes);
  if (values.alpha.shape.length === 0) return integrateTo(between, nodes, force, values.alpha, places);
  const column = (x: Tensor, c: number, axis: number): Tensor =>
    slice(x, axis === 0 ? [c] : [0, c], axis === 0 ? [c + 1] : [x.shape[0], c + 1]);
  if (force.shape[1] === 0) return zeros([count, 0]);
  const entries = Array.from({ length: force.shape[1] }, (_, c) =>
    integrateTo(between, nodes, column(force, c, 1), reshape(column(values.alpha, c, 0), []), places),
  );
  return concat(entries, 1);
}

/**
 * The integral of a product rule on nodes that are a tensor, or its transpose, of y [nodes, …, d]: what `fractionalIntegral` is, by a
 * matrix whose entries are operations on the nodes, so that these have derivatives as well.
 */
export function integralOnNodes(
  { rule: { between, name }, transposed }: Pick<Integral, "rule" | "transposed">,
  y: Tensor,
  alpha: Tensor,
  nodes: Tensor,
): Tensor {
  if (between !== "line" && between !== "left") {
    throw new DomainError(`${name}: expected a product rule for nodes that have a derivative`);
  }
  const [count, ...row] = y.shape;
  const identity = eye(count);
  const apply = (values: Tensor, order: Tensor): Tensor => {
    const matrix = integrateTo(between, nodes, identity, order, nodes);
    const flat = reshape(values, [count, sizeOf(values.shape) / count]);
    return reshape(matmul(transposed ? transpose(matrix) : matrix, flat), values.shape);
  };
  if (alpha.shape.length === 0) return apply(y, alpha);
  const d = row[row.length - 1];
  const start = y.shape.slice(0, -1).map(() => 0);
  const entries = Array.from({ length: d }, (_, c) => {
    const part = slice(y, [...start, c], [...y.shape.slice(0, -1), c + 1]);
    return apply(part, reshape(slice(alpha, [c], [c + 1]), []));
  });
  return concat(entries, y.shape.length - 1);
}

/** x where it is positive, and 1 elsewhere, so that powers of it and their derivatives are finite. */
const guarded = (x: Tensor): Tensor => where(greater(x, 0), x, 1);
const ifPositive = (x: Tensor, y: Tensor): Tensor => where(greater(x, 0), y, 0);

/** Σ of what the cells before each place contribute, for one order. */
function integrateTo(between: "line" | "left", nodes: Tensor, force: Tensor, alpha: Tensor, places: Tensor): Tensor {
  const cells = nodes.shape[0] - 1;
  const rows = expandDims(places, 1);
  const [left, right] = [slice(nodes, [0], [cells]), slice(nodes, [1], [cells + 1])];
  const length = sub(right, left);
  const far = sub(rows, left);
  const near = sub(rows, right);
  const power = (x: Tensor, p: Tensor): Tensor => mul(pow(guarded(x), p), exp(neg(lgamma(add(p, 1)))));
  /** P_p(far) − P_p(near) of whole cells, which as a difference would lose digits, and P_p(far) of the last one. */
  const increase = (p: Tensor): Tensor => {
    const whole = mul(power(near, p), expm1(mul(p, log1p(div(length, guarded(near))))));
    return where(greater(near, 0), whole, ifPositive(far, power(far, p)));
  };
  const before = slice(force, [0], [cells]);
  if (between === "left") return matmul(increase(alpha), before);
  const slopes = div(sub(slice(force, [1], [cells + 1]), before), expandDims(length, 1));
  const first = ifPositive(rows, power(rows, alpha));
  return add(mul(first, slice(force, [0], [1])), matmul(increase(add(alpha, 1)), slopes));
}

/** For each place the shares of the nodes in a piecewise linear function, at a node with the slope before it: [places, nodes]. */
function hats(nodes: Float64Array, places: Tensor): Tensor {
  const steps = nodes.length - 1;
  const s = sub(mul(steps, expandDims(places, 1)), constant(nodes.map((_, j) => j)));
  const rising = where(greater(s, -1), add(1, s), 0);
  const falling = where(greater(s, 1), 0, sub(1, s));
  const atStart = constant(nodes.map((_, j) => (j === 0 ? 1 : 0)));
  return where(greater(expandDims(places, 1), 0), where(greater(s, 0), falling, rising), atStart);
}

/** The polynomial of each panel at the places in it. */
function interpolate({ edges, exponent, points }: Panels, u: Tensor, places: Tensor): Tensor {
  const n = points.x.length;
  const transform = new Tensor([n, n], legendreTransform(points));
  let result: Tensor | undefined;
  for (let p = 0; p + 1 < edges.length; p++) {
    const holds = (t: number): boolean => (p === 0 || t > edges[p]) && (p + 2 === edges.length || t <= edges[p + 1]);
    if (!places.traced && !places.data.some(holds)) continue;
    const local = div(sub(places, edges[p]), edges[p + 1] - edges[p]);
    const inside = p === 0 ? add(mul(0, places), 1) : greater(places, edges[p]);
    const x = p === 0 ? ifPositive(local, pow(guarded(local), 1 / exponent)) : local;
    const coefficients = matmul(transform, slice(u, [p * (n - 1)], [p * (n - 1) + n]));
    const here = matmul(legendreValues(where(inside, x, 0), n), coefficients);
    // Later panels overwrite: a place lies in the last one that begins before it.
    result = result === undefined ? here : where(expandDims(inside, 1), here, result);
  }
  return result ?? mul(0, matmul(expandDims(places, 1), slice(u, [0], [1])));
}

/** P₀(2x − 1), …, Pₙ₋₁(2x − 1) for each x: [x, n]. */
function legendreValues(x: Tensor, n: number): Tensor {
  const xi = sub(mul(2, x), 1);
  const values = [add(mul(0, x), 1), xi];
  for (let k = 1; k + 1 < n; k++) {
    const next = sub(mul((2 * k + 1) / (k + 1), mul(xi, values[k])), mul(k / (k + 1), values[k - 1]));
    values.push(next);
  }
  return stack(values, 1);
}
