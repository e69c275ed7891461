// How does a traced program become a function that runs without allocating?
import { bindArguments, listeningTapes, makeBinding, type TracedProgram } from "../tape/index.js";
import { Tensor, unflattenTree } from "../tensor/index.js";
import { makePlan } from "./plan.js";
import { replaySlots } from "./replay.js";

/** What `compile` gives. */
export interface Compiled {
  /** Runs the plan. The returned tensors are overwritten by the next run. */
  run(args: readonly unknown[]): Tensor;
  /** How many buffers the plan owns. */
  readonly buffers: number;
}

/**
 * The plan of a program. Arguments are those of `replay`, and the result has the same bits; its memory is used again by
 * the next run.
 *
 * @throws ShapeError from `run` if a shape differs from the traced one.
 * @example compile(trace((x) => mul(x, x), tensor(2))).run([tensor(3)]).item() // → 9
 */
export function compile(program: TracedProgram): Compiled {
  const plan = makePlan(program);
  const bind = makeBinding(program);
  const data: Float64Array[] = [];
  const leaves: Tensor[] = [];
  let result: unknown;
  return {
    get buffers() {
      return plan.buffers();
    },
    run(args) {
      const bound = bind(args) ?? bindArguments("compile().run", program, args);
      // A tape or trace that listens has to hear the operations, or it would take the results for constants.
      if (listeningTapes() > 0) return unflattenTree(program.outputForm, replaySlots(program, bound)) as Tensor;
      for (let i = 0; i < bound.length; i++) {
        const given = bound[i].data;
        // An argument may be a result of the last run.
        data[i] = plan.overwrites(given, i) ? given.slice() : given;
      }
      const outputs = plan.run(data);
      let same = result !== undefined;
      for (let i = 0; i < outputs.length; i++) {
        if (leaves[i]?.data === outputs[i]) continue;
        leaves[i] = new Tensor(program.shapes[program.outputs[i]], outputs[i]);
        same = false;
      }
      if (!same) result = unflattenTree(program.outputForm, leaves);
      return result as Tensor;
    },
  };
}
