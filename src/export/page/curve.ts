// What is drawn of outputs that depend on sliders?
import { tensor } from "../../tensor/index.js";
import type { Decoded } from "./decode.js";
import { type Chart, namesOf, places } from "./machine.js";

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
  const { names, y } = namesOf(outputs, "outputs");
  return [
    {
      title: `${names.join(", ")} over ${inputs[over].label}`,
      ...{ x: inputs[over], y, names, xs, data },
      lines: names.map((_, k) => rows.map((row) => row[k])),
      mark: values[over],
    },
  ];
}
