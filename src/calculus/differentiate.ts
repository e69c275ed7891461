// How does a derivative begin?
import { alias, zeros } from "../primitives/index.js";
import { replaySlots } from "../readings/index.js";
import { type MaybeTensor, type Program, record, type Section } from "../tape/index.js";
import { checkFunction, flattenTree, type Tensor, type TreeForm, unflattenTree } from "../tensor/index.js";

/** One run of a function, written down. */
export interface Recorded extends Section {
  readonly inputForm: TreeForm;
  readonly outputForm: TreeForm;
  readonly value: unknown;
}

/**
 * Runs f on fresh copies of its arguments and writes down what it applied. Tapes that listen already hear the copying
 * too; the new tape starts after it, so that identity tells the perturbations of nested derivatives apart.
 */
export function recordOn(operation: string, f: (...xs: never[]) => unknown, xs: readonly unknown[]): Recorded {
  checkFunction(operation, f);
  const { leaves, form: inputForm } = flattenTree(operation, xs);
  const inputs = leaves.map(alias);
  const { result: value, tape } = record(() => f(...(unflattenTree(inputForm, inputs) as never[])));
  const { leaves: outputs, form: outputForm } = flattenTree(`${operation}: the result of f`, value);
  return { tape, inputs, outputs, inputForm, outputForm, value };
}

/** One run of a program on the tensors of its input and free slots, written down. */
export const recordProgram = (operation: string, program: Program, inputs: readonly Tensor[]): Recorded =>
  recordOn(operation, ((...xs: Tensor[]) => replaySlots(program, xs)) as (...xs: never[]) => unknown, inputs);

/** Cotangents or tangents of these tensors, with zeros for those that are zero by structure. */
export const orZeros = (parts: readonly MaybeTensor[], like: readonly Tensor[]): Tensor[] =>
  like.map((x, i) => parts[i] ?? zeros(x.shape));
