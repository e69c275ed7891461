// How does a program run inside one memory of WebAssembly?
//
// Steps are fused to loops (fuse.ts), and loops that follow one another are one call. What has no loop there runs as a
// kernel of TypeScript, on views of the same memory. Arguments are copied in.
import type { Program, Step } from "../../tape/index.js";
import { sameShape, sizeOf } from "../../tensor/index.js";
import { isPacked, makeResident, packedSizeOf, type Work } from "../../typed-array-ops/webassembly/resident.js";
import { type Constants, type Layout, layOutKernels, makeLists } from "../kernel-plan.js";
import { allot, homes, lastUses, levelsOf } from "../lifetimes.js";
import { fuse, type Task } from "./fuse.js";
import { largestGap, planRounds, ROUND } from "./rounds.js";

/** The constants that are one number, everywhere. */
function literalsOf(constants: Constants): Map<number, number> {
  const literals = new Map<number, number>();
  for (const [slot, value] of constants) {
    if (value.length > 0 && value.every((x) => Object.is(x, value[0]))) literals.set(slot, value[0]);
  }
  return literals;
}

function worksOf(task: Task, placeOf: (slot: number) => number): Work[] {
  const places = [...task.reads, ...task.writes].map(placeOf);
  switch (task.kind) {
    case "chain": {
      const { access, steps, outputs, rows, columns } = task;
      return [{ kind: "chain", chain: { inputs: access, steps, outputs }, places, rows, columns }];
    }
    case "product":
    case "pack": {
      const { kind, sizes, batches } = task;
      const { m, n, k, packed } = sizes;
      const ofB = packed ? packedSizeOf(sizes) : k * n;
      const ofOne = kind === "pack" ? [ofB, packedSizeOf(sizes)] : [m * k, ofB, m * n];
      return Array.from({ length: batches }, (_, batch) => {
        const own = places.map((place, i) => place + batch * ofOne[i]);
        return { kind, sizes, stacked: batches > 1, places: own };
      });
    }
    case "sumRows":
      return [{ kind: task.kind, rows: task.rows, columns: task.columns, places }];
    case "gap":
      return [{ kind: task.kind, rows: task.rows, columns: task.columns, joined: task.joined, places }];
    case "kernel":
      return [];
  }
}

/** Packs the right operands of products where that pays, once for all that read them. `add` gives a slot for so many numbers. */
function pack(tasks: readonly Task[], levels: readonly number[], add: (size: number, level: number) => number): Task[] {
  const panels = new Map<string, number>();
  return tasks.flatMap((task): Task[] => {
    if (task.kind !== "product" || !isPacked(task.sizes)) return [task];
    const { sizes, batches, reads } = task;
    const [a, b] = reads;
    const key = [b, sizes.n, sizes.k, sizes.transposeB].join();
    const known = panels.get(key);
    const slot = known ?? add(batches * packedSizeOf(sizes), levels[b]);
    panels.set(key, slot);
    const product: Task = { ...task, reads: [a, slot], sizes: { ...sizes, packed: true } };
    return known === undefined ? [{ kind: "pack", batches, reads: [b], writes: [slot], sizes }, product] : [product];
  });
}

const isSame = (x: Float64Array, y: Float64Array): boolean => x.buffer === y.buffer && x.byteOffset === y.byteOffset;

/** A team's memory is used again when nobody has it any more; who has a result has it. */
const keepers = /* @__PURE__ */ new WeakMap<Float64Array, Float64Array>();

/**
 * As `layOutKernels`; nothing where there is no WebAssembly, no such memory, or nothing to run there. The first `wanted` outputs may
 * become the first inputs.
 */
export function layOutResident(
  program: Program,
  varying: readonly number[],
  values: Constants = layOutKernels(program, varying).constants,
  wanted = 0,
): Layout | undefined {
  const { shapes, outputs } = program;
  const args = program.inputs + program.free;
  const home = homes(program);
  const literal = literalsOf(values);
  const levels = levelsOf(program, varying);
  const level = ({ outputs: [slot] }: Step): number => levels[slot];
  const fused = fuse(program, { home, literal, constant: new Set(values.keys()), level });
  const sizes = shapes.map(sizeOf);
  const add = (size: number, level: number): number => {
    levels.push(level);
    return home.push(sizes.push(size) - 1) - 1;
  };
  const { images, before, marks, turns, gaps } = planRounds(program, wanted, home, sizes, add);
  const turning = images.length;
  const tasks = [...turns, ...pack(fused, levels, add), ...gaps];
  const isLoop = (task: Task): boolean => task.kind !== "kernel";
  if (!fused.some(isLoop)) return undefined;
  const levelAt = ({ writes }: Task): number => Math.min(...writes.map((slot) => levels[slot]));

  const lastUse = lastUses(tasks, outputs, home);
  // All places are even, so that a pair never reaches into another one.
  const rooms = sizes.map((size) => Math.max(2, size + (size & 1)));
  let end = 0;
  const make = (room: number): number => {
    end += room;
    return end - room;
  };
  const place = new Map<number, number>();
  const placeOf = (slot: number): number => place.get(home[slot]) as number;
  const inside = new Set(tasks.filter(isLoop).flatMap((task) => task.reads.map((slot) => home[slot])));
  for (let slot = 0; slot < args; slot++) if (inside.has(slot)) place.set(slot, make(rooms[slot]));
  for (const slot of values.keys()) if (lastUse.has(slot)) place.set(slot, make(rooms[slot]));
  // A state that is fed back comes out in the order in which it goes in.
  const replaced = [...place.keys()].filter((slot) => slot < args && levels[slot] === 0 && turning === 0);
  const heirs = new Map<number, number>();
  for (const slot of outputs) {
    const at = replaced.findIndex((argument) => sameShape(shapes[argument], shapes[slot]));
    if (at >= 0) heirs.set(home[slot], replaced.splice(at, 1)[0]);
  }
  /** The place of an argument that nobody reads any more when its heir is written: what is fed back need not be moved. */
  function inherited(slot: number, at: number): number | undefined {
    const argument = heirs.get(slot);
    const task = tasks[at];
    // The last pair of an odd row overlaps the one before, which must not have changed yet.
    if (argument === undefined || task.kind !== "chain" || task.columns % 2 > 0 || levels[slot] > 0) return undefined;
    const accesses = task.access.filter((access) => typeof access !== "number");
    const inTime = task.reads.every((read, i) => home[read] !== argument || accesses[i] === "each");
    return inTime && (lastUse.get(argument) as number) <= at ? placeOf(argument) : undefined;
  }
  allot(place, tasks, lastUse, home, levels, rooms, make, inherited);

  /** Loops that follow one another, or one kernel. */
  const inOrder = (first: number, last: number, also: readonly Task[] = []): (Work[] | Task)[] => {
    const order: (Work[] | Task)[] = [];
    for (const task of tasks) {
      const level = levelAt(task);
      if ((level < first || level > last) && !also.includes(task)) continue;
      const before = order[order.length - 1];
      if (!isLoop(task)) order.push(task);
      else if (Array.isArray(before)) before.push(...worksOf(task, placeOf));
      else order.push(worksOf(task, placeOf));
    }
    return order;
  };
  const all = inOrder(0, varying.length, gaps);
  const once = inOrder(varying.length + 1, Infinity);
  const around = turning > 0 ? inOrder(ROUND, 0) : [];
  const again = varying.map((_, changed) => inOrder(0, changed));
  const parts = [once, all, ...again, around].flat().filter((part) => Array.isArray(part));
  const resident = makeResident(end, parts);
  if (resident === undefined) return undefined;
  const { memory } = resident;

  const views = new Map<number, Float64Array>();
  const view = (slot: number): Float64Array => {
    const start = placeOf(slot);
    const found = views.get(slot) ?? memory.subarray(start, start + sizes[slot]);
    views.set(slot, found);
    keepers.set(found, memory);
    return found;
  };
  // What goes round is read where it goes round.
  const lists = makeLists((slot) => (slot < args && slot >= turning ? undefined : view(slot)));
  const listOf = (slots: readonly number[]): Float64Array[] => lists.listOf(slots.map((slot) => home[slot]));
  const kernels = new Map<Task, () => void>();
  for (const task of tasks) {
    if (task.kind !== "kernel") continue;
    const { primitive, parameters, inputs, outputs: ys } = task.step;
    const kernel = primitive.kernel(
      inputs.map((slot) => shapes[slot]),
      parameters,
    );
    const [xs, out] = [listOf(inputs), ys.map(view)];
    kernels.set(task, () => kernel(out, xs));
  }
  for (const [slot, value] of values) if (place.has(slot)) view(slot).set(value);
  const runOf = (order: readonly (Work[] | Task)[]): (() => void)[] =>
    order.map((part) => (Array.isArray(part) ? resident.run[parts.indexOf(part)] : (kernels.get(part) as () => void)));
  for (const run of runOf(once)) run();
  const [runAll, runAround, ...runAgain] = [all, around, ...again].map(runOf);
  const told = marks.map(view);
  const gap = (): number => told.reduce((largest, one) => Math.max(largest, largestGap(one)), 0);
  const round = {
    gap,
    advance() {
      for (const run of runAround) run();
      return gap();
    },
    ...{ now: images.map((_, argument) => view(argument)), next: images.map(view), before: before.map(view) },
  };
  const results = listOf(outputs);
  const copies = [...place.keys()].filter((slot) => slot < args).map((argument) => ({ argument, to: view(argument) }));
  let given: readonly Float64Array[] = [];
  return {
    memory: [memory],
    round: turning > 0 ? round : undefined,
    stands: (data, argument) => copies.some((copy) => copy.argument === argument && isSame(data, copy.to)),
    run(inputs) {
      given = inputs;
      lists.put(inputs);
      for (const { argument, to } of copies) if (!isSame(inputs[argument], to)) to.set(inputs[argument]);
      for (const run of runAll) run();
      return results;
    },
    rerun(level = 0) {
      for (const { argument, to } of copies) if (argument < varying[level]) to.set(given[argument]);
      for (const run of runAgain[level]) run();
      return results;
    },
    release() {
      given = [];
      lists.release();
    },
  };
}
