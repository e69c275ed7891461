// How does a program run without allocating, kernel by kernel?
import type { Kernel, Program } from "../tape/index.js";
import { sizeOf } from "../tensor/index.js";

/** A program whose memory is laid out. */
export interface Layout {
  /** Fills the outputs from the memory of the inputs. */
  run(inputs: readonly Float64Array[]): readonly Float64Array[];
  /** Fills the outputs again where only the first `varying` inputs, in the same memory, have other values than in `run`. */
  rerun(): readonly Float64Array[];
  /** Lets go of the memory of the last inputs; the next call is a run. */
  release(): void;
  /** The buffers that the plan owns, and overwrites. */
  readonly memory: readonly Float64Array[];
}

/** The value of each slot that depends on literals alone. */
export type Constants = ReadonlyMap<number, Float64Array>;

interface Instruction {
  /** Whether it depends on what varies. */
  readonly varies: boolean;
  readonly kernel: Kernel;
  readonly outputs: Float64Array[];
  readonly inputs: Float64Array[];
}

export const NOTHING: Float64Array = /* @__PURE__ */ new Float64Array(0);

/** Where the memory of an argument has to be put before a run. */
interface Binding {
  readonly list: Float64Array[];
  readonly at: number;
  readonly argument: number;
}

/**
 * Lays out a plan. A buffer is used again once its last reader has run; views share the memory of what they view; what
 * depends on literals alone is computed here. What does not depend on the first `varying` inputs has memory of its own, and
 * stays through reruns.
 */
export function layOutKernels(program: Program, varying: number): Layout & { readonly constants: Constants } {
  const { shapes, steps, outputs } = program;
  const args = program.inputs + program.free;
  const home = homes(program);
  const lastUse = new Map<number, number>();
  steps.forEach((step, i) => {
    for (const slot of step.inputs) lastUse.set(home[slot], i);
  });
  for (const slot of outputs) lastUse.set(home[slot], steps.length);

  const memory: Float64Array[] = [];
  const fixed = new Set<number>();
  const settled = new Set<number>();
  for (let slot = varying; slot < args; slot++) settled.add(slot);
  program.literals.forEach((value, i) => {
    memory[args + i] = Float64Array.of(value);
    fixed.add(args + i);
    settled.add(args + i);
  });
  const idle = new Map<number, Float64Array[]>();
  const take = (size: number, reuse: boolean): Float64Array =>
    (reuse ? idle.get(size)?.pop() : undefined) ?? new Float64Array(size);

  const bindings: Binding[] = [];
  const bind = (list: Float64Array[], at: number, slot: number): void => {
    if (home[slot] < args) bindings.push({ list, at, argument: home[slot] });
    else list[at] = memory[home[slot]];
  };
  const instructions: Instruction[] = [];
  steps.forEach(({ primitive, parameters, inputs: xs, outputs: ys }, i) => {
    const constant = xs.every((slot) => fixed.has(home[slot]));
    if (constant) for (const slot of ys) fixed.add(home[slot]);
    const varies = !xs.every((slot) => settled.has(home[slot]));
    if (!varies) for (const slot of ys) settled.add(home[slot]);
    if (!primitive.view) {
      for (const slot of ys) memory[slot] = take(sizeOf(shapes[slot]), varies);
      const instruction: Instruction = {
        varies,
        kernel: primitive.kernel(
          xs.map((slot) => shapes[slot]),
          parameters,
        ),
        outputs: ys.map((slot) => memory[slot]),
        inputs: new Array<Float64Array>(xs.length),
      };
      xs.forEach((slot, at) => {
        bind(instruction.inputs, at, slot);
      });
      if (constant) instruction.kernel(instruction.outputs, instruction.inputs);
      else instructions.push(instruction);
    }
    for (const slot of new Set([...xs, ...ys].map((x) => home[x]))) {
      if (slot >= args && !settled.has(slot) && (lastUse.get(slot) ?? i) <= i) {
        const free = memory[slot];
        const list = idle.get(free.length);
        if (list) list.push(free);
        else idle.set(free.length, [free]);
      }
    }
  });
  const results = new Array<Float64Array>(outputs.length);
  outputs.forEach((slot, at) => {
    bind(results, at, slot);
  });
  const again = instructions.filter(({ varies }) => varies);
  function execute(some: readonly Instruction[]): readonly Float64Array[] {
    for (const { kernel, outputs: out, inputs: x } of some) kernel(out, x);
    return results;
  }
  return {
    memory: [...new Set(memory.filter((buffer) => buffer !== undefined))],
    constants: new Map([...fixed].filter((slot) => home[slot] === slot).map((slot) => [slot, memory[slot]])),
    run(inputs) {
      for (const { list, at, argument } of bindings) list[at] = inputs[argument];
      return execute(instructions);
    },
    rerun: () => execute(again),
    release() {
      for (const { list, at } of bindings) list[at] = NOTHING;
    },
  };
}

/** The slot in whose memory each slot lives: its own, or that of what it views. */
export function homes(program: Program): number[] {
  const home = program.shapes.map((_, slot) => slot);
  for (const { primitive, inputs, outputs } of program.steps) {
    if (primitive.view) home[outputs[0]] = home[inputs[0]];
  }
  return home;
}
