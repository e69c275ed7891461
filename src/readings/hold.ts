// How is a plan held that is taken when it is first needed, and runs no further than what has changed?
import type { Program } from "../tape/index.js";
import type { Round } from "./kernel-plan.js";
import type { Plan } from "./plan.js";
import { putBack, takePlan } from "./shelf.js";

/** A plan of one's own for a while. */
export interface Held {
  /** Notes that the inputs of this level of reruns have other values than when it ran; without one, any inputs. */
  changed(level?: number): void;
  /** Runs, or reruns where the level of what has changed allows it; the inputs of level 0 may have changed unnoted. */
  run(inputs: () => readonly Float64Array[]): readonly Float64Array[];
  /** Where the first outputs can become the first inputs, once it has run. */
  round(): Round | undefined;
  /** Puts the plan back; it is taken again when it is needed. */
  end(): void;
}

/** Holds the plan of a program, which is written when it is first needed; the rest is as for `takePlan`. */
export function holdPlan(write: () => Program, varying: readonly number[] = [], turning = 0): Held {
  const all = varying.length;
  let program: Program | undefined;
  let plan: Plan | undefined;
  let level = all;
  return {
    changed(to = all) {
      level = Math.max(level, to);
    },
    run(inputs) {
      program ??= write();
      plan ??= takePlan(program, all > 0 ? varying : undefined, turning);
      const results = level < all ? plan.rerun(level) : plan.run(inputs());
      level = 0;
      return results;
    },
    round: () => plan?.round(),
    end() {
      if (plan) putBack(plan);
      plan = undefined;
      level = all;
    },
  };
}
