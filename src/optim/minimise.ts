// How is a function minimised to a given length of its gradient?
import { valueAndGrad } from "../calculus/index.js";
import { makePlan } from "../readings/index.js";
import { listeningTapes, traceAs } from "../tape/index.js";
import {
  ConvergenceError,
  flattenTree,
  type Shape,
  ShapeError,
  sizeOf,
  Tensor,
  TraceError,
  type TreeForm,
  tensor,
  unflattenTree,
} from "../tensor/index.js";
import { addScaled, dot, maxAbs } from "../typed-array-ops/index.js";
import { farthest, type LinePoint, noise, searchWolfe } from "./line-search.js";
import { direction, type History, leastCurvature } from "./two-loop.js";

/** What one step of a minimisation looked like; step 0 is the start. */
export interface MinimiseInfo {
  readonly step: number;
  readonly value: number;
  /** ‖∇f‖∞ */
  readonly gradientNorm: number;
  /** Evaluations of f and its gradient so far. */
  readonly evaluations: number;
  /** The parameters that were reached, a tree like those of the start. */
  readonly params: unknown;
}

/** How a minimisation went. */
export interface MinimiseReport {
  readonly converged: boolean;
  readonly steps: number;
  readonly evaluations: number;
  readonly gradientNorm: number;
  readonly gradientNorms: readonly number[];
}

export interface MinimiseRule {
  readonly operation: string;
  readonly memory: number;
  readonly tolerance: number;
  readonly maxSteps: number;
  readonly onStep?: ((info: MinimiseInfo) => void) | undefined;
}

/** Steps in a row in which neither f nor its gradient becomes smaller than ever before, at which there is no hope. */
const patience = 20;

/** f and its gradient at a place x. */
interface Point {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

const stuck =
  "f does not fall along its negative gradient any further; rounding may be as large as the differences of f (a larger " +
  "tolerance), or f is not smooth here";

/** f as a function of one vector; it is traced once, and run as a plan. */
function evaluator<P>(operation: string, f: (params: P) => Tensor, params: P, leaves: readonly Tensor[]) {
  const { closure, ...program } = traceAs(operation, ((p: P) => valueAndGrad(f)(p)) as (p: never) => unknown, [params]);
  const plan = makePlan(program);
  const free = closure.map(({ data }) => data);
  return (x: Float64Array): Point => {
    const [value, ...parts] = plan.run([...cut(leaves, (begin, end) => x.subarray(begin, end)), ...free]);
    return { x, value: value[0], gradient: join(parts, x.length) };
  };
}

/** A piece for each tensor, from its places in the vector of all entries. */
export function cut<T>(leaves: readonly Tensor[], piece: (begin: number, end: number, shape: Shape) => T): T[] {
  let at = 0;
  return leaves.map(({ shape }) => {
    const begin = at;
    at += sizeOf(shape);
    return piece(begin, at, shape);
  });
}

function join(parts: readonly Float64Array[], size: number): Float64Array {
  const whole = new Float64Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const separate = (form: TreeForm, leaves: readonly Tensor[], x: Float64Array): unknown =>
  unflattenTree(
    form,
    cut(leaves, (begin, end, shape) => new Tensor(shape, x.slice(begin, end))),
  );

const vector = (x: Float64Array): Tensor => new Tensor([x.length], x);

/** Nothing is remembered, and the first step is at most 1 long in every entry. */
const forget = (gradientNorm: number): History => ({
  s: [],
  y: [],
  rho: [],
  scale: tensor(1 / Math.max(1, gradientNorm)),
});

/** The history with what a step taught, if the curvature along it is positive. */
function learn(history: History, before: Point, after: Point, memory: number): History {
  const s = after.x.slice();
  const y = after.gradient.slice();
  addScaled(s, -1, before.x);
  addScaled(y, -1, before.gradient);
  const [sy, yy] = [dot(s, y), dot(y, y)];
  if (!(sy > leastCurvature * yy) || !Number.isFinite(1 / sy)) return history;
  const keep = <T>(list: readonly T[], next: T): T[] => [...list, next].slice(-memory);
  return {
    s: keep(history.s, vector(s)),
    y: keep(history.y, vector(y)),
    rho: keep(history.rho, tensor(1 / sy)),
    scale: tensor(sy / yy),
  };
}

/** L-BFGS with a strong Wolfe line search, from `params` until ‖∇f‖∞ ≤ tolerance. */
export function minimiseFrom<P>(
  f: (params: P) => Tensor,
  params: P,
  rule: MinimiseRule,
): { params: P; value: Tensor; report: MinimiseReport } {
  const { operation, memory, tolerance, maxSteps, onStep } = rule;
  if (listeningTapes() > 0) {
    throw new TraceError(
      `${operation}: expected a call outside every derivative and trace, received one inside: its result would count as a ` +
        "constant; differentiate fixedPoint of a gradient step instead, or minimise outside",
    );
  }
  const { leaves, form } = flattenTree(operation, params);
  const start = join(
    leaves.map(({ data }) => data),
    leaves.reduce((size, { data }) => size + data.length, 0),
  );
  if (start.length === 0)
    throw new ShapeError(`${operation}: expected parameters with at least one entry, received none`);
  const at = evaluator(operation, f, params, leaves);
  let evaluations = 1;
  let point = at(start);
  let history: History | undefined;
  const gradientNorms: number[] = [];
  let [lowest, flattest, progress] = [Infinity, Infinity, 0];

  for (let steps = 0; ; steps++) {
    const { x, value, gradient } = point;
    const gradientNorm = maxAbs(gradient);
    gradientNorms.push(gradientNorm);
    onStep?.({ step: steps, value, gradientNorm, evaluations, params: separate(form, leaves, x) });
    const fail = (why: string): never => {
      throw new ConvergenceError(
        `${operation}: expected ‖∇f‖∞ ≤ ${tolerance}, received ${gradientNorm} after ${steps} steps and ${evaluations} ` +
          `evaluations, where f is ${value}: ${why}`,
        { residual: gradientNorm, steps, tolerance, residuals: gradientNorms },
      );
    };
    if (!Number.isFinite(value) || !Number.isFinite(gradientNorm)) fail("start where f and its gradient are finite");
    if (gradientNorm <= tolerance) {
      const report: MinimiseReport = { converged: true, steps, evaluations, gradientNorm, gradientNorms };
      return { params: separate(form, leaves, x) as P, value: tensor(value), report };
    }
    if (value < lowest - noise * Math.abs(value)) [lowest, progress] = [value, steps];
    if (gradientNorm < flattest) [flattest, progress] = [gradientNorm, steps];
    if (steps >= maxSteps) fail("allow more maxSteps, or rescale the parameters");
    if (steps - progress >= patience) fail(stuck);

    history ??= forget(gradientNorm);
    let next: (Point & LinePoint) | undefined;
    // What was learned may mislead: then it is forgotten, and the gradient followed.
    for (const known of history.s.length > 0 ? [history, forget(gradientNorm)] : [history]) {
      history = known;
      const d = direction(vector(gradient), history).data;
      const slope = dot(d, gradient);
      if (!(slope < 0 && Number.isFinite(slope))) continue;
      next = searchWolfe(
        (t) => {
          const moved = x.slice();
          addScaled(moved, t, d);
          evaluations++;
          const trial = at(moved);
          return { ...trial, t, slope: dot(trial.gradient, d) };
        },
        { t: 0, value, slope },
        1,
      );
      if (next !== undefined) break;
    }
    if (next === undefined) return fail(stuck);
    if (next.t >= farthest) fail(`f falls without end: it is ${next.value} at a distance of ${next.t} steps`);
    history = learn(history, point, next, memory);
    point = next;
  }
}
