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
  const seen = new Map<string, Step>();
  const ids = new Map<Primitive, number>();
  const steps: Step[] = [];
  for (const step of program.steps) {
    const inputs = step.inputs.map((slot) => slotOf[slot]);
    const parameters = plainText(step.parameters);
    if (parameters === undefined) {
      steps.push({ ...step, inputs });
      continue;
    }
    if (!ids.has(step.primitive)) ids.set(step.primitive, ids.size);
    const key = `${ids.get(step.primitive)} ${inputs.join(",")} ${parameters}`;
    const same = seen.get(key);
    if (same === undefined) {
      const kept = { ...step, inputs };
      seen.set(key, kept);
      steps.push(kept);
    } else {
      step.outputs.forEach((slot, i) => {
        slotOf[slot] = same.outputs[i];
      });
    }
  }
  return { ...program, steps, outputs: program.outputs.map((slot) => slotOf[slot]) };
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
