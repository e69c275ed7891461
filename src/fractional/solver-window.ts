// How is a window of a trajectory solved by a solver for fixed points?
import { type Equation, type FixedPointReport, makeSolve, readNorm, type Solver } from "../fixed-point/index.js";
import { ConvergenceError } from "../tensor/index.js";
import { accumulateCausal, makeHistory, maxAbs } from "../typed-array-ops/index.js";
import type { Course, SolveWindow } from "./sweep.js";

/** Steps after which a window that can be cut is cut. */
const PATIENCE = 15;

/** The equation z = past + A φ(z) of windows of one size, the place and the past being changed from one to the next. */
interface WindowEquation extends Equation {
  move(start: number, past: Float64Array): void;
}

/** An equation, what decides when a window is solved, which differs from one to the next, and its solver. */
interface SolvableWindow {
  readonly equation: WindowEquation;
  readonly rule: { tolerance: number; relativeTolerance: number; maxSteps: number };
  readonly solve: () => FixedPointReport;
}

export function makeSolverWindow(course: Course, solver: Solver): SolveWindow {
  const { operation, nodes, width, weights, transposed, z, field, affine } = course;
  const known = new Map<number, SolvableWindow>();

  function makeWindow(size: number): SolvableWindow {
    const equation = makeWindowEquation(size);
    const rule = { tolerance: 0, relativeTolerance: 0, maxSteps: 0 };
    const fixed = { operation, solver, norm: readNorm(operation), relativeToStart: false };
    return { equation, rule, solve: makeSolve(equation, Object.assign(rule, fixed)) };
  }

  function makeWindowEquation(size: number): WindowEquation {
    const count = size * width;
    const make = (): Float64Array => new Float64Array(count);
    const vectors = { z: make(), image: make(), v: make(), product: make() };
    const moved = make();
    const plans = course.plans(size);
    let start = 0;
    let past = make();
    // In memory of its own the plan finds them changed, and reruns.
    const nodewise = course.nodewise.map((one) => new Float64Array(size * one.width));
    const inputs = [vectors.z, ...nodewise, ...course.shared];
    let [begun, linearised] = [false, false];
    // The sum over a whole trajectory is a convolution.
    const whole = size === nodes ? makeHistory(weights, width, transposed, course.spectra) : undefined;
    const summed = make();
    /** out += A x */
    function apply(out: Float64Array, x: Float64Array, xFirst: number): void {
      if (whole === undefined) {
        accumulateCausal(out, start, x, xFirst, weights, width, start, start + size, start, start + size, transposed);
        return;
      }
      whole.apply(summed, x);
      for (let i = 0; i < count; i++) out[i] += summed[i];
    }
    return {
      ...{ operation, affine, batched: false, samples: [vectors] },
      move(to, with_) {
        start = to;
        past = with_;
        course.nodewise.forEach(({ data, width: entries }, i) => {
          nodewise[i].set(data.subarray(start * entries, (start + size) * entries));
        });
        vectors.z.set(z.subarray(start * width, start * width + count));
      },
      begin() {},
      evaluate(which) {
        if (which.length === 0) return;
        const plan = plans.again();
        const [value] = begun ? plan.rerun() : plan.run(inputs);
        [begun, linearised] = [true, false];
        field.set(value, start * width);
        vectors.image.set(past);
        apply(vectors.image, field, 0);
      },
      multiply(which) {
        if (which.length === 0) return;
        const plan = plans.tangent();
        const [value] = linearised ? plan.rerun() : plan.run([vectors.v, ...inputs]);
        linearised = true;
        moved.set(value);
        vectors.product.fill(0);
        apply(vectors.product, moved, start);
      },
      finish() {
        z.set(vectors.z, start * width);
      },
      treeOf: (state) => state.slice(),
    };
  }

  return (start, size, past, cuttable) => {
    const window = known.get(size) ?? makeWindow(size);
    known.set(size, window);
    const { equation, rule, solve } = window;
    equation.move(start, past);
    // Half of the relative tolerance for the trajectory so far and half for the window: no more than that of the larger one.
    const relativeTolerance = course.relativeTolerance / 2;
    const goal = course.tolerance + relativeTolerance * course.scale;
    rule.maxSteps = cuttable ? Math.min(PATIENCE, course.maxSteps) : course.maxSteps;
    rule.tolerance = Math.max(goal, Number.MIN_VALUE);
    rule.relativeTolerance = relativeTolerance;
    try {
      const report = solve();
      equation.finish([]);
      const { steps, evaluations, products, residual } = report;
      course.steps += steps;
      course.evaluations += evaluations;
      course.products += products;
      return { converged: true, steps, residual, goal, reached: maxAbs(equation.samples[0].image) };
    } catch (error) {
      if (!(error instanceof ConvergenceError)) throw error;
      const { steps, evaluations = 0, products = 0, residual } = error;
      course.steps += steps;
      course.evaluations += evaluations;
      course.products += products;
      return { converged: false, steps, residual, goal, reached: 0, why: error.message };
    }
  };
}
