// How does a program run without allocating, kernel by kernel?
import type { Kernel, Program } from "../tape/index.js";
import { sizeOf } from "../tensor/index.js";
import { allot, homes, lastUses, levelsOf } from "./lifetimes.js";

/** A program whose memory is laid out. */
export interface Layout {
  /** Fills the outputs from the memory of the inputs. */
  run(inputs: readonly Float64Array[]): readonly Float64Array[];
  /** Fills the outputs again where only the first varying[level] inputs, in the same memory, have other values than in the run before. */
  rerun(level?: number): readonly Float64Array[];
  /** Where the first outputs can become the first inputs without leaving it. */
  readonly round?: Round | undefined;
  /** Whether this memory is where the plan reads an argument. */
  stands?(data: Float64Array, argument: number): boolean;
  /** Lets go of the memory of the last inputs; the next call is a run. */
  release(): void;
  /** The buffers that the plan owns, and overwrites. */
  readonly memory: readonly Float64Array[];
}

/** A state that goes round: z ← f(z). */
export interface Round {
  /** Of a run: the largest |output − input|, NaN if one is not finite. */
  gap(): number;
  /** Puts the outputs in place of the inputs, and reruns; returns the gap. */
  advance(): number;
  /** The inputs and the outputs of the last run, and the inputs of the one before; `advance` changes them. */
  readonly now: readonly Float64Array[];
  readonly next: readonly Float64Array[];
  readonly before: readonly Float64Array[];
}

/** The value of each slot that depends on literals alone. */
export type Constants = ReadonlyMap<number, Float64Array>;

interface Instruction {
  readonly level: number;
  readonly kernel: Kernel;
  readonly outputs: Float64Array[];
  readonly inputs: Float64Array[];
}

const NOTHING: Float64Array = /* @__PURE__ */ new Float64Array(0);

/** Lists of memory, in which that of arguments is put before each run: `memoryOf` gives nothing for them. */
export function makeLists(memoryOf: (slot: number) => Float64Array | undefined) {
  const places: { list: Float64Array[]; at: number; argument: number }[] = [];
  return {
    listOf: (slots: readonly number[]): Float64Array[] => {
      const list = new Array<Float64Array>(slots.length);
      slots.forEach((slot, at) => {
        const memory = memoryOf(slot);
        if (memory) list[at] = memory;
        else places.push({ list, at, argument: slot });
      });
      return list;
    },
    put(inputs: readonly Float64Array[]): void {
      for (const { list, at, argument } of places) list[at] = inputs[argument];
    },
    release(): void {
      for (const { list, at } of places) list[at] = NOTHING;
    },
  };
}

/**
 * Lays out a plan. A buffer is used again once its last reader has run; views share the memory of what they view; what
 * depends on literals alone is computed here. What does not change at the first level has memory of its own, and stays through reruns.
 */
export function layOutKernels(
  program: Program,
  varying: readonly number[],
): Layout & { readonly constants: Constants } {
  const { shapes, steps, outputs } = program;
  const args = program.inputs + program.free;
  const home = homes(program);
  const levels = levelsOf(program, varying);
  const fixed = (slot: number): boolean => levels[slot] > varying.length;
  const computing = steps.filter(({ primitive }) => !primitive.view);
  const uses = computing.map((step) => ({ reads: step.inputs, writes: step.outputs }));
  const memory = new Map(program.literals.map((value, i) => [args + i, Float64Array.of(value)]));
  const make = (size: number): Float64Array => new Float64Array(size);
  allot(memory, uses, lastUses(uses, outputs, home), home, levels, shapes.map(sizeOf), make);
  const { listOf, put, release } = makeLists((slot) => memory.get(slot));
  const memoryOf = (slots: readonly number[]): Float64Array[] => listOf(slots.map((slot) => home[slot]));

  const instructions: Instruction[] = [];
  for (const { primitive, parameters, inputs: xs, outputs: ys } of computing) {
    const instruction: Instruction = {
      level: levels[ys[0]],
      kernel: primitive.kernel(
        xs.map((slot) => shapes[slot]),
        parameters,
      ),
      outputs: memoryOf(ys),
      inputs: memoryOf(xs),
    };
    if (fixed(ys[0])) instruction.kernel(instruction.outputs, instruction.inputs);
    else instructions.push(instruction);
  }
  const results = memoryOf(outputs);
  const again = varying.map((_, changed) => instructions.filter(({ level }) => level <= changed));
  function execute(some: readonly Instruction[]): readonly Float64Array[] {
    for (const { kernel, outputs: out, inputs: x } of some) kernel(out, x);
    return results;
  }
  return {
    memory: [...new Set(memory.values())],
    constants: new Map([...memory].filter(([slot]) => fixed(slot))),
    run(inputs) {
      put(inputs);
      return execute(instructions);
    },
    rerun: (level = 0) => execute(again[level]),
    release,
  };
}
