// Is a gradient right, entry by entry?
//
// A function of our operations is replayed in 106 bits (by-oracle.ts); one that reads values is only called (by-differences.ts).
import {
  ConvergenceError,
  checkCount,
  checkFunction,
  checkNumber,
  checkOptions,
  DomainError,
  TraceError,
} from "../tensor/index.js";
import { checkByDifferences } from "./by-differences.js";
import { checkByOracle } from "./by-oracle.js";
import { projected } from "./projections.js";
import type { GradientReport } from "./report.js";
import { type AnyFunction, gradientOf, readGiven, readSubject, type Subject } from "./subject.js";

export interface CheckOptions {
  /** 1: the derivative; 2: that of the gradient too. Default 1. */
  readonly order?: 1 | 2;
  /** Largest relative error of an entry; default 5e-10. Rules that the oracle replays must hold to a thousandth of it. */
  readonly tolerance?: number;
  /**
   * Instead of every entry, so many random directions: for derivatives with too many entries. An error in one of a
   * thousand entries is then seen a thousand times smaller.
   */
  readonly projections?: number;
  /**
   * The gradient of a scalar f from elsewhere, by hand or in another language: an array with one tree for each argument. f
   * may then be any function of values, and may return a plain number; it is only called.
   */
  readonly gradient?: (...xs: never[]) => readonly unknown[];
}

/** What the oracle refuses, and functions that read values in some calls only, are left to differences. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof TraceError ||
  ((error instanceof ConvergenceError || error instanceof DomainError) && error.message.startsWith("oracle:"));

/** By the oracle where there is one; the report says where there is none. */
function check(subject: Subject, tolerance: number): GradientReport {
  if (!subject.traceable) return checkByDifferences(subject, tolerance);
  try {
    return checkByOracle(subject, tolerance);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return checkByDifferences(subject, tolerance, [`by differences in float64 only: ${error.message}`]);
  }
}

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
export function checkGradients(f: AnyFunction, xs: readonly unknown[], options: CheckOptions = {}): GradientReport {
  return checkAs("checkGradients", f, xs, options);
}

function checkAs(operation: string, f: AnyFunction, xs: readonly unknown[], options: CheckOptions): GradientReport {
  checkFunction(operation, f);
  checkOptions(operation, options, ["order", "tolerance", "gradient", "projections"]);
  if (!Array.isArray(xs)) {
    throw new DomainError(`${operation}: expected an array of arguments, as in ${operation}(f, [x])`);
  }
  const order = checkNumber(operation, "order", options.order ?? 1, "1 or 2", (n) => n === 1 || n === 2);
  const tolerance = checkNumber(operation, "tolerance", options.tolerance ?? 5e-10, "a number > 0", (x) => x > 0);
  const count = options.projections === undefined ? 0 : checkCount(operation, "projections", options.projections);
  const judge = (subject: Subject): GradientReport => check(count > 0 ? projected(subject, count) : subject, tolerance);
  if (options.gradient !== undefined) {
    if (order === 2) throw new DomainError(`${operation}: expected order 1 where a gradient is given, received 2`);
    return judge(readGiven(operation, f, xs, options.gradient));
  }
  const subject = readSubject(operation, f, xs);
  const report = judge(subject);
  return order === 1 || !report.ok ? report : judge(gradientOf(subject));
}

/**
 * `checkGradients` that throws where gradients disagree.
 *
 * @throws DomainError with the text of the report.
 * @example assertGradients((x) => mul(x, x), [tensor([1, 2])]) // → undefined
 */
export function assertGradients(f: AnyFunction, xs: readonly unknown[], options: CheckOptions = {}): void {
  const { ok, text } = checkAs("assertGradients", f, xs, options);
  if (!ok) throw new DomainError(`assertGradients: expected right gradients, received: ${text}`);
}
