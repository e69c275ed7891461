// How does a traced function become data?
//
// What depends on weights alone is computed here, once, and the page is given the result; only the moves that spread it over
// rows stay in the program, since they would repeat its numbers.
import { replayWith } from "../readings/index.js";
import { apply, type Primitive, type Step, type TracedProgram } from "../tape/index.js";
import { DomainError, isObject, literalTensor, sameShape, showShape, type Tensor } from "../tensor/index.js";
import type { EncodedProgram, PooledShape } from "./payload.js";

/** The tensors of a page, each once. */
export interface Pool {
  readonly tensors: Tensor[];
  readonly shapes: PooledShape[];
  /** The place of a tensor. */
  place(x: Known): number;
}

/** A tensor that does not depend on the inputs of a program. */
export interface Known {
  readonly value: Tensor;
  /** Whether it depends on what the function closed over. */
  readonly weight: boolean;
  readonly origin: "closure" | "literal" | "computed";
}

/** Weights that a function closed over are told apart by identity, numbers that were computed or written by their bits. */
export function makePool(operation: string): Pool {
  const tensors: Tensor[] = [];
  const shapes: PooledShape[] = [];
  const known = new Map<Tensor, number>();
  const same = (x: Tensor, i: number): boolean =>
    sameShape(x.shape, tensors[i].shape) && x.data.every((value, k) => Object.is(value, tensors[i].data[k]));
  return {
    tensors,
    shapes,
    place({ value: x, weight, origin }) {
      const mayBeThere = !(weight && origin === "closure");
      const found =
        known.get(x) ?? tensors.findIndex((_, i) => mayBeThere && shapes[i].weight === weight && same(x, i));
      const at = found < 0 ? tensors.length : found;
      known.set(x, at);
      if (found >= 0) return at;
      const bad = x.data.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) {
        throw new DomainError(
          `${operation}: expected finite ${weight ? "weights" : "constants"}, received ${x.data[bad]} in entry ${bad} of a ` +
            `tensor of shape ${showShape(x.shape)}: a page of it would show nothing; train again from finite weights`,
        );
      }
      tensors.push(x);
      shapes.push({ shape: x.shape, weight });
      return at;
    },
  };
}

/** Moves that repeat or rearrange numbers. */
const moves: ReadonlySet<string> = new Set(["broadcastTo", "reshape", "transpose", "alias"]);

/** The program as data. Tensors with a serial from `before` on were made by the function itself: they are no weights. */
export function encodeProgram(
  operation: string,
  program: TracedProgram,
  { pool, operations, before }: { pool: Pool; operations: ReadonlyMap<string, Primitive>; before: number },
): EncodedProgram {
  const known = evaluateKnown(program, before);
  const needed = new Set(program.outputs);
  const kept: Step[] = [];
  for (let i = program.steps.length - 1; i >= 0; i--) {
    const step = program.steps[i];
    if (!step.outputs.some((slot) => needed.has(slot))) continue;
    const settled = step.outputs.every((slot) => known[slot] !== undefined);
    if (settled && !(moves.has(step.primitive.name) && isOffered(step, operations))) continue;
    checkStep(operation, step, operations);
    kept.push(step);
    for (const slot of step.inputs) needed.add(slot);
  }
  kept.reverse();

  const made = new Set(kept.flatMap(({ outputs }) => outputs));
  const given = [...needed].filter((slot) => slot >= program.inputs && !made.has(slot)).sort((a, b) => a - b);
  const literals = given.filter((slot) => known[slot]?.origin === "literal");
  const tensors = given.filter((slot) => known[slot]?.origin !== "literal");
  const renumbered = new Map<number, number>();
  const inputs = Array.from({ length: program.inputs }, (_, slot) => slot);
  for (const slot of [...inputs, ...tensors, ...literals, ...made]) renumbered.set(slot, renumbered.size);
  const at = (slot: number): number => renumbered.get(slot) as number;
  const placeOf = (slot: number): number => pool.place(known[slot] as Known);
  return {
    tensors: tensors.map(placeOf),
    literals: literals.map(placeOf),
    steps: kept.map(({ primitive, parameters, inputs: xs, outputs: ys }) => [
      primitive.name,
      parameters,
      xs.map(at),
      ys.map(at),
    ]),
    output: at(program.outputs[0]),
  };
}

/** The value of every slot that does not depend on the inputs. */
function evaluateKnown(program: TracedProgram, before: number): (Known | undefined)[] {
  const slots: (Known | undefined)[] = new Array<undefined>(program.inputs).fill(undefined);
  for (const value of program.closure) slots.push({ value, weight: value.serial < before, origin: "closure" });
  const literal = (value: number): Known => ({ value: literalTensor(value), weight: false, origin: "literal" });
  slots.push(...program.literals.map(literal));
  replayWith<Known | undefined>(program, slots.slice(0, program.inputs + program.free), literal, (step, xs) => {
    const values = xs.every((x) => x !== undefined)
      ? apply(
          step.primitive,
          (xs as Known[]).map(({ value }) => value),
          step.parameters,
        )
      : step.outputs.map(() => undefined);
    const weight = xs.some((x) => x?.weight);
    return values.map((value, i) => {
      slots[step.outputs[i]] = value && { value, weight, origin: "computed" };
      return slots[step.outputs[i]];
    });
  });
  return slots;
}

const isOffered = ({ primitive }: Step, operations: ReadonlyMap<string, Primitive>): boolean =>
  operations.get(primitive.name) === primitive;

/** Refuses an operation that pages do not have, and parameters that JSON would change. @throws DomainError */
function checkStep(operation: string, step: Step, operations: ReadonlyMap<string, Primitive>): void {
  const { name } = step.primitive;
  if (!isOffered(step, operations)) {
    throw new DomainError(
      `${operation}: expected a function of operations that a page of this kind has, received ${name}: it has ` +
        `${[...operations.keys()].join(", ")}`,
    );
  }
  if (!isPlain(step.parameters)) {
    throw new DomainError(`${operation}: expected plain parameters, received others of the operation ${name}`);
  }
}

/** What JSON gives back as it was. */
function isPlain(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return value.every((entry) => entry !== undefined && isPlain(entry));
  if (isObject(value))
    return [Object.prototype, null].includes(Object.getPrototypeOf(value)) && Object.values(value).every(isPlain);
  return value === undefined || typeof value === "boolean" || typeof value === "string";
}
