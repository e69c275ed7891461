// How does a scheme that goes from node to node remember what it has passed, with every operation on the tape?
//
// Node n needs Σ_{j<n} A_nj F_j. Summed anew at each node, from the values stacked anew, it would take N²/2 rows of the tape. Here
// the last few values are summed at each node, and what a whole block of them contributes to all later nodes is found at once.
import { add, concat, eye, flip, matmul, pad, reshape, slice, zeros } from "../../primitives/index.js";
import { Tensor } from "../../tensor/index.js";
import { fractionalIntegral, makeIntegral } from "../integral.js";
import type { Rule } from "../quadrature.js";
import type { NodalEquation } from "./equation.js";

/** So many values are kept before they are passed on. */
const BLOCK = 32;

export interface Memory {
  /** Σ_{j<n} A_nj F_j for the next node n: [1, entries]. */
  recall(): Tensor;
  /** A_nn for the next node n: [1]. */
  own(): Tensor;
  /** F of the next node, which is passed. */
  remember(force: Tensor): void;
}

/** The weights near the diagonal, as tensors that know where the order came from. */
function nearWeights(
  { alpha }: NodalEquation,
  rule: Rule,
): {
  own(n: number): Tensor;
  before(n: number, count: number): Tensor;
} {
  const { nodes, uniform } = rule.mesh;
  const integral = makeIntegral(rule);
  if (!uniform) {
    const matrix = fractionalIntegral(eye(nodes.length), alpha, integral);
    return {
      own: (n) => reshape(slice(matrix, [n, n], [n + 1, n + 1]), [1]),
      before: (n, count) => slice(matrix, [n, n - count], [n + 1, n]),
    };
  }
  // The column of node 1 holds the weights of all lags, from row 1 on; node 0, whose weights differ, is never near.
  const impulse = new Tensor(
    [nodes.length, 1],
    Float64Array.from(nodes, (_, n) => (n === 1 ? 1 : 0)),
  );
  const lags = fractionalIntegral(impulse, alpha, integral);
  const rows = new Map<number, Tensor>();
  return {
    own: () => reshape(slice(lags, [1], [2]), [1]),
    before(_, count) {
      const row = rows.get(count) ?? reshape(flip(slice(lags, [2], [2 + count]), 0), [1, count]);
      rows.set(count, row);
      return row;
    },
  };
}

/** An empty memory, with the weights of a rule on the equation's nodes. */
export function makeMemory(equation: NodalEquation, rule: Rule): Memory {
  const { alpha, entries } = equation;
  const integral = makeIntegral(rule);
  const near = nearWeights(equation, rule);
  const count = rule.mesh.nodes.length;
  let next = 0;
  let recent: Tensor | undefined;
  let far = zeros([count, entries]);

  function passOn(): void {
    if (recent === undefined) return;
    const [rows] = recent.shape;
    const placed = pad(recent, [
      [next - rows, count - next],
      [0, 0],
    ]);
    far = add(far, fractionalIntegral(placed, alpha, integral));
    recent = undefined;
  }

  return {
    recall() {
      const past = slice(far, [next], [next + 1]);
      return recent === undefined ? past : add(past, matmul(near.before(next, recent.shape[0]), recent));
    },
    own: () => near.own(next),
    remember(force) {
      recent = recent === undefined ? force : concat([recent, force], 0);
      next++;
      if (next === 1 || recent.shape[0] === BLOCK || next === count) passOn();
    },
  };
}
