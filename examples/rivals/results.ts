// What is measured, and in which order?
import type { Progress } from "../shared/progress.js";
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

export const taskCount =
  orders.length +
  errorTasks.length +
  mismatchTasks.length +
  methods.length +
  1 +
  costTasks.length +
  compiledCounts.length;

/** Costs come last, when the engine has compiled everything. */
export async function measureAll({ advance }: Progress): Promise<Results> {
  let done = 0;
  async function each<A, B>(tasks: readonly A[], work: (task: A) => B): Promise<B[]> {
    const results: B[] = [];
    for (const task of tasks) {
      results.push(work(task));
      await advance(++done);
    }
    return results;
  }
  const references = new Map<number, number[]>();
  const doubts = await each(orders, (order) => {
    const reference = referenceGradient(order);
    references.set(order, reference);
    return relativeError(referenceGradient(order, checkNodes), reference);
  });
  const points = await each(errorTasks, ({ order, method, nodes }) =>
    errorOf(method, order, nodes, references.get(order) as number[]),
  );
  const mismatches = await each(mismatchTasks, ({ order, method }) => ({
    ...{ order, method: method.name },
    value: mismatchOf(method, order, mismatchNodes),
  }));
  const counts = await each(methods, (method) => countOf(method, shownOrder, mostNodes(method)));
  const [limits] = await each([0], limitsOf);
  const costs = await each(costTasks, ({ method, nodes }) => costOf(method, shownOrder, nodes));
  const compiled = await each(compiledCounts, (nodes) =>
    compiledCosts(shownOrder, nodes, references.get(shownOrder) as number[]),
  );
  return { points, counts, mismatches, limits, costs, compiled: compiled.flat(), doubts };
}
