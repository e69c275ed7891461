// What is a tensor?
import { DomainError, describe, ShapeError, TraceError } from "./errors.js";
import { checkShape, type Shape, showShape, sizeOf } from "./shape.js";

/** Numbers nested to any depth, as `toArray` gives and `tensor` takes. */
export type Nested = number | readonly Nested[];

let made = 0;

/** The number that the next tensor will get. */
export const nextSerial = (): number => made;

/**
 * An immutable array of float64 in row-major order.
 *
 * A *traced* tensor stands for a value while a function is written down as a program: it has a shape and no data.
 * A *literal* is a plain number that took part in an operation; programs keep it, as they keep the operation itself.
 */
export class Tensor {
  readonly shape: Shape;
  readonly literal: boolean;
  /** Tensors are numbered as they are made: so it can be told which ones a function made itself. */
  readonly serial: number = made++;
  readonly #data: Float64Array | undefined;

  constructor(shape: Shape, data: Float64Array | undefined, literal = false) {
    this.shape = shape;
    this.#data = data;
    this.literal = literal;
  }

  /** Whether the tensor stands in a program and has no data. */
  get traced(): boolean {
    return this.#data === undefined;
  }

  /**
   * The entries in row-major order. They are shared, not copied: do not write to them. Their buffer may hold other tensors, too:
   * what is transferred to a worker, which takes a whole buffer away, is `data.slice()`.
   */
  get data(): Float64Array {
    return this.#data ?? refuse(this.shape);
  }

  /** The only entry of a tensor of size one. @throws ShapeError if there are more or none. */
  item(): number {
    const { data } = this;
    if (data.length !== 1) {
      throw new ShapeError(
        `item: expected one entry, received shape ${showShape(this.shape)} with ${data.length}; toArray gives them all`,
      );
    }
    return data[0];
  }

  /** Refuses `x > 0`, `x + 1` and their like, which JavaScript would answer with a text or NaN. @throws DomainError */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return `tensor of shape ${showShape(this.shape)}`;
    throw new DomainError(
      `tensor: expected an operation such as add(x, 1) or greater(x, 0), received an operator of JavaScript on a tensor ` +
        `of shape ${showShape(this.shape)}; x.item() is the number in a tensor of one entry`,
    );
  }

  /** The entries as nested arrays; a plain number for a scalar. */
  toArray(): Nested {
    return nest(this.data, this.shape, 0, 0);
  }
}

function refuse(shape: Shape): never {
  throw new TraceError(
    `tensor: expected values, received a traced tensor of shape ${showShape(shape)}: while a function is traced its ` +
      "tensors have no data, so that no branch can be frozen unseen; choose with where, repeat with scan, and read " +
      "values outside",
  );
}

function nest(data: Float64Array, shape: Shape, axis: number, offset: number): Nested {
  if (axis === shape.length) return data[offset];
  const stride = sizeOf(shape.slice(axis + 1));
  return Array.from({ length: shape[axis] }, (_, i) => nest(data, shape, axis + 1, offset + i * stride));
}

/** A plain number as a scalar tensor, which programs keep as they keep operations. */
export const literalTensor = (value: number): Tensor => new Tensor([], Float64Array.of(value), true);

/** A tensor that has a shape and no data. */
export const tracedTensor = (shape: Shape): Tensor => new Tensor(shape, undefined);

/**
 * A tensor from a number, nested arrays or a Float64Array, which is copied.
 *
 * @throws ShapeError if rows differ in length or the shape does not hold the values.
 * @example tensor([[1, 2], [3, 4]]).shape // → [2, 2]
 * @example tensor(new Float64Array(6), [2, 3]).toArray() // → [[0, 0, 0], [0, 0, 0]]
 */
export function tensor(values: Nested | Float64Array, shape?: Shape): Tensor {
  const { data, natural } =
    values instanceof Float64Array ? { data: values.slice(), natural: [values.length] } : flatten(values);
  if (shape === undefined) return new Tensor(natural, data);
  checkShape("tensor", shape);
  if (sizeOf(shape) !== data.length) {
    throw new ShapeError(
      `tensor: expected ${sizeOf(shape)} values for shape ${showShape(shape)}, received ${data.length}`,
    );
  }
  return new Tensor([...shape], data);
}

function flatten(values: Nested): { data: Float64Array; natural: Shape } {
  const natural: number[] = [];
  for (let level: Nested = values; Array.isArray(level); level = level[0] as Nested) {
    natural.push(level.length);
    if (level.length === 0) break;
  }
  const data = new Float64Array(sizeOf(natural));
  let next = 0;
  const visit = (value: Nested, axis: number, path: string): void => {
    if (axis === natural.length) {
      if (typeof value !== "number") {
        throw new ShapeError(`tensor: expected a number at ${path || "the top"}, received ${describeNested(value)}`);
      }
      data[next++] = value;
      return;
    }
    const rows = value as readonly Nested[];
    if (!Array.isArray(value) || rows.length !== natural[axis]) {
      throw new ShapeError(
        `tensor: expected rows of equal length, received ${describeNested(value)} at ${path}: ` +
          `the first row at this depth has ${natural[axis]}`,
      );
    }
    for (let i = 0; i < rows.length; i++) visit(rows[i], axis + 1, `${path}[${i}]`);
  };
  visit(values, 0, "");
  return { data, natural };
}

function describeNested(value: unknown): string {
  if (Array.isArray(value)) return `${value.length} values`;
  return ArrayBuffer.isView(value) ? "another typed array (Float64Array.from converts it)" : describe(value);
}
