// What are jacobian, hessian and hvp?
import { eye, reshape, slice, stack, zeros } from "../primitives/index.js";
import { pullback, pushforward } from "../readings/index.js";
import { checkLike, flattenTree, type Shape, ShapeError, sizeOf, type Tensor, type TreeForm } from "../tensor/index.js";
import { recordOn } from "./differentiate.js";
import { grad } from "./reverse.js";
import { jvp } from "./tangent.js";

/** The tensors of this shape with a single 1, in row-major order. */
function basis(shape: Shape): Tensor[] {
  const size = sizeOf(shape);
  const identity = eye(size);
  return Array.from({ length: size }, (_, i) => reshape(slice(identity, [i], [i + 1]), shape));
}

function oneTensor(what: string, leaves: readonly Tensor[], form: TreeForm): Tensor {
  if (form === "leaf") return leaves[0];
  throw new ShapeError(
    `jacobian: expected ${what} to be one tensor, received a tree of ${leaves.length}: join them with concat, or use vjp and jvp`,
  );
}

/**
 * The function that gives all partial derivatives J[…, …] = ∂f(x)[…]/∂x[…], column by column in forward mode or row by
 * row in reverse mode, whichever takes fewer passes.
 *
 * @shape [...y, ...x]
 * @throws ShapeError if x or f(x) is not one tensor.
 * @source Griewank and Walther (2008), Evaluating Derivatives, section 3.3
 * @example jacobian((x) => mul(x, x))(tensor([1, 2])).toArray() // → [[2, 0], [0, 4]]
 */
export function jacobian(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x) => {
    const { form } = flattenTree("jacobian", x);
    const recorded = recordOn("jacobian", f as (...args: never[]) => Tensor, [x]);
    const from = oneTensor("x", recorded.inputs, form);
    const to = oneTensor("f(x)", recorded.outputs, recorded.outputForm);
    const shape = [...to.shape, ...from.shape];
    if (sizeOf(shape) === 0) return zeros(shape);
    if (sizeOf(from.shape) <= sizeOf(to.shape)) {
      const push = pushforward(recorded);
      const columns = basis(from.shape).map((dx) => push([dx])[0] ?? zeros(to.shape));
      return reshape(stack(columns, to.shape.length), shape);
    }
    const pull = pullback(recorded);
    const rows = basis(to.shape).map((g) => pull([g])[0] ?? zeros(from.shape));
    return reshape(stack(rows), shape);
  };
}

/**
 * The function that gives all second derivatives H[…, …] = ∂²f/∂x[…]∂x[…] of a scalar-valued f: forward over reverse.
 *
 * @shape [...x, ...x]
 * @throws ShapeError if f does not return one scalar.
 * @example hessian((x) => sum(mul(mul(x, x), x)))(tensor([1, 2])).toArray() // → [[6, 0], [0, 12]]
 */
export function hessian(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return jacobian(grad(f));
}

/**
 * The Hessian of a scalar-valued f times v, H v = d/ds ∇f(x + s v), without the Hessian.
 *
 * @throws ShapeError if f does not return one scalar, or v does not look like x.
 * @source Pearlmutter (1994), "Fast exact multiplication by the Hessian", equation 1
 * @example hvp((x) => sum(mul(mul(x, x), x)), tensor([1, 2]), tensor([1, 0])).toArray() // → [6, 0]
 */
export function hvp<P>(f: (params: P) => Tensor, x: P, v: P): P {
  checkLike("hvp", "v", v, x);
  return jvp(grad(f) as (x: unknown) => P, [x], [v]).tangent;
}
