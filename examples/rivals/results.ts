// What is measured, and in which order?
import type { Keep } from "../shared/work.js";
import { errorOfLimit, errorWithoutPole } from "./decay.js";
import { checkNodes, orders, referenceGradient, relativeError } from "./equation.js";
import {
  type Compiled,
  type Cost,
  type Count,
  compiledCosts,
  costOf,
  countOf,
  errorOf,
  mismatchOf,
  type Point,
} from "./measure.js";
import { countsFor, type Method, type MethodName, methods } from "./methods.js";

/** The order of which costs are measured in full, and of which one table shows all numbers of nodes. */
export const shownOrder = 0.5;
/** The nodes at which methods are compared where one number has to do; collocation needs fewer. */
export const shownNodes = 512;
export const mismatchNodes = 64;
export const decaySteps = [64, 512, 2048] as const;

export interface Mismatch {
  readonly method: MethodName;
  readonly order: number;
  readonly value: number;
}

export interface Limit {
  readonly order: number;
  readonly errors: readonly number[];
  readonly limit: number;
}

export interface Results {
  readonly points: readonly Point[];
  readonly counts: readonly Count[];
  readonly mismatches: readonly Mismatch[];
  readonly limits: readonly Limit[];
  readonly costs: readonly Cost[];
  readonly compiled: readonly Compiled[];
  /** How far the reference is from one of fewer nodes, for each order. */
  readonly doubts: readonly number[];
}

export const limitsOf = (): readonly Limit[] =>
  orders.map((order) => ({
    order,
    errors: decaySteps.map((steps) => errorWithoutPole(order, steps)),
    limit: errorOfLimit(order),
  }));

/** The largest number of nodes of a method, where costs are counted. */
export const mostNodes = (method: Method): number => Math.max(...countsFor(method));

/** The methods whose schemes have a loss of nodes that are not coupled, and can be differentiated in two ways. */
const withSteps = methods.filter(({ name }) => name !== "implicit, spectral");

const errorTasks = orders.flatMap((order) =>
  methods.flatMap((method) => countsFor(method).map((nodes) => ({ order, method, nodes }))),
);
const mismatchTasks = orders.flatMap((order) => withSteps.map((method) => ({ order, method })));
/** For which plans are timed; tracing thousands of operations takes long. */
export const compiledCounts = [64, 256];
const costTasks = methods.flatMap((method) => countsFor(method).map((nodes) => ({ method, nodes })));

/** How much longer the cost of a gradient takes to measure than anything else, about. */
const costWeight = 24;

export const taskCount =
  orders.length +
  errorTasks.length +
  mismatchTasks.length +
  methods.length +
  1 +
  costTasks.length +
  compiledCounts.length;

export const taskWeight = taskCount + (costWeight - 1) * (costTasks.length + compiledCounts.length);

/** Costs come last, when the engine has compiled everything. */
export async function measureAll(keep: Keep): Promise<Results> {
  async function each<A, B>(what: string, tasks: readonly A[], work: (task: A) => B, weight = 1): Promise<B[]> {
    const results: B[] = [];
    for (const [i, task] of tasks.entries()) results.push(await keep(`${what} ${i}`, () => work(task), weight));
    return results;
  }
  const references = new Map<number, readonly number[]>();
  const ofShown = (): readonly number[] => references.get(shownOrder) as readonly number[];
  const compared = await each("reference", orders, (order) => {
    const reference = referenceGradient(order);
    return { order, reference, doubt: relativeError(referenceGradient(order, checkNodes), reference) };
  });
  for (const { order, reference } of compared) references.set(order, reference);
  let measured = 0;
  const points = await each("error", errorTasks, ({ order, method, nodes }) => {
    measured++;
    return errorOf(method, order, nodes, references.get(order) as readonly number[]);
  });
  const mismatches = await each("mismatch", mismatchTasks, ({ order, method }) => ({
    ...{ order, method: method.name },
    value: mismatchOf(method, order, mismatchNodes),
  }));
  const counts = await each("count", methods, (method) => countOf(method, shownOrder, mostNodes(method)));
  const [limits] = await each("limits", [0], limitsOf);

  let warm = measured === errorTasks.length;
  /** What an earlier process measured has warmed the engine of that process only. */
  function warmUp(): void {
    if (warm) return;
    for (const { method, nodes } of costTasks) if (nodes <= shownNodes) errorOf(method, shownOrder, nodes, ofShown());
    warm = true;
  }
  const costs = await each(
    "cost",
    costTasks,
    ({ method, nodes }) => {
      warmUp();
      return costOf(method, shownOrder, nodes);
    },
    costWeight,
  );
  const compiled = await each(
    "plan",
    compiledCounts,
    (nodes) => {
      warmUp();
      return compiledCosts(shownOrder, nodes, ofShown());
    },
    costWeight,
  );
  const doubts = compared.map(({ doubt }) => doubt);
  return { points, counts, mismatches, limits, costs, compiled: compiled.flat(), doubts };
}
