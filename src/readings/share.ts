// Which steps of a program compute the same thing?
import type { Primitive, Program, Step } from "../tape/index.js";

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
  if (parameters === undefined) return "";
  if (isPlain(parameters)) return String(parameters);
  if (typeof parameters !== "object" || parameters === null) return undefined;
  const values = Object.entries(parameters);
  return values.every(([, value]) => isPlain(value))
    ? values.map(([key, value]) => `${key}:${value}`).join(";")
    : undefined;
}

const isPlain = (value: unknown): boolean =>
  typeof value === "number" ||
  typeof value === "boolean" ||
  (Array.isArray(value) && value.every((entry) => typeof entry === "number"));
