// When has an iteration found its fixed point, and what is told when it has not?
import { ConvergenceError, type MethodSwitch, type SolveFacts } from "../tensor/index.js";
import { maxAbs, subtractMax } from "../typed-array-ops/index.js";
import type { Equation, Vectors } from "./equation.js";
import type { Measure } from "./norms.js";
import type { Solver, SolverExchange, SolverRequest, SolverRun } from "./solver.js";

/** What one step of a solve looked like. */
export interface StepInfo {
  /** Who solves, and with what. */
  readonly operation: string;
  readonly solver: string;
  /** 0 at the start. */
  readonly step: number;
  /** ‖f(z) − z‖, and what it has to reach. */
  readonly residual: number;
  readonly goal: number;
  /** What the solver does now. */
  readonly method: string;
  /** With which weights Anderson's method mixed the last values of f, newest first, into z; it overwrites them. */
  readonly weights: readonly number[] | undefined;
  /** The entries of z, all tensors one after the other; the next step overwrites them. */
  readonly state: Float64Array;
  /** Which sample of a batch it is, where each is solved by itself. */
  readonly sample: number | undefined;
}

/** How the solve of one sample went. */
export interface SampleReport {
  readonly steps: number;
  readonly evaluations: number;
  readonly products: number;
  readonly residual: number;
}

/**
 * How a solve went. Residuals are ‖f(z) − z‖, of the equation itself, in the norm of the stop rule. Of a batch whose samples
 * are solved one by one, steps and residuals are the largest of all samples, and evaluations and products are calls for
 * some samples at once; switches are those of the first sample.
 */
export interface FixedPointReport extends SolveFacts {
  readonly converged: boolean;
  readonly samples?: readonly SampleReport[];
}

/** When to stop, and whom to tell. */
export interface StopRule {
  /** Who asks, for messages. */
  readonly operation: string;
  readonly solver: Solver;
  readonly tolerance: number;
  readonly relativeTolerance: number;
  /** Measure `tolerance` in units of the first residual: for linear equations, whose scale is that of their right side. */
  readonly relativeToStart: boolean;
  readonly maxSteps: number;
  readonly norm: Measure;
  readonly onStep?: ((info: StepInfo) => void) | undefined;
}

/** What a residual can be brought to beside numbers that have lost digits by being small. */
const UNDERFLOW = 16 * Number.MIN_VALUE;

/** One solver at work on one sample. */
interface Lane extends SolverExchange {
  /** A solve from the start in z. */
  readonly begin: () => SolverRun;
  asking: SolverRun;
  ask: SolverRequest;
  /** The method of the last step. */
  used: string;
  tolerance: number;
  /** Whether z and its image are where they were computed, and not in the vectors. */
  away: boolean;
  done: boolean;
  evaluations: number;
  products: number;
  residuals: number[];
  switches: MethodSwitch[];
  /** The last iterate at which f was finite. */
  readonly good: Float64Array;
  hasGood: boolean;
}

/**
 * A solver of the equation from the start that it holds, in place, until ‖f(z) − z‖ ≤ tolerance + relativeTolerance·‖f(z)‖.
 *
 * @throws ConvergenceError if maxSteps steps do not suffice, the solver cannot go on, or f gives NaN or an infinity.
 */
export function makeSolve(equation: Equation, rule: StopRule): () => FixedPointReport {
  const { operation, solver, norm } = rule;
  const lanes = equation.samples.map((vectors) => makeLane(equation, vectors, solver));
  /** Whether nobody but the stop rule looks at the iterates, and it at their largest change only. */
  const unseen = (): boolean => rule.onStep === undefined && norm.of === maxAbs && !(rule.relativeTolerance > 0);
  const numberOf = (lane: Lane): number | undefined => (equation.batched ? lanes.indexOf(lane) : undefined);

  const stepsOf = (lane: Lane): string => {
    const [steps, sample] = [lastStep(lane), numberOf(lane)];
    return `${steps} step${steps === 1 ? "" : "s"} of ${solver.name}${sample === undefined ? "" : ` for sample ${sample}`}`;
  };

  function fail(lane: Lane, why: string): never {
    if (lane.away) {
      equation.collect?.();
      lane.good.set(lane.z);
    }
    const { goal: tolerance, residual, residuals, evaluations, products, switches } = lane;
    const facts = { residual, residuals, steps: lastStep(lane), evaluations, products, switches, tolerance };
    const iterate = lane.hasGood ? equation.treeOf(lane.good) : undefined;
    const who = { solver: solver.name, sample: numberOf(lane) };
    throw new ConvergenceError(`${operation}: ${why}`, { ...facts, ...who, iterate });
  }

  const short = (lane: Lane, why: string): never =>
    fail(
      lane,
      `expected ‖f(z) − z‖${norm.sign} ≤ ${lane.goal}, received residual ${lane.residual} after ${stepsOf(lane)}: ${why}`,
    );

  /** Measures what f gave, which may be the end; it is known where it was measured already. */
  function measure(lane: Lane, known: number | undefined): void {
    const { z, image, r } = lane;
    // Then a message says which it is of what is not finite.
    if (Number.isNaN(known)) equation.collect?.(lane.good);
    lane.away = known !== undefined && !Number.isNaN(known);
    const largest = lane.away ? (known as number) : subtractMax(r, image, z);
    lane.evaluations++;
    // A norm of the caller's may not see a NaN.
    lane.residual = norm.of === maxAbs || !Number.isFinite(largest) ? largest : norm.of(r);
    if (lane.evaluations === 1) {
      lane.tolerance = rule.relativeToStart ? Math.max(rule.tolerance * lane.residual, UNDERFLOW) : rule.tolerance;
    }
    lane.goal = lane.tolerance + (rule.relativeTolerance > 0 ? rule.relativeTolerance * norm.of(image) : 0);
    // ∞ is not small beside ∞.
    lane.done = lane.residual <= lane.goal && lane.residual < Infinity;
    if (lane.done && lane.away) equation.collect?.();
  }

  /** Puts f(z) into z, and evaluates there if the equation can do so by itself: whether it could. */
  function advance(lane: Lane): boolean {
    if (lane.evaluations === 0) return false;
    const largest = unseen() ? equation.advance?.() : undefined;
    if (largest === undefined) {
      lane.z.set(lane.image);
      return false;
    }
    measure(lane, largest);
    settle(lane);
    return true;
  }

  /** Writes down the iterate in z. */
  function settle(lane: Lane): void {
    const { residual, goal, method, weights, z: state, residuals, switches } = lane;
    const step = residuals.length;
    residuals.push(residual);
    if (step > 0 && method !== lane.used) switches.push({ step, method, why: lane.why });
    lane.used = method;
    rule.onStep?.({
      ...{ operation, solver: solver.name, sample: numberOf(lane) },
      ...{ step, residual, goal, method, weights, state },
    });
    if (Number.isFinite(residual)) {
      if (!lane.away) lane.good.set(state);
      lane.hasGood = true;
    }
    if (lane.done || step < rule.maxSteps) return;
    short(
      lane,
      rule.relativeToStart
        ? "I − J may be singular; try newtonKrylov() or newton() as adjoint.solver, more adjoint.maxSteps, or a larger adjoint.tolerance"
        : "there may be no fixed point, or it repels; try another solver or start, more maxSteps, or a relativeTolerance",
    );
  }

  /** Lets the solver think until it asks for something that is to be done for it, or is done. */
  function next(lane: Lane): SolverRequest {
    for (;;) {
      const { done, value } = lane.asking.next();
      if (done) return giveUp(lane, value);
      if (value === "advance") {
        if (!advance(lane) || lane.done) return value;
      } else if (value === "accept") settle(lane);
      else {
        if (value === "product" && lane.away) equation.collect?.();
        return value;
      }
    }
  }

  function giveUp(lane: Lane, why: string | undefined): never {
    if (why !== undefined && Number.isFinite(lane.residual)) return short(lane, why);
    return fail(
      lane,
      rule.relativeToStart && lane.residuals.length <= 1
        ? `expected a cotangent or tangent that is finite, received one of size ${lane.residual}: the derivative of ` +
            "what follows or precedes the fixed point is NaN or infinite here"
        : `f gave ${lane.residual} after ${stepsOf(lane)} (tolerance ${lane.goal}): the error's iterate is the last one at which ` +
            "f was finite; start nearer, damp the iteration or bound f",
    );
  }

  return () => {
    for (const lane of lanes) Object.assign(lane, fresh(solver), { asking: lane.begin() });
    const [asked, wanted]: number[][] = [[], []];
    let [evaluations, products] = [0, 0];
    for (let open = lanes.length; open > 0; ) {
      asked.length = 0;
      wanted.length = 0;
      lanes.forEach((lane, sample) => {
        if (lane.done) return;
        lane.ask = next(lane);
        if (lane.done) open--;
        else (lane.ask === "product" ? wanted : asked).push(sample);
      });
      const inPlace = !equation.batched && lanes[0].ask === "advance" && lanes[0].evaluations === 0;
      const known = equation.evaluate(asked, inPlace && unseen());
      equation.multiply(wanted);
      if (asked.length > 0) evaluations++;
      if (wanted.length > 0) products++;
      for (const sample of wanted) lanes[sample].products++;
      for (const sample of asked) {
        const lane = lanes[sample];
        measure(lane, known);
        if (lane.ask !== "trial" || lane.done) settle(lane);
        if (lane.done) open--;
      }
    }
    if (!equation.batched) {
      const { residuals, residual, switches, evaluations: own } = lanes[0];
      const facts = { steps: lastStep(lanes[0]), evaluations: own, products, residual, residuals, switches };
      return { converged: true, solver: solver.name, ...facts };
    }
    const largest = (of: (lane: Lane) => number): number => lanes.reduce((most, lane) => Math.max(most, of(lane)), 0);
    const steps = largest(lastStep);
    const residuals = Array.from({ length: steps + 1 }, (_, k) =>
      largest((lane) => lane.residuals[Math.min(k, lastStep(lane))]),
    );
    const samples = lanes.map((lane) => ({
      ...{ steps: lastStep(lane), evaluations: lane.evaluations, products: lane.products, residual: lane.residual },
    }));
    const facts = { steps, evaluations, products, residual: residuals[steps], residuals };
    return { converged: true, solver: solver.name, ...facts, switches: lanes[0]?.switches ?? [], samples };
  };
}

const lastStep = ({ residuals }: Lane): number => residuals.length - 1;

function makeLane({ affine }: Equation, vectors: Vectors, solver: Solver): Lane {
  const size = vectors.z.length;
  const memory = { ...vectors, r: new Float64Array(size), good: new Float64Array(size), size, affine };
  const lane: Omit<Lane, "begin" | "asking"> = { ...memory, ...fresh(solver) };
  const begin = solver.prepare(lane);
  return Object.assign(lane, { begin, asking: begin() });
}

/** What a lane knows before a solve. */
const fresh = ({ name }: Solver) => ({
  ...{
    residual: NaN,
    goal: NaN,
    tolerance: NaN,
    evaluations: 0,
    products: 0,
    away: false,
    done: false,
    hasGood: false,
  },
  ...{ method: name, used: "", why: "", weights: undefined, ask: "iterate" as const },
  residuals: [] as number[],
  switches: [] as MethodSwitch[],
});
