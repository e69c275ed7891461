// Which plans are kept for programs of the same structure?
//
// A solver writes f down anew at every call, so that what f closes over is never out of date; its plan depends on operations,
// shapes and constants only, and is taken from a shelf when one for the same text is there. Whoever has taken a plan has it
// alone, until it is put back.
import type { Program } from "../tape/index.js";
import { showNumber, showShape } from "../tensor/index.js";
import { currentTeam } from "../typed-array-ops/webassembly/current-team.js";
import { makePlan, type Plan } from "./plan.js";
import { textOfStep } from "./share.js";

/** How many plans are kept, and how many numbers they may hold together. */
const [MOST_PLANS, MOST_NUMBERS] = [64, 2 ** 23];

/** The plans that wait, the last one put back first. */
const shelf: Plan[] = [];
const keys = new WeakMap<Plan, string>();
const texts = new WeakMap<Program, string>();
let [made, reused, numbers] = [0, 0, 0];

/** Everything that a plan depends on, as text; empty if a step has none. */
function textOf(program: Program): string {
  let text = texts.get(program);
  if (text === undefined) {
    const { inputs, free, shapes, literals, outputs } = program;
    const steps = program.steps.map(textOfStep);
    const results = program.steps.map((step) => step.outputs);
    text = steps.includes(undefined)
      ? ""
      : [inputs, free, shapes.map(showShape), literals.map(showNumber), steps, results, outputs].join("|");
    texts.set(program, text);
  }
  return text;
}

/** A plan for the program, which nobody else has: one from the shelf, or a new one. */
export function takePlan(
  program: Program,
  varying: readonly number[] = [program.inputs + program.free],
  turning = 0,
): Plan {
  const text = textOf(program);
  const key = `${currentTeam()?.serial ?? 0}|${varying}|${turning}|${text}`;
  const at = shelf.findIndex((plan) => keys.get(plan) === key);
  if (at >= 0) {
    const [plan] = shelf.splice(at, 1);
    numbers -= plan.numbers();
    reused++;
    return plan;
  }
  made++;
  const fresh = makePlan(program, varying, turning);
  if (text) keys.set(fresh, key);
  return fresh;
}

/** Gives a plan back: it may be taken by others, who overwrite its memory. Those put back long ago make room. */
export function putBack(plan: Plan): void {
  plan.release();
  if (!keys.has(plan) || plan.numbers() > MOST_NUMBERS) return;
  shelf.unshift(plan);
  numbers += plan.numbers();
  while (shelf.length > MOST_PLANS || numbers > MOST_NUMBERS) numbers -= (shelf.pop() as Plan).numbers();
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
export const compilations = (): Compilations => ({ made, reused, kept: shelf.length });
