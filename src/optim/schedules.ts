// How does a learning rate change with the steps?
import {
  add,
  cos,
  div,
  greater,
  greaterEqual,
  maximum,
  minimum,
  mul,
  pow,
  sub,
  toTensor,
  where,
} from "../primitives/index.js";
import { checkCount, checkNumber, checkOptions, DomainError, type Tensor } from "../tensor/index.js";
import { readSchedule, type Schedule } from "./optimiser.js";

const checkRate = (operation: string, name: string, value: unknown): number =>
  checkNumber(operation, name, value, "a number ≥ 0", (x) => x >= 0);

/** From one rate to another. */
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
  const from = checkRate("cosineSchedule", "from", options.from);
  const to = checkRate("cosineSchedule", "to", options.to ?? 0);
  const steps = checkCount("cosineSchedule", "steps", options.steps);
  return (step) => {
    const curve = add(to, mul((from - to) / 2, add(1, cos(mul(Math.PI / steps, step)))));
    return where(greater(steps, step), curve, to);
  };
}

/**
 * η(step) = from + (to − from)·step/steps, and `to` after `steps`.
 *
 * @throws DomainError if a setting is out of range.
 * @example linearSchedule({ from: 1, to: 0.5, steps: 10 })(tensor(5)).item() // → 0.75
 */
export function linearSchedule(options: CosineOptions): (step: Tensor) => Tensor {
  checkOptions("linearSchedule", options, ["from", "to", "steps"]);
  const from = checkRate("linearSchedule", "from", options.from);
  const to = checkRate("linearSchedule", "to", options.to ?? 0);
  const steps = checkCount("linearSchedule", "steps", options.steps);
  return (step) => where(greater(steps, step), add(from, mul((to - from) / steps, step)), to);
}

export interface ExponentialOptions {
  /** The rate at step 0. */
  readonly from: number;
  /** By which the rate is multiplied in `steps` steps. */
  readonly factor: number;
  /** Default 1. */
  readonly steps?: number;
}

/**
 * η(step) = from·factor^(step/steps)
 *
 * @throws DomainError if a setting is out of range.
 * @example exponentialSchedule({ from: 1, factor: 0.25, steps: 10 })(tensor(5)).item() // → 0.5
 */
export function exponentialSchedule(options: ExponentialOptions): (step: Tensor) => Tensor {
  checkOptions("exponentialSchedule", options, ["from", "factor", "steps"]);
  const from = checkRate("exponentialSchedule", "from", options.from);
  const factor = checkNumber("exponentialSchedule", "factor", options.factor, "a number > 0", (x) => x > 0);
  const steps = checkCount("exponentialSchedule", "steps", options.steps ?? 1);
  return (step) => mul(from, pow(factor, div(step, steps)));
}

export interface StepOptions {
  /** One rate more than there are boundaries. */
  readonly rates: readonly number[];
  /** The steps from which the second, third, … rate is valid, in ascending order. */
  readonly boundaries: readonly number[];
}

/**
 * η(step) = rates[k], where k is how many of the boundaries the step has reached.
 *
 * @throws DomainError if a rate is out of range, or the boundaries do not ascend or do not fit the rates.
 * @example [9, 10].map((k) => stepSchedule({ rates: [1, 0.1], boundaries: [10] })(tensor(k)).item()) // → [1, 0.1]
 */
export function stepSchedule(options: StepOptions): (step: Tensor) => Tensor {
  checkOptions("stepSchedule", options, ["rates", "boundaries"]);
  const { rates, boundaries } = options ?? {};
  if (!Array.isArray(rates) || !Array.isArray(boundaries) || rates.length !== boundaries.length + 1) {
    const count = (list: unknown): string => (Array.isArray(list) ? `${list.length}` : String(list));
    throw new DomainError(
      "stepSchedule: expected an array of rates, one more than boundaries, received " +
        `${count(rates)} rates and ${count(boundaries)} boundaries`,
    );
  }
  rates.forEach((rate, i) => {
    checkRate("stepSchedule", `rates[${i}]`, rate);
  });
  boundaries.forEach((boundary, i) => {
    checkCount("stepSchedule", `boundaries[${i}]`, boundary, i === 0 ? 1 : boundaries[i - 1] + 1);
  });
  return (step) =>
    boundaries.reduce(
      (rate: Tensor, boundary, i) => where(greaterEqual(step, boundary), rates[i + 1], rate),
      toTensor("stepSchedule", rates[0]),
    );
}

/**
 * A schedule after a linear warm-up: η(step) = schedule(0)·(step + 1)/(steps + 1) for step < steps, and then
 * schedule(step − steps). The first rate is not 0: no update is wasted.
 *
 * @throws DomainError if steps is not an integer ≥ 0, or the schedule is neither a number > 0 nor a function.
 * @source Goyal et al. (2017), "Accurate, large minibatch SGD: training ImageNet in 1 hour", section 2.2
 * @example [0, 1, 2, 3, 9].map((k) => warmup(1, 3)(tensor(k)).item()) // → [0.25, 0.5, 0.75, 1, 1]
 */
export function warmup(schedule: Schedule, steps: number): (step: Tensor) => Tensor {
  const rate = readSchedule("warmup", schedule, "the schedule");
  checkCount("warmup", "steps", steps, 0);
  return (step) => mul(rate(maximum(sub(step, steps), 0)), minimum(div(add(step, 1), steps + 1), 1));
}
