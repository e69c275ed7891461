// How are values and first derivatives at chosen points compared with numbers known otherwise?
import { grad, jvp, type Tensor, tensor } from "stillpoint";
import { expect } from "vitest";

export type Scalar = (x: Tensor) => Tensor;

/** f′ as a function that can be differentiated again. */
export const derivative =
  (f: Scalar): Scalar =>
  (x) =>
    grad(f)(x);

/** f′(x) in reverse mode. */
export const reverse = (f: Scalar, x: number): number => grad(f)(tensor(x)).item();
/** f′(x) in forward mode. */
export const forward = (f: Scalar, x: number): number => jvp(f, [tensor(x)], [tensor(1)]).tangent.item();

/** f′(x) is exactly this in both modes. */
export function expectSlope(f: Scalar, x: number, expected: number): void {
  expect([x, reverse(f, x)]).toEqual([x, expected]);
  expect([x, forward(f, x)]).toEqual([x, expected]);
}

/** The relative error is at most so many units of 2⁻⁵². */
export function expectNear(received: number, expected: number, units: number, what = ""): void {
  if (received === expected) return;
  const error = Math.abs(received - expected) / Math.abs(expected) / Number.EPSILON;
  expect(error, `${what}: received ${received}, expected ${expected}`).toBeLessThanOrEqual(units);
}

/** f′(x) is this to so many units of 2⁻⁵² in both modes. */
export function expectSlopeNear(f: Scalar, x: number, expected: number, units: number): void {
  expectNear(reverse(f, x), expected, units, `slope at ${x}, reverse`);
  expectNear(forward(f, x), expected, units, `slope at ${x}, forward`);
}
