// What is a field that acts on each time node alone, for any number of nodes?
import { jvp, linearize, vjp } from "../calculus/index.js";
import { traceForRows } from "../fixed-point/index.js";
import { add, broadcastTo, slice } from "../primitives/index.js";
import { type Held, holdPlan } from "../readings/index.js";
import { trace } from "../tape/index.js";
import { type Shape, ShapeError, sameShape, showShape, type Tensor, tracedTensor } from "../tensor/index.js";
import { planWindow, type WindowPlans } from "./window-plans.js";

/**
 * φ(z; a, θ) on K nodes at once, for any K: z and the nodewise arguments a have K rows, row n of the result depends on
 * row n of them only, and θ is shared by all nodes.
 */
export type Field = (z: Tensor, nodewise: readonly Tensor[], shared: readonly Tensor[]) => Tensor;

/**
 * The field of a user's function f(t, u), and what it closes over. f is traced once for each number of nodes.
 *
 * @throws ShapeError if f(t, u) has not the shape of u.
 */
export function fieldOf(
  operation: string,
  f: (t: Tensor, u: Tensor) => Tensor,
  sizes: readonly number[],
  row: Shape,
): { field: Field; shared: readonly Tensor[] } {
  const shapeFor = (size: number): Shape => [size, ...row];
  const programs = traceForRows(
    operation,
    f as (...args: never[]) => unknown,
    sizes,
    (size) => [tracedTensor([size, ...row.map(() => 1)]), tracedTensor(shapeFor(size))],
    ({ shapes, outputs, outputForm }, size) => {
      if (outputForm !== "leaf") {
        throw new ShapeError(
          `${operation}: expected f(t, u) to be a tensor of the shape of u, received an array or record`,
        );
      }
      const result = shapes[outputs[0]];
      if (sameShape(result, shapeFor(size))) return;
      throw new ShapeError(
        `${operation}: expected f(t, u) of the shape of u, received ${showShape(result)} for u of ` +
          `${showShape(shapeFor(size))}: f is evaluated on many time nodes at once, time first`,
      );
    },
  );
  return {
    shared: programs.shared,
    field: (z, [times], theta) => programs.run(z.shape[0], [times, z], theta)[0],
  };
}

/** v ↦ g + Jᵀ v with J = ∂φ/∂z: nodewise arguments are those of φ, then z and g. */
export const adjointField =
  (field: Field): Field =>
  (v, nodewise, shared) => {
    const [z, g] = nodewise.slice(-2);
    const { pull } = vjp((state: Tensor) => field(state, nodewise.slice(0, -2), shared), z);
    return add(g, pull(v)[0]);
  };

/** dz ↦ J dz with J = ∂φ/∂z: nodewise arguments are those of φ, then z. */
export const tangentField =
  (field: Field): Field =>
  (dz, nodewise, shared) =>
    jvp((state: Tensor) => field(state, nodewise.slice(0, -1), shared), [nodewise[nodewise.length - 1]], [dz]).tangent;

/** The plans of a field on K nodes, each taken when it is first needed. */
export interface FieldPlans extends WindowPlans {
  /** φ. Inputs: z, nodewise arguments, θ. */
  readonly value: Held;
  /** ∂φ/∂z_c for c < d, z_c being entry c of the last axis. Inputs: those of φ, then the identity of size d. */
  readonly columns: Held;
}

/** Puts them back, also after an exception. */
export const endPlans = (plans: FieldPlans): void => {
  for (const held of Object.values(plans)) held.end();
};

/** Compiles a field for windows of one size. `rows` are the shapes of z and of the nodewise arguments without time. */
export function planField(field: Field, size: number, rows: readonly Shape[], shared: readonly Shape[]): FieldPlans {
  const [z, ...nodewise] = rows.map((row) => tracedTensor([size, ...row]));
  const theta = shared.map((shape) => tracedTensor(shape));
  const d = rows[0][rows[0].length - 1];
  const jacobian = (state: Tensor, a: readonly Tensor[], b: readonly Tensor[], identity: Tensor): Tensor[] => {
    const { push } = linearize((x: Tensor) => field(x, a, b), state);
    return Array.from({ length: d }, (_, c) => push(broadcastTo(slice(identity, [c], [c + 1]), z.shape)));
  };
  return {
    value: holdPlan(() => trace(field, z, nodewise, theta)),
    columns: holdPlan(() => trace(jacobian, z, nodewise, theta, tracedTensor([d, d]))),
    ...planWindow(field, z, nodewise, theta),
  };
}
