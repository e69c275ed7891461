// Who is listening when an operation is applied?
import { type Shape, sizeOf, Tensor, tracedTensor } from "../tensor/index.js";
import { allocate } from "./memory.js";
import type { Application, Kernel, Primitive, Tape } from "./primitive.js";

/** Is shown an application, traced ones included, and says where in the caller's code it happened. */
export type Watcher = (primitive: Primitive, inputs: readonly Tensor[], outputs: readonly Tensor[]) => string;

/**
 * The only state that operations depend on: the tapes that listen now, whether operations run or are only written down, and who
 * watches their results.
 * All tapes receive the same application, so that an outer derivative sees what an inner one did.
 */
let listening: readonly Application[][] = [];
let tracing = false;
let watcher: Watcher | undefined;

/**
 * How many tapes listen now; 0 outside every derivative and trace, also after an exception.
 *
 * @example listeningTapes() // → 0
 */
export const listeningTapes = (): number => listening.length;

/** Applies a primitive: runs its kernel (unless a program is being traced) and tells every listening tape. */
export function apply<P>(primitive: Primitive<P>, inputs: readonly Tensor[], parameters: P): Tensor[] {
  const shapesIn = inputs.map((x) => x.shape);
  const shapes = primitive.shapes(shapesIn, parameters);
  const outputs = tracing ? shapes.map(tracedTensor) : evaluate(primitive, inputs, parameters, shapesIn, shapes);
  const origin = watcher?.(primitive as Primitive, inputs, outputs);
  if (listening.length > 0) {
    const application = { primitive: primitive as Primitive, inputs, outputs, parameters, origin };
    for (const tape of listening) tape.push(application);
  }
  return outputs;
}

/** `apply` for a primitive with one output. */
export const apply1 = <P>(primitive: Primitive<P>, inputs: readonly Tensor[], parameters: P): Tensor =>
  apply(primitive, inputs, parameters)[0];

function evaluate<P>(
  primitive: Primitive<P>,
  inputs: readonly Tensor[],
  parameters: P,
  shapesIn: readonly Shape[],
  shapes: readonly Shape[],
): Tensor[] {
  if (primitive.view) return [new Tensor(shapes[0], inputs[0].data)];
  const data = inputs.map((x) => x.data);
  const outputs = shapes.map((shape) => allocate(sizeOf(shape)));
  const run: Kernel = primitive.kernel(shapesIn, parameters);
  run(outputs, data);
  return outputs.map((out, i) => new Tensor(shapes[i], out));
}

/** Runs f while every application is shown to `look`. */
export function watch<T>(look: Watcher, f: () => T): T {
  const before = watcher;
  watcher = look;
  try {
    return f();
  } finally {
    watcher = before;
  }
}

/** Runs f while exactly these tapes listen; what listened before listens again afterwards, exceptions included. */
function withState<T>(tapes: readonly Application[][], traced: boolean, f: () => T): T {
  const before = listening;
  const tracedBefore = tracing;
  listening = tapes;
  tracing = traced;
  try {
    return f();
  } finally {
    listening = before;
    tracing = tracedBefore;
  }
}

/** Runs f and writes down what it applied; tapes that listen already keep listening. */
export function record<T>(f: () => T): { result: T; tape: Tape } {
  const tape: Application[] = [];
  const result = withState([...listening, tape], tracing, f);
  return { result, tape };
}

/** Runs f without computing: its operations are written down with shapes only, and no outer tape hears of them. */
export function recordTraced<T>(f: () => T): { result: T; tape: Tape } {
  const tape: Application[] = [];
  const result = withState([tape], true, f);
  return { result, tape };
}

/** Runs f unheard, on values. */
export const unheard = <T>(f: () => T): T => withState([], false, f);

/** Whether operations are being traced: their results have no values. */
export const isTracing = (): boolean => tracing;
