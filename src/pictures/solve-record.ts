// What is the record of a solve, and is this one?
import { DomainError, describe } from "../tensor/index.js";

/** One iterate of a recorded solve. */
export interface RecordedStep {
  /** 0 is the start; later steps have larger numbers, and may leave some out. */
  readonly step: number;
  /** ‖f(z) − z‖ in the norm of the stop rule; NaN or Infinity at the end of a solve that failed so. */
  readonly residual: number;
  /** What the residual has to reach. */
  readonly goal: number;
  /** What gave this z: "picard", "anderson", …; where it changes, the picture has a mark. */
  readonly method: string;
  /** Anderson acceleration: with which weights the last values of f, newest first, were mixed into z. */
  readonly weights?: readonly number[];
  /** The entries of z, all tensors one after the other. */
  readonly state: Float64Array;
}

/** How z = f(z), or the linear equation of its derivative, was solved. */
export interface RecordedSolve {
  /** Such as "fixedPoint". */
  readonly operation: string;
  readonly role: "forward" | "derivative";
  readonly solver: string;
  readonly steps: readonly RecordedStep[];
  /** The message of the ConvergenceError, if it did not converge. */
  readonly failure?: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Refuses what is not a list of recorded solves, and says where it is none.
 *
 * @throws DomainError
 */
export function checkSolves(operation: string, solves: unknown): void {
  if (!Array.isArray(solves) || solves.length === 0) {
    const received = Array.isArray(solves) ? "an empty one" : describe(solves);
    throw new DomainError(`${operation}: expected a list of recorded solves, received ${received}: record one first`);
  }
  solves.forEach((solve: unknown, i) => {
    checkSolve(operation, `solves[${i}]`, solve);
  });
}

function checkSolve(operation: string, path: string, solve: unknown): void {
  const refuse: Refuse = refuser(operation, path);
  if (!isRecord(solve)) refuse("", "a record", solve);
  const { role, failure, steps } = solve;
  for (const name of ["operation", "solver"]) {
    if (typeof solve[name] !== "string") refuse(`.${name}`, "a string", solve[name]);
  }
  if (role !== "forward" && role !== "derivative") refuse(".role", '"forward" or "derivative"', role);
  if (failure !== undefined && typeof failure !== "string") refuse(".failure", "a string", failure);
  if (!Array.isArray(steps)) refuse(".steps", "an array", steps);
  steps.forEach((step: unknown, k) => {
    checkStep(refuser(operation, `${path}.steps[${k}]`), step, k === 0 ? undefined : steps[k - 1]);
  });
}

type Refuse = (part: string, expected: string, received: unknown) => never;

const refuser =
  (operation: string, path: string): Refuse =>
  (part, expected, received) => {
    const shown = typeof received === "string" ? JSON.stringify(received) : describe(received);
    throw new DomainError(`${operation}: expected ${path}${part} to be ${expected}, received ${shown}`);
  };

function checkStep(refuse: Refuse, step: unknown, before: RecordedStep | undefined): void {
  if (!isRecord(step)) refuse("", "a record", step);
  const { step: number, residual, goal, method, weights, state } = step;
  const least = before === undefined ? 0 : before.step + 1;
  if (!(Number.isSafeInteger(number) && (number as number) >= least)) refuse(".step", `an integer ≥ ${least}`, number);
  // Not residual >= 0: NaN is how some solves end.
  if (typeof residual !== "number" || residual < 0) refuse(".residual", "a number that is not negative", residual);
  if (typeof goal !== "number" || goal < 0) refuse(".goal", "a number that is not negative", goal);
  if (typeof method !== "string") refuse(".method", "a string", method);
  if (weights !== undefined && !(Array.isArray(weights) && weights.every((x) => typeof x === "number"))) {
    refuse(".weights", "an array of numbers", weights);
  }
  if (!(state instanceof Float64Array)) refuse(".state", "a Float64Array", state);
  if (before !== undefined && state.length !== before.state.length) {
    refuse(".state", `of ${before.state.length} entries, as the step before`, state.length);
  }
}
