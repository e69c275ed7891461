// How is memory saved by computing twice?
import { makePlan, pullback, pushforward } from "../readings/index.js";
import { apply, type Primitive, type Program, traceAs } from "../tape/index.js";
import { flattenTree, unflattenTree } from "../tensor/index.js";
import { recordProgram } from "./differentiate.js";

/** A program as one application: tapes keep its inputs and outputs, and its rules run it again. */
export const checkpointPrimitive: Primitive<{ readonly program: Program }, "checkpoint"> = {
  name: "checkpoint",
  shapes: (_, { program }) => program.outputs.map((slot) => program.shapes[slot]),
  kernel(_, { program }) {
    const plan = makePlan(program);
    return (outputs, inputs) => {
      plan.run(inputs).forEach((data, i) => {
        outputs[i].set(data);
      });
    };
  },
  vjp(g, _, inputs, { program }, wanted) {
    const again = recordProgram("checkpoint", program, inputs);
    const chosen = again.inputs.filter((_x, i) => wanted[i]);
    const cotangents = pullback({ ...again, inputs: chosen })(g);
    let next = 0;
    return inputs.map((_x, i) => (wanted[i] ? cotangents[next++] : undefined));
  },
  jvp(dx, _, inputs, { program }) {
    const again = recordProgram("checkpoint", program, inputs);
    return pushforward(again)(dx);
  },
};

/**
 * f with the same values and derivatives, whose intermediate results are computed again for a derivative instead of being
 * kept until then. Whatever f closes over receives its gradient.
 *
 * @throws TraceError if f reads values.
 * @source Griewank and Walther (2000), "Algorithm 799: revolve", section 2
 * @example grad(checkpoint((x) => mul(sin(x), x)))(tensor(0)).item() // → 0
 */
export function checkpoint<A extends unknown[], Y>(f: (...xs: A) => Y): (...xs: A) => Y {
  return (...xs) => {
    const { leaves } = flattenTree("checkpoint", xs);
    const { closure, ...program } = traceAs("checkpoint", f as (...args: never[]) => unknown, xs);
    const outputs = apply(checkpointPrimitive, [...leaves, ...closure], { program });
    return unflattenTree(program.outputForm, outputs) as Y;
  };
}
