// What is the tape of an expression, and how right is its gradient?
import { grad, print, type Tensor, type TensorLike, tensor, trace } from "stillpoint";
import { draw } from "stillpoint/pictures";
import { checkGradients, measurePrecision } from "stillpoint/verify";
import { call } from "./functions.js";
import { type Expression, Misread, parse, variablesOf } from "./parse.js";

/** What an expression is for values of its variables; numbers stay numbers, so that they are literals on the tape. */
function evaluate(expression: Expression, values: ReadonlyMap<string, Tensor>): TensorLike {
  if (expression.kind === "number") return expression.value;
  if (expression.kind === "variable") return values.get(expression.name) as Tensor;
  return call(
    expression.name,
    expression.args.map((arg) => evaluate(arg, values)),
  );
}

export interface GradientEntry {
  readonly name: string;
  readonly at: number;
  readonly gradient: number;
  /** To 32 digits; undefined where it could not be replayed. */
  readonly reference: string | undefined;
  readonly digits: number | undefined;
}

export interface Scene {
  readonly names: readonly string[];
  /** SVG without a style of its own. */
  readonly drawing: string;
  readonly width: number;
  readonly program: string;
  readonly value: number;
  readonly valueReference: string | undefined;
  readonly valueDigits: number | undefined;
  readonly gradients: readonly GradientEntry[];
  /** Why digits are not known, in the library's words. */
  readonly unmeasured: string;
  readonly check: { readonly ok: boolean; readonly text: string } | undefined;
}

/** What each variable is, as it was typed. */
export type Typed = Readonly<Record<string, string>>;

function numberOf(name: string, typed: string | undefined): number {
  const value = typed === undefined || typed.trim() === "" ? Number.NaN : Number(typed.replace("−", "-"));
  if (Number.isFinite(value)) return value;
  throw new Error(`${name}: expected a finite number, received ${typed?.trim() ? `"${typed}"` : "nothing"}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * All that the page shows.
 *
 * @throws Misread for an expression that means nothing, and an Error for a variable that is no number.
 */
export function sceneOf(text: string, typed: Typed): Scene {
  const expression = parse(text);
  const names = variablesOf(expression);
  if (names.length === 0) throw new Misread("expected at least one variable, such as x, received none", text, 0);
  const numbers = names.map((name) => numberOf(name, typed[name]));
  const f = (...xs: Tensor[]): Tensor => evaluate(expression, new Map(names.map((name, i) => [name, xs[i]]))) as Tensor;
  const xs = numbers.map((x) => tensor(x));
  const program = trace(f, ...xs);
  const drawing = draw(program, { args: xs, cotangents: true });
  const gradients = grad((all: Tensor[]) => f(...all))(xs);
  const precision = measure(f, xs);
  return {
    names,
    drawing: plainDrawing(drawing, names),
    width: Number(/ width="([\d.]+)"/.exec(drawing)?.[1]),
    program: withNames(print(program), names),
    value: f(...xs).item(),
    valueReference: precision.report?.values[0].reference,
    valueDigits: precision.report?.values[0].digits,
    gradients: names.map((name, i) => ({
      name,
      at: numbers[i],
      gradient: gradients[i].item(),
      reference: precision.report?.gradients[i].reference,
      digits: precision.report?.gradients[i].digits,
    })),
    unmeasured: precision.problem,
    check: precision.check,
  };
}

function measure(f: (...xs: Tensor[]) => Tensor, xs: readonly Tensor[]) {
  try {
    const { ok, text } = checkGradients(f as (...xs: never[]) => Tensor, xs);
    return { report: measurePrecision(f as (...xs: never[]) => Tensor, xs), check: { ok, text }, problem: "" };
  } catch (error) {
    return { report: undefined, check: undefined, problem: messageOf(error) };
  }
}

/** The drawing takes its colours from the page, and its inputs their names from the expression. */
function plainDrawing(svg: string, names: readonly string[]): string {
  const bare = svg.replace(/<style>.*?<\/style>/s, "");
  return bare.replace(
    /(<g class="input">.*?<text class="t"[^>]*>)x(\d+)(<\/text>)/gs,
    (_, before: string, i: string, after: string) => `${before}${names[Number(i)]}${after}`,
  );
}

const withNames = (program: string, names: readonly string[]): string =>
  program.replace(/\bx(\d+)\b/g, (whole, i: string) => names[Number(i)] ?? whole);
