// What is drawn of outputs that depend on sliders?
import { tensor } from "../../tensor/index.js";
import type { Decoded } from "./decode.js";
import { type Chart, places } from "./machine.js";

/** The outputs over the range of one slider, the others as they are; more outputs than lines can show are left to bars. */
export function curveOver(
  { payload, weights }: Decoded,
  evaluate: (x: ReturnType<typeof tensor>, weights: Decoded["weights"]) => { readonly data: Float64Array },
  values: readonly number[],
  over: number,
  count: number,
): Chart[] {
  const { inputs, outputs, data } = payload;
  if (outputs.length > 6) return [];
  const xs = places(inputs[over].from, inputs[over].to, count);
  const rows = xs.map((x) => evaluate(tensor(values.map((value, i) => (i === over ? x : value))), weights).data);
  const units = new Set(outputs.map(({ unit }) => unit));
  const [unit] = units.size === 1 ? units : [undefined];
  const names = outputs.map(({ label }) => label);
  return [
    {
      title: `${names.join(", ")} over ${inputs[over].label}`,
      ...{ x: inputs[over], y: { label: names.length === 1 ? names[0] : "outputs", unit }, names, xs, data },
      lines: names.map((_, k) => rows.map((row) => row[k])),
      mark: values[over],
    },
  ];
}
