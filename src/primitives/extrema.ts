// Which entry is the largest or the smallest, how large is it, and who receives its cotangent?
import { apply1, type Primitive } from "../tape/index.js";
import { DomainError, showShape, type Tensor } from "../tensor/index.js";
import { argmaxRows, maxRows, minRows } from "../typed-array-ops/index.js";
import { div, neg, sub } from "./arithmetic.js";
import { greater } from "./comparisons.js";
import { expandDims } from "./layout.js";
import { type Axes, type ReductionOptions, rowsOf, sum } from "./reductions.js";
import { where } from "./selection.js";
import { type TensorLike, toTensor } from "./words.js";

/**
 * The extreme entry of each row of a matrix. Those that `misses` does not strike out share the derivative: its tangent
 * is the mean of theirs.
 */
function extremeOfRows<Name extends string>(
  name: Name,
  loop: (out: Float64Array, x: Float64Array, n: number) => void,
  misses: (extreme: Tensor, x: Tensor) => Tensor,
): Primitive<void, Name> {
  const ties = (x: Tensor, y: Tensor): { missed: Tensor; count: Tensor } => {
    const missed = misses(expandDims(y, 1), x);
    return { missed, count: sum(sub(1, missed), 1) };
  };
  return {
    name,
    shapes: ([[m]]) => [[m]],
    kernel:
      ([[, n]]) =>
      ([out], [x]) =>
        loop(out, x, n),
    vjp([g], [y], [x]) {
      const { missed, count } = ties(x, y);
      return [where(missed, 0, expandDims(div(g as Tensor, count), 1))];
    },
    jvp([dx], [y], [x]) {
      const { missed, count } = ties(x, y);
      return [dx && div(sum(where(missed, 0, dx), 1), count)];
    },
  };
}

export const maxPrimitive: Primitive<void, "max"> = /* @__PURE__ */ extremeOfRows("max", maxRows, (y, x) =>
  greater(y, x),
);
export const minPrimitive: Primitive<void, "min"> = /* @__PURE__ */ extremeOfRows("min", minRows, (y, x) =>
  greater(x, y),
);

/** Where the largest entry of each row of a matrix stands; piecewise constant. */
export const argmaxPrimitive: Primitive<void, "argmax"> = {
  name: "argmax",
  shapes: ([[m]]) => [[m]],
  kernel:
    ([[, n]]) =>
    ([out], [x]) =>
      argmaxRows(out, x, n),
  vjp: () => [undefined],
  jvp: () => [undefined],
};

function extremum(
  operation: string,
  primitive: Primitive<void>,
  x: TensorLike,
  axes: Axes,
  options: ReductionOptions,
): Tensor {
  const from = toTensor(operation, x);
  const { rows, finish } = rowsOf(operation, from, axes, options);
  if (rows.shape[1] === 0) {
    throw new DomainError(
      `${operation}: expected at least one entry to choose from, received shape ${showShape(from.shape)}, of which ` +
        "the reduced axes have none",
    );
  }
  return finish(apply1(primitive, [rows], undefined));
}

/**
 * The largest entry over the given axes, or over all; NaN if there is one. Several largest entries share the derivative
 * equally.
 *
 * @throws DomainError if there are no entries to choose from, or an axis does not exist or is named twice.
 * @example max(tensor([[1, 5], [7, 3]]), 1).toArray() // → [5, 7]
 * @example grad((x) => max(x))(tensor([4, 1, 4])).toArray() // → [0.5, 0, 0.5]
 */
export const max = (x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor =>
  extremum("max", maxPrimitive, x, axes, options);

/**
 * The smallest entry over the given axes, or over all: the counterpart of max.
 *
 * @throws DomainError if there are no entries to choose from, or an axis does not exist or is named twice.
 * @example min(tensor([[1, 5], [7, 3]]), 0).toArray() // → [1, 3]
 */
export const min = (x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor =>
  extremum("min", minPrimitive, x, axes, options);

/**
 * Where the largest entry stands along the given axes, counted in their row-major order if there are several, or among
 * all entries: the first of several, and the first NaN if there is one. It has no derivative.
 *
 * @throws DomainError if there are no entries to choose from, or an axis does not exist or is named twice.
 * @example argmax(tensor([[1, 5, 5], [7, 3, 0]]), 1).toArray() // → [1, 0]
 */
export const argmax = (x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor =>
  extremum("argmax", argmaxPrimitive, x, axes, options);

/**
 * Where the smallest entry stands, with the rules of argmax.
 *
 * @throws DomainError if there are no entries to choose from, or an axis does not exist or is named twice.
 * @example argmin(tensor([[1, 5, 1], [7, 3, 0]]), 1).toArray() // → [0, 2]
 */
export const argmin = (x: TensorLike, axes?: Axes, options: ReductionOptions = {}): Tensor =>
  extremum("argmin", argmaxPrimitive, neg(toTensor("argmin", x)), axes, options);
