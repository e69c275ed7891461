// How is a window of a trajectory solved by a solver for fixed points?
import { type Equation, makeSolve, readNorm, type Solver } from "../fixed-point/index.js";
import { ConvergenceError } from "../tensor/index.js";
import { accumulateCausal, maxAbs } from "../typed-array-ops/index.js";
import type { Course, SolveWindow } from "./sweep.js";

/** Steps after which a window that can be cut is cut. */
const PATIENCE = 15;

/** The equation z = past + A φ(z) of windows of one size, the place and the past being changed from one to the next. */
interface WindowEquation extends Equation {
  move(start: number, past: Float64Array): void;
}

export function makeSolverWindow(course: Course, solver: Solver): SolveWindow {
  const { operation, width, weights, transposed, z, field, affine } = course;
  const known = new Map<number, WindowEquation>();

  function makeWindow(size: number): WindowEquation {
    const count = size * width;
    const make = (): Float64Array => new Float64Array(count);
    const vectors = { z: make(), image: make(), v: make(), product: make() };
    const moved = make();
    const plans = course.plans(size);
    let start = 0;
    let past = make();
    let inputs: Float64Array[] = [];
    const apply = (out: Float64Array, x: Float64Array, xFirst: number): void =>
      accumulateCausal(out, start, x, xFirst, weights, width, start, start + size, start, start + size, transposed);
    return {
      ...{ operation, affine, batched: false, samples: [vectors] },
      move(to, with_) {
        start = to;
        past = with_;
        const rows = ({ data, width: entries }: { data: Float64Array; width: number }): Float64Array =>
          data.subarray(start * entries, (start + size) * entries);
        inputs = [...course.nodewise.map(rows), ...course.shared];
        vectors.z.set(z.subarray(start * width, start * width + count));
      },
      begin() {},
      evaluate(which) {
        if (which.length === 0) return;
        const [value] = plans.value().run([vectors.z, ...inputs]);
        field.set(value, start * width);
        vectors.image.set(past);
        apply(vectors.image, field, 0);
      },
      multiply(which) {
        if (which.length === 0) return;
        const [value] = plans.tangent().run([vectors.z, ...inputs, vectors.v]);
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
    const equation = known.get(size) ?? makeWindow(size);
    known.set(size, equation);
    equation.move(start, past);
    // Half of the relative tolerance for the trajectory so far and half for the window: no more than that of the larger one.
    const relativeTolerance = course.relativeTolerance / 2;
    const goal = course.tolerance + relativeTolerance * course.scale;
    const maxSteps = cuttable ? Math.min(PATIENCE, course.maxSteps) : course.maxSteps;
    const rule = { operation, solver, norm: readNorm(operation), maxSteps, relativeToStart: false };
    try {
      const report = makeSolve(equation, { ...rule, tolerance: Math.max(goal, Number.MIN_VALUE), relativeTolerance })();
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
