// How is a window of a trajectory solved by a solver for fixed points?
import {
  type Equation,
  type FixedPointReport,
  makeSolve,
  readNorm,
  type Solver,
  type Vectors,
} from "../fixed-point/index.js";
import type { Held, Round } from "../readings/index.js";
import { ConvergenceError } from "../tensor/index.js";
import { accumulateCausal, causalSquare, makeHistory, maxAbs } from "../typed-array-ops/index.js";
import type { Course, SolveWindow } from "./sweep.js";

/** Steps after which a window that can be cut is cut. */
const PATIENCE = 15;
/** Up to so many nodes, the sums over a window are a product of matrices. */
const MOST_ROWS = 256;

/** The equation z = past + A φ(z) of windows of one size, the place and the past being changed from one to the next. */
interface WindowEquation extends Equation {
  move(start: number, past: Float64Array): void;
}

/** What the slopes at the nodes of a window contribute to its own nodes. */
interface Sums {
  /** What other nodes contribute. */
  readonly past: Float64Array;
  /** The plans with z and v. */
  readonly value: Held;
  readonly tangent: Held;
  /** Notes where the window is. */
  move(start: number): void;
  /** past + A φ(z), and φ(z). */
  evaluate(): readonly Float64Array[];
  /** A (∂φ/∂z) v */
  multiply(): Float64Array;
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

  /** The sums as products of matrices, in the plans. */
  function sumsInPlan(size: number, { z: state, v }: Vectors, nodewise: readonly Float64Array[]): Sums {
    const { summed: value, summedTangent: tangent } = course.plans(size);
    const past = new Float64Array(size * width);
    const square = new Float64Array(size * size);
    const common = [...nodewise, square, ...course.shared];
    const [inputs, along] = [
      [state, past, ...common],
      [v, state, ...common],
    ];
    const [own] = weights;
    let filledFor: number | undefined;
    return {
      ...{ past, value, tangent },
      move(start) {
        // On equidistant nodes only the first node has weights of its own.
        const place = own.uniform ? Math.min(start, 1) : start;
        if (place === filledFor) return;
        filledFor = place;
        causalSquare(square, own, start, size, transposed);
        value.changed();
        tangent.changed();
      },
      evaluate: () => value.run(() => inputs),
      multiply: () => tangent.run(() => along)[0],
    };
  }

  /** The sums beside the plans: those over a whole trajectory are a convolution. */
  function sumsBeside(size: number, { z: state, v }: Vectors, nodewise: readonly Float64Array[]): Sums {
    const { again: value, tangent } = course.plans(size);
    const whole = size === nodes ? makeHistory(weights, width, transposed, course.spectra) : undefined;
    const [past, image, product] = [0, 1, 2].map(() => new Float64Array(size * width));
    const inputs = [state, ...nodewise, ...course.shared];
    const along = [v, ...inputs];
    let first = 0;
    function addSums(out: Float64Array, base: Float64Array | undefined, x: Float64Array): void {
      if (whole) whole.apply(out, x);
      else out.fill(0);
      if (base) for (let i = 0; i < out.length; i++) out[i] += base[i];
      const end = first + size;
      if (!whole) accumulateCausal(out, first, x, first, weights, width, first, end, first, end, transposed);
    }
    return {
      ...{ past, value, tangent },
      move(start) {
        first = start;
      },
      evaluate() {
        const [slopes] = value.run(() => inputs);
        addSums(image, past, slopes);
        return [image, slopes];
      },
      multiply() {
        addSums(product, undefined, tangent.run(() => along)[0]);
        return product;
      },
    };
  }

  function makeWindowEquation(size: number): WindowEquation {
    const count = size * width;
    const make = (): Float64Array => new Float64Array(count);
    const vectors = { z: make(), image: make(), v: make(), product: make() };
    // In memory of its own a plan finds them changed, and reruns.
    const nodewise = course.nodewise.map((one) => new Float64Array(size * one.width));
    const inPlan = weights.length === 1 && size < nodes && size <= MOST_ROWS;
    const sums = (inPlan ? sumsInPlan : sumsBeside)(size, vectors, nodewise);
    let start = 0;
    let slopes = vectors.image;
    return {
      ...{ operation, affine, batched: false, samples: [vectors] },
      move(to, past) {
        start = to;
        sums.past.set(past);
        course.nodewise.forEach(({ data, width: entries }, i) => {
          nodewise[i].set(data.subarray(start * entries, (start + size) * entries));
        });
        vectors.z.set(z.subarray(start * width, start * width + count));
        sums.value.changed(1);
        sums.tangent.changed(1);
        sums.move(start);
      },
      begin() {},
      evaluate(which) {
        if (which.length === 0) return undefined;
        const [image, value] = sums.evaluate();
        slopes = value;
        vectors.image.set(image);
        sums.tangent.changed(1);
        return undefined;
      },
      multiply(which) {
        if (which.length === 0) return;
        vectors.product.set(sums.multiply());
      },
      advance() {
        sums.tangent.changed(1);
        return sums.value.round()?.advance();
      },
      collect(before) {
        const round = sums.value.round() as Round;
        vectors.z.set(round.now[0]);
        vectors.image.set(round.next[0]);
        before?.set(round.before[0]);
      },
      finish() {
        z.set(vectors.z, start * width);
        field.set(slopes, start * width);
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
