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

/** What an iteration had reached when it gave up. */
export interface ConvergenceFacts {
  /** ‖f(z) − z‖∞ at the last iterate. */
  readonly residual: number;
  /** Iterations done. */
  readonly steps: number;
  /** What the residual had to reach. */
  readonly tolerance: number;
  /** Residual before each step, the last one included. */
  readonly residuals: readonly number[];
}

/** An iteration did not reach its tolerance; no result is returned in its place. */
export class ConvergenceError extends Error implements ConvergenceFacts {
  override readonly name: string = "ConvergenceError";
  declare readonly residual: number;
  declare readonly steps: number;
  declare readonly tolerance: number;
  declare readonly residuals: readonly number[];

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
