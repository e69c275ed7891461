// What are the values of a program, to about 31 digits?
//
// Its steps are replayed in pairs of float64 numbers. No kernel of the library rounds anything here, and no derivative rule is
// used: rules are only replayed where they are part of the program, as they are in the program of a gradient.
import { replayWith } from "../../readings/index.js";
import type { Primitive, Program, Step } from "../../tape/index.js";
import { DomainError } from "../../tensor/index.js";
import { type DoubleDouble, fromDecimal, neg } from "../double-double/index.js";
import type { Context } from "./context.js";
import { type Evaluator, evaluators, exactNames } from "./evaluators.js";
import { KnownWeights } from "./integrals.js";
import { constant, fill, type WideTensor, widen } from "./wide-tensor.js";

/** Irrational numbers that stand in rules as the nearest float64 numbers: 2/√π, 1/√(2π), 1/√2. */
const irrationals: readonly DoubleDouble[] = [
  "1.12837916709551257389615890312154517168810125865799771368817144",
  "0.39894228040143267793994605993438186847585863116493465766592583",
  "0.70710678118654752440084436210484903928483593768847403658833987",
].map(fromDecimal);

function literal(value: number): WideTensor {
  const meant = irrationals.find((x) => x.high === Math.abs(value));
  if (meant === undefined) return constant(value);
  return fill([], () => (value < 0 ? neg(meant) : meant));
}

function evaluateStep({ primitive, parameters }: Step, inputs: readonly WideTensor[], context: Context, path: string) {
  const { body } = primitive as Primitive;
  if (body !== undefined) return context.run(body, [...inputs, ...body.closure.map(widen)], context, path);
  const evaluate = (evaluators as Readonly<Record<string, Evaluator | undefined>>)[primitive.name];
  if (evaluate === undefined) {
    throw new DomainError(`oracle: expected an operation of this library, received ${primitive.name}`);
  }
  const { disturb } = context;
  const given = disturb === undefined || exactNames.has(primitive.name) ? inputs : inputs.map(disturb);
  return evaluate(given, parameters as never, context, path);
}

function run(program: Program, inputs: readonly WideTensor[], context: Context, path: string): readonly WideTensor[] {
  let step = 0;
  return replayWith(program, inputs, literal, (what, xs) => evaluateStep(what, xs, context, `${path}/${step++}`));
}

/** Evaluates a program for one input after the other; solutions of implicit operations are found once and followed. */
export type Oracle = (inputs: readonly WideTensor[], disturb?: (x: WideTensor) => WideTensor) => readonly WideTensor[];

/**
 * The oracle of a program. The first inputs should be those that matter: later solves start from their solutions.
 *
 * @throws ConvergenceError where an implicit operation is not solved to 28 digits: it never gives a value that is less.
 */
export function makeOracle(program: Program): Oracle {
  const context = { solutions: new Map(), fields: new Map(), weights: new KnownWeights(), first: new Map(), run };
  return (inputs, disturb) => run(program, inputs, { ...context, disturb }, "");
}
