// Do rotations end, and say so if they do not?
import { expect, test } from "vitest";
import { symmetricEigen } from "../../src/typed-array-ops/index.js";

const diagonalise = (matrix: readonly number[], n: number): { done: boolean; values: Float64Array } => {
  const values = new Float64Array(n);
  const done = symmetricEigen(values, new Float64Array(n * n), Float64Array.from(matrix), new Float64Array(n * n), n);
  return { done, values };
};

test("symmetricEigen makes a matrix diagonal that is, that is not, and that is nearly", () => {
  expect(diagonalise([3, 0, 0, 1], 2)).toEqual({ done: true, values: Float64Array.of(1, 3) });
  expect(diagonalise([0, 1, 1, 0], 2).values).toEqual(Float64Array.of(-1, 1));
  expect(diagonalise([0, 5e-324, 5e-324, 0], 2).done).toBe(true);
  expect(diagonalise([1e300, 1e-300, 1e-300, -1e300], 2).done).toBe(true);
});

test("symmetricEigen says that it did not, where an entry is not a number", () => {
  expect(diagonalise([1, Number.NaN, Number.NaN, 1], 2).done).toBe(false);
});
