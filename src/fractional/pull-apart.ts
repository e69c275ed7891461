// How is a field pulled back at a solution, node by node and on all nodes at once?
//
// The sweep that solves v = Âᵀ (g + Jᵀ v) asks for Jᵀ v at some nodes after the others. What of it does not depend on v, such as the
// values between the layers of a network, is computed for all nodes at once, and the sweep is given its rows. v is the cotangent of
// φ(z), as exact as it was solved for: one pull-back on all nodes gives the cotangents of everything else.
import { vjp } from "../calculus/index.js";
import { apply, type Step, type TracedProgram, traceAs } from "../tape/index.js";
import { literalTensor, type Shape, sameShape, type Tensor, tracedTensor } from "../tensor/index.js";
import type { Field } from "./field.js";

/** A field at a solution: z, its nodewise arguments, and the shared ones. */
export interface FieldAt {
  readonly field: Field;
  readonly z: Tensor;
  readonly nodewise: readonly Tensor[];
  readonly shared: readonly Tensor[];
}

/** v ↦ Jᵀ v at the solution, a field whose nodewise arguments and shared ones are known; and what follows from v. */
export interface PullApart {
  readonly field: Field;
  readonly nodewise: readonly Tensor[];
  readonly shared: readonly Tensor[];
  /** φ(z), if it was asked for. */
  readonly value: Tensor | undefined;
  /** Jᵀ v on all nodes, if it was asked for, and the cotangents of the chosen arguments. */
  finish(v: Tensor): { readonly back: Tensor | undefined; readonly others: readonly Tensor[] };
}

/** Tensors by the slots of a program. */
type Slots = (Tensor | undefined)[];

/** Takes the pull-back apart. `chosen` counts nodewise and then shared arguments. */
export function takeApart(at: FieldAt, chosen: readonly number[], ask: { value: boolean; back: boolean }): PullApart {
  const { z, nodewise, shared } = at;
  const known = new Map<number, TracedProgram>();
  const programFor = (size: number): TracedProgram => {
    const program = known.get(size) ?? tracePull(at, chosen, size);
    known.set(size, program);
    return program;
  };
  const whole = programFor(z.shape[0]);
  const one = programFor(1);
  const moving = dependsOn(whole);
  const kept = findKept(whole, one, moving) ?? Array.from({ length: whole.inputs - 1 }, (_, i) => i + 1);
  const isRow = (slot: number): boolean => !sameShape(whole.shapes[slot], one.shapes[slot]);
  const rows = kept.filter(isRow);
  const fixed = kept.filter((slot) => !isRow(slot));
  const field: Field = (v, own, common) => {
    const program = programFor(v.shape[0]);
    const slots = constants(program);
    slots[0] = v;
    rows.forEach((slot, i) => {
      slots[slot] = own[i];
    });
    fixed.forEach((slot, i) => {
      slots[slot] = common[i];
    });
    const [back] = program.outputs;
    run(needed(program, [back], new Set(kept)), slots);
    return slots[back] as Tensor;
  };

  const slots = constants(whole);
  [z, ...nodewise, ...shared].forEach((x, i) => {
    slots[i + 1] = x;
  });
  const [back, ...others] = whole.outputs.slice(0, -1);
  const value = whole.outputs[whole.outputs.length - 1];
  const results = ask.back ? [back, ...others] : others;
  const isStill = ({ outputs }: Step): boolean => !moving.has(outputs[0]);
  const later = needed(whole, results).filter((step) => !isStill(step));
  const before = [...kept, ...later.flatMap(({ inputs }) => inputs), ...results, ...(ask.value ? [value] : [])];
  run(needed(whole, before).filter(isStill), slots);
  return {
    field,
    nodewise: rows.map((slot) => slots[slot] as Tensor),
    shared: fixed.map((slot) => slots[slot] as Tensor),
    value: ask.value ? slots[value] : undefined,
    finish(v) {
      slots[0] = v;
      run(later, slots);
      return { back: ask.back ? slots[back] : undefined, others: others.map((slot) => slots[slot] as Tensor) };
    },
  };
}

/** (v, z, nodewise, shared) ↦ Jᵀ v, the cotangents of the chosen arguments and φ(z), on so many nodes. */
function tracePull({ field, z, nodewise, shared }: FieldAt, chosen: readonly number[], size: number): TracedProgram {
  const onNodes = ({ shape: [, ...row] }: Tensor): Tensor => tracedTensor([size, ...row]);
  const pulled = (v: Tensor, state: Tensor, own: readonly Tensor[], common: readonly Tensor[]): readonly Tensor[] => {
    const { value, pull } = vjp(
      (x: Tensor, some: readonly Tensor[]): Tensor => {
        const all = [...own, ...common];
        chosen.forEach((argument, i) => {
          all[argument] = some[i];
        });
        return field(x, all.slice(0, own.length), all.slice(own.length));
      },
      state,
      chosen.map((argument) => [...own, ...common][argument]),
    );
    const [back, others] = pull(v);
    return [back, ...others, value];
  };
  const args = [onNodes(z), onNodes(z), nodewise.map(onNodes), shared.map(({ shape }) => tracedTensor(shape))];
  return traceAs("trajectory", pulled as (...xs: never[]) => unknown, args);
}

/** The slots that depend on v. */
function dependsOn({ steps }: TracedProgram): ReadonlySet<number> {
  const moving = new Set([0]);
  for (const { inputs, outputs } of steps) {
    if (inputs.some((slot) => moving.has(slot))) for (const slot of outputs) moving.add(slot);
  }
  return moving;
}

/**
 * The slots that the sweep reads and that do not depend on v, if the field is the same program on all nodes and on one, and each of
 * these slots is either shared or has one row for each node.
 */
function findKept(whole: TracedProgram, one: TracedProgram, moving: ReadonlySet<number>): number[] | undefined {
  if (!alike(whole, one)) return undefined;
  const given = whole.inputs + whole.free + whole.literals.length;
  const isConstant = (slot: number): boolean => slot >= whole.inputs && slot < given;
  const [back] = whole.outputs;
  const read = needed(whole, [back]).flatMap(({ inputs, outputs }) => (moving.has(outputs[0]) ? inputs : []));
  const kept = [...new Set([...read, back])].filter((slot) => !moving.has(slot) && !isConstant(slot));
  const fits = (slot: number): boolean => {
    const [many, single] = [whole.shapes[slot], one.shapes[slot]];
    return sameShape(many, single) || (single[0] === 1 && many[0] === whole.shapes[0][0] && sameTail(many, single));
  };
  return kept.every(fits) ? kept : undefined;
}

const sameTail = ([, ...a]: Shape, [, ...b]: Shape): boolean => sameShape(a, b);

/** Whether two programs have the same steps on the same slots. */
function alike(a: TracedProgram, b: TracedProgram): boolean {
  const same = (x: readonly number[], y: readonly number[]): boolean =>
    x.length === y.length && x.every((slot, i) => slot === y[i]);
  return (
    same([a.inputs, a.free, ...a.literals], [b.inputs, b.free, ...b.literals]) &&
    same(a.outputs, b.outputs) &&
    a.steps.length === b.steps.length &&
    a.steps.every(
      ({ primitive, inputs, outputs }, i) =>
        primitive === b.steps[i].primitive && same(inputs, b.steps[i].inputs) && same(outputs, b.steps[i].outputs),
    )
  );
}

/** The steps that fill these slots where some are filled already. */
function needed({ steps }: TracedProgram, slots: readonly number[], filled: ReadonlySet<number> = new Set()): Step[] {
  const wanted = new Set(slots);
  const found: Step[] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    const { inputs, outputs } = steps[i];
    if (!outputs.some((slot) => wanted.has(slot) && !filled.has(slot))) continue;
    found.push(steps[i]);
    for (const slot of inputs) wanted.add(slot);
  }
  return found.reverse();
}

function constants({ inputs, closure, literals }: TracedProgram): Slots {
  const slots: Slots = new Array(inputs).fill(undefined);
  return [...slots, ...closure, ...literals.map(literalTensor)];
}

function run(steps: readonly Step[], slots: Slots): void {
  for (const { primitive, parameters, inputs, outputs } of steps) {
    const results = apply(
      primitive,
      inputs.map((slot) => slots[slot] as Tensor),
      parameters,
    );
    results.forEach((y, i) => {
      slots[outputs[i]] = y;
    });
  }
}
