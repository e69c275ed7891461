// How is a window of a trajectory solved by Newton's method?
//
// With J_j = ∂φ/∂z at node j the correction solves (I − A J) δ = r, block by block along the direction of A:
//
//     (I − A_BB J_B) δ_B = r_B + Σ_{j before B} A_Bj J_j δ_j,
//
// a small dense system for each block of nodes and each member of the batch. The Jacobian and the factors of its systems are
// kept while they serve. A linear φ is solved by the first correction.
import { accumulateCausal, causalWeight, luFactorise, luSolve } from "../typed-array-ops/index.js";
import type { Course, Outcome, SolveWindow } from "./sweep.js";

/** Corrections after which a window that can be cut is cut. */
const PATIENCE = 12;
/** The Jacobian is computed anew when a correction left more than this share of the residual. */
const SLOW = 0.1;
/** Growth of the residual at which a window is given up. */
const RUNAWAY = 1e4;
/** What one correction of a linear equation leaves, relative to the largest φ: the weights of a row add up to about 1. */
const ROUNDING = 2e-15;
/** Halvings of a correction, in a window that cannot be cut. */
const HALVINGS = 20;

export function makeNewtonWindow(course: Course): SolveWindow {
  const { width, d, weights, transposed, affine, blocks, z, field, windows } = course;
  const most = Math.max(...windows.sizes) * width;
  const [image, residual, change, moved, kept] = [0, 1, 2, 3, 4].map(() => new Float64Array(most));
  const identity = new Float64Array(d * d);
  for (let c = 0; c < d; c++) identity[c * d + c] = 1;
  const members = width / d;
  // The factors of all systems of a window one after the other, and their exchanges of rows.
  const largestBlock = blocks.end.reduce((size, end, n) => Math.max(size, end - blocks.start[n]), 0) * d;
  const factors = new Float64Array(most * largestBlock);
  const pivots = new Int32Array(most);
  const right = new Float64Array(largestBlock);
  let reached = 0;

  function argumentsFor(start: number, size: number): Float64Array[] {
    const rows = (data: Float64Array, entries: number): Float64Array =>
      data.subarray(start * entries, (start + size) * entries);
    return [rows(z, width), ...course.nodewise.map((a) => rows(a.data, a.width)), ...course.shared];
  }

  /** The blocks of the window, in the order in which they are solved. */
  function* order(start: number, size: number): Generator<readonly [number, number], void> {
    if (transposed) for (let n = start + size; n > start; n = blocks.start[n - 1]) yield [blocks.start[n - 1], n];
    else for (let n = start; n < start + size; n = blocks.end[n]) yield [n, blocks.end[n]];
  }

  /** Evaluates φ on the window and fills `residual` with b + A φ(z) − z; returns its size. */
  function evaluate(inputs: Float64Array[], past: Float64Array, start: number, size: number): number {
    const [value] = course.plans(size).value.run(() => inputs);
    course.evaluations++;
    field.set(value, start * width);
    image.set(past);
    const end = start + size;
    accumulateCausal(image, start, field, 0, weights, width, start, end, start, end, transposed);
    let worst = 0;
    reached = 0;
    for (let i = 0; i < size * width; i++) {
      residual[i] = image[i] - inputs[0][i];
      const entry = Math.abs(residual[i]);
      if (!(entry <= worst)) worst = entry;
      if (Number.isNaN(entry)) return NaN;
      reached = Math.max(reached, Math.abs(image[i]));
      course.force = Math.max(course.force, Math.abs(value[i]));
    }
    return worst;
  }

  /** Factorises I − A_BB J_B for every block and member; false if one is singular. */
  function factorise(columns: readonly Float64Array[], start: number, size: number): boolean {
    let [at, exchanges] = [0, 0];
    for (const [first, end] of order(start, size)) {
      const n = (end - first) * d;
      for (let member = 0; member < members; member++, at += n * n, exchanges += n) {
        for (let row = 0; row < n; row++) {
          const entry = row % d;
          const node = first + (row - entry) / d;
          const own = weights[entry % weights.length];
          const to = at + row * n;
          for (let j = first; j < end; j++) {
            const w = transposed ? causalWeight(own, j, node) : causalWeight(own, node, j);
            const from = (j - start) * width + member * d + entry;
            for (let c = 0; c < d; c++) factors[to + (j - first) * d + c] = -w * columns[c][from];
          }
          factors[to + row] += 1;
        }
        if (luFactorise(factors, pivots, n, at, exchanges) !== undefined) return false;
      }
    }
    return true;
  }

  /** Solves for the correction by substitution along the direction of A. */
  function correct(columns: readonly Float64Array[], start: number, size: number): void {
    let [at, exchanges] = [0, 0];
    for (const [first, end] of order(start, size)) {
      const [from, to] = transposed ? [end, start + size] : [start, first];
      accumulateCausal(residual, start, moved, start, weights, width, first, end, from, to, transposed);
      const n = (end - first) * d;
      for (let member = 0; member < members; member++, at += n * n, exchanges += n) {
        const base = (first - start) * width + member * d;
        for (let i = 0, place = base; i < n; place += width)
          for (let c = 0; c < d; c++) right[i++] = residual[place + c];
        luSolve(factors, at, pivots, exchanges, right, n);
        for (let i = 0, place = base; i < n; i += d, place += width) {
          for (let row = 0; row < d; row++) {
            change[place + row] = right[i + row];
            let sum = 0;
            for (let c = 0; c < d; c++) sum += columns[c][place + row] * right[i + c];
            moved[place + row] = sum;
          }
        }
      }
    }
  }

  return (start, size, past, cuttable) => {
    const inputs = argumentsFor(start, size);
    const [state] = inputs;
    const maxSteps = cuttable ? Math.min(PATIENCE, course.maxSteps) : course.maxSteps;
    let columns: readonly Float64Array[] = [];
    let before = 0;
    let smallest = Infinity;
    let error = evaluate(inputs, past, start, size);
    for (let step = 0; ; step++) {
      const goal =
        course.tolerance +
        course.relativeTolerance * Math.max(course.scale, reached) +
        (affine ? ROUNDING * course.force : 0);
      const outcome: Outcome = {
        // A guess that meets an absolute tolerance may be far from the solution where all states are small.
        converged: error <= goal && error < Infinity && (step > 0 || error === 0),
        steps: step,
        residual: error,
        goal,
        reached,
      };
      if (outcome.converged || !Number.isFinite(error) || error > RUNAWAY * smallest || step >= maxSteps)
        return outcome;
      smallest = Math.min(smallest, error);
      if (error > SLOW * before) {
        columns = course.plans(size).columns.run(() => [...inputs, identity]);
        course.products += d;
        if (!factorise(columns, start, size))
          return { ...outcome, converged: error <= goal, why: "I − A J is singular" };
      }
      before = error;
      correct(columns, start, size);
      course.steps++;
      kept.set(state);
      let share = 1;
      for (let halving = 0; ; halving++, share /= 2) {
        for (let i = 0; i < state.length; i++) state[i] = kept[i] + share * change[i];
        error = evaluate(inputs, past, start, size);
        if (cuttable || error < before || halving === HALVINGS) break;
      }
    }
  };
}
