// How does a program run inside one memory of WebAssembly?
//
// Steps are fused to loops (fuse.ts), and loops that follow one another are one call. What has no loop there runs as a
// kernel of TypeScript, on views of the same memory. Arguments are copied in.
import type { Program, Step } from "../../tape/index.js";
import { sizeOf } from "../../tensor/index.js";
import { isPacked, makeResident, packedSizeOf, type Work } from "../../typed-array-ops/webassembly/resident.js";
import { type Constants, homes, type Layout, layOutKernels, NOTHING } from "../kernel-plan.js";
import { fuse, type Task } from "./fuse.js";

/** The constants that are one number, everywhere. */
function literalsOf(constants: Constants): Map<number, number> {
  const literals = new Map<number, number>();
  for (const [slot, value] of constants) {
    if (value.length > 0 && value.every((x) => Object.is(x, value[0]))) literals.set(slot, value[0]);
  }
  return literals;
}

/** Places in a memory that grows as it is laid out; all are even, so that a pair never reaches into another place. */
function makePlaces() {
  const idle = new Map<number, number[]>();
  let end = 0;
  const room = (size: number): number => Math.max(2, size + (size & 1));
  return {
    take(size: number, reuse: boolean): number {
      const found = reuse ? idle.get(room(size))?.pop() : undefined;
      if (found !== undefined) return found;
      end += room(size);
      return end - room(size);
    },
    giveBack(size: number, place: number): void {
      const list = idle.get(room(size));
      if (list) list.push(place);
      else idle.set(room(size), [place]);
    },
    end: () => end,
  };
}

function worksOf(task: Task, placeOf: (slot: number) => number): Work[] {
  const places = [...task.reads, ...task.writes].map(placeOf);
  switch (task.kind) {
    case "chain": {
      const { access, steps, outputs, rows, columns } = task;
      return [{ kind: "chain", chain: { inputs: access, steps, outputs }, places, rows, columns }];
    }
    case "product": {
      const { sizes, batches } = task;
      const { m, n, k } = sizes;
      const ofOne = [m * k, k * n, m * n];
      return Array.from({ length: batches }, (_, batch) => {
        const own = places.map((place, i) => place + batch * ofOne[i]);
        return { kind: "product", sizes, stacked: batches > 1, places: own };
      });
    }
    case "pack":
      return [{ kind: "pack", sizes: task.sizes, places }];
    case "sumRows":
      return [{ kind: "sumRows", rows: task.rows, columns: task.columns, places }];
    case "kernel":
      return [];
  }
}

/**
 * Products whose right operand stays through reruns find it in panels: it is packed when it is computed. `add` gives a slot for so
 * many numbers that stay, too.
 */
function packAhead(tasks: readonly Task[], stays: (slot: number) => boolean, add: (size: number) => number): Task[] {
  const panels = new Map<string, number>();
  return tasks.flatMap((task): Task[] => {
    if (task.kind !== "product" || task.batches > 1) return [task];
    const { sizes, reads, writes } = task;
    const [a, b] = reads;
    if (!stays(b) || stays(writes[0]) || !isPacked(sizes)) return [task];
    const key = [b, sizes.n, sizes.k, sizes.transposeB].join();
    const known = panels.get(key);
    const slot = known ?? add(packedSizeOf(sizes));
    panels.set(key, slot);
    const product: Task = { ...task, reads: [a, slot], sizes: { ...sizes, packed: true } };
    return known === undefined ? [{ kind: "pack", reads: [b], writes: [slot], sizes }, product] : [product];
  });
}

/** A team's memory is used again when nobody has it any more; who has a result has it. */
const keepers = /* @__PURE__ */ new WeakMap<Float64Array, Float64Array>();

/** As `layOutKernels`; nothing where there is no WebAssembly, no such memory, or nothing to run there. */
export function layOutResident(
  program: Program,
  varying: number,
  values: Constants = layOutKernels(program, varying).constants,
): Layout | undefined {
  const { shapes, steps, outputs } = program;
  const args = program.inputs + program.free;
  const home = homes(program);
  const literal = literalsOf(values);
  const settled = new Set<number>(values.keys());
  for (let slot = varying; slot < args; slot++) settled.add(slot);
  const stays = new Set<Step>();
  for (const step of steps) {
    if (!step.inputs.every((slot) => settled.has(home[slot]))) continue;
    stays.add(step);
    for (const slot of step.outputs) settled.add(home[slot]);
  }
  const fused = fuse(program, { home, literal, constant: new Set(values.keys()), varies: (step) => !stays.has(step) });
  const sizes = shapes.map(sizeOf);
  const tasks = packAhead(
    fused,
    (slot) => settled.has(home[slot] ?? slot),
    (size) => {
      home.push(sizes.push(size) - 1);
      settled.add(sizes.length - 1);
      return sizes.length - 1;
    },
  );
  const isLoop = (task: Task): boolean => task.kind !== "kernel";
  if (!tasks.some(isLoop)) return undefined;
  const varies = ({ writes }: Task): boolean => !writes.every((slot) => settled.has(home[slot]));

  const lastUse = new Map<number, number>();
  tasks.forEach((task, i) => {
    for (const slot of task.reads) lastUse.set(home[slot], i);
  });
  for (const slot of outputs) lastUse.set(home[slot], tasks.length);
  const { take, giveBack, end } = makePlaces();
  const place = new Map<number, number>();
  const sizeAt = (slot: number): number => sizes[slot];
  const inside = new Set(tasks.filter(isLoop).flatMap((task) => task.reads.map((slot) => home[slot])));
  for (let slot = 0; slot < args; slot++) if (inside.has(slot)) place.set(slot, take(sizeAt(slot), false));
  for (const slot of values.keys()) if (lastUse.has(slot)) place.set(slot, take(sizeAt(slot), false));
  tasks.forEach((task, i) => {
    for (const slot of task.writes) place.set(slot, take(sizeAt(slot), varies(task)));
    for (const slot of new Set([...task.reads, ...task.writes].map((one) => home[one]))) {
      if (slot >= args && !settled.has(slot) && (lastUse.get(slot) ?? i) <= i) {
        giveBack(sizeAt(slot), place.get(slot) as number);
      }
    }
  });

  /** Loops that follow one another, or one kernel. */
  const inOrder = (some: readonly Task[]): (Work[] | Task)[] => {
    const order: (Work[] | Task)[] = [];
    for (const task of some) {
      const last = order[order.length - 1];
      if (!isLoop(task)) order.push(task);
      else if (Array.isArray(last)) last.push(...worksOf(task, (slot) => place.get(home[slot]) as number));
      else order.push(worksOf(task, (slot) => place.get(home[slot]) as number));
    }
    return order;
  };
  const packsConstant = ({ kind, reads }: Task): boolean => kind === "pack" && values.has(home[reads[0]]);
  const [once, all, again] = [packsConstant, (task: Task) => !packsConstant(task), varies].map((wanted) =>
    inOrder(tasks.filter(wanted)),
  );
  const lists = [...once, ...all, ...again].filter((part) => Array.isArray(part));
  const resident = makeResident(end(), lists);
  if (resident === undefined) return undefined;
  const { memory } = resident;

  const views = new Map<number, Float64Array>();
  const view = (slot: number): Float64Array => {
    const start = place.get(slot) as number;
    const found = views.get(slot) ?? memory.subarray(start, start + sizeAt(slot));
    views.set(slot, found);
    keepers.set(found, memory);
    return found;
  };
  const bindings: { list: Float64Array[]; at: number; argument: number }[] = [];
  const bind = (list: Float64Array[], at: number, slot: number): void => {
    if (slot < args) bindings.push({ list, at, argument: slot });
    else list[at] = view(slot);
  };
  const kernels = new Map<Task, () => void>();
  for (const task of tasks) {
    if (task.kind !== "kernel") continue;
    const { primitive, parameters, inputs, outputs: ys } = task.step;
    const kernel = primitive.kernel(
      inputs.map((slot) => shapes[slot]),
      parameters,
    );
    const [xs, out] = [new Array<Float64Array>(inputs.length), ys.map(view)];
    inputs.forEach((slot, at) => {
      bind(xs, at, home[slot]);
    });
    kernels.set(task, () => kernel(out, xs));
  }
  for (const [slot, value] of values) if (place.has(slot)) view(slot).set(value);
  const runOf = (order: readonly (Work[] | Task)[]): (() => void)[] =>
    order.map((part) => (Array.isArray(part) ? resident.run[lists.indexOf(part)] : (kernels.get(part) as () => void)));
  for (const run of runOf(once)) run();
  const [runAll, runAgain] = [runOf(all), runOf(again)];
  const results = new Array<Float64Array>(outputs.length);
  outputs.forEach((slot, at) => {
    bind(results, at, home[slot]);
  });
  const copies = [...place.keys()].filter((slot) => slot < args).map((argument) => ({ argument, to: view(argument) }));
  const moving = copies.filter(({ argument }) => argument < varying);
  let given: readonly Float64Array[] = [];
  return {
    memory: [memory],
    run(inputs) {
      given = inputs;
      for (const { list, at, argument } of bindings) list[at] = inputs[argument];
      for (const { argument, to } of copies) to.set(inputs[argument]);
      for (const run of runAll) run();
      return results;
    },
    rerun() {
      for (const { argument, to } of moving) to.set(given[argument]);
      for (const run of runAgain) run();
      return results;
    },
    release() {
      given = [];
      for (const { list, at } of bindings) list[at] = NOTHING;
    },
  };
}
