// Which wrong rules does a list of primitives suggest?
import fc from "fast-check";
import { flip, mul, stopGradient } from "stillpoint";
import { replayWith } from "../../src/readings/index.js";
import { apply, type MaybeTensor, type Primitive, type TracedProgram, traceAs } from "../../src/tape/index.js";
import { literalTensor, sameShape, Tensor } from "../../src/tensor/index.js";
import { sameConstants } from "./cancelling.js";
import { drawFrom } from "./draw.js";
import { lawSampleOf } from "./edges.js";
import { rewritesAt } from "./rewrites.js";
import { families, type Sample } from "./samples.js";

export interface Mutant {
  readonly rule: "vjp" | "jvp";
  readonly kind: string;
  /** Where and how; with rule and kind it is unique among the mutants of a primitive. */
  readonly what: string;
  readonly primitive: Primitive;
}
type Rule = Mutant["rule"];
type Given = readonly MaybeTensor[];

/** Samples by whose shapes the mutants are found. */
const seed = 20260903;
const samplesOf = (p: Primitive, count: number): Sample[] =>
  fc.sample(fc.gen(), { seed, numRuns: count }).map((g) => lawSampleOf(p)(drawFrom(g)));

/** How many inputs the primitives without parameters take. */
const arity: ReadonlyMap<string, number> = new Map(
  (families as readonly Primitive[]).flatMap((p) => {
    const [{ inputs, parameters }] = samplesOf(p, 1);
    return parameters === undefined ? [[p.name, inputs.length] as const] : [];
  }),
);

type Call = readonly [first: Given, y: readonly Tensor[], x: readonly Tensor[], parameters: unknown, wanted: boolean[]];

/** A rule for these arguments, written down. */
interface Written {
  readonly program: TracedProgram;
  readonly bound: readonly Tensor[];
  /** Which of its results are there. */
  readonly there: readonly boolean[];
}

function written(p: Primitive, rule: Rule, [first, y, x, parameters, wanted]: Call): Written {
  const present = first.filter((g) => g !== undefined);
  let there: boolean[] = [];
  const body = (...all: Tensor[]): Tensor[] => {
    let next = 0;
    const again = first.map((g) => g && all[next++]);
    const [ys, xs] = [all.slice(next, next + y.length), all.slice(next + y.length)];
    const results = rule === "vjp" ? p.vjp(again, ys, xs, parameters, wanted) : p.jvp(again, ys, xs, parameters);
    there = results.map((r) => r !== undefined);
    return results.filter((r) => r !== undefined);
  };
  const given = [...present, ...y, ...x];
  const program = traceAs(p.name, body, given);
  return { program, bound: [...given, ...program.closure], there };
}

/** A step by its primitive and how many of that came before: this holds for all shapes. */
function nameOf({ steps }: TracedProgram, at: number): string {
  const { name } = steps[at].primitive;
  return `${name} ${steps.slice(0, at).filter(({ primitive }) => primitive.name === name).length}`;
}

const bent = (p: Primitive, rule: Rule, change: (original: () => Given, call: Call) => Given): Primitive => ({
  ...p,
  [rule]: (...call: unknown[]) =>
    change(() => (p[rule] as (...args: unknown[]) => Given)(...call), call as unknown as Call),
});

/** A primitive with one step of a rule rewritten. */
const rewritten = (p: Primitive, rule: Rule, step: string, kind: string, what: string): Primitive =>
  bent(p, rule, (original, call) => {
    const { program, bound, there } = written(p, rule, call);
    const at = program.steps.findIndex((_, i) => nameOf(program, i) === step);
    const rewrite =
      at >= 0 ? rewritesAt(program, at, arity).find((r) => r.kind === kind && r.what === what) : undefined;
    if (rewrite === undefined) return original();
    const results = replayWith(program, bound, literalTensor, (s, xs) =>
      s === program.steps[at] ? rewrite.run(xs) : apply(s.primitive, xs, s.parameters),
    );
    let next = 0;
    return there.map((is) => (is ? results[next++] : undefined));
  });

/** The steps on which one of these results depends. */
function reaching({ steps }: TracedProgram, results: readonly number[]): Set<number> {
  const needed = new Set(results);
  const found = new Set<number>();
  for (let at = steps.length - 1; at >= 0; at--) {
    if (!steps[at].outputs.some((slot) => needed.has(slot))) continue;
    found.add(at);
    for (const slot of steps[at].inputs) needed.add(slot);
  }
  return found;
}

/** What is known of a rule from a sample. */
interface Seen extends Written {
  readonly sample: Sample;
  readonly outputs: readonly Tensor[];
  /** How many cotangents or tangents come before outputs and inputs. */
  readonly firsts: number;
  /** The results that count, by their index: those for fixed inputs do not. */
  readonly slots: readonly (number | undefined)[];
  readonly live: ReadonlySet<number>;
}

function look(p: Primitive, rule: Rule, sample: Sample): Seen {
  const { inputs, parameters, fixed = [] } = sample;
  const y = apply(p, inputs, parameters);
  const first = rule === "vjp" ? y : inputs;
  const call: Call = [first.map(copyOf), y, inputs, parameters, inputs.map(() => true)];
  const seen = written(p, rule, call);
  let next = 0;
  const slots = seen.there.map((is, i) => {
    const slot = is ? seen.program.outputs[next++] : undefined;
    return rule === "vjp" && fixed.includes(i) ? undefined : slot;
  });
  const live = reaching(
    seen.program,
    slots.filter((slot) => slot !== undefined),
  );
  return { ...seen, sample, outputs: y, firsts: first.length, slots, live };
}
const copyOf = (x: Tensor): Tensor => new Tensor(x.shape, x.data);

/** Whether the rule reads x or y other than for comparisons: else its slope is a constant, piece by piece. */
function hasSlope({ program, firsts, slots, sample: { inputs, fixed = [] } }: Seen): boolean {
  const needed = new Set(slots);
  for (const { primitive, inputs: from, outputs } of [...program.steps].reverse()) {
    if (!outputs.some((slot) => needed.has(slot)) || flat.has(primitive.name)) continue;
    const weighted = primitive.name === "where" || primitive.name === "weigh";
    for (const slot of weighted ? from.slice(1) : from) needed.add(slot);
  }
  const firstOfX = program.inputs - inputs.length;
  return program.shapes.some(
    (_, slot) => slot >= firsts && slot < program.inputs && needed.has(slot) && !fixed.includes(slot - firstOfX),
  );
}
/** What has no derivative: its rules give nothing for any sample. */
const flat = new Set(
  (families as readonly Primitive[])
    .filter((p) => samplesOf(p, 5).every((sample) => look(p, "vjp", sample).there.every((is) => !is)))
    .map(({ name }) => name),
);

/** Those that bend what a rule gives, or what it is given. */
function outer(p: Primitive, rule: Rule, seen: readonly Seen[]): Mutant[] {
  const found: Mutant[] = [];
  const make = (kind: string, what: string, change: (original: () => Given, call: Call) => Given): number =>
    found.push({ rule, kind, what, primitive: bent(p, rule, change) });
  const result = rule === "vjp" ? "cotangent" : "tangent";
  const each = (kind: string, f: (x: Tensor) => Tensor): number =>
    make(kind, `every ${result}`, (original) => original().map((x) => x && f(x)));
  const given = seen.filter(({ slots }) => slots.some((slot) => slot !== undefined));
  if (given.length === 0) {
    const free = seen.some(({ sample: { inputs, fixed = [] }, outputs }) => {
      return inputs.length > 0 && !fixed.includes(0) && sameShape(inputs[0].shape, outputs[0].shape);
    });
    const extra = ([first]: Given, like: readonly Tensor[]): Given =>
      like.map((x, i) => (i === 0 && first && sameShape(first.shape, x.shape) ? first : undefined));
    if (free) {
      make("a derivative too many", "the identity", (_, [first, y, x]) => extra(first, rule === "vjp" ? x : y));
    }
    return found;
  }
  each("sign", (x) => mul(-1, x));
  each("factor 2", (x) => mul(2, x));
  each("factor 1 + 1e-6", (x) => mul(1 + 1e-6, x));
  const entries = (s: Seen): boolean =>
    s.slots.some((slot) => slot !== undefined && s.program.shapes[slot].some((n) => n > 1));
  if (given.some(entries)) each("entries in reverse", (x) => (x.shape.length === 0 ? x : flip(x)));
  const most = Math.max(...given.map(({ slots }) => slots.length));
  for (let i = 0; i < most; i++) {
    if (!given.some(({ slots }) => slots[i] !== undefined)) continue;
    make(`dropped ${result}`, `${result} ${i}`, (original) => original().map((x, j) => (j === i ? undefined : x)));
    for (let j = 0; j < i; j++) {
      const differ = ({ slots, program: { shapes } }: Seen): boolean => {
        const [a, b] = [slots[i], slots[j]];
        return a !== undefined && b !== undefined && a !== b && sameShape(shapes[a], shapes[b]);
      };
      if (!given.some(differ)) continue;
      make(`${result}s exchanged`, `${result}s ${j} and ${i}`, (original) => {
        const all = original();
        const [a, b] = [all[i], all[j]];
        return a && b && sameShape(a.shape, b.shape) ? all.map((x, k) => (k === i ? b : k === j ? a : x)) : all;
      });
    }
  }
  if (rule === "jvp") {
    const inputs = Math.max(...given.map(({ sample }) => sample.inputs.length));
    for (let i = 0; i < inputs; i++) {
      if (given.every(({ sample }) => i >= sample.inputs.length || sample.fixed?.includes(i))) continue;
      make("dropped direction", `direction ${i}`, (_, [first, y, x, parameters]) => {
        const rest = first.map((d, j) => (j === i ? undefined : d));
        return rest.some((d) => d !== undefined) ? p.jvp(rest, y, x, parameters) : y.map(() => undefined);
      });
    }
  }
  if (given.some(hasSlope)) {
    make("constant slope", "inputs and outputs", (_, [first, y, x, ...rest]) =>
      (p[rule] as (...args: unknown[]) => Given)(first, y.map(stopGradient), x.map(stopGradient), ...rest),
    );
  }
  return found;
}

/** Those that rewrite one step of a rule. */
function inner(p: Primitive, rule: Rule, seen: readonly Seen[]): Mutant[] {
  const found = new Map<string, Mutant>();
  for (const { program, live } of seen) {
    for (const at of live) {
      const step = nameOf(program, at);
      for (const { kind, what, run } of rewritesAt(program, at, arity)) {
        const where = `${step}: ${what}`;
        const key = `${kind} ${where}`;
        if (!found.has(key) && !sameConstants(program, at, run)) {
          found.set(key, { rule, kind, what: where, primitive: rewritten(p, rule, step, kind, what) });
        }
      }
    }
  }
  return [...found.values()];
}

/** Every mutant of both rules of a primitive: one thing is wrong in each. */
export function mutantsOf(p: Primitive): Mutant[] {
  const samples = samplesOf(p, 40);
  return (["vjp", "jvp"] as const).flatMap((rule) => {
    const seen = samples.map((sample) => look(p, rule, sample));
    return [...outer(p, rule, seen), ...inner(p, rule, seen)];
  });
}
