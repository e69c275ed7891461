// What solves the equations of fixed points and trajectories in 106 bits?
import { fixedPointPrimitive } from "../../fixed-point/index.js";
import { type Trajectory, trajectoryPrimitive } from "../../fractional/volterra.js";
import { type Program, type TracedProgram, traceAs } from "../../tape/index.js";
import { DomainError, type Tensor, tracedTensor } from "../../tensor/index.js";
import { add } from "../double-double/index.js";
import type { Context } from "./context.js";
import { integrate, weightSets } from "./integrals.js";
import { type Correction, denseCorrection, denseSolver, refine, slopeAlong } from "./refine.js";
import { runKernel } from "./sums.js";
import { at, fill, type WideTensor, widen } from "./wide-tensor.js";

type FixedPoint = Parameters<typeof fixedPointPrimitive.kernel>[1];

const nobody = { onReport: undefined, onAdjoint: undefined };

/** Where the solve begins: at the solution that was found before at the same place of the program, or by the solver. */
function startOf(context: Context, path: string, float64: () => { shape: readonly number[]; data: Float64Array }[]) {
  const before = context.solutions.get(path);
  return { z: before?.z ?? float64().map(widen), correct: before?.correct };
}

/** z with z = f(z, θ). */
export function fixedPoint(
  inputs: readonly WideTensor[],
  parameters: FixedPoint,
  context: Context,
  path: string,
): readonly WideTensor[] {
  const { program, rule } = parameters as FixedPoint & { program: Program };
  const silent = { ...parameters, ...nobody, rule: { ...rule, onStep: undefined } };
  const calm = { ...context, disturb: undefined };
  const free = inputs.slice(program.inputs);
  const image = (z: readonly WideTensor[]): readonly WideTensor[] =>
    context.run(program, [...z, ...free], calm, `${path}/f`);
  const shapes = inputs.map((x) => x.shape);
  const { z, correct } = startOf(context, path, () =>
    runKernel(
      fixedPointPrimitive,
      shapes,
      inputs.map((x) => x.high),
      silent,
    ),
  );
  const refined = refine("fixedPoint", image, denseCorrection(image), z, correct);
  if (!context.solutions.has(path)) context.solutions.set(path, refined);
  return refined.z;
}

/** The field of a trajectory on all its nodes, as a program of z and of all inputs but b and α. */
function fieldProgram({ field, nodewise }: Trajectory, inputs: readonly WideTensor[]): TracedProgram {
  const [z, , ...rest] = inputs.map((x) => tracedTensor(x.shape));
  const onNodes = (state: Tensor, others: readonly Tensor[]): Tensor =>
    field(state, others.slice(0, nodewise), others.slice(nodewise));
  return traceAs("oracle", onNodes as (...xs: never[]) => unknown, [z, rest]);
}

/** z with z = b + Â(α) φ(z; a, θ): Newton's corrections go from node to node, as the weights are causal. */
export function trajectory(
  inputs: readonly WideTensor[],
  parameters: Trajectory,
  context: Context,
  path: string,
): readonly WideTensor[] {
  const [b, orders, ...rest] = inputs;
  const { integral, movable } = parameters;
  if (movable) throw new DomainError("oracle: expected nodes without a derivative, received some that have one");
  const program = context.fields.get(path) ?? fieldProgram(parameters, inputs);
  context.fields.set(path, program);
  const made = program.closure.map(widen);
  const calm = { ...context, disturb: undefined };
  const phi = ([z]: readonly WideTensor[]): readonly WideTensor[] =>
    context.run(program, [z, ...rest, ...made], calm, `${path}/f`);
  const sets = weightSets(context.weights, integral, orders);
  const image = (z: readonly WideTensor[]): readonly WideTensor[] => {
    const integrated = integrate(sets, integral, phi(z)[0]);
    return [fill(b.shape, (i) => add(at(b, i), at(integrated, i)))];
  };
  const { rule, linear } = parameters;
  const silent = { ...parameters, rule: { ...rule, ...nobody }, linear: { ...linear, ...nobody } };
  const { z, correct } = startOf(context, path, () =>
    runKernel(
      trajectoryPrimitive,
      inputs.map((x) => x.shape),
      inputs.map((x) => x.high),
      silent,
    ),
  );
  const width = b.high.length / b.shape[0];
  const weight = (row: number, column: number, entry: number): number =>
    (integral.transposed ? sets[entry % sets.length][column][row] : sets[entry % sets.length][row][column]).high;
  const linearise = (state: readonly WideTensor[]): Correction => {
    const middle = phi(state);
    const columns = Array.from({ length: width }, (_, c) => slopeAlong(phi, state, middle, (i) => i % width === c));
    return causalCorrection(b.shape[0], width, columns, weight, integral.transposed);
  };
  const refined = refine("trajectory", image, linearise, z, correct);
  if (!context.solutions.has(path)) context.solutions.set(path, refined);
  return refined.z;
}

/** δ with δₙ = rₙ + Σⱼ A[n, j] Jⱼ δⱼ, from the first node to the last, or from the last to the first. */
function causalCorrection(
  nodes: number,
  width: number,
  columns: readonly Float64Array[],
  weight: (row: number, column: number, entry: number) => number,
  backwards: boolean,
): Correction {
  const solvers = Array.from({ length: nodes }, (_, n) => {
    const matrix = new Float64Array(width * width);
    for (let i = 0; i < width; i++) {
      for (let c = 0; c < width; c++) {
        matrix[i * width + c] = (i === c ? 1 : 0) - weight(n, n, i) * columns[c][n * width + i];
      }
    }
    return denseSolver(matrix, width);
  });
  return (r) => {
    const delta = r.slice();
    const moving = new Float64Array(r.length); // Jⱼ δⱼ
    for (let k = 0; k < nodes; k++) {
      const n = backwards ? nodes - 1 - k : k;
      const right = r.slice(n * width, (n + 1) * width);
      for (let i = 0; i < width; i++) {
        for (let before = 0; before < k; before++) {
          const j = backwards ? nodes - 1 - before : before;
          right[i] += weight(n, j, i) * moving[j * width + i];
        }
      }
      const step = solvers[n](right);
      delta.set(step, n * width);
      for (let i = 0; i < width; i++) {
        for (let c = 0; c < width; c++) moving[n * width + i] += columns[c][n * width + i] * step[c];
      }
    }
    return delta;
  };
}
