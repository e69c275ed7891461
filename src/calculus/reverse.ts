// What are vjp, grad and valueAndGrad?
import { toTensor } from "../primitives/index.js";
import { pullback } from "../readings/index.js";
import {
  checkAlike,
  checkFunction,
  flattenTree,
  ShapeError,
  showShapes,
  type Tensor,
  type TensorsOf,
  unflattenTree,
} from "../tensor/index.js";
import { orZeros, type Recorded, recordOn } from "./differentiate.js";

/** Leaves of a tree of cotangents or tangents, which must look like the values they belong to. */
export function leavesLike(
  operation: string,
  tree: unknown,
  recorded: Pick<Recorded, "outputs" | "outputForm">,
): Tensor[] {
  const received = flattenTree(operation, tree);
  checkAlike(`${operation}: expected`, received, {
    leaves: recorded.outputs,
    form: recorded.outputForm,
  });
  return received.leaves;
}

/**
 * The value of f and the vector–Jacobian product at xs: pull(g) = (∂f/∂x)ᵀ g for each of xs.
 *
 * @throws ShapeError from `pull` if the cotangent does not look like the value.
 * @example vjp((x, y) => mul(x, y), tensor(2), tensor(3)).pull(tensor(1)).map((c) => c.item()) // → [3, 2]
 */
export function vjp<A extends unknown[], Y>(
  f: (...xs: { [K in keyof A]: TensorsOf<A[K]> }) => Y,
  ...xs: A
): { value: Y; pull: (cotangent: Y | number) => { [K in keyof A]: TensorsOf<A[K]> } } {
  const recorded = recordOn("vjp", f as (...args: never[]) => Y, xs);
  const pullLeaves = pullback(recorded);
  return {
    value: recorded.value as Y,
    pull: (cotangent) => {
      const cotangents = pullLeaves(leavesLike("vjp: pull", cotangent, recorded));
      return unflattenTree(recorded.inputForm, orZeros(cotangents, recorded.inputs)) as {
        [K in keyof A]: TensorsOf<A[K]>;
      };
    },
  };
}

function differentiateScalar<P, R extends readonly unknown[]>(
  operation: string,
  f: (params: P, ...rest: R) => Tensor,
): (params: P, ...rest: R) => { value: Tensor; gradient: P } {
  checkFunction(operation, f);
  return (params, ...rest) => {
    const recorded = recordOn(operation, ((p: P) => f(p, ...rest)) as (...args: never[]) => Tensor, [params]);
    const [y] = recorded.outputs;
    if (recorded.outputForm !== "leaf" || y.shape.length !== 0) {
      throw new ShapeError(
        `${operation}: expected f to return a scalar, received ${showShapes(recorded.outputs)}: ` +
          "reduce it with sum or mean, or use vjp",
      );
    }
    const cotangents = pullback(recorded)([toTensor(operation, 1)]);
    const [gradient] = unflattenTree(recorded.inputForm, orZeros(cotangents, recorded.inputs)) as [P];
    return { value: y, gradient };
  };
}

/**
 * The function that gives f(params) and ∂f/∂params for a scalar-valued f; further arguments are not differentiated.
 *
 * @throws ShapeError if f does not return one scalar.
 * @example valueAndGrad((x) => mul(x, x))(tensor(3)).gradient.item() // → 6
 */
export function valueAndGrad<P, R extends readonly unknown[]>(
  f: (params: P, ...rest: R) => Tensor,
): (params: P, ...rest: R) => { value: Tensor; gradient: P } {
  return differentiateScalar("valueAndGrad", f);
}

/**
 * The function that gives ∂f/∂params for a scalar-valued f, as a tree like params.
 *
 * @throws ShapeError if f does not return one scalar.
 * @example grad((x) => sum(mul(x, x)))(tensor([1, 2])).toArray() // → [2, 4]
 */
export function grad<P, R extends readonly unknown[]>(
  f: (params: P, ...rest: R) => Tensor,
): (params: P, ...rest: R) => P {
  const both = differentiateScalar("grad", f);
  return (params, ...rest) => both(params, ...rest).gradient;
}
