// Which kinds of operation are there, and what does each kind know about its derivatives?
//
//   pointwise   y = φ(x, …) entry by entry      you give φ and its partial derivatives
//   piecewise   the same, of straight pieces    you give φ and its slopes, which are flat
//   linear      y = A x                         you give A and its transpose
//   bilinear    y = B(a, b)                     you give B and its two pull-backs
//
// Rules are written in words (operations on tensors). Broadcasting is done by the words before a primitive is applied,
// so no rule mentions it.
import { apply, type Kernel, type MaybeTensor, type Primitive } from "../tape/index.js";
import { type Shape, ShapeError, sameShape, showShape, type Tensor } from "../tensor/index.js";
import type { Lanes } from "../typed-array-ops/webassembly/lanes.js";
import { add, mul } from "./arithmetic.js";
import { weigh } from "./selection.js";

/** All inputs have one shape, and the output has it too. */
export function oneShape(name: string, inputs: readonly Shape[]): readonly Shape[] {
  for (const shape of inputs) {
    if (!sameShape(shape, inputs[0])) {
      throw new ShapeError(`${name}: expected equal shapes, received ${inputs.map(showShape).join(" and ")}`);
    }
  }
  return [inputs[0]];
}

/** Σ of the terms that are there; nothing if there are none. */
export function sumOf(terms: readonly MaybeTensor[]): MaybeTensor {
  let sum: MaybeTensor;
  for (const term of terms) if (term !== undefined) sum = sum === undefined ? term : add(sum, term);
  return sum;
}

type Loop = (out: Float64Array, ...inputs: Float64Array[]) => void;

function kernelOf(loop: Loop, inputs?: number): Kernel {
  if (inputs === 1) return ([out], [x]) => loop(out, x);
  if (inputs === 2) return ([out], [x, y]) => loop(out, x, y);
  return ([out], xs) => loop(out, ...xs);
}

/** A loop over all entries, alone or with what it does to two numbers at a time. */
type Loops = Loop | readonly [loop: Loop, lanes: Lanes];

/** What is said of an operation entry by entry, but for its derivatives. */
function entrywise<Name extends string>(name: Name, loops: Loops, inputs?: number) {
  const [loop, lanes] = typeof loops === "function" ? [loops] : loops;
  return {
    name,
    ...(lanes ? { lanes } : {}),
    shapes: (shapes: readonly Shape[]) => oneShape(name, shapes),
    kernel: () => kernelOf(loop, inputs),
  };
}

type Partial = (inputs: readonly Tensor[], y: Tensor) => Tensor;

/** y = φ(x₁, …): the partial derivatives ∂φ/∂xᵢ are written with the inputs and y. */
export function pointwise<Name extends string>(
  name: Name,
  loops: Loops,
  ...partials: Partial[]
): Primitive<void, Name> {
  return {
    ...entrywise(name, loops, partials.length),
    vjp: ([g], [y], x, _, wanted) =>
      partials.map((slope, i) => (wanted[i] ? mul(g as Tensor, slope(x, y)) : undefined)),
    jvp: (dx, [y], x) => [sumOf(partials.map((slope, i) => dx[i] && mul(slope(x, y), dx[i])))],
  };
}

/**
 * y = φ(x, …) made of straight pieces: the slopes have no derivative themselves, and a piece of slope 0 passes 0, even
 * from g = ∞.
 */
export function piecewiseLinear<Name extends string>(
  name: Name,
  loops: Loops,
  ...slopes: ((inputs: readonly Tensor[]) => Tensor)[]
): Primitive<void, Name> {
  return {
    ...entrywise(name, loops, slopes.length),
    vjp: ([g], _y, x, _, wanted) => slopes.map((slope, i) => (wanted[i] ? weigh(slope(x), g as Tensor) : undefined)),
    jvp: (dx, _y, x) => [sumOf(slopes.map((slope, i) => dx[i] && weigh(slope(x), dx[i])))],
  };
}

/** A function without a derivative anywhere, such as a comparison: its cotangents and tangents are structural zeros. */
export function flat<Name extends string>(name: Name, loops: Loops): Primitive<void, Name> {
  return {
    ...entrywise(name, loops),
    vjp: (_g, _y, inputs) => inputs.map(() => undefined),
    jvp: () => [undefined],
  };
}

export interface Linear<P> {
  readonly view?: boolean;
  readonly lanes?: Lanes;
  shape(inputs: readonly Shape[], parameters: P): Shape;
  kernel(inputs: readonly Shape[], parameters: P): (out: Float64Array, ...inputs: Float64Array[]) => void;
  /** Σᵢ Aᵢ dxᵢ, where that can be simpler than the primitive itself: nothing for a shape that stays, no zeros for what is not there. */
  push?(dx: readonly MaybeTensor[], parameters: P, inputs: readonly Tensor[]): MaybeTensor;
  /** Aᵢᵀ g */
  pull(g: Tensor, i: number, parameters: P, inputs: readonly Shape[]): Tensor;
}

/** y = Σᵢ Aᵢ xᵢ: the tangent is A dx, and the cotangent Aᵀ g, which is itself an operation. */
export function linear<P, Name extends string>(name: Name, rule: Linear<P>): Primitive<P, Name> {
  const primitive: Primitive<P, Name> = {
    name,
    ...(rule.view ? { view: true } : {}),
    ...(rule.lanes ? { lanes: rule.lanes } : {}),
    shapes: (inputs, parameters) => [rule.shape(inputs, parameters)],
    kernel: (inputs, parameters) => {
      const run = rule.kernel(inputs, parameters);
      return ([out], xs) => run(out, ...xs);
    },
    vjp: ([g], _y, x, parameters, wanted) => {
      const shapes = x.map((xi) => xi.shape);
      return x.map((_, i) => (wanted[i] ? rule.pull(g as Tensor, i, parameters, shapes) : undefined));
    },
    jvp: (dx, _y, x, parameters) =>
      rule.push ? [rule.push(dx, parameters, x)] : apply(primitive, dx as readonly Tensor[], parameters),
  };
  return primitive;
}

export interface Bilinear<P> {
  readonly lanes?: Lanes;
  shape(a: Shape, b: Shape, parameters: P): Shape;
  kernel(a: Shape, b: Shape, parameters: P): (out: Float64Array, a: Float64Array, b: Float64Array) => void;
  apply(a: Tensor, b: Tensor, parameters: P): Tensor;
  /** B(·, b)ᵀ g */
  pullLeft(g: Tensor, b: Tensor, parameters: P): Tensor;
  /** B(a, ·)ᵀ g */
  pullRight(g: Tensor, a: Tensor, parameters: P): Tensor;
}

/** y = B(a, b), linear in each: the tangent is B(da, b) + B(a, db). */
export function bilinear<P, Name extends string>(name: Name, rule: Bilinear<P>): Primitive<P, Name> {
  return {
    name,
    ...(rule.lanes ? { lanes: rule.lanes } : {}),
    shapes: ([a, b], parameters) => [rule.shape(a, b, parameters)],
    kernel: ([a, b], parameters) => {
      const run = rule.kernel(a, b, parameters);
      return ([out], [x, y]) => run(out, x, y);
    },
    vjp: ([g], _y, [a, b], parameters, wanted) => [
      wanted[0] ? rule.pullLeft(g as Tensor, b, parameters) : undefined,
      wanted[1] ? rule.pullRight(g as Tensor, a, parameters) : undefined,
    ],
    jvp: ([da, db], _y, [a, b], parameters) => [
      sumOf([da && rule.apply(da, b, parameters), db && rule.apply(a, db, parameters)]),
    ],
  };
}
