// What is the derivative of a solution of z = f(z, x)?
//
// With J = ∂f/∂z at the solution, the implicit function theorem gives
//
//     dz = J dz + (∂f/∂x) dx          and          x̄ = (∂f/∂x)ᵀ u  with  u = g + Jᵀ u,
//
// two linear fixed points. How z was found does not enter. Both equations are solved by operations that are implicit
// themselves, so every order of derivative follows.
import { orZeros, recordOn } from "../calculus/index.js";
import { pullback, pushforward } from "../readings/index.js";
import type { Kernel, Primitive } from "../tape/index.js";
import type { Shape, Tensor } from "../tensor/index.js";

/** An equation z = f(z, x) and how it is solved. */
export interface Implicit<P> {
  /** How many of the inputs only start the iteration: the solution does not depend on them. */
  starts(parameters: P): number;
  shapes(inputs: readonly Shape[], parameters: P): readonly Shape[];
  /** Solves the equation. @throws ConvergenceError */
  kernel(inputs: readonly Shape[], parameters: P): Kernel;
  /** The right side f(z, x), in operations. */
  equation(z: readonly Tensor[], inputs: readonly Tensor[], parameters: P): readonly Tensor[];
  /** The u with u = g + pull(u), where pull(u) = Jᵀ u. */
  solveAdjoint(g: readonly Tensor[], pull: LinearMap, at: Solution<P>): readonly Tensor[];
  /** The dz with dz = b + push(dz), where push(dz) = J dz. */
  solveTangent(b: readonly Tensor[], push: LinearMap, at: Solution<P>): readonly Tensor[];
}

export type LinearMap = (v: readonly Tensor[]) => readonly Tensor[];

/** Where the equation is linearised. */
export interface Solution<P> {
  readonly z: readonly Tensor[];
  readonly inputs: readonly Tensor[];
  readonly parameters: P;
}

/**
 * The primitive whose output solves the equation.
 *
 * @source Christianson (1994), "Reverse accumulation and attractive fixed points", equations 3 and 8
 */
export function implicit<P, Name extends string>(name: Name, rule: Implicit<P>): Primitive<P, Name> {
  /** The right side, written down at a solution as a function of z and of those inputs that it depends on and that are wanted. */
  function linearise({ z, inputs, parameters }: Solution<P>, wanted: readonly unknown[]) {
    const starts = rule.starts(parameters);
    const chosen = inputs.flatMap((_, i) => (i >= starts && wanted[i] ? [i] : []));
    if (chosen.length === 0) return undefined;
    const around = (state: readonly Tensor[], some: readonly Tensor[]): readonly Tensor[] => {
      const all = [...inputs];
      chosen.forEach((input, i) => {
        all[input] = some[i];
      });
      return rule.equation(state, all, parameters);
    };
    return {
      chosen,
      ...recordOn(name, around as (...xs: never[]) => unknown, [z, chosen.map((i) => inputs[i])]),
    };
  }

  return {
    name,
    shapes: rule.shapes,
    kernel: rule.kernel,
    vjp(gs, z, inputs, parameters, wanted) {
      const at = { z, inputs, parameters };
      const f = linearise(at, wanted);
      if (!f) return inputs.map(() => undefined);
      const pull = pullback(f);
      const u = rule.solveAdjoint(orZeros(gs, z), (v) => orZeros(pull(v), z), at);
      const cotangents = pull(u).slice(z.length);
      return inputs.map((_, i) => cotangents[f.chosen.indexOf(i)]);
    },
    jvp(dx, z, inputs, parameters) {
      const at = { z, inputs, parameters };
      const f = linearise(at, dx);
      if (!f) return z.map(() => undefined);
      const push = pushforward(f);
      const still = z.map(() => undefined);
      const drive = orZeros(push([...still, ...f.chosen.map((i) => dx[i])]), z);
      return rule.solveTangent(drive, (v) => orZeros(push(v), z), at);
    },
  };
}
