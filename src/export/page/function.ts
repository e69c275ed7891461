// How does the page of a function compute?
import { tensor } from "../../tensor/index.js";
import { curveOver } from "./curve.js";
import type { Decoded } from "./decode.js";
import { type Machine, vectorOf } from "./machine.js";

export const functionMachine = (decoded: Decoded): Machine => ({
  ...decoded,
  hasAxis: decoded.payload.outputs.length <= 6,
  domain: () => [-Infinity, Infinity],
  evaluate: (inputs, weights) => decoded.run(0, [vectorOf(inputs)], weights),
  look: (values, over) => ({
    outputs: decoded.run(0, [tensor(values)], decoded.weights).data,
    charts: curveOver(decoded, (x, weights) => decoded.run(0, [x], weights), values, over, 121),
    note: "",
  }),
});
