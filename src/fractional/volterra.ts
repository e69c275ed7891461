// What is the derivative of a solution of z = b + Â(α) φ(z)?
//
// With Φ the right side and J = ∂φ/∂z, which acts node by node, the linear equations of the implicit function theorem
// are of the same form:
//
//     dz = db + Â J dz                       a trajectory with the field dz ↦ J dz,
//     u = g + Jᵀ Âᵀ u;  v = Âᵀ u  solves     v = Âᵀ (g + Jᵀ v),
//
// a trajectory that runs backwards, with the field v ↦ g + Jᵀ v. So one solver serves the equation and its derivatives
// of every order, and nothing is iterated over the whole time axis.
import { implicit, type Solver } from "../fixed-point/index.js";
import { add, zeros } from "../primitives/index.js";
import { apply1, type MaybeTensor, type Primitive } from "../tape/index.js";
import { sizeOf, type Tensor } from "../tensor/index.js";
import { integralOnNodes } from "./dense-output.js";
import { makeExplicitSweep } from "./explicit-sweep.js";
import { adjointField, endPlans, type Field, type FieldPlans, planField, tangentField } from "./field.js";
import { fractionalIntegral, fractionalIntegralPrimitive, type Integral, weightsOf } from "./integral.js";
import { checkNodewise } from "./probe.js";
import { type PullApart, takeApart } from "./pull-apart.js";
import { makeSweep, type SweepProblem, type TrajectoryReport } from "./sweep.js";
import { makeWindows } from "./windows.js";

/** When a trajectory is good enough, and whom to tell. */
export interface TrajectoryRule {
  readonly operation: string;
  readonly tolerance: number;
  readonly relativeTolerance: number;
  readonly maxSteps: number;
  /** Default: none for explicit rules, Newton's method and substitution where the states are few. */
  readonly solver?: Solver | undefined;
  /** The largest number of nodes solved at once, where they need not be. */
  readonly window?: number | undefined;
  readonly onReport?: ((report: TrajectoryReport) => void) | undefined;
}

export interface Trajectory {
  readonly integral: Integral;
  readonly field: Field;
  /** How many of the inputs after b and α are nodewise; the others are shared. */
  readonly nodewise: number;
  readonly rule: TrajectoryRule;
  /** The rule for the linear equations of the derivatives. */
  readonly linear: TrajectoryRule;
  /** Whether the field is affine in z. */
  readonly affine: boolean;
  /** Whether the last of the shared inputs are the nodes, which then have derivatives; the field does not use them. */
  readonly movable: boolean;
  /** Verify that the field, which somebody else wrote, acts on each node alone. */
  readonly probe: boolean;
}

const fieldOn = ({ field, nodewise }: Trajectory, z: Tensor, inputs: readonly Tensor[]): Tensor =>
  field(z, inputs.slice(2, 2 + nodewise), inputs.slice(2 + nodewise));

const implicitTrajectory: Primitive<Trajectory, "trajectory"> = /* @__PURE__ */ implicit("trajectory", {
  starts: () => 0,
  shapes: ([base]) => [base],
  kernel: ([base, , ...rest], { integral, field, nodewise, rule, affine, probe }) => {
    const [nodes, ...row] = base;
    const rows = [row, ...rest.slice(0, nodewise).map(([, ...shape]) => shape)];
    const known = new Map<number, FieldPlans>();
    const plans = (size: number): FieldPlans => {
      const found = known.get(size) ?? planField(field, size, rows, rest.slice(nodewise));
      known.set(size, found);
      return found;
    };
    const { explicit, mesh } = integral.rule;
    const { blocks } = mesh;
    const windows = makeWindows(blocks, rule.window);
    const solve = explicit && rule.solver === undefined ? makeExplicitSweep() : makeSweep();
    let proven = !probe;
    const { operation, solver, tolerance, relativeTolerance, maxSteps, onReport } = rule;
    const { transposed } = integral;
    const [width, d] = [sizeOf(row), row[row.length - 1]];
    const widths = rows.slice(1).map(sizeOf);
    return ([z], inputs) => {
      const { sets: weights, spectra } = weightsOf(integral, inputs[1]);
      const base = inputs[0];
      const own = widths.map((entries, i) => ({ data: inputs[2 + i], width: entries }));
      const shared = inputs.slice(2 + nodewise);
      // Written out: what is spread into one object would become a table of names, and slow.
      const problem: SweepProblem = {
        operation,
        nodes,
        width,
        d,
        weights,
        spectra,
        blocks,
        transposed,
        affine,
        base,
        nodewise: own,
        shared,
        plans,
        windows,
        solver,
        tolerance,
        relativeTolerance,
        maxSteps,
      };
      let report: TrajectoryReport;
      try {
        if (!proven) checkNodewise(problem);
        proven = true;
        report = solve(problem, z);
      } finally {
        for (const one of known.values()) endPlans(one);
      }
      onReport?.(report);
    };
  },
  equation([z], inputs, trajectory) {
    const { integral, movable } = trajectory;
    const [base, alpha] = inputs;
    const slopes = fieldOn(trajectory, z, inputs);
    const integrated = movable
      ? integralOnNodes(integral, slopes, alpha, inputs[inputs.length - 1])
      : fractionalIntegral(slopes, alpha, integral);
    return [add(base, integrated)];
  },
  solveAdjoint([g], _, { z: [z], inputs, parameters }) {
    const { integral, nodewise } = parameters;
    const backwards = {
      ...parameters,
      affine: true,
      probe: false,
      integral: { ...integral, transposed: !integral.transposed },
      field: adjointField(parameters.field),
      nodewise: nodewise + 2,
      rule: parameters.linear,
    };
    const all = [zeros(z.shape), inputs[1], ...inputs.slice(2, 2 + nodewise), z, g, ...inputs.slice(2 + nodewise)];
    const v = apply1(trajectoryPrimitive, all, backwards);
    return [fieldOn(backwards, v, all)];
  },
  solveTangent([b], _, { z: [z], inputs, parameters }) {
    const { nodewise } = parameters;
    const forwards = {
      ...parameters,
      affine: true,
      probe: false,
      field: tangentField(parameters.field),
      nodewise: nodewise + 1,
      rule: parameters.linear,
    };
    const all = [b, inputs[1], ...inputs.slice(2, 2 + nodewise), z, ...inputs.slice(2 + nodewise)];
    return [apply1(trajectoryPrimitive, all, forwards)];
  },
});

/** v = Âᵀ (g + field(v)), with the nodewise and the shared arguments of a field that does not have g in it. */
function solveBackwards(
  g: Tensor,
  alpha: Tensor,
  { field, nodewise, shared }: Pick<PullApart, "field" | "nodewise" | "shared">,
  parameters: Trajectory,
): Tensor {
  const { integral } = parameters;
  const driven: Field = (v, own, common) => add(own[own.length - 1], field(v, own.slice(0, -1), common));
  return apply1(trajectoryPrimitive, [zeros(g.shape), alpha, ...nodewise, g, ...shared], {
    ...parameters,
    affine: true,
    probe: false,
    integral: { ...integral, transposed: !integral.transposed },
    field: driven,
    nodewise: nodewise.length + 1,
    rule: parameters.linear,
  });
}

/** The cotangents by v, which is that of φ(z). */
function pullBack(
  g: Tensor,
  z: Tensor,
  [, alpha, ...rest]: readonly Tensor[],
  parameters: Trajectory,
  wanted: readonly boolean[],
): MaybeTensor[] {
  const { field, integral, nodewise } = parameters;
  const chosen = rest.flatMap((_, i) => (wanted[2 + i] ? [i] : []));
  const at = { field, z, nodewise: rest.slice(0, nodewise), shared: rest.slice(nodewise) };
  const apart = takeApart(at, chosen, { value: wanted[1], back: wanted[0] || wanted[1] });
  const { back, others } = apart.finish(solveBackwards(g, alpha, apart, parameters));
  const u = back && add(g, back);
  const ofOrder =
    u && apart.value && fractionalIntegralPrimitive.vjp([u], [], [apart.value, alpha], integral, [false, true])[1];
  return [wanted[0] ? u : undefined, ofOrder, ...rest.map((_, i) => others[chosen.indexOf(i)])];
}

/** z with z = b + Â(α) φ(z; a, θ) on all nodes; the inputs are b, α, a and θ. */
export const trajectoryPrimitive: Primitive<Trajectory, "trajectory"> = {
  ...implicitTrajectory,
  vjp([g], [z], inputs, parameters, wanted) {
    return parameters.movable
      ? implicitTrajectory.vjp([g], [z], inputs, parameters, wanted)
      : pullBack(g as Tensor, z, inputs, parameters, wanted);
  },
};

export const fractionalFamily: readonly [typeof fractionalIntegralPrimitive, typeof trajectoryPrimitive] = [
  fractionalIntegralPrimitive,
  trajectoryPrimitive,
];
