// When does a program run kernel by kernel, and when in WebAssembly?
import { matmulPrimitive } from "../primitives/index.js";
import type { Program } from "../tape/index.js";
import { sizeOf, TraceError } from "../tensor/index.js";
import { webAssemblyIsWanted } from "../typed-array-ops/webassembly/engine.js";
import { type Layout, layOutKernels, type Round } from "./kernel-plan.js";
import { shareSteps } from "./share.js";
import { layOutResident } from "./webassembly/layout.js";

/** A program whose kernels are chosen and whose memory is laid out: running it only runs kernels. */
export interface Plan {
  /** Fills the outputs from the memory of the inputs, in the order of the program's input and free slots. */
  run(inputs: readonly Float64Array[]): readonly Float64Array[];
  /** Fills the outputs again where only the first varying[level] inputs, in the same memory, have other values than in the run before. */
  rerun(level?: number): readonly Float64Array[];
  /** As in a layout, where its first outputs may become its first inputs. */
  round(): Round | undefined;
  /** Lets go of the memory of the last inputs; the next call is a run. */
  release(): void;
  /** Whether the plan would overwrite this memory before it has read it as this argument. */
  overwrites(data: Float64Array, argument: number): boolean;
  /** How many buffers it has, and how many numbers they hold. */
  buffers(): number;
  numbers(): number;
}

/** A plan is moved to WebAssembly when it has done so much work, in units of about a nanosecond: as much as moving it takes. */
const WORTH_MOVING = 5e6;

/** What a step costs beside its loop. */
const PER_STEP = 30;

/** The entries of all results, those of a product as often as it adds to them. */
function workOf({ steps, shapes }: Program): number {
  const sizeAt = (slot: number): number => sizeOf(shapes[slot]);
  return steps.reduce((sum, { primitive, inputs, outputs }) => {
    const entries = sizeAt(outputs[0]);
    const [a, b] = inputs.map(sizeAt);
    const times = primitive === matmulPrimitive && entries > 0 ? Math.sqrt((a * b) / entries) : 1;
    return sum + PER_STEP + entries * times;
  }, 0);
}

/**
 * Lays out a plan. Repeated steps are computed once, and what depends on literals alone is computed here. What does not
 * depend on the first varying[level] inputs stays through reruns of that level. A plan that is run often moves to WebAssembly, with the same
 * bits. The first `turning` outputs may become the first inputs.
 */
export function makePlan(given: Program, varying: readonly number[] = [given.inputs + given.free], turning = 0): Plan {
  const program = shareSteps(given);
  const work = workOf(program);
  const first = layOutKernels(program, varying);
  // What depends on literals alone is computed once, however the plan is laid out.
  const { constants } = first;
  let kernels: Layout | undefined = first;
  let resident: Layout | undefined;
  let current: Layout = first;
  let [done, tried, running] = [0, false, false];

  /** Runs are counted before they run: the first ones run kernel by kernel. */
  function choose(): Layout {
    if (!webAssemblyIsWanted()) {
      kernels ??= layOutKernels(program, varying);
      return kernels;
    }
    if (!tried && done > WORTH_MOVING) {
      tried = true;
      resident = layOutResident(program, varying, constants, turning);
      if (resident) kernels = undefined;
    }
    return resident ?? (kernels as Layout);
  }

  /** Runs with these inputs, or reruns at this level. */
  function execute(what: readonly Float64Array[] | number): readonly Float64Array[] {
    done += work;
    running = true;
    try {
      return typeof what === "number" ? current.rerun(what) : current.run(what);
    } finally {
      running = false;
    }
  }
  return {
    overwrites: (data, argument) =>
      current.memory.some((own) => own.buffer === data.buffer) && !current.stands?.(data, argument),
    buffers: () => current.memory.length,
    numbers: () => current.memory.reduce((sum, { length }) => sum + length, 0),
    run(inputs) {
      if (running) {
        throw new TraceError(
          "plan: expected a compiled or jitted function that is not at work, received a call from within itself, which " +
            "would overwrite its memory: call the function itself there, not its compiled form",
        );
      }
      current = choose();
      return execute(inputs);
    },
    rerun: (level = 0) => execute(level),
    round: () => current.round,
    release: () => current.release(),
  };
}
