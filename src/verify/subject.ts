// What is differentiated: which function, with respect to which tensors, and what are they called?
import { vjp } from "../calculus/index.js";
import { concat, reshape, toTensor } from "../primitives/index.js";
import { replaySlots } from "../readings/index.js";
import { type TracedProgram, traceAs } from "../tape/index.js";
import {
  checkAlike,
  checkFunction,
  DomainError,
  flattenTree,
  type Shape,
  sizeOf,
  Tensor,
  TraceError,
  type TreeForm,
  unflattenTree,
} from "../tensor/index.js";

/** A function of tensors or trees of them, which returns a tensor. */
export type AnyFunction = (...xs: never[]) => unknown;

/** f as a function of a list of tensors: its arguments' and, if it can be traced, what it closes over. */
export interface Subject {
  readonly f: (xs: readonly Tensor[]) => Tensor;
  readonly xs: readonly Tensor[];
  readonly names: readonly string[];
  readonly unused: readonly string[];
  /** Whether f can be traced. */
  readonly traceable: boolean;
  /** The gradient, where it does not come from f. */
  readonly given?: readonly Tensor[];
}

/** The place of an entry in a tensor. */
export function indexOf(entry: number, shape: Shape): number[] {
  let rest = entry;
  return [...shape].reverse().reduce((index: number[], n) => {
    index.unshift(rest % n);
    rest = Math.floor(rest / n);
    return index;
  }, []);
}

/** "xs[0].weight" for each tensor of a tree, in order. */
function pathsOf(form: TreeForm, path: string): string[] {
  if (form === "leaf") return [path];
  return "array" in form
    ? form.array.flatMap((child, i) => pathsOf(child, `${path}[${i}]`))
    : form.record.flatMap(([key, child]) => pathsOf(child, `${path}.${key}`));
}

/** The tensor of a shape that is 1 in one entry, and 0 elsewhere. */
export const basis = (shape: Shape, entry: number): Tensor => {
  const data = new Float64Array(sizeOf(shape));
  data[entry] = 1;
  return new Tensor(shape, data);
};

/** The program of f, or nothing for a function that reads values. */
function traced(operation: string, f: AnyFunction, args: readonly unknown[]): TracedProgram | undefined {
  try {
    return traceAs(operation, f, args);
  } catch (error) {
    if (error instanceof TraceError) return undefined;
    throw error;
  }
}

export function readSubject(operation: string, f: AnyFunction, args: readonly unknown[]): Subject {
  const { leaves, form } = flattenTree(operation, args);
  const names = pathsOf(form, "xs");
  const called = (xs: readonly Tensor[]): Tensor =>
    toTensor(operation, f(...(unflattenTree(form, xs) as never[])) as Tensor);
  const program = traced(operation, f, args);
  // An opaque function is called, and what it closes over stays as it is.
  if (program === undefined) return { f: called, xs: leaves, names, unused: [], traceable: false };
  if (program.outputForm !== "leaf") {
    throw new DomainError(`${operation}: expected f to return one tensor, received a tree; join its parts with concat`);
  }
  const used = new Set(program.steps.flatMap(({ inputs }) => inputs).concat(program.outputs));
  return {
    f: (xs) => {
      const free = xs.slice(leaves.length);
      // f itself runs where it closes over nothing, so that what is checked is what the user calls.
      return free.length === 0 ? called(xs) : replaySlots(program, xs)[0];
    },
    xs: [...leaves, ...program.closure],
    names: [...names, ...program.closure.map((_, i) => `closure[${i}]`)],
    unused: names.filter((_, i) => !used.has(i)),
    traceable: true,
  };
}

/** A scalar function that is only called, with its gradient from elsewhere. */
export function readGiven(operation: string, f: AnyFunction, args: readonly unknown[], gradient: AnyFunction): Subject {
  checkFunction(`${operation}: gradient`, gradient);
  const like = flattenTree(operation, args);
  const given = flattenTree(`${operation}: gradient`, gradient(...(args as never[])));
  checkAlike(`${operation}: expected a gradient for each of the arguments,`, given, like);
  const called = (xs: readonly Tensor[]): Tensor =>
    toTensor(operation, f(...(unflattenTree(like.form, xs) as never[])) as Tensor);
  if (sizeOf(called(like.leaves).shape) !== 1) {
    throw new DomainError(`${operation}: expected f to return one number, as a gradient is given, received more`);
  }
  const traceable = traced(operation, called as AnyFunction, [like.leaves]) !== undefined;
  return { f: called, xs: like.leaves, names: pathsOf(like.form, "xs"), unused: [], given: given.leaves, traceable };
}

/** Σ⟨w, f⟩ differentiated: the gradient as one vector, whose own derivative is then checked. */
export function gradientOf({ f, ...rest }: Subject): Subject {
  return {
    ...rest,
    f: (xs) => {
      const { value, pull } = vjp((ys: readonly Tensor[]) => f(ys), xs);
      const size = sizeOf(value.shape);
      const weights = new Tensor(
        value.shape,
        Float64Array.from({ length: size }, (_, i) => 1 / (1 + i)),
      );
      const [cotangents] = pull(weights) as unknown as [readonly Tensor[]];
      return concat(cotangents.map((g) => reshape(g, [sizeOf(g.shape)])));
    },
  };
}
