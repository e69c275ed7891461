// Which errors does the library throw, and what do they carry?

/** Shapes do not fit together. The message says operation, expected, received, which part disagrees, and the remedy. */
export class ShapeError extends RangeError {
  override readonly name: string = "ShapeError";
}

/** An option, order or argument lies outside what the operation is defined for. */
export class DomainError extends RangeError {
  override readonly name: string = "DomainError";
}

/** A value was asked of a traced tensor, which has a shape and no data. */
export class TraceError extends TypeError {
  override readonly name: string = "TraceError";
}

/** An operation made the first NaN or infinity from finite values, while anomalies were looked for. */
export class AnomalyError extends RangeError {
  override readonly name: string = "AnomalyError";
}

/** Where a solver that chooses among methods went over to another one. */
export interface MethodSwitch {
  /** The step that the method took first. */
  readonly step: number;
  readonly method: string;
  readonly why: string;
}

/** What an iteration has done and reached. */
export interface SolveFacts {
  /** ‖f(z) − z‖ at the last iterate, in the norm of the stop rule. */
  readonly residual: number;
  /** Residual before each step, the last one included. */
  readonly residuals: readonly number[];
  /** Iterations done. */
  readonly steps: number;
  /** Values of f that were computed. */
  readonly evaluations: number;
  /** Products of its Jacobian with a vector. */
  readonly products: number;
  readonly solver: string;
  readonly switches: readonly MethodSwitch[];
}

/** What an iteration had reached when it gave up. */
export interface ConvergenceFacts extends Partial<SolveFacts> {
  readonly residual: number;
  readonly residuals: readonly number[];
  readonly steps: number;
  /** What the residual had to reach. */
  readonly tolerance: number;
  /** Of fixed points: the last iterate at which f was finite, a tree like z; undefined if there is none. */
  readonly iterate?: unknown;
  /** Which sample of a batch failed, where each is solved by itself. */
  readonly sample?: number | undefined;
}

/** An iteration did not reach its tolerance; no result is returned in its place. */
export class ConvergenceError extends Error implements ConvergenceFacts {
  override readonly name: string = "ConvergenceError";
  declare readonly residual: number;
  declare readonly residuals: readonly number[];
  declare readonly steps: number;
  declare readonly tolerance: number;
  declare readonly evaluations?: number;
  declare readonly products?: number;
  declare readonly solver?: string;
  declare readonly switches?: readonly MethodSwitch[];
  declare readonly iterate?: unknown;
  declare readonly sample?: number | undefined;

  constructor(message: string, facts: ConvergenceFacts) {
    super(message);
    Object.assign(this, facts);
  }
}

export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** What was received in place of what was expected, in few words. */
export function describe(value: unknown): string {
  if (value === null || typeof value === "number") return String(value);
  return Array.isArray(value) ? "an array" : typeof value;
}
