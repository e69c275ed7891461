// Which operation made the first NaN or infinity?
import { type Primitive, watch } from "../tape/index.js";
import { AnomalyError, showShape, type Tensor } from "../tensor/index.js";

const isFinite = (x: Tensor): boolean => x.data.every(Number.isFinite);

/** The smallest and the largest entry, and how many are not finite. */
function range({ data, shape }: Tensor): string {
  let least = Infinity;
  let most = -Infinity;
  let others = 0;
  for (const value of data) {
    if (!Number.isFinite(value)) others++;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const extent = data.length === 0 ? "empty" : Number.isNaN(least) ? "" : `from ${least} to ${most}`;
  return `${showShape(shape)} ${[extent, others > 0 ? `${others} not finite` : ""].filter(Boolean).join(", ")}`;
}

/** Where in the caller's code the library was called, as the engine words it. */
function callerLine(): string {
  const { url = "" } = import.meta as unknown as { url?: string };
  // The files of the library lie below this folder, unless they were bundled into one with the caller's.
  const home = url.replace("file://", "").split("/verify/anomalies")[0];
  // V8 keeps ten frames unless it is told otherwise, and rules may stand deeper than that.
  const engine = Error as { stackTraceLimit?: number };
  const before = engine.stackTraceLimit;
  engine.stackTraceLimit = 200;
  const frames = (new Error().stack ?? "").split("\n").slice(1);
  if (before !== undefined) engine.stackTraceLimit = before;
  const outside = frames.find((frame) => /:\d+:\d+/.test(frame) && (home === "" || !frame.includes(`${home}/`)));
  return (outside ?? "at an unknown line").trim();
}

/** @throws AnomalyError if the outputs are not finite although the inputs are */
function checkFinite(primitive: Primitive, inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
  if (outputs.every(isFinite) || !inputs.every(isFinite)) return;
  throw new AnomalyError(
    `${primitive.name}: expected finite values, received ${outputs.map(range).join("; ")} from finite inputs ` +
      `${inputs.map(range).join("; ")}, ${callerLine()}`,
  );
}

/**
 * Runs f and stops at the first operation that makes a NaN or an infinity from finite values, forwards or backwards:
 * the error names it with its shapes, the ranges of its inputs, and the caller's line. Slow; plans are not looked into.
 *
 * @throws AnomalyError
 * @example detectAnomalies(() => log(tensor(0))) // → throws AnomalyError: log: expected finite values
 */
export const detectAnomalies = <T>(f: () => T): T =>
  watch((primitive, inputs, outputs) => {
    if (![...inputs, ...outputs].some((x) => x.traced)) checkFinite(primitive, inputs, outputs);
    return callerLine();
  }, f);
