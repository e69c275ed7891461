// How does a learning rate change with the steps?
import { add, cos, greater, mul, where } from "../primitives/index.js";
import { checkCount, checkNumber, checkOptions, type Tensor } from "../tensor/index.js";

export interface CosineOptions {
  /** The rate at step 0. */
  readonly from: number;
  /** The rate from step `steps` on; default 0. */
  readonly to?: number;
  readonly steps: number;
}

/**
 * η(step) = to + (from − to)/2·(1 + cos(π·step/steps)), and `to` after `steps`.
 *
 * @throws DomainError if a setting is out of range.
 * @source Loshchilov and Hutter (2017), "SGDR: stochastic gradient descent with warm restarts", equation 5
 * @example cosineSchedule({ from: 1, to: 0, steps: 10 })(tensor(10)).item() // → 0
 */
export function cosineSchedule(options: CosineOptions): (step: Tensor) => Tensor {
  checkOptions("cosineSchedule", options, ["from", "to", "steps"]);
  const rate = (name: string, value: number): number =>
    checkNumber("cosineSchedule", name, value, "a number ≥ 0", (x) => x >= 0);
  const from = rate("from", options.from);
  const to = rate("to", options.to ?? 0);
  const steps = checkCount("cosineSchedule", "steps", options.steps);
  return (step) => {
    const curve = add(to, mul((from - to) / 2, add(1, cos(mul(Math.PI / steps, step)))));
    return where(greater(steps, step), curve, to);
  };
}
