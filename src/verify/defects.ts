// Where on a tape is an equation solved, and how would the tape depend on a defect of it?
import { checkpointPrimitive, scanPrimitive } from "../calculus/index.js";
import { anderson, fixedPointPrimitive, readNorm, type StopRule } from "../fixed-point/index.js";
import { add, aliasPrimitive, reshape, slice, stack, stopGradientPrimitive, sub } from "../primitives/index.js";
import { pushforward, replayWith } from "../readings/index.js";
import { type Application, apply, type Primitive, type Program, record, traceAs } from "../tape/index.js";
import { Tensor } from "../tensor/index.js";

/** A solve of z = F(z) + defect on a tape, the defect being 0. */
export interface Defective {
  readonly operation: "fixedPoint" | "trajectory";
  readonly role: "forward" | "derivative";
  /** The solve alone, with the defect as an input. */
  readonly tape: readonly Application[];
  readonly defect: readonly Tensor[];
  readonly found: readonly Tensor[];
  /** F(z) − z */
  readonly residual: readonly Tensor[];
}

type Parameters = Readonly<Record<string, unknown>>;
type Field = (z: Tensor, nodewise: readonly Tensor[], shared: readonly Tensor[]) => Tensor;

/** Changes the parameters of the solves in a program that is run again. */
type Adjust = (primitive: Primitive, parameters: unknown) => unknown;
const asTheyAre: Adjust = (_, parameters) => parameters;

const isTrajectory = ({ name, body }: Primitive): boolean => name === "trajectory" && body === undefined;
const isSolve = (primitive: Primitive): boolean =>
  primitive.name === fixedPointPrimitive.name || isTrajectory(primitive);

/** Linear equations are solved to eight digits, however loosely those of the gradient are; nobody is told. */
const tight: Adjust = (primitive, parameters) => {
  if (!isSolve(primitive)) return parameters;
  const given = parameters as Parameters & { linear: StopRule };
  const common = { ...given, onReport: undefined, onAdjoint: undefined };
  const { operation } = given.linear;
  if (!isTrajectory(primitive)) {
    const solver = anderson({ memory: 30 });
    const settings = { tolerance: 1e-8, relativeTolerance: 0, relativeToStart: true, maxSteps: 2000 };
    const norm = readNorm(operation);
    return { ...common, linear: { operation, solver, norm, ...settings } };
  }
  const linear = { operation, tolerance: 0, relativeTolerance: 1e-10, maxSteps: 100 };
  return { ...common, linear, probe: false, field: openField(given.field as Field) };
};

/** The steps of a program, with what they hide in view. */
const run = (program: Program, inputs: readonly Tensor[], adjust: Adjust): Tensor[] =>
  replayWith(
    program,
    inputs,
    (value) => new Tensor([], Float64Array.of(value), true),
    (step, xs) =>
      (opened(step, xs, adjust) ?? (() => apply(step.primitive, xs, adjust(step.primitive, step.parameters))))(),
  );

type Step = Pick<Application, "primitive" | "parameters">;

/** What an application computes, in operations that hide no solve and no dependence; nothing if it is one already. */
function opened(
  { primitive, parameters }: Step,
  xs: readonly Tensor[],
  adjust: Adjust,
): (() => readonly Tensor[]) | undefined {
  const { body } = primitive;
  if (body !== undefined) return () => run(body, [...xs, ...body.closure], adjust);
  if (primitive === stopGradientPrimitive) return () => xs.map((x) => apply(aliasPrimitive, [x], undefined)[0]);
  if (primitive === checkpointPrimitive) {
    return () => run((parameters as { program: Program }).program, xs, adjust);
  }
  if (primitive !== scanPrimitive) return undefined;
  const { program, carries, elements, length, reverse } = parameters as Parameters & { program: Program } & Record<
      "carries" | "elements" | "length",
      number
    >;
  if (length === 0) return undefined;
  return () => {
    let carry = xs.slice(0, carries);
    const results: Tensor[][] = program.outputs.slice(carries).map(() => []);
    for (let step = 0; step < length; step++) {
      const t = reverse ? length - 1 - step : step;
      const rows = xs.slice(carries, carries + elements).map((x) => reshape(slice(x, [t], [t + 1]), x.shape.slice(1)));
      const next = run(program, [...carry, ...rows, ...xs.slice(carries + elements)], adjust);
      carry = next.slice(0, carries);
      results.forEach((list, i) => {
        list[t] = next[carries + i];
      });
    }
    return [...carry, ...results.map((list) => stack(list))];
  };
}

/** A field whose program is opened, and whose linear equations are solved tightly. */
const openField =
  (field: Field): Field =>
  (z, nodewise, shared) => {
    const { closure, ...program } = traceAs("certifyGradient", () => field(z, nodewise, shared), []);
    return run(program, closure, tight)[0];
  };

const zerosLike = (xs: readonly Tensor[]): Tensor[] =>
  xs.map(({ shape, data }) => new Tensor(shape, new Float64Array(data.length)));

/** The tangents of what f gives, for the residuals of the solves in it. */
function correct(f: () => readonly Tensor[]): Tensor[] {
  const { result, tape } = record(f);
  const { tape: all, solves } = withDefects(tape);
  const inputs = solves.flatMap(({ defect }) => defect);
  const residuals = solves.flatMap(({ residual }) => residual);
  const moved = pushforward({ tape: all, inputs, outputs: result })(residuals);
  return result.map((y, i) => (moved[i] === undefined ? y : add(y, moved[i])));
}

/** A solve with a defect for an input, and F at its solution, in which solves inside F are corrected to first order. */
function withDefect({ primitive, inputs, outputs: found, parameters }: Application): Defective {
  const defect = zerosLike(found);
  const adjusted = tight(primitive, parameters) as Parameters;
  const { rule, linear } = parameters as Parameters;
  const role = rule === linear ? "derivative" : "forward";
  const subtract = (image: readonly Tensor[]): Tensor[] => image.map((y, i) => sub(y, found[i]));
  if (!isTrajectory(primitive)) {
    const given = (parameters as { program: Program }).program;
    const free = inputs.slice(given.inputs);
    const right = (z: readonly Tensor[]): Tensor[] =>
      run(given, [...z, ...free], tight).map((y, i) => add(y, defect[i]));
    const { closure, ...program } = traceAs("certifyGradient", right as (z: never) => unknown, [found]);
    const application = {
      primitive,
      inputs: [...found, ...closure],
      outputs: found,
      parameters: { ...adjusted, program },
    };
    const residual = subtract(correct(() => run(given, [...found, ...free], asTheyAre)));
    return { operation: "fixedPoint", role, tape: [application], defect, found, residual };
  }
  const [base, order, ...rest] = inputs;
  const { result: shifted, tape } = record(() => add(base, defect[0]));
  const application = { primitive, inputs: [shifted, order, ...rest], outputs: found, parameters: adjusted };
  // b + Â φ(z) is the trajectory of the field that is φ(z), whatever the state.
  const nodewise = (parameters as { nodewise: number }).nodewise;
  const [a, theta] = [rest.slice(0, nodewise), rest.slice(nodewise)];
  const slopes = correct(() => [(parameters as { field: Field }).field(found[0], a, theta)]);
  const constant = {
    ...adjusted,
    field: (_: Tensor, [slope]: readonly Tensor[]) => slope,
    nodewise: 1,
    rule: { operation: "certifyGradient", tolerance: 0, relativeTolerance: 4e-15, maxSteps: 100 },
  };
  const residual = subtract(apply(primitive, [base, order, ...slopes], constant));
  return { operation: "trajectory", role, tape: [...tape, application], defect, found, residual };
}

/** The tape on which every solve has a defect for an input, and nothing is hidden; and its solves. */
export function withDefects(tape: readonly Application[]): {
  tape: readonly Application[];
  solves: readonly Defective[];
} {
  const solves: Defective[] = [];
  const visit = (application: Application): readonly Application[] => {
    if (isSolve(application.primitive)) {
      const solve = withDefect(application);
      solves.push(solve);
      return solve.tape;
    }
    const inside = opened(application, application.inputs, asTheyAre);
    if (inside === undefined) return [application];
    const { result, tape: steps } = record(inside);
    const same = result.map((y, i) => ({
      primitive: aliasPrimitive as Primitive,
      inputs: [y],
      outputs: [application.outputs[i]],
      parameters: undefined,
    }));
    return [...steps.flatMap(visit), ...same];
  };
  return { tape: tape.flatMap(visit), solves };
}
