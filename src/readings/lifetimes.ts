// How long is the value of a slot needed, and where is it until then?
import type { Program } from "../tape/index.js";

/** The slot in whose memory each slot lives: its own, or that of what it views. */
export function homes(program: Program): number[] {
  const home = program.shapes.map((_, slot) => slot);
  for (const { primitive, inputs, outputs } of program.steps) {
    if (primitive.view) home[outputs[0]] = home[inputs[0]];
  }
  return home;
}

/**
 * At which level of reruns each slot changes first: level k changes the first varying[k] arguments. After all levels come arguments
 * that change between runs only, and after those what depends on literals alone.
 */
export function levelsOf({ inputs, free, shapes, steps }: Program, varying: readonly number[]): number[] {
  const levels = shapes.map((_, slot) => {
    const level = varying.findIndex((count) => slot < count);
    return slot >= inputs + free ? varying.length + 1 : level < 0 ? varying.length : level;
  });
  for (const step of steps) {
    const level = Math.min(varying.length + 1, ...step.inputs.map((slot) => levels[slot]));
    for (const slot of step.outputs) levels[slot] = level;
  }
  return levels;
}

/** Something that reads and writes slots. */
interface Use {
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

/** What uses each slot last; outputs are needed after everything. */
export function lastUses(
  uses: readonly Use[],
  outputs: readonly number[],
  home: readonly number[],
): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  uses.forEach(({ reads, writes }, i) => {
    for (const slot of [...reads, ...writes]) last.set(home[slot], i);
  });
  for (const slot of outputs) last.set(home[slot], uses.length);
  return last;
}

/**
 * Gives memory to each slot that is written and has none: `make` makes it for a size, unless there is some that is needed no longer.
 * What stays through a rerun keeps its own; where `instead` gives something, that is taken.
 */
export function allot<T>(
  memory: Map<number, T>,
  uses: readonly Use[],
  last: ReadonlyMap<number, number>,
  home: readonly number[],
  levels: readonly number[],
  sizes: readonly number[],
  make: (size: number) => T,
  instead?: (slot: number, i: number) => T | undefined,
): void {
  const idle = new Map<number, T[]>();
  const given = new Set(memory.keys());
  uses.forEach(({ reads, writes }, i) => {
    for (const slot of writes) {
      if (given.has(slot)) continue;
      const free = levels[slot] === 0 ? idle.get(sizes[slot])?.pop() : undefined;
      memory.set(slot, instead?.(slot, i) ?? free ?? make(sizes[slot]));
    }
    for (const slot of new Set([...reads, ...writes].map((one) => home[one]))) {
      const free = memory.get(slot);
      if (free === undefined || given.has(slot) || levels[slot] !== 0 || last.get(slot) !== i) continue;
      idle.set(sizes[slot], [...(idle.get(sizes[slot]) ?? []), free]);
    }
  });
}
