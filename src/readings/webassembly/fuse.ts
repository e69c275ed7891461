// Which steps of a program can run as one loop?
//
// Pointwise steps over equally many entries are gathered into chains: a step joins an open chain, and a chain is closed, and
// takes its place in the order, when something else reads what it computes. A broadcast whose readers are in chains is not
// carried out: they read its source where it stands.
import { broadcastToPrimitive, matmulPrimitive, sumToPrimitive, type Transposed } from "../../primitives/index.js";
import type { Program, Step } from "../../tape/index.js";
import { type Shape, sizeOf } from "../../tensor/index.js";
import type { Access, ChainStep, ProductSizes } from "../../typed-array-ops/webassembly/resident.js";

/** What runs at once: fused loops, or a kernel of TypeScript. It reads and writes slots. */
export type Task = { readonly reads: readonly number[]; readonly writes: readonly number[] } & (
  | {
      readonly kind: "chain";
      readonly access: readonly Access[];
      readonly steps: readonly ChainStep[];
      readonly outputs: readonly number[];
      readonly rows: number;
      readonly columns: number;
    }
  | {
      readonly kind: "product" | "pack";
      readonly batches: number;
      readonly sizes: ProductSizes;
    }
  | {
      readonly kind: "sumRows";
      readonly rows: number;
      readonly columns: number;
    }
  | {
      readonly kind: "gap";
      readonly rows: number;
      readonly columns: number;
      readonly joined: number;
    }
  | {
      readonly kind: "kernel";
      readonly step: Step;
    }
);

/** What is known of a program before it is cut into tasks. */
export interface FuseFacts {
  /** The slot in whose memory each slot lives. */
  readonly home: readonly number[];
  /** The value of what is one number, known now, or that number everywhere. */
  readonly literal: ReadonlyMap<number, number>;
  /** What is computed already. */
  readonly constant: ReadonlySet<number>;
  /** Steps of one chain are run again at the same level. */
  readonly level: (step: Step) => number;
}

/** How a source of one shape is read as one of another: every row the same, every column, or one number; columns are how many. */
function accessOf(from: Shape, to: Shape): { access: Access; columns: number } | undefined {
  const size = sizeOf(from);
  if (size === 1) return { access: "one", columns: 0 };
  const padded = [...to.map(() => 1).slice(from.length), ...from];
  const split = padded.findIndex((n) => n !== 1);
  const last = padded.length - 1 - [...padded].reverse().findIndex((n) => n !== 1);
  const equal = (start: number, end: number): boolean => padded.slice(start, end).every((n, i) => n === to[start + i]);
  if (equal(split, to.length)) return { access: "row", columns: size };
  if (equal(0, last + 1)) return { access: "column", columns: sizeOf(to) / size };
  return undefined;
}

interface Group {
  readonly size: number;
  readonly level: number;
  columns: number;
  /** The inputs, by their slot and how it is read. */
  readonly inputs: Map<string, { slot: number; access: Access }>;
  readonly steps: { readonly step: Step; readonly inputs: readonly (string | number)[] }[];
  readonly made: Map<number, number>;
}

/** Beyond, registers would not do, and code would be long. */
const [MOST_STEPS, MOST_INPUTS] = [32, 16];

export function fuse(program: Program, { home, literal, constant, level: levelOf }: FuseFacts): Task[] {
  const { shapes, steps, outputs } = program;
  const sizeAt = (slot: number): number => sizeOf(shapes[slot]);
  const tasks: (Task | Group)[] = [];
  const open = new Set<Group>();
  const maker = new Map<number, Group>();
  const spread = new Map<number, { slot: number; access: Access; columns: number }>();
  const elsewhere = new Set(outputs.map((slot) => home[slot]));
  for (const { primitive, inputs } of steps) {
    if (!primitive.lanes || primitive.view) for (const slot of inputs) elsewhere.add(home[slot]);
  }

  const close = (group: Group): void => {
    if (open.delete(group)) tasks.push(group);
  };
  const settle = (slots: readonly number[], except?: Group): void => {
    for (const slot of slots) {
      const group = maker.get(home[slot]);
      if (group !== undefined && group !== except) close(group);
    }
  };

  /** How a chain reads a slot. */
  const readAs = (slot: number): { slot: number; access: Access; columns: number } => {
    const value = literal.get(home[slot]);
    if (value !== undefined) return { slot: -1, access: value, columns: 0 };
    return spread.get(home[slot]) ?? { slot: home[slot], access: "each", columns: 0 };
  };

  function join(step: Step): void {
    const size = sizeAt(step.outputs[0]);
    const level = levelOf(step);
    const reads = step.inputs.map(readAs);
    const columns = Math.max(...reads.map((read) => read.columns));
    const fits = (group: Group): boolean =>
      group.size === size &&
      group.level === level &&
      (columns === 0 || group.columns === 0 || group.columns === columns) &&
      reads.every((read) => read.columns === 0 || read.columns === columns) &&
      group.steps.length < MOST_STEPS &&
      group.inputs.size + reads.length <= MOST_INPUTS &&
      reads.every((read) => read.access === "each" || !group.made.has(read.slot));
    let group = [...open].find(fits);
    settle(
      reads.map((read) => read.slot).filter((slot) => slot >= 0),
      group,
    );
    if (group === undefined) {
      group = { size, level, columns: 0, inputs: new Map(), steps: [], made: new Map() };
      open.add(group);
    }
    group.columns = Math.max(group.columns, columns);
    const places = reads.map(({ slot, access }) => {
      const made = access === "each" ? group.made.get(slot) : undefined;
      if (made !== undefined) return made;
      const key = `${slot} ${Object.is(access, -0) ? "-0" : access}`;
      if (!group.inputs.has(key)) group.inputs.set(key, { slot, access });
      return key;
    });
    group.made.set(step.outputs[0], group.steps.length);
    group.steps.push({ step, inputs: places });
    maker.set(step.outputs[0], group);
  }

  for (const step of steps) {
    const { primitive, inputs, outputs: ys } = step;
    if (primitive.view || ys.every((slot) => constant.has(home[slot]))) continue;
    if (primitive === broadcastToPrimitive && sizeAt(ys[0]) > 0) {
      const read = accessOf(shapes[inputs[0]], shapes[ys[0]]);
      if (read && !elsewhere.has(ys[0])) {
        spread.set(ys[0], { slot: home[inputs[0]], ...read });
        continue;
      }
    }
    if (primitive.lanes && sizeAt(ys[0]) > 0) {
      join(step);
      continue;
    }
    settle(inputs);
    tasks.push(taskOf(step, shapes));
  }
  for (const group of [...open]) close(group);

  const finished = tasks.map((task) =>
    "kind" in task ? { ...task, reads: task.reads.map((slot) => home[slot]) } : task,
  );
  const readers = new Map<number, Set<unknown>>();
  const note = (slot: number, reader: unknown): void => {
    const all = readers.get(slot) ?? new Set();
    readers.set(slot, all.add(reader));
  };
  for (const task of finished) {
    if ("kind" in task) for (const slot of task.reads) note(slot, task);
    else for (const { slot } of task.inputs.values()) note(slot, task);
  }
  for (const slot of outputs) note(home[slot], outputs);
  return finished.map((task) => ("kind" in task ? task : chainOf(task, readers)));
}

function chainOf(group: Group, readers: ReadonlyMap<number, ReadonlySet<unknown>>): Task {
  const keys = [...group.inputs.keys()];
  const inputs = [...group.inputs.values()];
  const number = new Map(keys.map((key, i) => [key, i]));
  const numberOf = (place: string | number): number =>
    typeof place === "number" ? keys.length + place : (number.get(place) as number);
  const stored = [...group.made].filter(([slot]) => [...(readers.get(slot) ?? [])].some((reader) => reader !== group));
  const columns = group.columns || group.size;
  return {
    kind: "chain",
    reads: inputs.filter(({ access }) => typeof access !== "number").map(({ slot }) => slot),
    writes: stored.map(([slot]) => slot),
    access: inputs.map(({ access }) => access),
    steps: group.steps.map(({ step, inputs: places }) => ({
      lanes: step.primitive.lanes as ChainStep["lanes"],
      inputs: places.map(numberOf),
    })),
    outputs: stored.map(([, place]) => numberOf(place)),
    rows: group.size / columns,
    columns,
  };
}

/** Products of more matrices are left to their kernel: each is a call of its own. */
const MOST_MATRICES = 16;

function taskOf(step: Step, shapes: readonly Shape[]): Task {
  const { primitive, parameters, inputs: reads, outputs: writes } = step;
  const [x, y] = reads.map((slot) => shapes[slot]);
  const out = shapes[writes[0]];
  const filled = [...reads, ...writes].every((slot) => sizeOf(shapes[slot]) > 0);
  if (filled && primitive === matmulPrimitive) {
    const { transposeA, transposeB } = parameters as Transposed;
    const [m, n] = out.slice(-2);
    const k = y[y.length - (transposeB ? 1 : 2)];
    const batches = sizeOf(out.slice(0, -2));
    if (batches <= MOST_MATRICES) {
      return { kind: "product", reads, writes, batches, sizes: { m, n, k, transposeA, transposeB } };
    }
  }
  if (filled && primitive === sumToPrimitive && sizeOf(out) > 1 && accessOf(out, x)?.access === "row") {
    return { kind: "sumRows", reads, writes, rows: sizeOf(x) / sizeOf(out), columns: sizeOf(out) };
  }
  return { kind: "kernel", reads, writes, step };
}
