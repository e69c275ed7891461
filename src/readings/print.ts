// Reading a program as text: what does it do?
import type { Program } from "../tape/index.js";
import { isObject, showNumber, showShape } from "../tensor/index.js";
import { showPlain } from "./share.js";

/**
 * The program as text: one line for its inputs, one for each step, one for its outputs.
 *
 * Inputs are x0, x1, …, free inputs θ0, θ1, …, results v0, v1, …; literals stand as numbers.
 *
 * @example print(trace((x) => mul(2, sin(x)), tensor(1))) // → "program(x0: [])\nv0: [] = sin(x0)\nv1: [] = mul(2, v0)\nreturn v1"
 */
export function print(program: Program): string {
  return lines(program).join("\n");
}

/** `given` are the names, in the program around it, of what the inputs and free inputs of a nested program are. */
function lines(program: Program, given: readonly string[] = []): string[] {
  const names: string[] = [];
  for (let i = 0; i < program.inputs; i++) names.push(`x${i}`);
  for (let i = 0; i < program.free; i++) names.push(`θ${i}`);
  const declared = names.map((name, i) => {
    const value = given[i] === undefined ? "" : ` = ${given[i]}`;
    return `${name}: ${showShape(program.shapes[i])}${value}`;
  });
  names.push(...program.literals.map(showNumber));
  let results = 0;
  const body = program.steps.flatMap(({ primitive, parameters, inputs, outputs }) => {
    for (const slot of outputs) names[slot] = `v${results++}`;
    const left = outputs.map((slot) => `${names[slot]}: ${showShape(program.shapes[slot])}`).join(", ");
    const settings = showSettings(parameters);
    const list = [...inputs.map((slot) => names[slot]), ...(settings ? [settings] : [])].join(", ");
    const inner = nested(
      parameters,
      inputs.map((slot) => names[slot]),
    );
    return [`${left} = ${primitive.name}(${list})`, ...inner.map((line) => `  ${line}`)];
  });
  return [
    `program(${declared.join(", ")})`,
    ...body,
    `return ${program.outputs.map((slot) => names[slot]).join(", ")}`,
  ];
}

/** The lines of the programs among the parameters, such as the f of a fixed point. */
function nested(parameters: unknown, given: readonly string[]): string[] {
  if (!isObject(parameters)) return [];
  return Object.values(parameters).flatMap((value) => (isProgram(value) ? lines(value, given) : []));
}

const isProgram = (value: unknown): value is Program => isObject(value) && "steps" in value;

/** Numbers, lists of numbers and flags that are set; what is neither is not shown. */
function showSettings(parameters: unknown): string | undefined {
  const plain = showPlain(parameters);
  if (plain !== undefined || !isObject(parameters)) return plain;
  const entries = Object.entries(parameters).flatMap(([key, value]) => {
    const shown = value === false ? undefined : showPlain(value);
    return shown === undefined ? [] : [`${key}: ${shown}`];
  });
  return entries.length > 0 ? `{ ${entries.join(", ")} }` : undefined;
}
