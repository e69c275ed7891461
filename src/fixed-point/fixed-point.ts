// What is the fixed point of a function that closes over whatever it likes?
import { jvp, vjp } from "../calculus/index.js";
import { add, stopGradient, sub, zeros } from "../primitives/index.js";
import { replaySlots } from "../readings/index.js";
import { apply, isTracing, outputsOf, type Primitive, type Program, traceAs } from "../tape/index.js";
import {
  checkAlike,
  flattenTree,
  type Shape,
  ShapeError,
  showShape,
  type Tensor,
  type TensorsOf,
  TraceError,
  type TreeLike,
  tracedTensor,
  unflattenTree,
} from "../tensor/index.js";
import { type InexactAdjoint, takeSteps } from "./adjoint.js";
import { type EquationParts, makeEquation } from "./equation.js";
import { implicit, type LinearMap, type Solution } from "./implicit.js";
import { type FixedPointOptions, readOptions } from "./options.js";
import { halves, type RowField, traceForRows } from "./rows.js";
import { type FixedPointReport, makeSolve, type StopRule } from "./solve.js";
import { picard } from "./solver.js";

export interface FixedPointParameters extends EquationParts {
  readonly rule: StopRule;
  /** The rule for the linear equations of the derivatives. */
  readonly linear: StopRule;
  readonly onReport?: ((report: FixedPointReport) => void) | undefined;
  readonly onAdjoint?: ((report: FixedPointReport) => void) | undefined;
}

/** z with z = f(z, θ); the inputs are the start z₀ and θ, what f closed over. */
export const fixedPointPrimitive: Primitive<FixedPointParameters, "fixedPoint"> = /* @__PURE__ */ implicit(
  "fixedPoint",
  {
    starts: ({ program }) => program.inputs,
    shapes: (_, { program }) => program.outputs.map((slot) => program.shapes[slot]),
    kernel(shapes, parameters) {
      const equation = makeEquation(parameters, shapes);
      const solve = makeSolve(equation, parameters.rule);
      return (outputs, inputs) => {
        let report: FixedPointReport;
        try {
          equation.begin(inputs);
          report = solve();
          equation.finish(outputs);
        } finally {
          equation.end();
        }
        parameters.onReport?.(report);
      };
    },
    equation: (z, inputs, { program }) => replaySlots(program, [...z, ...inputs.slice(program.inputs)]),
    solveAdjoint: (g, pull, at) => solveLinear(g, pull, at, (f, z, v) => vjp(f, ...z).pull(v)),
    solveTangent: (b, push, at) => solveLinear(b, push, at, (f, z, v) => jvp(f, z, v).tangent),
  },
);

export const fixedPointFamily: readonly [typeof fixedPointPrimitive] = [fixedPointPrimitive];

type Tensors = readonly Tensor[];
type Lists = (...z: Tensor[]) => Tensors;

/** f of rows as a program of z, all else being free. */
function programOf(operation: string, field: RowField, z: Tensors, rowwise: Tensors, shared: Tensors): Program {
  const traced = [z, rowwise, shared].map((xs) => xs.map((x) => tracedTensor(x.shape)));
  const program = traceAs(operation, field as (...xs: never[]) => unknown, traced);
  return { ...program, inputs: z.length, free: rowwise.length + shared.length };
}

/** The v with v = b + map(v); with rows, map is `derive` of f at the rows of z. */
function solveLinear(
  b: Tensors,
  map: LinearMap,
  { z, inputs, parameters }: Solution<FixedPointParameters>,
  derive: (f: Lists, z: Tensor[], v: Tensor[]) => Tensors,
): Tensors {
  const { linear, rows, onAdjoint } = parameters;
  const { operation } = linear;
  const start = b.map((part) => zeros(part.shape));
  const common = { ...parameters, affine: true, rule: linear, onReport: onAdjoint };
  const plus = (image: Tensors): Tensors => b.map((part, i) => add(part, image[i]));
  if (rows === undefined) {
    const { closure, ...program } = traceAs(operation, ((v: Tensors) => plus(map(v))) as (v: never) => unknown, [
      start,
    ]);
    return apply(fixedPointPrimitive, [...start, ...closure], { ...common, program });
  }
  const [leaves, end] = [z.length, z.length + rows.rowwise];
  const field: RowField = (v, given, shared) => {
    const f = (...state: Tensor[]): Tensors => rows.field(state, given.slice(leaves, end), shared);
    const image = derive(f, given.slice(0, leaves), [...v]);
    return given.slice(end).map((part, i) => add(part, image[i]));
  };
  const rowwise = [...z, ...inputs.slice(leaves, end), ...b];
  const shared = inputs.slice(end);
  const program = programOf(operation, field, start, rowwise, shared);
  const ofRows = { field, rowwise: rowwise.length, probe: false };
  return apply(fixedPointPrimitive, [...start, ...rowwise, ...shared], { ...common, program, rows: ofRows });
}

/** f written down: what it is started from, its free inputs, and for a batch its form for any number of samples. */
function writeDown(
  operation: string,
  f: (...args: never[]) => unknown,
  z0: unknown,
  samples: unknown,
): Pick<FixedPointParameters, "program" | "rows" | "form"> & { start: Tensors; closure: Tensors } {
  const given = flattenTree(operation, z0);
  const { leaves: start, form } = given;
  const expected = `${operation}: expected f to return what it is given,`;
  if (samples === undefined) {
    const { closure, ...program } = traceAs(operation, f, [z0]);
    checkAlike(expected, outputsOf(program), given);
    return { program, rows: undefined, form, start, closure };
  }
  const x = flattenTree(`${operation}: samples`, samples);
  const count = start[0]?.shape[0];
  for (const { shape } of [...start, ...x.leaves]) {
    if (shape.length > 0 && shape[0] === count) continue;
    throw new ShapeError(
      `${operation}: expected z0 and samples with one row for each sample, [${count ?? "samples"}, …], received ` +
        `${showShape(shape)}; broadcast what all samples share inside f`,
    );
  }
  const withRows = (shape: Shape, rows: number): Shape => [rows, ...shape.slice(1)];
  const traced = ({ leaves, form: own }: typeof given, rows: number): unknown =>
    unflattenTree(
      own,
      leaves.map(({ shape }) => tracedTensor(withRows(shape, rows))),
    );
  const programs = traceForRows(
    operation,
    f,
    halves(count),
    (rows) => [traced(given, rows), traced(x, rows)],
    (program, rows) => {
      checkAlike(expected, outputsOf(program), {
        leaves: start.map(({ shape }) => ({ shape: withRows(shape, rows) })),
        form,
      });
    },
  );
  const field: RowField = (z, rowwise, shared) => programs.run(z[0].shape[0], [...z, ...rowwise], shared);
  return {
    program: programOf(operation, field, start, x.leaves, programs.shared),
    rows: { field, rowwise: x.leaves.length, probe: true },
    ...{ form, start, closure: [...x.leaves, ...programs.shared] },
  };
}

function solve<Z extends TreeLike>(
  operation: string,
  f: (...args: never[]) => unknown,
  z0: Z,
  options: FixedPointOptions,
  note?: (report: FixedPointReport) => void,
): TensorsOf<Z> {
  const { rule, linear, inexact } = readOptions(operation, options);
  const { start, closure, ...written } = writeDown(operation, f, z0, options.samples);
  const { onSolve, onAdjoint } = options;
  const onReport = (report: FixedPointReport): void => {
    note?.(report);
    onSolve?.(report);
  };
  const parameters = { ...written, operation, affine: false, rule, linear, onReport, onAdjoint };
  const z = inexact
    ? byOperations(parameters, inexact, start, closure)
    : apply(fixedPointPrimitive, [...start, ...closure], parameters);
  return unflattenTree(written.form, z) as TensorsOf<Z>;
}

/** A solution whose derivative is that of some steps. */
function byOperations(
  parameters: FixedPointParameters,
  inexact: InexactAdjoint,
  start: Tensors,
  closure: Tensors,
): Tensors {
  const f = (z: Tensors): Tensors => replaySlots(parameters.program, [...z, ...closure]);
  if (inexact.of === "phantom") {
    return takeSteps(f, apply(fixedPointPrimitive, [...start, ...closure], parameters).map(stopGradient), inexact);
  }
  const { rule, onReport } = parameters;
  const { steps } = inexact;
  const z = takeSteps(f, start, inexact);
  // Zero steps of a solve from there: it fails unless z meets the stop rule.
  const checked = apply(fixedPointPrimitive, [...z, ...closure], {
    ...parameters,
    rule: { ...rule, operation: `${rule.operation}: ${steps} unrolled steps`, solver: picard(), maxSteps: 0 },
    onReport: onReport && ((report) => onReport({ ...report, steps, evaluations: steps + 1, solver: "unrolled" })),
  });
  return z.map((part, i) => add(part, stopGradient(sub(checked[i], part))));
}

/**
 * The z with z = f(z), found from z0, a tensor or a tree. Whatever f closes over receives its gradient, by the implicit
 * function theorem, at every order; z0 receives none.
 *
 * Converged means ‖f(z) − z‖ ≤ tolerance + relativeTolerance·‖f(z)‖. With `samples`, a tensor or tree with one row for each
 * sample of a batch, as z0 has, f is given the rows of some samples as f(z, x): each sample is solved by itself, and costs no
 * more once it has converged.
 *
 * @throws ConvergenceError if the tolerance is not reached.
 * @throws ShapeError if f(z) does not look like z.
 * @example fixedPoint((z) => mul(0.5, add(z, 1)), 0).item() // → 1
 * @example fixedPoint((z, x) => mul(x, add(z, 1)), tensor([0, 0]), { samples: tensor([0.5, 0.75]) }).toArray() // → [1, 3]
 */
export function fixedPoint<Z extends TreeLike, X = unknown>(
  f: (z: TensorsOf<Z>, x: X) => TreeLike,
  z0: Z,
  options: FixedPointOptions<X> = {},
): TensorsOf<Z> {
  return solve("fixedPoint", f, z0, options);
}

/**
 * `fixedPoint` together with how the solve went.
 *
 * @throws TraceError inside a traced function, where nothing is solved yet; the option onSolve works there.
 * @example fixedPointWithReport((z) => mul(0.5, z), 1).report.converged // → true
 */
export function fixedPointWithReport<Z extends TreeLike, X = unknown>(
  f: (z: TensorsOf<Z>, x: X) => TreeLike,
  z0: Z,
  options: FixedPointOptions<X> = {},
): { z: TensorsOf<Z>; report: FixedPointReport } {
  if (isTracing()) {
    throw new TraceError(
      "fixedPointWithReport: expected values, received a trace: use fixedPoint with onSolve inside it",
    );
  }
  let report: FixedPointReport | undefined;
  const z = solve("fixedPointWithReport", f, z0, options, (facts) => {
    report = facts;
  });
  return { z, report: report as FixedPointReport };
}
