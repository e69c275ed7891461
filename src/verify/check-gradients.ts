// Is a gradient right, entry by entry?
//
// Three witnesses that know nothing of each other: reverse mode, forward mode (both must be the same matrix, to rounding),
// and differences of f itself, which know no rule at all but say how far they can be trusted.
import { jvp, vjp } from "../calculus/index.js";
import { add, concat, mul, reshape, toTensor } from "../primitives/index.js";
import { replaySlots } from "../readings/index.js";
import { type TracedProgram, traceAs } from "../tape/index.js";
import {
  checkAlike,
  checkFunction,
  checkNumber,
  checkOptions,
  DomainError,
  flattenTree,
  type Shape,
  sizeOf,
  Tensor,
  TraceError,
  type TreeForm,
  unflattenTree,
} from "../tensor/index.js";
import { maxAbs } from "../typed-array-ops/index.js";
import { type Entry, type GradientReport, type Method, tell } from "./report.js";
import { slopes } from "./slopes.js";

export interface CheckOptions {
  /** 1: the derivative; 2: that of the gradient too. Default 1. */
  readonly order?: 1 | 2;
  /** Largest relative error of an entry; default 1e-9. */
  readonly tolerance?: number;
  /**
   * The gradient of a scalar f from elsewhere, by hand or in another language: an array with one tree for each argument. f
   * may then be any function of values, and may return a plain number; it is only called.
   */
  readonly gradient?: (...xs: never[]) => readonly unknown[];
}

type F = (...xs: never[]) => unknown;

/** f as a function of a list of tensors: its arguments' and, if it can be traced, what it closes over. */
interface Subject {
  readonly f: (xs: readonly Tensor[]) => Tensor;
  readonly xs: readonly Tensor[];
  readonly names: readonly string[];
  readonly unused: readonly string[];
  /** The gradient, where it does not come from f. */
  readonly given?: readonly Tensor[];
}

/** Reverse and forward mode differ by rounding alone. */
const rounding = { entry: 1e-11, matrix: 1e-13 };

/** The place of an entry in a tensor. */
function indexOf(entry: number, shape: Shape): number[] {
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

const basis = (shape: Shape, entry: number): Tensor => {
  const data = new Float64Array(sizeOf(shape));
  data[entry] = 1;
  return new Tensor(shape, data);
};

function readSubject(operation: string, f: F, args: readonly unknown[]): Subject {
  const { leaves, form } = flattenTree(operation, args);
  const names = pathsOf(form, "xs");
  const called = (xs: readonly Tensor[]): Tensor =>
    toTensor(operation, f(...(unflattenTree(form, xs) as never[])) as Tensor);
  let program: TracedProgram;
  try {
    program = traceAs(operation, f, args);
  } catch (error) {
    // A function that reads values is opaque: it is called, and what it closes over stays as it is.
    if (error instanceof TraceError) return { f: called, xs: leaves, names, unused: [] };
    throw error;
  }
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
  };
}

/** A scalar function that is only called, with its gradient from elsewhere. */
function readGiven(operation: string, f: F, args: readonly unknown[], gradient: F): Subject {
  checkFunction(`${operation}: gradient`, gradient);
  const like = flattenTree(operation, args);
  const given = flattenTree(`${operation}: gradient`, gradient(...(args as never[])));
  checkAlike(`${operation}: expected a gradient for each of the arguments,`, given, like);
  const called = (xs: readonly Tensor[]): Tensor =>
    toTensor(operation, f(...(unflattenTree(like.form, xs) as never[])) as Tensor);
  if (sizeOf(called(like.leaves).shape) !== 1) {
    throw new DomainError(`${operation}: expected f to return one number, as a gradient is given, received more`);
  }
  return { f: called, xs: like.leaves, names: pathsOf(like.form, "xs"), unused: [], given: given.leaves };
}

/** Σ⟨w, f⟩ differentiated: the gradient as one vector, whose own derivative is then checked. */
function gradientOf({ f, ...rest }: Subject): Subject {
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

/** The derivative in reverse mode: for each entry of the value one row, as tensors like the inputs. */
function rowsOf(f: Subject["f"], xs: readonly Tensor[], shape: Shape): (readonly Tensor[])[] {
  const { pull } = vjp((ys: readonly Tensor[]) => f(ys), xs);
  return Array.from(
    { length: sizeOf(shape) },
    (_, entry) => (pull(basis(shape, entry)) as unknown as [readonly Tensor[]])[0],
  );
}

/** Compares the witnesses for every entry of the derivative. */
function compare({ f, xs, names, unused, given }: Subject, tolerance: number): GradientReport {
  const methods: Method[] = ["determinism", ...(given ? [] : (["forward mode"] as const)), "differences"];
  const facts = { checked: 0, skipped: 0, inconclusive: 0, failures: [] as Entry[], methods, unused };
  let worst: Entry | undefined;
  const before = xs.map((x) => x.data.slice());
  const [first, second] = [f(xs), f(xs)];
  if (first.data.some((value, i) => !Object.is(value, second.data[i]))) {
    return tell({ ...facts, worst }, "f is not deterministic: two calls with the same arguments gave different values");
  }
  const largest = maxAbs(first.data);
  const rows = given === undefined ? rowsOf(f, xs, first.shape) : [given];

  xs.forEach((x, input) => {
    const matrix = rows.reduce((most, row) => row[input].data.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
    for (let entry = 0; entry < x.data.length; entry++) {
      // What a derivative is small beside: the largest in the matrix, and that of f itself over the size of x.
      const scale = Math.max(matrix, largest / (1 + Math.abs(x.data[entry])));
      const dx = given ? [] : xs.map((y, i) => (i === input ? basis(y.shape, entry) : mul(0, y)));
      const column = given ? undefined : jvp((ys: readonly Tensor[]) => f(ys), [xs], [dx]).tangent.data;
      const along = (s: number): Float64Array =>
        f(xs.map((y, i) => (i === input ? add(y, mul(s, basis(y.shape, entry))) : y))).data;
      slopes(along, x.data[entry]).forEach((slope, output) => {
        const received = rows[output][input].data[entry];
        const judge = (expected: number, method: Method, allowed: number): void => {
          const difference = Object.is(received, expected) ? 0 : Math.abs(received - expected);
          const size = Math.max(Math.abs(received), Math.abs(expected));
          const place = { input: names[input], index: indexOf(entry, x.shape), output: indexOf(output, first.shape) };
          const found = {
            ...place,
            expected,
            received,
            relativeError: difference === 0 ? 0 : difference / size,
            method,
          };
          if (!(difference <= allowed)) facts.failures.push(found);
          if (worst === undefined || !(found.relativeError <= worst.relativeError)) worst = found;
        };
        if (column !== undefined) {
          const size = Math.max(Math.abs(received), Math.abs(column[output]));
          judge(column[output], "forward mode", rounding.entry * size + rounding.matrix * scale);
        }
        if (slope.kink) {
          facts.skipped++;
        } else if (!(slope.error <= tolerance * Math.max(Math.abs(slope.value), scale))) {
          facts.inconclusive++;
        } else {
          facts.checked++;
          judge(
            slope.value,
            "differences",
            tolerance * Math.max(Math.abs(received), Math.abs(slope.value)) + 4 * slope.error,
          );
        }
      });
    }
  });
  const modified = xs.findIndex((x, i) => x.data.some((value, e) => !Object.is(value, before[i][e])));
  const problem = modified < 0 ? undefined : `f modified its argument ${names[modified]}`;
  return tell({ ...facts, worst: worstOf(facts.failures) ?? worst }, problem);
}

const worstOf = (failures: readonly Entry[]): Entry | undefined =>
  failures.reduce<Entry | undefined>(
    (most, entry) => (most === undefined || entry.relativeError > most.relativeError ? entry : most),
    undefined,
  );

/**
 * Whether reverse mode, forward mode and differences of f agree in every entry of ∂f/∂x, for all tensors of the arguments
 * and all that f closes over; at order 2 in the derivative of the gradient too. Entries at kinks are skipped, and those that
 * differences cannot resolve are counted, not passed.
 *
 * @param f a function of xs that returns one tensor of any shape
 * @param xs its arguments, in an array; each a tensor or a tree
 * @throws DomainError if an option is out of range or f returns a tree.
 * @source Griewank and Walther (2008), Evaluating Derivatives, section 3.2, for ⟨u, J v⟩ = ⟨Jᵀ u, v⟩
 * @example checkGradients((x, y) => mul(sin(x), y), [tensor([1, 2]), tensor(3)]).ok // → true
 */
export function checkGradients(f: F, xs: readonly unknown[], options: CheckOptions = {}): GradientReport {
  return checkAs("checkGradients", f, xs, options);
}

function checkAs(operation: string, f: F, xs: readonly unknown[], options: CheckOptions): GradientReport {
  checkFunction(operation, f);
  checkOptions(operation, options, ["order", "tolerance", "gradient"]);
  if (!Array.isArray(xs)) {
    throw new DomainError(`${operation}: expected an array of arguments, as in ${operation}(f, [x])`);
  }
  const order = checkNumber(operation, "order", options.order ?? 1, "1 or 2", (n) => n === 1 || n === 2);
  const tolerance = checkNumber(operation, "tolerance", options.tolerance ?? 1e-9, "a number > 0", (x) => x > 0);
  if (options.gradient !== undefined) {
    if (order === 2) throw new DomainError(`${operation}: expected order 1 where a gradient is given, received 2`);
    return compare(readGiven(operation, f, xs, options.gradient), tolerance);
  }
  const subject = readSubject(operation, f, xs);
  const report = compare(subject, tolerance);
  return order === 1 || !report.ok ? report : compare(gradientOf(subject), tolerance);
}

/**
 * `checkGradients` that throws where gradients disagree.
 *
 * @throws DomainError with the text of the report.
 * @example assertGradients((x) => mul(x, x), [tensor([1, 2])]) // → undefined
 */
export function assertGradients(f: F, xs: readonly unknown[], options: CheckOptions = {}): void {
  const { ok, text } = checkAs("assertGradients", f, xs, options);
  if (!ok) throw new DomainError(`assertGradients: expected right gradients, received: ${text}`);
}
