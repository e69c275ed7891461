// Which steps and which entries of a solve are drawn?
import { pow } from "../typed-array-ops/index.js";
import type { RecordedSolve, RecordedStep } from "./solve-record.js";

/** What is drawn of a solve. */
export interface SolveDigest {
  readonly solve: RecordedSolve;
  /** The steps that are drawn: all of them, or of a long solve the first, the last, switches and extremes. */
  readonly steps: readonly RecordedStep[];
  /** For each of them the factor of the residual per step since the one drawn before; NaN where there is none. */
  readonly rates: readonly number[];
  /** Where among the drawn steps the method changes; of very many changes the first ones. */
  readonly switches: readonly number[];
  readonly switchCount: number;
  /** In the order of their appearance. */
  readonly methods: readonly string[];
  /** Those of all solves on the page. */
  readonly pageMethods: readonly string[];
  /** The entries of z that are drawn, in their order in z. */
  readonly entries: readonly number[];
  /** How many entries z has. */
  readonly size: number;
  /** The last step whose state is finite, from which distances are measured. */
  readonly reference: RecordedStep | undefined;
}

/** A picture is about 350 units wide: more steps than these would be drawn on top of each other. */
const mostSteps = 150;
const mostSwitches = 40;

/** In the order of their appearance. */
export const methodsOf = (solves: readonly RecordedSolve[]): string[] => [
  ...new Set(solves.flatMap(({ steps }) => steps.map(({ method }) => method))),
];

/** Chooses what is drawn. */
export function digestSolve(solve: RecordedSolve, entries: number, pageMethods: readonly string[]): SolveDigest {
  const all = solve.steps;
  const isSwitch = (k: number): boolean => k > 0 && all[k].method !== all[k - 1].method;
  const switchSteps = all.flatMap((_, k) => (isSwitch(k) ? [k] : []));
  const marked = switchSteps.slice(0, mostSwitches);
  const kept = thin(all, marked);
  const steps = kept.map((k) => all[k]);
  const reference = [...all].reverse().find(({ state }) => state.every(Number.isFinite));
  return {
    solve,
    steps,
    rates: steps.map((step, i) => (i === 0 ? NaN : rate(steps[i - 1], step))),
    switches: marked.map((k) => kept.indexOf(k)),
    switchCount: switchSteps.length,
    methods: methodsOf([solve]),
    pageMethods,
    entries: mostMoving(all, entries),
    size: all[0]?.state.length ?? 0,
    reference,
  };
}

/** The factor per step; the geometric mean where steps between the two are not drawn. */
function rate(before: RecordedStep, after: RecordedStep): number {
  const ratio = after.residual / before.residual;
  if (!Number.isFinite(ratio)) return NaN;
  const gap = after.step - before.step;
  return gap === 1 ? ratio : pow(ratio, 1 / gap);
}

/** Positions of the steps that are drawn: of each stretch the smallest and the largest residual, so no peak is lost. */
function thin(steps: readonly RecordedStep[], switches: readonly number[]): number[] {
  if (steps.length <= mostSteps) return steps.map((_, k) => k);
  const kept = new Set([0, steps.length - 1, ...switches]);
  const stretches = Math.floor((mostSteps - kept.size) / 2);
  const height = (k: number): number => (Number.isNaN(steps[k].residual) ? Infinity : steps[k].residual);
  for (let i = 0; i < stretches; i++) {
    const start = Math.floor((i * steps.length) / stretches);
    const end = Math.floor(((i + 1) * steps.length) / stretches);
    let [least, most] = [start, start];
    for (let k = start; k < end; k++) {
      if (height(k) < height(least)) least = k;
      if (height(k) > height(most)) most = k;
    }
    kept.add(least).add(most);
  }
  return [...kept].sort((a, b) => a - b);
}

/** The entries whose values cover the widest range, in their order in z; of equal ones the first. */
function mostMoving(steps: readonly RecordedStep[], most: number): number[] {
  const size = steps[0]?.state.length ?? 0;
  const low = new Float64Array(size).fill(Infinity);
  const high = new Float64Array(size).fill(-Infinity);
  for (const { state } of steps) {
    for (let i = 0; i < size; i++) {
      if (!Number.isFinite(state[i])) continue;
      if (state[i] < low[i]) low[i] = state[i];
      if (state[i] > high[i]) high[i] = state[i];
    }
  }
  const range = high.map((x, i) => x / 2 - low[i] / 2);
  const order = Array.from(range, (_, i) => i).sort((i, j) => range[j] - range[i] || i - j);
  return order.slice(0, most).sort((i, j) => i - j);
}
