// What does a scheme that goes from node to node need to know of an equation?
import { add, broadcastTo, concat, mul, pow, reshape, slice, toTensor } from "../../primitives/index.js";
import { checkFunction, DomainError, ShapeError, sameShape, showShape, sizeOf, Tensor } from "../../tensor/index.js";
import { type CaputoOptions, readGrid, readOrder, refuseNonFinite } from "../caputo-options.js";
import type { Rule } from "../quadrature.js";

/** What a scheme that goes from node to node gives: as `solveCaputo`, without the values between the nodes. */
export interface SteppedSolution {
  /** [steps + 1] */
  readonly times: Tensor;
  /** [steps + 1, ...u₀.shape], u₀ first */
  readonly values: Tensor;
}

/** u(τ) = base(τ) + Â(α) T^α f on nodes of [0, 1], one of them after the other; states are rows [1, entries]. */
export interface NodalEquation {
  readonly rule: Rule;
  readonly alpha: Tensor;
  readonly entries: number;
  /** u₀ + u′₀ t at node n. */
  base(n: number): Tensor;
  /** T^α f(t, u) at node n. */
  force(n: number, u: Tensor): Tensor;
  /** The trajectory from its rows. */
  collect(rows: readonly Tensor[]): SteppedSolution;
}

/** Reads an equation with one order. @throws DomainError, ShapeError */
export function readEquation(
  operation: string,
  f: (t: Tensor, u: Tensor) => Tensor,
  u0: number | Tensor,
  options: CaputoOptions,
): NodalEquation {
  checkFunction(operation, f);
  const start = refuseNonFinite(operation, "u0", toTensor(operation, u0));
  const { shape } = start;
  const entries = sizeOf(shape);
  const alpha = readOrder(operation, options?.order, [entries]);
  if (alpha.shape.length > 0) {
    throw new ShapeError(`${operation}: expected one order for all states, received ${showShape(alpha.shape)}`);
  }
  const { rule, duration } = readGrid(operation, options, alpha);
  const { nodes } = rule.mesh;
  const times = mul(duration, new Tensor([nodes.length], nodes));
  const scale = pow(duration, alpha);
  const row = reshape(start, [1, entries]);
  const slope = readSlope(operation, options.initialDerivative, alpha, shape);
  const oneNode = [1, ...shape];
  const timeAt = (n: number): Tensor => slice(times, [n], [n + 1]);
  return {
    ...{ rule, alpha, entries },
    base: (n) => (slope === undefined ? row : add(row, mul(timeAt(n), slope))),
    force(n, u) {
      const value = toTensor(
        operation,
        f(
          reshape(
            timeAt(n),
            oneNode.map(() => 1),
          ),
          reshape(u, oneNode),
        ),
      );
      if (!sameShape(value.shape, oneNode)) {
        throw new ShapeError(
          `${operation}: expected f(t, u) of the shape of u, ${showShape(oneNode)}, received ${showShape(value.shape)}`,
        );
      }
      return mul(scale, reshape(value, [1, entries]));
    },
    collect: (rows) => ({ times, values: reshape(concat([...rows], 0), [nodes.length, ...shape]) }),
  };
}

function readSlope(
  operation: string,
  slope: number | Tensor | undefined,
  alpha: Tensor,
  shape: readonly number[],
): Tensor | undefined {
  if (slope === undefined) return undefined;
  if (!alpha.traced && alpha.item() <= 1) {
    throw new DomainError(`${operation}: expected no initialDerivative for orders up to 1, received one`);
  }
  const given = refuseNonFinite(operation, "initialDerivative", toTensor(operation, slope));
  return reshape(broadcastTo(given, shape), [1, sizeOf(shape)]);
}
