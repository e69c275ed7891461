// Reading a program as text: what does it do?
import type { Program } from "../tape/index.js";
import { showShape } from "../tensor/index.js";

/**
 * The program as text: one line for its inputs, one for each step, one for its outputs.
 *
 * Inputs are x0, x1, …, free inputs θ0, θ1, …, results v0, v1, …; literals stand as numbers.
 *
 * @example print(trace((x) => mul(2, sin(x)), tensor(1))) // → "program(x0: [])\nv0: [] = sin(x0)\nv1: [] = mul(2, v0)\nreturn v1"
 */
export function print(program: Program): string {
  const names: string[] = [];
  for (let i = 0; i < program.inputs; i++) names.push(`x${i}`);
  for (let i = 0; i < program.free; i++) names.push(`θ${i}`);
  const declared = names.map((name, i) => `${name}: ${showShape(program.shapes[i])}`);
  for (const value of program.literals) names.push(String(value));
  let results = 0;
  const lines = program.steps.map(({ primitive, parameters, inputs, outputs }) => {
    for (const slot of outputs) names[slot] = `v${results++}`;
    const left = outputs.map((slot) => `${names[slot]}: ${showShape(program.shapes[slot])}`).join(", ");
    const extra = parameters === undefined ? [] : [showParameters(parameters)];
    return `${left} = ${primitive.name}(${[...inputs.map((slot) => names[slot]), ...extra].join(", ")})`;
  });
  return [
    `program(${declared.join(", ")})`,
    ...lines,
    `return ${program.outputs.map((slot) => names[slot]).join(", ")}`,
  ].join("\n");
}

/** Numbers, flags and lists as they are; nested programs, functions and long data by what they are. */
function showParameters(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(showParameters).join(", ")}]`;
  if (ArrayBuffer.isView(value)) return "…";
  if (typeof value === "function") return "ƒ";
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, child]) => child !== undefined);
    return `{ ${entries.map(([key, child]) => `${key}: ${"steps" in Object(child) ? "program" : showParameters(child)}`).join(", ")} }`;
  }
  return String(value);
}
