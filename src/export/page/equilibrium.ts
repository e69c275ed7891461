// How does the page of an equilibrium compute?
import { type FixedPointOptions, fixedPoint, type StepInfo } from "../../fixed-point/index.js";
import { zeros } from "../../primitives/index.js";
import { type Tensor, tensor } from "../../tensor/index.js";
import { curveOver } from "./curve.js";
import type { Decoded } from "./decode.js";
import { type Chart, type Machine, vectorOf } from "./machine.js";

/** For the picture, and for gradients that are compared to twelve digits. */
const [DRAWN, CHECKED] = [1e-10, 1e-14];

export function equilibriumMachine(decoded: Decoded): Machine {
  const { payload, run, poolWith } = decoded;
  const size = payload.size as number;
  function solve(x: Tensor, weights: readonly Tensor[], options: FixedPointOptions): Tensor {
    const pool = poolWith(weights);
    const z = fixedPoint((state: Tensor) => run(0, [state, x], pool), zeros([size]), options);
    return payload.programs.length > 1 ? run(1, [z], pool) : z;
  }
  const roughly: FixedPointOptions = { tolerance: DRAWN, relativeTolerance: DRAWN };
  const closely: FixedPointOptions = {
    ...{ tolerance: CHECKED, relativeTolerance: CHECKED },
    adjoint: { tolerance: CHECKED },
  };
  return {
    ...decoded,
    hasAxis: payload.outputs.length <= 6,
    domain: () => [-Infinity, Infinity],
    evaluate: (inputs, weights) => solve(vectorOf(inputs), weights, closely),
    look(values, over) {
      const steps: StepInfo[] = [];
      const onStep = (info: StepInfo): void => {
        steps.push({ ...info });
      };
      const outputs = solve(tensor(values), decoded.weights, { ...roughly, onStep }).data;
      const quietly = (x: Tensor, weights: readonly Tensor[]): Tensor => solve(x, weights, roughly);
      const last = steps[steps.length - 1];
      const residuals: Chart = {
        title: "Residuals ‖cell(z, x) − z‖ of the solve",
        ...{ x: { label: "step" }, y: { label: "residual" }, logarithmic: true, dotted: true, names: ["residual"] },
        xs: steps.map(({ step }) => step),
        lines: [steps.map(({ residual }) => residual)],
        goal: last.goal,
      };
      return {
        outputs,
        charts: [...curveOver(decoded, quietly, values, over, 49), residuals],
        note: `Solved in ${last.step} steps by ${last.solver}.`,
      };
    },
  };
}
