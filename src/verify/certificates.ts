// How wrong may a gradient be, because its equations were solved to a tolerance only?
//
// A computed z solves z = F(z) − r exactly, where r = F(z) − z is what its solver left open: so it is the solution of a
// neighbouring equation, with the additive defect −r. This holds for every solve on the tape of a gradient, those of the
// linear equations of the derivatives included, one after the other. With G(d₁, …, d_K) the gradient whose k-th equation
// reads z = F(z) + d_k, what was computed is G(−r₁, …, −r_K), what is meant is G(0, …, 0), and to first order
//
//     meant − computed = Σ_k (∂G/∂d_k) r_k,
//
// one pass in forward mode for each k, in which nothing is solved again but linear equations. What is left out is of second
// order in ‖(I − J)⁻¹‖·‖r‖: hence a factor of safety, and the word estimate.
import { vjp } from "../calculus/index.js";
import { pullback, pushforward } from "../readings/index.js";
import { record } from "../tape/index.js";
import {
  AnomalyError,
  ConvergenceError,
  checkFunction,
  checkNumber,
  checkOptions,
  DomainError,
  flattenTree,
  ShapeError,
  showShapes,
  sizeOf,
  Tensor,
} from "../tensor/index.js";
import { maxAbs } from "../typed-array-ops/index.js";
import { type Defective, withDefects } from "./defects.js";
import { inverseNorm } from "./inverse-norm.js";
import type { AnyFunction } from "./subject.js";

export interface CertificateOptions {
  /** The largest allowed estimate of the error, relative to the largest entry of the gradient; default: any. */
  readonly budget?: number;
  /** Told of a certificate beyond the budget, in place of an error. */
  readonly onExceeded?: (certificate: GradientCertificate) => void;
}

/** One solve of z = F(z), and what it left open. */
export interface CertifiedSolve {
  readonly operation: "fixedPoint" | "trajectory";
  /** Whether it solved an equation of f, or a linear one of the derivatives. */
  readonly role: "forward" | "derivative";
  /** ‖F(z) − z‖∞ */
  readonly residual: number;
  /** An estimate of ‖(I − J)⁻¹‖∞ with J = ∂F/∂z, from below. */
  readonly inverseNorm: number;
  /** An estimate of the error that the residual makes in the entry of the gradient where it makes most. */
  readonly share: number;
}

export interface GradientCertificate {
  readonly value: Tensor;
  /** Of each argument a tree like it. */
  readonly gradient: readonly unknown[];
  /** Whether the estimate keeps to the budget. */
  readonly ok: boolean;
  /** An estimate of the largest error of an entry of the gradient. */
  readonly estimate: number;
  /** The same relative to the largest entry. */
  readonly relativeEstimate: number;
  /** Every solve, in the order in which they happened: those of f first, then those of the derivatives. */
  readonly solves: readonly CertifiedSolve[];
  readonly text: string;
}

/** For what is of second order, and for inverse norms that are known from below. */
const safety = 4;
/** In units of the largest entry and the sum of the inverse norms: what rounding alone may do. */
const rounding = 16 * 2 ** -52;

/** What f gives if it can be had; why not, if an equation cannot be solved or a rule is missing. */
function attempt<T>(f: () => T): T | string {
  try {
    return f();
  } catch (error) {
    if (error instanceof ConvergenceError || error instanceof DomainError || error instanceof AnomalyError) {
      return error.message;
    }
    throw error;
  }
}

const largestOf = (leaves: readonly Tensor[]): number => leaves.reduce((most, x) => Math.max(most, maxAbs(x.data)), 0);

interface Judged {
  readonly solve: CertifiedSolve;
  /** |∂G/∂d · r| in every entry of the gradient. */
  readonly change: readonly (Float64Array | undefined)[];
  readonly failure: string | undefined;
}

/** What the residual of one solve does to the gradient. */
function judge(
  { operation, role, tape, defect, found, residual }: Defective,
  all: Defective["tape"],
  G: readonly Tensor[],
): Judged {
  const outcome = attempt(() => {
    const change = pushforward({ tape: all, inputs: defect, outputs: G })(residual).map((part) =>
      part?.data.map(Math.abs),
    );
    const section = { tape, inputs: defect, outputs: found };
    return { change, norm: inverseNorm(found, pushforward(section), pullback(section)) };
  });
  const facts = { operation, role, residual: largestOf(residual) };
  if (typeof outcome === "string") {
    return { solve: { ...facts, inverseNorm: Infinity, share: Infinity }, change: [], failure: outcome };
  }
  const most = outcome.change.reduce((largest, part) => Math.max(largest, part ? maxAbs(part) : 0), 0);
  const share = Number.isNaN(most) ? Infinity : safety * most;
  return { solve: { ...facts, inverseNorm: outcome.norm, share }, change: outcome.change, failure: undefined };
}

/** The largest entry of Σ_k |∂G/∂d_k · r_k|. */
function together(judged: readonly Judged[], G: readonly Tensor[]): number {
  return G.reduce((largest, { shape }, leaf) => {
    const sum = new Float64Array(sizeOf(shape));
    for (const { change } of judged)
      change[leaf]?.forEach((value, i) => {
        sum[i] += value;
      });
    return Math.max(largest, maxAbs(sum));
  }, 0);
}

const show = (x: number): string => x.toPrecision(2);

const line = ({ operation, role, residual, inverseNorm, share }: CertifiedSolve, k: number): string =>
  `solve ${k}, ${operation} (${role}): residual ${show(residual)}, ‖(I − J)⁻¹‖ about ${show(inverseNorm)}, share ${show(share)}`;

/**
 * The gradient of a scalar f, with an estimate of its error from the residuals of the fixed points and trajectories in it:
 * |Σ_k (∂G/∂d_k) r_k|, four times, and a bound on rounding. It covers what solvers left open, not the steps of a mesh, nor
 * cancellation in f itself.
 *
 * @param f a function of xs that returns a scalar
 * @param xs its arguments, in an array; each a tensor or a tree
 * @throws DomainError beyond the budget, unless onExceeded is given; and for an option out of range.
 * @throws ShapeError if f does not return one scalar.
 * @throws ConvergenceError if a solve of f or of its gradient does not reach its own tolerance.
 * @source Christianson (1994), "Reverse accumulation and attractive fixed points", section 5; Higham (2002), Accuracy and
 * Stability of Numerical Algorithms, section 7.1 and algorithm 15.1
 * @example certifyGradient((x) => fixedPoint((z) => mul(0.5, add(z, x)), 0), [tensor(3)], { budget: 1e-9 }).ok // → true
 */
export function certifyGradient(
  f: AnyFunction,
  xs: readonly unknown[],
  options: CertificateOptions = {},
): GradientCertificate {
  const { budget, onExceeded } = readOptions(f, xs, options);
  const { result, tape } = record(() => {
    const { value, pull } = vjp(f as (...ys: unknown[]) => Tensor, ...xs);
    if (!(value instanceof Tensor) || value.shape.length !== 0) {
      const { leaves } = flattenTree("certifyGradient", value);
      throw new ShapeError(
        `certifyGradient: expected f to return a scalar, received ${showShapes(leaves)}: reduce it with sum or mean`,
      );
    }
    return { value, gradient: pull(1) as readonly unknown[] };
  });
  const G = flattenTree("certifyGradient", result.gradient).leaves;
  const { tape: all, solves: found } = withDefects(tape);
  const judged = found.map((solve) => judge(solve, all, G));
  const solves = judged.map(({ solve }) => solve);
  const size = largestOf(G);
  const norms = solves.reduce((sum, { inverseNorm: norm }) => sum + norm, 1);
  const worst = solves.reduce((most, { share }, k) => (share > solves[most].share ? k : most), 0);
  const sum = safety * together(judged, G) + rounding * norms * size;
  const estimate = judged.some(({ solve }) => solve.share === Infinity) || Number.isNaN(sum) ? Infinity : sum;
  const relativeEstimate = estimate === 0 ? 0 : estimate / size;
  const ok = relativeEstimate <= budget;
  const lines = [
    `estimated error of the gradient: ${show(estimate)}, relative to its largest entry ${show(relativeEstimate)}`,
    ...(solves.length > 0 ? [`most from ${line(solves[worst], worst)}`] : ["nothing is solved in it"]),
    ...judged.flatMap(({ failure }, k) => (failure === undefined ? [] : [`solve ${k} has no estimate: ${failure}`])),
  ];
  const certificate = { ...result, ok, estimate, relativeEstimate, solves, text: lines.join("\n") };
  if (ok) return certificate;
  if (onExceeded === undefined) {
    const option = solves[worst]?.role === "derivative" ? "adjoint.tolerance" : "tolerance";
    throw new DomainError(
      `certifyGradient: expected an estimated relative error ≤ ${budget}, received ${certificate.text}; ` +
        `solve with a smaller ${option}, or take a larger budget`,
    );
  }
  onExceeded(certificate);
  return certificate;
}

function readOptions(f: AnyFunction, xs: readonly unknown[], options: CertificateOptions) {
  checkFunction("certifyGradient", f);
  checkOptions("certifyGradient", options, ["budget", "onExceeded"]);
  if (!Array.isArray(xs)) {
    throw new DomainError("certifyGradient: expected an array of arguments, as in certifyGradient(f, [x])");
  }
  const { budget = Infinity, onExceeded } = options;
  if (budget !== Infinity) checkNumber("certifyGradient", "budget", budget, "a number > 0", (x) => x > 0);
  if (onExceeded !== undefined) checkFunction("certifyGradient: onExceeded", onExceeded);
  return { budget, onExceeded };
}
