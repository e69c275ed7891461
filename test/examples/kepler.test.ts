// Are the derivatives of Kepler's equation right in M and in e, order for order?
import { jvp, type Tensor, tensor } from "stillpoint";
import { describe, expect, test } from "vitest";
import { closedForm } from "../../examples/kepler/closed-form.js";
import { alongM, derivative, eccentricAnomaly, type OrbitFunction } from "../../examples/kepler/equation.js";
import { compare, derivativesInM, differences, mixedDerivatives } from "../../examples/kepler/tables.js";
import { errorInUnits, readReference, violations } from "../special/reference-table.js";

const points = readReference("kepler");

/** In units of what one rounding of M and e and one of the result do; the largest error measured is 2.2. */
const allowed = 4;

describe("against 60 digits", () => {
  test("there are orders 0 to 8, mixed ones up to 4", () => {
    expect(points.length).toBe(9 * 19);
    expect(new Set(points.map(({ args: [i, j] }) => `${i},${j}`)).size).toBe(19);
  });
  for (let n = 0; n <= 8; n++) {
    const own = points.filter(({ args: [i, j] }) => i + j === n);
    test(`order ${n}: the library`, () => {
      const evaluate = (i: number, j: number, e: number, M: number): number =>
        derivative(eccentricAnomaly, i, j)(tensor(M), tensor(e)).item();
      expect(violations(own, evaluate, allowed)).toEqual([]);
    });
    test(`order ${n}: the closed form`, () => {
      const evaluate = (i: number, j: number, e: number, M: number): number =>
        closedForm(eccentricAnomaly(tensor(M), tensor(e)).item(), e, i, j);
      expect(violations(own, evaluate, allowed)).toEqual([]);
    });
  }
});

test("at the same E, library and closed form differ by rounding, in every order", () => {
  for (const { args, value, cond } of points) {
    const [i, j, e, M] = args;
    const { library, expected, difference } = compare(M, e, i, j);
    expect(errorInUnits({ args, value: expected, cond }, library), `${args}`).toBeLessThan(allowed);
    expect(difference, `${args}: ${value}`).toBeLessThan(1e-13);
  }
});

describe("however they are nested", () => {
  const at = [tensor(1), tensor(0.5)] as const;
  const exact = closedForm(eccentricAnomaly(...at).item(), 0.5, 3, 1);
  const forwards =
    (f: OrbitFunction): OrbitFunction =>
    (M, e) =>
      jvp((x: Tensor) => f(x, e), [M], [tensor(1)]).tangent;
  test.each([
    ["backwards three times", alongM(alongM(alongM(derivative(eccentricAnomaly, 0, 1))))],
    ["forwards over backwards", forwards(forwards(alongM(derivative(eccentricAnomaly, 0, 1))))],
    ["backwards over forwards", alongM(alongM(forwards(derivative(eccentricAnomaly, 0, 1))))],
  ])("%s", (_, f) => {
    expect(Math.abs(f(...at).item() / exact - 1)).toBeLessThan(1e-14);
  });
});

test("a closed form with a wrong term is seen", () => {
  const point = points.find(({ args: [i, j] }) => i === 4 && j === 0);
  if (point === undefined) throw new Error("there is no point of order 4");
  const [, , e, M] = point.args;
  const E = eccentricAnomaly(tensor(M), tensor(e)).item();
  expect(errorInUnits(point, closedForm(E, e, 4, 0))).toBeLessThan(allowed);
  expect(errorInUnits(point, closedForm(E, e * (1 + 1e-12), 4, 0))).toBeGreaterThan(allowed);
});

test("the tables show every order, and no difference above rounding", () => {
  for (const { columns, rows } of [derivativesInM(1), differences(), mixedDerivatives(1, 0.5, 4)]) {
    expect(rows.length).toBeGreaterThanOrEqual(8);
    for (const { cells } of rows) {
      expect(cells.length).toBe(columns.length);
      expect(Number(cells[cells.length - 1])).toBeLessThan(1e-14);
    }
  }
});
