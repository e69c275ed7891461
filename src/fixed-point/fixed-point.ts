// What is the fixed point of a function that closes over whatever it likes?
import { add, zeros } from "../primitives/index.js";
import { makePlan, replaySlots } from "../readings/index.js";
import { apply, isTracing, outputsOf, type Primitive, type Program, traceAs } from "../tape/index.js";
import {
  checkAlike,
  checkCount,
  checkNumber,
  checkOptions,
  DomainError,
  flattenTree,
  sizeOf,
  type Tensor,
  type TensorsOf,
  TraceError,
  type TreeLike,
  unflattenTree,
} from "../tensor/index.js";
import { implicit, type LinearMap } from "./implicit.js";
import { type FixedPointReport, iterate, type StepInfo, type StopRule } from "./solve.js";
import { anderson, type Solver } from "./solver.js";

/** How the linear equations of the derivatives are solved; their tolerance is relative to their right side. */
export interface AdjointOptions {
  readonly solver?: Solver;
  readonly tolerance?: number;
}

export interface FixedPointOptions {
  /** Default: `anderson()`. */
  readonly solver?: Solver;
  readonly adjoint?: AdjointOptions;
  /** Default: 1e-10. */
  readonly tolerance?: number;
  /** Default: 0. */
  readonly relativeTolerance?: number;
  /** Default: 1000. */
  readonly maxSteps?: number;
  readonly onStep?: (info: StepInfo) => void;
  /** Told about every solve of a derivative's linear equation. */
  readonly onAdjoint?: (report: FixedPointReport) => void;
}

const optionNames = ["solver", "adjoint", "tolerance", "relativeTolerance", "maxSteps", "onStep", "onAdjoint"];

interface Parameters {
  /** f: its inputs are the state, its free inputs follow. */
  readonly program: Program;
  readonly rule: StopRule;
  /** The rule for the linear equations of the derivatives. */
  readonly linear: StopRule;
  readonly onReport?: ((report: FixedPointReport) => void) | undefined;
  readonly onAdjoint?: ((report: FixedPointReport) => void) | undefined;
}

/** z with z = f(z, θ); the inputs are the start z₀ and θ, what f closed over. */
export const fixedPointPrimitive: Primitive<Parameters, "fixedPoint"> = /* @__PURE__ */ implicit("fixedPoint", {
  starts: ({ program }) => program.inputs,
  shapes: (_, { program }) => program.outputs.map((slot) => program.shapes[slot]),
  kernel(_, { program, rule, onReport }) {
    const plan = makePlan(program);
    const sizes = program.outputs.map((slot) => sizeOf(program.shapes[slot]));
    const state = new Float64Array(sizes.reduce((sum, n) => sum + n, 0));
    let end = 0;
    const parts = sizes.map((n) => {
      end += n;
      return state.subarray(end - n, end);
    });
    const arguments_ = new Array<Float64Array>(program.inputs + program.free);
    return (outputs, inputs) => {
      parts.forEach((part, i) => {
        part.set(inputs[i]);
        arguments_[i] = part;
      });
      for (let i = parts.length; i < arguments_.length; i++) arguments_[i] = inputs[i];
      const report = iterate(plan, arguments_, state, rule);
      parts.forEach((part, i) => {
        outputs[i].set(part);
      });
      onReport?.(report);
    };
  },
  equation: (z, inputs, { program }) => replaySlots(program, [...z, ...inputs.slice(program.inputs)]),
  solveAdjoint: (g, pull, { parameters }) => solveLinear(g, pull, parameters),
  solveTangent: (b, push, { parameters }) => solveLinear(b, push, parameters),
});

export const fixedPointFamily: readonly [typeof fixedPointPrimitive] = [fixedPointPrimitive];

/** The v with v = b + map(v). */
function solveLinear(b: readonly Tensor[], map: LinearMap, { linear, onAdjoint }: Parameters): readonly Tensor[] {
  const right = (v: readonly Tensor[]): Tensor[] => {
    const image = map(v);
    return b.map((part, i) => add(part, image[i]));
  };
  const start = b.map((part) => zeros(part.shape));
  const { closure, ...program } = traceAs(linear.operation, right as (v: never) => unknown, [start]);
  const parameters = { program, rule: linear, linear, onReport: onAdjoint, onAdjoint };
  return apply(fixedPointPrimitive, [...start, ...closure], parameters);
}

function readSolver(operation: string, solver: Solver | undefined): Solver {
  if (solver === undefined) return anderson();
  if (typeof solver?.start !== "function") {
    throw new DomainError(`${operation}: expected a solver such as anderson() or picard(), received ${typeof solver}`);
  }
  return solver;
}

function readOptions(operation: string, options: FixedPointOptions): { rule: StopRule; linear: StopRule } {
  checkOptions(operation, options, optionNames);
  checkOptions(`${operation}: adjoint`, options.adjoint, ["solver", "tolerance"]);
  const positive = (name: string, value: number): number =>
    checkNumber(operation, name, value, "a number > 0", (x) => x > 0);
  const tolerance = positive("tolerance", options.tolerance ?? 1e-10);
  const relativeTolerance = checkNumber(
    operation,
    "relativeTolerance",
    options.relativeTolerance ?? 0,
    "a number ≥ 0",
    (x) => x >= 0,
  );
  const maxSteps = checkCount(operation, "maxSteps", options.maxSteps ?? 1000);
  return {
    rule: {
      operation,
      solver: readSolver(operation, options.solver),
      tolerance,
      relativeTolerance,
      relativeToStart: false,
      maxSteps,
      onStep: options.onStep,
    },
    linear: {
      operation: `${operation}: the linear equation of its derivative`,
      solver: readSolver(`${operation}: adjoint`, options.adjoint?.solver),
      tolerance: positive("adjoint.tolerance", options.adjoint?.tolerance ?? tolerance),
      relativeTolerance: 0,
      relativeToStart: true,
      maxSteps,
    },
  };
}

function solve<Z extends TreeLike>(
  operation: string,
  f: (z: TensorsOf<Z>) => TreeLike,
  z0: Z,
  options: FixedPointOptions,
  onReport?: (report: FixedPointReport) => void,
): TensorsOf<Z> {
  const { rule, linear } = readOptions(operation, options);
  const given = flattenTree(operation, z0);
  const { leaves: start, form } = given;
  const { closure, ...program } = traceAs(operation, f as (z: never) => unknown, [z0]);
  checkAlike(`${operation}: expected f to return what it is given,`, outputsOf(program), given);
  const parameters = { program, rule, linear, onReport, onAdjoint: options.onAdjoint };
  return unflattenTree(form, apply(fixedPointPrimitive, [...start, ...closure], parameters)) as TensorsOf<Z>;
}

/**
 * The z with z = f(z), found by iteration from z0, a tensor or a tree. Whatever f closes over receives its gradient, by
 * the implicit function theorem, at every order; z0 receives none.
 *
 * Converged means ‖f(z) − z‖∞ ≤ tolerance + relativeTolerance·‖f(z)‖∞.
 *
 * @throws ConvergenceError if the tolerance is not reached.
 * @throws ShapeError if f(z) does not look like z.
 * @example fixedPoint((z) => mul(0.5, add(z, 1)), 0).item() // → 1
 */
export function fixedPoint<Z extends TreeLike>(
  f: (z: TensorsOf<Z>) => TreeLike,
  z0: Z,
  options: FixedPointOptions = {},
): TensorsOf<Z> {
  return solve("fixedPoint", f, z0, options);
}

/**
 * `fixedPoint` together with how the solve went.
 *
 * @throws TraceError inside a traced function, where nothing is solved yet; the onStep option works there.
 * @example fixedPointWithReport((z) => mul(0.5, z), 1).report.converged // → true
 */
export function fixedPointWithReport<Z extends TreeLike>(
  f: (z: TensorsOf<Z>) => TreeLike,
  z0: Z,
  options: FixedPointOptions = {},
): { z: TensorsOf<Z>; report: FixedPointReport } {
  if (isTracing()) {
    throw new TraceError(
      "fixedPointWithReport: expected values, received a trace: use fixedPoint with onStep inside it",
    );
  }
  let report: FixedPointReport | undefined;
  const z = solve("fixedPointWithReport", f, z0, options, (facts) => {
    report = facts;
  });
  return { z, report: report as FixedPointReport };
}
