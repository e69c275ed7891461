// What are jvp and linearize?
import { pushforward } from "../readings/index.js";
import { DomainError, type TensorsOf, unflattenTree } from "../tensor/index.js";
import { orZeros, recordOn } from "./differentiate.js";
import { leavesLike } from "./reverse.js";

/**
 * The value of f and its linear part at xs: push(dx) = Σ (∂f/∂x) dx.
 *
 * @throws ShapeError from `push` if the tangents do not look like xs.
 * @example linearize((x) => mul(x, x), tensor(3)).push(tensor(1)).item() // → 6
 */
export function linearize<A extends unknown[], Y>(
  f: (...xs: { [K in keyof A]: TensorsOf<A[K]> }) => Y,
  ...xs: A
): { value: Y; push: (...dxs: A) => Y } {
  return linearizeAs("linearize: push", f, xs);
}

function linearizeAs<A extends unknown[], Y>(
  operation: string,
  f: (...xs: { [K in keyof A]: TensorsOf<A[K]> }) => Y,
  xs: A,
): { value: Y; push: (...dxs: A) => Y } {
  const recorded = recordOn(operation, f as (...args: never[]) => Y, xs);
  const pushLeaves = pushforward(recorded);
  return {
    value: recorded.value as Y,
    push: (...dxs) => {
      const like = { outputs: recorded.inputs, outputForm: recorded.inputForm };
      const tangents = pushLeaves(leavesLike(operation, dxs, like));
      return unflattenTree(recorded.outputForm, orZeros(tangents, recorded.outputs)) as Y;
    },
  };
}

/**
 * The value of f at xs and its derivative along dxs: Σ (∂f/∂x) dx.
 *
 * @throws ShapeError if dxs does not look like xs.
 * @example jvp((x) => mul(x, x), [tensor(3)], [tensor(1)]).tangent.item() // → 6
 */
export function jvp<A extends unknown[], Y>(
  f: (...xs: { [K in keyof A]: TensorsOf<A[K]> }) => Y,
  xs: readonly [...A],
  dxs: readonly [...A],
): { value: Y; tangent: Y } {
  if (!Array.isArray(xs) || !Array.isArray(dxs)) {
    throw new DomainError("jvp: expected arrays of arguments and of tangents, as in jvp(f, [x], [dx])");
  }
  const { value, push } = linearizeAs("jvp", f, xs as unknown as A);
  return { value, tangent: push(...(dxs as unknown as A)) };
}
