// In which ways can one step of a program be wrong?
import { div, mul, neg, reshape, slice, transpose } from "stillpoint";
import { embedPrimitive } from "../../src/primitives/index.js";
import { apply, apply1, type Primitive, type Program, type Step } from "../../src/tape/index.js";
import { literalTensor, type Shape, sameShape, sizeOf, type Tensor } from "../../src/tensor/index.js";
import { cancels } from "./cancelling.js";
import { families } from "./samples.js";

/** One way: what it is called, and what the step then makes of its operands. */
export interface Rewrite {
  readonly kind: string;
  readonly what: string;
  readonly run: (operands: readonly Tensor[]) => readonly Tensor[];
}

/** The step that is rewritten, with all that the ways need to know of the program around it. */
interface Site {
  readonly step: Step;
  readonly shapesIn: readonly Shape[];
  readonly shapesOut: readonly Shape[];
  /** The literal that an operand is. */
  readonly literals: readonly (number | undefined)[];
  /** Whether all entries of an operand are equal by construction. */
  readonly uniform: readonly boolean[];
  readonly program: Program;
}

/** Rewrites that leave the program what it is, algebraically, are not made: this is where their reasons are. */
const commutative = new Set(["add", "mul", "maximum", "minimum", "equal"]);
const identities = new Set(["alias"]);
const repeating = new Set(["broadcastTo", "reshape", "transpose", "stopGradient"]);

function siteOf(program: Program, step: Step): Site {
  const firstLiteral = program.inputs + program.free;
  const literal = (slot: number): number | undefined => program.literals[slot - firstLiteral];
  const uniform = new Set(program.literals.map((_, i) => firstLiteral + i));
  for (const { primitive, inputs, outputs } of program.steps) {
    if (repeating.has(primitive.name) && (uniform.has(inputs[0]) || sizeOf(program.shapes[inputs[0]]) === 1)) {
      if (primitive.name === "broadcastTo" || uniform.has(inputs[0])) uniform.add(outputs[0]);
    }
  }
  return {
    step,
    shapesIn: step.inputs.map((slot) => program.shapes[slot]),
    shapesOut: step.outputs.map((slot) => program.shapes[slot]),
    literals: step.inputs.map(literal),
    uniform: step.inputs.map((slot) => uniform.has(slot)),
    program,
  };
}

const run = ({ primitive, parameters }: Step, operands: readonly Tensor[], p = primitive, changed = parameters) =>
  apply(p, operands, changed);
const replaced = <T>(xs: readonly T[], at: number, x: T): T[] => xs.map((old, i) => (i === at ? x : old));

/** Every output times −1, 2 or a little more than 1, unless that cancels. */
function scalings({ step, program }: Site): Rewrite[] {
  const factors = [
    ["sign", -1],
    ["factor 2", 2],
    ["factor 1 + 1e-6", 1 + 1e-6],
  ] as const;
  return step.outputs.flatMap((slot, o) =>
    factors
      .filter(([, by]) => !cancels(program, slot, by))
      .map(([kind, by]) => ({
        kind,
        what: `output ${o}`,
        run: (xs: readonly Tensor[]) => {
          const ys = run(step, xs);
          return replaced(ys, o, mul(by, ys[o]));
        },
      })),
  );
}

/** Another number in the place of each literal. */
const constants = ({ step, literals }: Site): Rewrite[] =>
  literals.flatMap((c, i) =>
    c === undefined
      ? []
      : [
          {
            kind: "another constant",
            what: `operand ${i}`,
            run: (xs) => run(step, replaced(xs, i, literalTensor(c === 0 ? 1 : 2 * c))),
          },
        ],
  );

/** Whether a block is all there is, in its order. */
const isWhole = ({ primitive, parameters }: Step, from: Shape, to: Shape): boolean =>
  ["slice", "embed"].includes(primitive.name) &&
  sameShape(from, to) &&
  (parameters as { steps: Shape }).steps.every((step, axis) => step === 1 || from[axis] === 1);

/** One operand alone in the place of the result: a term or a factor that is dropped, a function that is left out. */
function droppings({ step, shapesIn, shapesOut }: Site): Rewrite[] {
  const { name } = step.primitive;
  if (identities.has(name) || shapesOut.length !== 1 || isWhole(step, shapesIn[0], shapesOut[0])) return [];
  if (name === "concat") {
    return shapesIn.map((_, i) => ({
      kind: "dropped term",
      what: `without operand ${i}`,
      run: (xs) => run(step, replaced(xs, i, mul(0, xs[i]))),
    }));
  }
  return shapesIn.flatMap((shape, i) =>
    sameShape(shape, shapesOut[0])
      ? [
          {
            kind: name === "add" || name === "sub" ? "dropped term" : "left out",
            what: `only operand ${i}`,
            run: (xs) => [name === "sub" && i === 1 ? neg(xs[i]) : xs[i]],
          },
        ]
      : [],
  );
}

/** Of each primitive without parameters, the next one on the list that takes as many inputs. */
const plain = (families as readonly Primitive[]).filter(({ name }) => !identities.has(name));
function neighbour({ step, shapesIn, shapesOut }: Site, arity: ReadonlyMap<string, number>): Primitive | undefined {
  const at = plain.findIndex(({ name }) => name === step.primitive.name);
  if (at < 0 || !arity.has(step.primitive.name)) return undefined;
  return [...plain.slice(at + 1), ...plain.slice(0, at)].find((p) => {
    if (arity.get(p.name) !== shapesIn.length) return false;
    const shapes = p.shapes(shapesIn, undefined);
    return shapes.length === shapesOut.length && shapes.every((shape, o) => sameShape(shape, shapesOut[o]));
  });
}
function swaps(site: Site, arity: ReadonlyMap<string, number>): Rewrite[] {
  const other = neighbour(site, arity);
  return other
    ? [{ kind: "another operation", what: other.name, run: (xs) => run(site.step, xs, other, undefined) }]
    : [];
}

const isProductOfNumbers = ({ primitive }: Step, shapesIn: readonly Shape[]): boolean =>
  primitive.name === "matmul" && shapesIn.every((shape) => sizeOf(shape) === 1);

/** Two operands of one shape in each other's place. */
function exchanges({ step, shapesIn }: Site): Rewrite[] {
  if (commutative.has(step.primitive.name) || isProductOfNumbers(step, shapesIn)) return [];
  return shapesIn.flatMap((shape, j) =>
    shapesIn.slice(0, j).flatMap((before, i) =>
      sameShape(before, shape) && step.inputs[i] !== step.inputs[j]
        ? [
            {
              kind: "operands exchanged",
              what: `operands ${i} and ${j}`,
              run: (xs) => run(step, replaced(replaced(xs, i, xs[j]), j, xs[i])),
            },
          ]
        : [],
    ),
  );
}

/** Two axes of equal extent exchanged in an operand: the shapes do not tell. */
function axes({ step, shapesIn, uniform }: Site): Rewrite[] {
  return shapesIn.flatMap((shape, operand) => {
    if (uniform[operand]) return [];
    const b = shape.findIndex((n, axis) => n > 1 && shape.indexOf(n) < axis);
    if (b < 0) return [];
    const a = shape.indexOf(shape[b]);
    const order = shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis));
    return [
      {
        kind: "wrong axis",
        what: `operand ${operand}`,
        run: (xs) => run(step, replaced(xs, operand, transpose(xs[operand], order))),
      },
    ];
  });
}

/** Numbers, flags and lists of numbers among the parameters, changed where the shapes do not tell. */
function settings({ step, shapesIn, shapesOut }: Site): Rewrite[] {
  const { primitive, parameters } = step;
  const out: Rewrite[] = [];
  const alone = primitive.name === "concat" && shapesIn.length === 1;
  if (alone || isProductOfNumbers(step, shapesIn)) return [];
  const propose = (what: string, changed: unknown): void => {
    const shapes = primitive.shapes(shapesIn, changed);
    if (shapes.length !== shapesOut.length || !shapes.every((shape, o) => sameShape(shape, shapesOut[o]))) return;
    out.push({ kind: "wrong parameter", what, run: (xs) => run(step, xs, primitive, changed) });
  };
  const vary = (what: string, value: unknown, put: (changed: unknown) => unknown): void => {
    if (typeof value === "boolean") propose(what, put(!value));
    if (typeof value === "number") for (const by of [-1, 1]) propose(`${what} by ${by}`, put(value + by));
    if (Array.isArray(value) && value.every((n) => typeof n === "number")) {
      value.forEach((n, i) => {
        const j = value.findIndex((m, at) => at > i && m !== n);
        if (j > 0) propose(`${what} ${i} exchanged`, put(replaced(replaced(value, i, value[j]), j, n)));
      });
    }
  };
  const moved = (extents: Shape, { starts, steps, sizes }: { starts: Shape; steps: Shape; sizes: Shape }): void =>
    starts.forEach((start, axis) => {
      const fits = (by: number): boolean =>
        [start + by, start + by + (sizes[axis] - 1) * steps[axis]].every((at) => at >= 0 && at < extents[axis]);
      const by = [1, -1].find(fits);
      if (by !== undefined) {
        propose(`start ${axis}`, { ...(parameters as object), starts: replaced(starts, axis, start + by) });
      }
    });
  if (primitive.name === "slice") moved(shapesIn[0], parameters as never);
  else if (primitive.name === "embed") moved(shapesOut[0], parameters as never);
  else if (typeof parameters !== "object" || Array.isArray(parameters)) vary("parameter", parameters, (p) => p);
  else {
    const general = primitive.name === "solve" && !(parameters as { triangular: boolean }).triangular;
    for (const [key, value] of Object.entries(parameters ?? {})) {
      if (general && key === "lower") continue;
      vary(key, value, (changed) => ({ ...parameters, [key]: changed }));
    }
  }
  return out;
}

/** The sum over the copies that broadcasting made is missing, or broadcasting itself. */
function copies({ step, shapesIn: [from], shapesOut: [to], uniform }: Site): Rewrite[] {
  const { name } = step.primitive;
  const kind = "missing un-broadcast";
  if (name === "sumTo" && sizeOf(from) > sizeOf(to)) {
    const padded = [...from.slice(to.length).map(() => 1), ...to];
    return [
      {
        kind,
        what: "the first copy only",
        run: ([x]) => [
          reshape(
            slice(
              x,
              padded.map(() => 0),
              padded,
            ),
            to,
          ),
        ],
      },
      { kind, what: "the mean", run: (xs) => [div(run(step, xs)[0], sizeOf(from) / sizeOf(to))] },
    ];
  }
  if (name === "broadcastTo" && !uniform[0] && sizeOf(to) > sizeOf(from)) {
    const sizes = [...to.slice(from.length).map(() => 1), ...from];
    const block = { whole: to, starts: sizes.map(() => 0), steps: sizes.map(() => 1), sizes };
    return [{ kind, what: "one copy", run: ([x]) => [apply1(embedPrimitive, [reshape(x, sizes)], block)] }];
  }
  return [];
}

/** All the ways for one step; of a constant only another constant. */
export function rewritesAt(program: Program, at: number, arity: ReadonlyMap<string, number>): Rewrite[] {
  const site = siteOf(program, program.steps[at]);
  if (site.uniform.length > 0 && site.uniform.every((same) => same)) return constants(site);
  return [scalings, constants, droppings, exchanges, axes, settings, copies]
    .flatMap((ways) => ways(site))
    .concat(swaps(site, arity));
}
