// Which steps of a program compute the same thing?
import type { Primitive, Program, Step } from "../tape/index.js";
import { isObject, showShape } from "../tensor/index.js";

/**
 * The program with every repeated step computed once: two steps are the same if primitive, parameters and inputs are.
 * The remaining steps are untouched, so the bits of the results are, too.
 *
 * @source Cocke (1970), "Global common subexpression elimination", for straight-line code
 */
export function shareSteps(program: Program): Program {
  const slotOf = program.shapes.map((_, slot) => slot);
  const kept = new Map<unknown, Step>();
  for (const given of program.steps) {
    const step = { ...given, inputs: given.inputs.map((slot) => slotOf[slot]) };
    // A step without a text is like no other.
    const key = textOfStep(step) ?? step;
    const same = kept.get(key);
    if (same === undefined) kept.set(key, step);
    step.outputs.forEach((slot, i) => {
      slotOf[slot] = (same ?? step).outputs[i];
    });
  }
  return { ...program, steps: [...kept.values()], outputs: program.outputs.map((slot) => slotOf[slot]) };
}

const numbers = new WeakMap<Primitive, number>();
let primitives = 0;

/** What a step computes from which slots, as text; nothing if its parameters are more than numbers, flags and lists of them. */
export function textOfStep({ primitive, parameters, inputs }: Step): string | undefined {
  const text = plainText(parameters);
  if (!numbers.has(primitive)) numbers.set(primitive, primitives++);
  return text === undefined ? undefined : `${numbers.get(primitive)}(${inputs})${text}`;
}

/** Parameters as text, if numbers, flags and lists of numbers are all there is to them. */
function plainText(parameters: unknown): string | undefined {
  if (!isObject(parameters) || Array.isArray(parameters)) return parameters === undefined ? "" : showPlain(parameters);
  const shown = Object.entries(parameters).map(([key, value]) => [key, showPlain(value)]);
  return shown.every(([, text]) => text !== undefined) ? shown.join(";") : undefined;
}

/** A number, a flag or a list of numbers as text. */
export function showPlain(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) && value.every((entry) => typeof entry === "number") ? showShape(value) : undefined;
}
