// What is an optimiser?
import { toTensor } from "../primitives/index.js";
import { checkNumber, DomainError, type Tensor } from "../tensor/index.js";

/** A number, or a function of how many updates were made before. */
export type Schedule = number | ((step: Tensor) => Tensor);

/** Its state is data, its update a function of tensors: so a training step can be compiled, saved and resumed. */
export interface Optimiser<S> {
  init(params: unknown): S;
  update<P>(gradient: P, state: S, params: P): { params: P; state: S };
}

/** A learning rate as a function of the step. @throws DomainError unless it is a number > 0 or a function. */
export function readSchedule(operation: string, schedule: Schedule, name = "learningRate"): (step: Tensor) => Tensor {
  if (typeof schedule === "function") return schedule;
  if (typeof schedule !== "number") {
    throw new DomainError(`${operation}: expected ${name} to be a number or a function of the step`);
  }
  checkNumber(operation, name, schedule, "a number > 0", (x) => x > 0);
  return () => toTensor(operation, schedule);
}

/** Refuses a setting that is not in [0, 1). */
export const checkShare = (operation: string, name: string, value: number): number =>
  checkNumber(operation, name, value, "in [0, 1)", (x) => x >= 0 && x < 1);

/** Refuses a setting that is not a number ≥ 0. */
export const checkNonNegative = (operation: string, name: string, value: number): number =>
  checkNumber(operation, name, value, "a number ≥ 0", (x) => x >= 0);
