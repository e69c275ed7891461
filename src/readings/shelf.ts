// Which plans are kept for programs of the same structure?
//
// A solver writes f down anew at every call, so that what f closes over is never out of date; its plan depends on operations,
// shapes and constants only, and is taken from a shelf when one for the same text is there. Whoever has taken a plan has it
// alone, until it is put back.
import type { Primitive, Program } from "../tape/index.js";
import { showShape } from "../tensor/index.js";
import { currentTeam } from "../typed-array-ops/webassembly/current-team.js";
import { makePlan, type Plan } from "./plan.js";
import { plainText } from "./share.js";

/** How many plans are kept, and how many numbers they may hold together. */
const [MOST_PLANS, MOST_NUMBERS] = [64, 2 ** 23];

const shelf = new Map<string, Plan[]>();
const textOfPlan = new WeakMap<Plan, string>();
const textOfProgram = new WeakMap<Program, string | null>();
const numberOf = new WeakMap<Primitive, number>();
let [primitives, made, reused, kept, numbers] = [0, 0, 0, 0, 0];

/** Everything that a plan depends on, as text; nothing if parameters are more than numbers, flags and lists of them. */
function textOf(program: Program): string | undefined {
  const known = textOfProgram.get(program);
  if (known !== undefined) return known ?? undefined;
  const steps: string[] = [];
  for (const { primitive, parameters, inputs, outputs } of program.steps) {
    const text = plainText(parameters);
    if (text === undefined) {
      textOfProgram.set(program, null);
      return undefined;
    }
    let number = numberOf.get(primitive);
    if (number === undefined) {
      number = primitives++;
      numberOf.set(primitive, number);
    }
    steps.push(`${number}(${inputs})${text}>${outputs}`);
  }
  const { inputs, free, shapes, literals, outputs } = program;
  const constants = literals.map((x) => (Object.is(x, -0) ? "-0" : x));
  const text = [inputs, free, shapes.map(showShape).join(""), constants, steps.join(" "), outputs].join("|");
  textOfProgram.set(program, text);
  return text;
}

/** A plan for the program, which nobody else has: one from the shelf, or a new one. */
export function takePlan(
  program: Program,
  varying: readonly number[] = [program.inputs + program.free],
  turning = 0,
): Plan {
  const text = textOf(program);
  const key = text === undefined ? undefined : `${currentTeam()?.serial ?? 0}|${varying}|${turning}|${text}`;
  const plans = key === undefined ? undefined : shelf.get(key);
  const plan = plans?.pop();
  if (plan !== undefined) {
    if (plans?.length === 0) shelf.delete(key as string);
    kept--;
    numbers -= plan.numbers();
    reused++;
    return plan;
  }
  made++;
  const fresh = makePlan(program, varying, turning);
  if (key !== undefined) textOfPlan.set(fresh, key);
  return fresh;
}

/** Gives a plan back: it may be taken by others, who overwrite its memory. Those put back long ago make room. */
export function putBack(plan: Plan): void {
  plan.release();
  const key = textOfPlan.get(plan);
  if (key === undefined || plan.numbers() > MOST_NUMBERS) return;
  const plans = shelf.get(key) ?? [];
  shelf.delete(key); // to the end of the order
  shelf.set(key, plans);
  plans.push(plan);
  kept++;
  numbers += plan.numbers();
  while (kept > MOST_PLANS || numbers > MOST_NUMBERS) {
    const [oldest, [first, ...others]] = shelf.entries().next().value as [string, Plan[]];
    kept--;
    numbers -= first.numbers();
    if (others.length > 0) shelf.set(oldest, others);
    else shelf.delete(oldest);
  }
}

/** What `compilations` tells. */
export interface Compilations {
  /** Plans that solvers had compiled. */
  readonly made: number;
  /** How often one that was there served instead. */
  readonly reused: number;
  /** Those that wait to serve again. */
  readonly kept: number;
}

/**
 * How many plans solvers had compiled until now, and how often a plan for a program of the same structure was used again.
 *
 * @example compilations().made >= 0 // → true
 */
export const compilations = (): Compilations => ({ made, reused, kept });
