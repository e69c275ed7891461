// How wrong is each gradient, and what does it cost?
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compile, grad, trace } from "stillpoint";
import { type SteppingOptions, stepThroughTime } from "stillpoint/fractional";
import { median } from "../shared/numbers.js";
import {
  duration,
  entriesOf,
  implicitLoss,
  lastOf,
  loss,
  network,
  relativeError,
  start,
  tight,
  type Weights,
  weights,
} from "./equation.js";
import type { Counts, Method, MethodName } from "./methods.js";

export interface Point {
  readonly method: MethodName;
  readonly order: number;
  readonly nodes: number;
  /** ‖g − g*‖₂/‖g*‖₂ with the gradient g* of the equation. */
  readonly error: number;
}

export const errorOf = (method: Method, order: number, nodes: number, reference: readonly number[]): Point => ({
  ...{ method: method.name, order, nodes },
  error: relativeError(entriesOf(method.forward(order, nodes).pull()), reference),
});

/** How far the gradient is from that of the discrete loss that the optimiser sees, which is taken in another way. */
export function mismatchOf(method: Method, order: number, nodes: number): number {
  const options = method.discrete(order, nodes);
  const byEquation = implicitLoss({ ...options, tolerance: tight });
  const bySteps = (theta: Weights) =>
    loss(
      lastOf(
        stepThroughTime((t, u) => network(theta, t, u), start, { ...options, tolerance: tight } as SteppingOptions)
          .values,
      ),
    );
  const other = method.name.startsWith("implicit") ? bySteps : byEquation;
  return relativeError(entriesOf(method.forward(order, nodes).pull()), entriesOf(grad(other)(weights)));
}

export interface Cost {
  readonly method: MethodName;
  readonly order: number;
  readonly nodes: number;
  /** Of processor time, for a forward and a backward pass. */
  readonly milliseconds: number;
  /** That are alive between them because of them. */
  readonly bytes: number;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function aliveBytes(): number {
  for (let k = 0; k < 3; k++) collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Bytes that so many forward passes keep alive while they wait, for each of them. */
function bytesOnce(method: Method, order: number, nodes: number, copies: number): number {
  const before = aliveBytes();
  const waiting = Array.from({ length: copies }, () => method.forward(order, nodes));
  const after = aliveBytes();
  for (const forward of waiting) forward.pull();
  return (after - before) / copies;
}

/**
 * Bytes on the heap and in buffers after a garbage collection, with the forward pass done and the backward pass to come. Several passes wait
 * at once, so that noise of the engine counts less; the largest of three tries counts, since buffers that the engine frees late from an
 * earlier one would be taken off.
 */
const bytesHeld = (method: Method, order: number, nodes: number, copies: number): number =>
  Math.max(0, ...Array.from({ length: 3 }, () => bytesOnce(method, order, nodes, copies)));

/** Milliseconds of processor time that a run takes, which other work on the machine disturbs less than the clock. */
function processorTime(run: () => unknown): number {
  const begun = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

/** The median of some runs after the engine has compiled what it runs; one that takes longer than half a second is believed. */
function millisecondsFor(run: () => unknown): number {
  const times: number[] = [];
  const [warm, most, budget] = [3, 25, 400];
  for (let total = 0; times.length < warm + most && total < budget; ) {
    times.push(processorTime(run));
    if (times.length > warm) total += times[times.length - 1];
    if (times[0] > 500) break;
  }
  return median(times.length > warm ? times.slice(warm) : times);
}

export function costOf(method: Method, order: number, nodes: number): Cost {
  const milliseconds = millisecondsFor(() => method.forward(order, nodes).pull());
  const bytes = bytesHeld(method, order, nodes, milliseconds < 250 ? 10 : 2);
  return { method: method.name, order, nodes, milliseconds, bytes };
}

export interface Count extends Counts {
  readonly method: MethodName;
}

export const countOf = (method: Method, order: number, nodes: number): Count => ({
  method: method.name,
  ...method.count(order, nodes),
});

/** A gradient that was traced once and is run as a plan, which neither calls the field nor dispatches. */
export interface Compiled {
  readonly name: string;
  readonly nodes: number;
  readonly compilation: number;
  readonly milliseconds: number;
  readonly error: number;
}

/** Newton corrections at each node, where no tolerance can decide. */
export const corrections = 4;

export function compiledCosts(order: number, nodes: number, reference: readonly number[]): readonly Compiled[] {
  const options = { order, duration, steps: nodes - 1 };
  const bySteps = (theta: Weights) =>
    loss(lastOf(stepThroughTime((t, u) => network(theta, t, u), start, { ...options, corrections }).values));
  return Object.entries({ "implicit, trapezoid": implicitLoss(options), "through the steps, trapezoid": bySteps }).map(
    ([name, f]) => {
      let plan = compile(trace(loss, start));
      const compilation = processorTime(() => {
        plan = compile(trace(grad(f), weights));
      });
      const error = relativeError(entriesOf(plan.run([weights]) as unknown as Weights), reference);
      return { name, nodes, compilation, milliseconds: millisecondsFor(() => plan.run([weights])), error };
    },
  );
}
