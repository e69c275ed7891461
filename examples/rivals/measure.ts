// How wrong is each gradient, and what does it cost?
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { grad } from "stillpoint";
import { type SteppingOptions, stepThroughTime } from "stillpoint/fractional";
import { median } from "../shared/numbers.js";
import {
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
  /** Of a forward and a backward pass. */
  readonly milliseconds: number;
  /** That are alive between them because of them. */
  readonly bytes: number;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function aliveBytes(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * Bytes on the heap and in buffers after a garbage collection, with the forward pass done and the backward pass to come: of `copies` forward
 * passes that wait at once, so that noise of the engine counts less.
 */
function bytesHeld(method: Method, order: number, nodes: number, copies: number): number {
  const tries = Array.from({ length: 3 }, () => {
    const before = aliveBytes();
    const waiting = Array.from({ length: copies }, () => method.forward(order, nodes));
    const after = aliveBytes();
    for (const forward of waiting) forward.pull();
    return (after - before) / copies;
  });
  return Math.max(0, median(tries));
}

/** The median of some runs; a run that takes longer than a second is believed. */
function millisecondsFor(method: Method, order: number, nodes: number): number {
  const times: number[] = [];
  for (let run = 0; run < 5; run++) {
    const begun = performance.now();
    method.forward(order, nodes).pull();
    times.push(performance.now() - begun);
    if (times[0] > 1000) break;
  }
  return median(times);
}

export function costOf(method: Method, order: number, nodes: number): Cost {
  const milliseconds = millisecondsFor(method, order, nodes);
  const bytes = bytesHeld(method, order, nodes, milliseconds < 100 ? 10 : 1);
  return { method: method.name, order, nodes, milliseconds, bytes };
}

export interface Count extends Counts {
  readonly method: MethodName;
}

export const countOf = (method: Method, order: number, nodes: number): Count => ({
  method: method.name,
  ...method.count(order, nodes),
});
