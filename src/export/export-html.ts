// How does a model become one page that computes by itself?
import { crc32 } from "../io/crc.js";
import { type Primitive, type TracedProgram, traceAs, unheard } from "../tape/index.js";
import { checkOptions, nextSerial, type Shape, ShapeError, showShape, sizeOf, tracedTensor } from "../tensor/index.js";
import { bytesOf, toBase64 } from "./bytes.js";
import { encodeProgram, makePool } from "./encode.js";
import { scripts, style } from "./engines.js";
import type { ExportOptions, Model } from "./model.js";
import { operationsOfFunctions } from "./page/more-operations.js";
import { operationsOfSolves } from "./page/operations.js";
import { frame } from "./page-frame.js";
import type { EncodedProgram, Payload } from "./payload.js";
import { checkModel, checkText, readData, readFractional, readInputs, readOutputs } from "./read-model.js";

const operation = "exportHtml";

/**
 * A model as one HTML page without anything from elsewhere: sliders for its inputs, a picture of its outputs that follows
 * them, and a button by which the reader checks its gradients: reverse mode against forward mode and differences.
 *
 * The model is y = f(x), an equilibrium z = cell(z, x), or D^α u = field(t, u); its functions are traced, so they may use any
 * operation that the page has, and what they close over is their weights, exact to the last bit. Labels are text, the page
 * executes no data, and its content security policy allows its own script only and no network.
 *
 * @throws DomainError for a weight that is not finite, an operation that the page does not have, and options that are not
 * known or do not fit the model.
 * @throws ShapeError if a function of the model does not give the shape that its kind asks for.
 * @example
 * const w = tensor([[2], [-1]]);
 * const inputs = ["a", "b"].map((label) => ({ label, from: 0, to: 1, value: 0.5 }));
 * exportHtml({ kind: "function", f: (x) => tanh(matmul(x, w)) }, { title: "Two weights", inputs }).startsWith("<!doctype html>") // → true
 */
export function exportHtml(model: Model, options: ExportOptions): string {
  checkOptions(operation, options ?? {}, ["title", "description", "inputs", "outputs", "data"]);
  checkModel(model);
  const title = checkText("title", options?.title);
  const description = options.description === undefined ? "" : checkText("description", options.description);
  const script = scripts[model.kind];
  if (script === undefined) {
    throw new Error(
      `${operation}: expected the script of a page, which npm run build writes, received sources that were not built`,
    );
  }
  const { payload, numbers } = unheard(() => payloadOf(model, options));
  return frame({ title, description, payload, numbers, script, style });
}

type Tracer = (f: unknown, shapes: readonly Shape[]) => TracedProgram;

function payloadOf(model: Model, options: ExportOptions): { payload: Payload; numbers: string } {
  const before = nextSerial();
  const pool = makePool(operation);
  const list: readonly Primitive[] = model.kind === "function" ? operationsOfFunctions : operationsOfSolves;
  const operations = new Map(list.map((primitive) => [primitive.name, primitive]));
  const traced: Tracer = (f, shapes) => traceAs(operation, f as (...xs: never[]) => unknown, shapes.map(tracedTensor));
  const encode = (program: TracedProgram): EncodedProgram =>
    encodeProgram(operation, program, { pool, operations, before });
  const description = describeModel(model, options, traced, encode);
  const bytes = bytesOf(pool.tensors.map(({ data }) => data));
  return {
    payload: { ...description, kind: model.kind, pool: pool.shapes, check: crc32(bytes) },
    numbers: toBase64(bytes),
  };
}

/** All but the numbers. */
function describeModel(
  model: Model,
  options: ExportOptions,
  traced: Tracer,
  encode: (program: TracedProgram) => EncodedProgram,
): Omit<Payload, "kind" | "pool" | "check"> {
  if (model.kind === "fractional") {
    const states = model.initial.length;
    const outputs = readOutputs(options, states, "u");
    checkOptions(`${operation}: options of a fractional equation`, options, [
      "title",
      "description",
      "outputs",
      "data",
    ]);
    const nodes = [1, model.steps + 1];
    const programs = nodes.map((K) =>
      expectShape(
        "field",
        traced(model.field, [
          [K, 1],
          [K, states],
        ]),
        [K, states],
      ),
    );
    const data = readData(options.data, 1, states);
    return { ...readFractional(model, outputs), outputs, data, programs: programs.map(encode), size: model.steps };
  }
  const inputs = readInputs(options);
  const x = [inputs.length];
  if (model.kind === "function") {
    const program = traced(model.f, [x]);
    const outputs = readOutputs(options, lengthOf("f", program), "y");
    return {
      inputs,
      outputs,
      data: readData(options.data, inputs.length, outputs.length),
      programs: [encode(program)],
    };
  }
  const { size, cell, readout } = model;
  const programs = [expectShape("cell", traced(cell, [[size], x]), [size])];
  if (readout) programs.push(traced(readout, [[size]]));
  const count = readout ? lengthOf("readout", programs[1]) : size;
  const outputs = readOutputs(options, count, readout ? "y" : "z");
  return { inputs, outputs, data: readData(options.data, inputs.length, count), programs: programs.map(encode), size };
}

/** The shape of the one tensor that a function gives. @throws ShapeError if it gives a tree. */
function resultOf(name: string, { outputForm, outputs, shapes }: TracedProgram): Shape {
  if (outputForm === "leaf") return shapes[outputs[0]];
  throw new ShapeError(`${operation}: expected ${name} to give one tensor, received an array or record`);
}

function expectShape(name: string, program: TracedProgram, shape: Shape): TracedProgram {
  const received = showShape(resultOf(name, program));
  if (received === showShape(shape)) return program;
  throw new ShapeError(`${operation}: expected ${name} to give the shape ${showShape(shape)}, received ${received}`);
}

/** @throws ShapeError unless the function gives a vector or a scalar. */
function lengthOf(name: string, program: TracedProgram): number {
  const shape = resultOf(name, program);
  if (shape.length <= 1 && sizeOf(shape) > 0) return sizeOf(shape);
  throw new ShapeError(
    `${operation}: expected ${name} to give a vector or a scalar, received the shape ${showShape(shape)}`,
  );
}
