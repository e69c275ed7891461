// How is a function written down, so that it can be run, printed, differentiated or compiled later?
import {
  checkFunction,
  DomainError,
  type Flat,
  flattenTree,
  readLeaves,
  type Shape,
  ShapeError,
  sameForm,
  sameShape,
  showNumber,
  showShape,
  showShapes,
  type Tensor,
  type TensorsOf,
  type TreeForm,
  type TreeLike,
  tracedTensor,
  unflattenTree,
} from "../tensor/index.js";
import { recordTraced } from "./apply.js";
import type { Primitive, Tape } from "./primitive.js";

/** One application in a program; slots stand for the values. */
export interface Step {
  readonly primitive: Primitive;
  readonly parameters: unknown;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * A straight-line program: slots with shapes, and the steps that fill them. It holds no values but literals.
 *
 * Slots are numbered: inputs first, then the free ones (what the function closed over), then literals, then results.
 */
export interface Program {
  readonly shapes: readonly Shape[];
  readonly inputs: number;
  readonly free: number;
  readonly literals: readonly number[];
  readonly steps: readonly Step[];
  readonly outputs: readonly number[];
  readonly inputForm: TreeForm;
  readonly outputForm: TreeForm;
}

/** A program together with the tensors that its function closed over when it was traced, one for each free slot. */
export interface TracedProgram extends Program {
  readonly closure: readonly Tensor[];
}

/**
 * The program of f for arguments of the shapes of xs. f runs once, on tensors without data: no kernel runs, and
 * reading a value is an error. What f closes over becomes a free input.
 *
 * @throws TraceError if f reads the values of a tensor that is traced.
 * @example trace((x) => sin(mul(x, x)), tensor([1, 2])).steps.map((step) => step.primitive.name) // → ["mul", "sin"]
 */
export function trace<A extends unknown[]>(
  f: (...xs: { [K in keyof A]: TensorsOf<A[K]> }) => TreeLike,
  ...xs: A
): TracedProgram {
  return traceAs("trace", f as (...args: never[]) => unknown, xs);
}

/** `trace` on behalf of an operation, which errors name. */
export function traceAs(operation: string, f: (...xs: never[]) => unknown, xs: readonly unknown[]): TracedProgram {
  checkFunction(operation, f);
  const { leaves, form: inputForm } = flattenTree(operation, xs);
  const inputs = leaves.map((x) => tracedTensor(x.shape));
  const { result, tape } = recordTraced(() => f(...(unflattenTree(inputForm, inputs) as never[])));
  const { leaves: outputs, form: outputForm } = flattenTree(`${operation}: the result of f`, result);
  return { ...number(tape, inputs, outputs), inputForm, outputForm };
}

/** Gives every tensor that the outputs need its slot; what they do not need is left out. */
function number(
  tape: Tape,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
): Omit<TracedProgram, "inputForm" | "outputForm"> {
  const needed = new Set<Tensor>(outputs);
  const kept = [];
  for (let i = tape.length - 1; i >= 0; i--) {
    if (!tape[i].outputs.some((y) => needed.has(y))) continue;
    kept.push(tape[i]);
    for (const x of tape[i].inputs) needed.add(x);
  }
  kept.reverse();

  const slot = new Map<Tensor, number>();
  const shapes: Shape[] = [];
  const place = (x: Tensor): void => {
    if (slot.has(x)) return;
    slot.set(x, shapes.length);
    shapes.push(x.shape);
  };
  const at = (x: Tensor): number => slot.get(x) as number;
  inputs.forEach(place);
  const made = new Set<Tensor>(kept.flatMap((application) => application.outputs));
  const given = new Set<Tensor>();
  for (const x of [...kept.flatMap((application) => application.inputs), ...outputs]) {
    if (!made.has(x) && !slot.has(x)) given.add(x);
  }
  const closure = [...given].filter((x) => !x.literal);
  closure.forEach(place);

  const literals = new Map<string, Tensor>();
  for (const x of given) {
    if (!x.literal) continue;
    const value = showNumber(x.data[0]);
    const first = literals.get(value) ?? x;
    literals.set(value, first);
    place(first);
    slot.set(x, at(first));
  }
  const steps = kept.map(({ primitive, parameters, inputs: xs, outputs: ys }) => {
    ys.forEach(place);
    return { primitive, parameters, inputs: xs.map(at), outputs: ys.map(at) };
  });
  return {
    shapes,
    inputs: inputs.length,
    free: closure.length,
    literals: [...literals.values()].map((x) => x.data[0]),
    steps,
    outputs: outputs.map(at),
    closure,
  };
}

/** The tree that a program gives, taken apart. */
export const outputsOf = ({ outputs, shapes, outputForm }: Program): Flat => ({
  leaves: outputs.map((slot) => ({ shape: shapes[slot] })),
  form: outputForm,
});

/**
 * Refuses a function whose rules or plan would not see that what it closes over changed; tensors made inside it may stay.
 *
 * @throws DomainError
 */
export function refuseClosure(
  operation: string,
  { closure }: TracedProgram,
  before: number,
  allowed: ReadonlySet<Tensor>,
  remedy: string,
): void {
  const foreign = closure.filter((x) => x.serial < before && !allowed.has(x));
  if (foreign.length === 0) return;
  throw new DomainError(
    `${operation}: expected f to use its arguments only, received a closure over ${showShapes(foreign)}: ${remedy}`,
  );
}

/**
 * A reader of arguments like those that were traced: it gives their tensors and those closed over in one array, which it
 * fills anew at every call and which is all that it allocates; nothing if form or shapes differ.
 */
export function makeBinding({ inputForm, inputs, shapes, closure }: TracedProgram) {
  const bound: Tensor[] = new Array<Tensor>(inputs).concat(closure);
  return (args: unknown): readonly Tensor[] | undefined => {
    if (readLeaves(inputForm, args, bound) !== inputs) return undefined;
    for (let i = 0; i < inputs; i++) if (!sameShape(bound[i].shape, shapes[i])) return undefined;
    return bound;
  };
}

/** The tensors for a program's input and free slots, from the arguments alone or followed by one for each free slot. */
export function bindArguments(
  operation: string,
  program: Program & { closure?: readonly Tensor[] },
  args: readonly unknown[],
): Tensor[] {
  if (!Array.isArray(args)) {
    throw new DomainError(`${operation}: expected an array of arguments, received ${typeof args}; wrap one in [ ]`);
  }
  const count = program.inputForm !== "leaf" && "array" in program.inputForm ? program.inputForm.array.length : 1;
  const { leaves, form } = flattenTree(operation, args.slice(0, count));
  const rest = flattenTree(operation, args.slice(count)).leaves;
  const bound = rest.length > 0 ? rest : (program.closure ?? []);
  if (leaves.length !== program.inputs || bound.length !== program.free) {
    throw new DomainError(
      `${operation}: expected ${count} arguments with ${program.inputs} tensors, and then none or ${program.free} free inputs, ` +
        `received ${args.length} with ${leaves.length}, and ${rest.length} more`,
    );
  }
  if (!sameForm(form, program.inputForm)) {
    throw new ShapeError(
      `${operation}: expected arguments of the form that was traced, received another form (keys count in their order)`,
    );
  }
  const all = [...leaves, ...bound];
  all.forEach((x, i) => {
    if (!sameShape(x.shape, program.shapes[i])) {
      throw new ShapeError(
        `${operation}: expected shape ${showShape(program.shapes[i])}, received ${showShape(x.shape)}: input ${i} has ` +
          "another shape than when the program was traced; trace again for it",
      );
    }
  });
  return all;
}
