// How does the page of a fractional equation compute?
import { gradedMesh, productRule } from "../../fractional/index.js";
import { makeIntegral } from "../../fractional/integral.js";
import { trajectoryPrimitive } from "../../fractional/volterra.js";
import { short } from "../../pictures/scales.js";
import { broadcastTo, mul, pow, reshape } from "../../primitives/index.js";
import { apply1 } from "../../tape/index.js";
import { Tensor, tensor } from "../../tensor/index.js";
import type { Decoded } from "./decode.js";
import { type Machine, namesOf, vectorOf } from "./machine.js";

/** For the picture, and for gradients that are compared to twelve digits. */
const [DRAWN, CHECKED] = [1e-10, 1e-14];

/**
 * The trajectory of `solveCaputo` with steps of its own at each node, as one operation: z = u₀ + Â(α)·T^α f(T τ, z).
 *
 * @shape → [steps + 1, states]
 */
export function fractionalMachine(decoded: Decoded): Machine {
  const { payload, run, poolWith } = decoded;
  const { outputs, data, time = { label: "t" } } = payload;
  const steps = payload.size as number;
  const fixed = payload.fixed as readonly (number | null)[];
  const states = outputs.length;
  const rule = productRule("line", gradedMesh(steps));
  const integral = makeIntegral(rule);
  const nodes = new Tensor([steps + 1], rule.mesh.nodes);

  function solve(
    inputs: readonly Tensor[],
    weights: readonly Tensor[],
    tolerance: number,
  ): { times: Tensor; values: Tensor } {
    let next = 0;
    const [alpha, duration, ...initial] = fixed.map((value) => (value === null ? inputs[next++] : tensor(value)));
    const times = mul(duration, nodes);
    const rows = reshape(times, [steps + 1, 1]);
    const stop = { tolerance, relativeTolerance: tolerance, maxSteps: 100, window: 1 };
    const values = apply1(
      trajectoryPrimitive,
      [broadcastTo(vectorOf(initial), [steps + 1, states]), alpha, rows, pow(duration, alpha), ...poolWith(weights)],
      {
        ...{ integral, nodewise: 1, affine: false, movable: false, probe: false },
        field: (z, [t], [factor, ...pool]) => mul(factor, run(z.shape[0] === 1 ? 0 : 1, [t, z], pool)),
        rule: { operation: "trajectory", ...stop },
        linear: { operation: "adjoint", ...stop, tolerance: 0, relativeTolerance: tolerance },
      },
    );
    return { times, values };
  }
  const { names, y } = namesOf(outputs, "states");
  const sliders = fixed.flatMap((value, i) => (value === null ? [i] : []));
  return {
    ...decoded,
    hasAxis: false,
    domain: (slider) => [[0, 2] as const, [0, Infinity] as const][sliders[slider]] ?? [-Infinity, Infinity],
    evaluate: (inputs, weights) => solve(inputs, weights, CHECKED).values,
    look(values) {
      const { times, values: path } = solve(
        values.map((value) => tensor(value)),
        decoded.weights,
        DRAWN,
      );
      const column = (c: number): number[] => Array.from(nodes.data, (_, n) => path.data[n * states + c]);
      return {
        outputs: path.data.slice(-states),
        charts: [
          {
            title: `${names.join(", ")} over ${time.label}`,
            ...{ x: time, y, names, data },
            xs: [...times.data],
            lines: names.map((_, c) => column(c)),
          },
        ],
        note: `At ${time.label} = ${short(times.data[steps])}${time.unit ? ` ${time.unit}` : ""}, after ${steps} steps.`,
      };
    },
  };
}
