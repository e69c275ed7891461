// Reading a program again: what are its outputs for other inputs, or in another arithmetic?
import { apply, bindArguments, type Program, type Step, type TracedProgram } from "../tape/index.js";
import { literalTensor, type Tensor, unflattenTree } from "../tensor/index.js";

/** What is run of a program. */
export type Steps = Pick<Program, "literals" | "steps" | "outputs">;

/** Runs the steps in any arithmetic: `evaluate` gives the outputs of one step. */
export function replayWith<V>(
  program: Steps,
  inputs: readonly V[],
  literal: (value: number) => V,
  evaluate: (step: Step, inputs: readonly V[]) => readonly V[],
): V[] {
  const slots: V[] = [...inputs, ...program.literals.map(literal)];
  for (const step of program.steps) {
    const results = evaluate(
      step,
      step.inputs.map((slot) => slots[slot]),
    );
    step.outputs.forEach((slot, i) => {
      slots[slot] = results[i];
    });
  }
  return program.outputs.map((slot) => slots[slot]);
}

/** Applies the program's operations to tensors, one for each input and free slot: listening tapes hear them. */
export function replaySlots(program: Steps, inputs: readonly Tensor[]): Tensor[] {
  return replayWith(program, inputs, literalTensor, ({ primitive, parameters }, xs) =>
    apply(primitive, xs, parameters),
  );
}

/**
 * The value of a program for these arguments, by applying its operations once more.
 *
 * Arguments are those of the traced function; after them may follow one tensor for each free input, in place of what
 * the function closed over.
 *
 * @throws ShapeError if a shape differs from the traced one.
 * @example replay(trace((x) => mul(x, x), tensor(2)), [tensor(3)]).item() // → 9
 */
export function replay(program: TracedProgram, args: readonly unknown[]): Tensor {
  const outputs = replaySlots(program, bindArguments("replay", program, args));
  return unflattenTree(program.outputForm, outputs) as Tensor;
}
