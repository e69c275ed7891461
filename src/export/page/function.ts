// How does the page of a function compute?
import { type Tensor, tensor } from "../../tensor/index.js";
import { curveOver } from "./curve.js";
import type { Decoded } from "./decode.js";
import { type Machine, vectorOf } from "./machine.js";

export function functionMachine(decoded: Decoded): Machine {
  const { payload, weights: own, run, poolWith } = decoded;
  const f = (x: Tensor, weights: readonly Tensor[]): Tensor => run(0, [x], poolWith(weights));
  return {
    ...decoded,
    hasAxis: payload.outputs.length <= 6,
    domain: () => [-Infinity, Infinity],
    evaluate: (inputs, weights) => f(vectorOf(inputs), weights),
    look: (values, over) => ({
      outputs: f(tensor(values), own).data,
      charts: curveOver(decoded, f, values, over, 121),
      note: "",
    }),
  };
}
