// Does a model fit what is said of it?
import { checkCount, checkFunction, checkOptions, DomainError, describe, isObject } from "../tensor/index.js";
import type { ExportOptions, FractionalModel, Model, Range } from "./model.js";
import type { Observations, Quantity, Slider } from "./payload.js";

const operation = "exportHtml";
const knownOfModel: Readonly<Record<Model["kind"], readonly string[]>> = {
  function: ["kind", "f"],
  equilibrium: ["kind", "cell", "size", "readout"],
  fractional: ["kind", "field", "order", "duration", "initial", "steps", "time"],
};
/** With more states pages have no solver, and with more steps none of the library's Fourier transforms. */
const [MOST_STATES, MOST_STEPS] = [16, 319];

/** Refuses what is no model. @throws DomainError */
export function checkModel(model: Model): void {
  const kinds = Object.keys(knownOfModel).join(", ");
  if (!isObject(model) || !Object.hasOwn(knownOfModel, model.kind)) {
    const received = isObject(model) ? `the kind ${JSON.stringify((model as Model).kind)}` : describe(model);
    throw new DomainError(
      `${operation}: expected a model { kind, … } of kind ${kinds}, received ${received}; a layer is the function (x) => net.apply(net.params, x)`,
    );
  }
  checkOptions(`${operation}: model`, model, knownOfModel[model.kind]);
  if (model.kind === "function") checkFunction(`${operation}: f`, model.f);
  if (model.kind === "equilibrium") {
    checkFunction(`${operation}: cell`, model.cell);
    checkCount(operation, "size", model.size);
    if (model.readout !== undefined) checkFunction(`${operation}: readout`, model.readout);
  }
  if (model.kind === "fractional") checkFractional(model);
}

function checkFractional({ field, steps, initial }: FractionalModel): void {
  checkFunction(`${operation}: field`, field);
  if (checkCount(operation, "steps", steps) > MOST_STEPS) {
    throw new DomainError(
      `${operation}: expected at most ${MOST_STEPS} steps, received ${steps}; a page draws no more`,
    );
  }
  if (!Array.isArray(initial) || initial.length === 0 || initial.length > MOST_STATES) {
    const received = Array.isArray(initial) ? initial.length : describe(initial);
    throw new DomainError(`${operation}: expected 1 to ${MOST_STATES} initial values, received ${received}`);
  }
}

/** Text with something in it. @throws DomainError */
export function checkText(name: string, text: unknown): string {
  if (typeof text === "string" && text.trim() !== "") return text;
  const received = typeof text === "string" ? "an empty one" : describe(text);
  throw new DomainError(`${operation}: expected ${name} to be a text, received ${received}`);
}

export function readQuantity(name: string, given: Quantity): Quantity {
  checkOptions(`${operation}: ${name}`, given ?? {}, ["label", "unit"]);
  return {
    label: checkText(`the label of ${name}`, given?.label),
    unit: given.unit === undefined ? undefined : checkText(`the unit of ${name}`, given.unit),
  };
}

/** @throws DomainError unless from ≤ value ≤ to, and from < to. */
export function readSlider(name: string, given: Slider): Slider {
  checkOptions(`${operation}: ${name}`, given ?? {}, ["label", "unit", "from", "to", "value"]);
  const { from, to, value, label, unit } = given ?? {};
  const finite = [from, to, value].every((x) => Number.isFinite(x));
  if (!(finite && from < to && from <= value && value <= to)) {
    throw new DomainError(
      `${operation}: expected ${name} with finite from < to and from ≤ value ≤ to, received from ${from} to ${to} and value ${value}`,
    );
  }
  return { ...readQuantity(name, unit === undefined ? { label } : { label, unit }), from, to, value };
}

export function readInputs(options: ExportOptions): readonly Slider[] {
  const { inputs } = options;
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new DomainError(
      `${operation}: expected inputs, a slider { label, from, to, value } for each entry of x, received ${
        Array.isArray(inputs) ? "none" : describe(inputs)
      }`,
    );
  }
  return (inputs as readonly Slider[]).map((given, i) => readSlider(`inputs[${i}]`, given));
}

const subscript = (n: number): string => [...String(n)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");

export function readOutputs(options: ExportOptions, count: number, letter: string): readonly Quantity[] {
  const { outputs } = options;
  if (outputs === undefined) {
    return Array.from({ length: count }, (_, i) => ({ label: count === 1 ? letter : `${letter}${subscript(i + 1)}` }));
  }
  if (!Array.isArray(outputs) || outputs.length !== count) {
    throw new DomainError(
      `${operation}: expected outputs, { label } for each of the ${count} entries of ${letter}, received ${
        Array.isArray(outputs) ? outputs.length : describe(outputs)
      }`,
    );
  }
  return (outputs as readonly Quantity[]).map((given, i) => readQuantity(`outputs[${i}]`, given));
}

export function readData(data: Observations | undefined, inputs: number, outputs: number): Observations | undefined {
  if (data === undefined) return undefined;
  checkOptions(`${operation}: data`, data, ["at", "values"]);
  if (inputs !== 1) {
    throw new DomainError(
      `${operation}: expected no data beside ${inputs} inputs, received some: they have no place on one axis`,
    );
  }
  const { at, values } = data;
  const rows = Array.isArray(values) && values.every((row) => Array.isArray(row) && row.length === outputs);
  if (!Array.isArray(at) || !at.every(Number.isFinite) || !rows || values.length !== at.length) {
    throw new DomainError(
      `${operation}: expected data with finite places at and a row of ${outputs} values for each, received ${describe(at)} and ${describe(values)} that do not fit`,
    );
  }
  // JSON has null where a value is missing.
  return { at, values: values.map((row) => row.map((y: number) => (Number.isFinite(y) ? y : Number.NaN))) };
}

/** The sliders of a fractional equation, and its order, duration and initial values, null where a slider says it. */
export function readFractional(
  { order, duration, initial, time = { label: "t" } }: FractionalModel,
  states: readonly Quantity[],
): { inputs: Slider[]; fixed: (number | null)[]; time: Quantity } {
  const axis = readQuantity("time", time);
  const inputs: Slider[] = [];
  const read = (
    name: string,
    given: number | Range,
    quantity: Quantity,
    expected: string,
    holds: (x: number) => boolean,
  ) => {
    const refuse = (received: unknown): never => {
      throw new DomainError(`${operation}: expected ${name} ${expected}, received ${String(received)}`);
    };
    if (typeof given === "number") return Number.isFinite(given) && holds(given) ? given : refuse(given);
    checkOptions(`${operation}: ${name}`, given ?? {}, ["from", "to", "value"]);
    if (!isObject(given)) return refuse(given);
    inputs.push(readSlider(name, { ...quantity, ...given }));
    for (const end of [given.from, given.to]) if (!holds(end)) refuse(end);
    return null;
  };
  const fixed = [
    read("order", order, { label: "order α" }, "in (0, 2)", (x) => x > 0 && x < 2),
    read("duration", duration, { label: "duration", ...(axis.unit ? { unit: axis.unit } : {}) }, "> 0", (x) => x > 0),
    ...initial.map((given, i) => {
      const { label, unit } = states[i];
      return read(`initial[${i}]`, given, { label: `${label} at 0`, ...(unit ? { unit } : {}) }, "finite", () => true);
    }),
  ];
  if (inputs.length === 0) {
    throw new DomainError(
      `${operation}: expected a range { from, to, value } for order, duration or an initial value, received numbers only`,
    );
  }
  return { inputs, fixed, time: axis };
}
