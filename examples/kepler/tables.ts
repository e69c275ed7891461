// How many digits do nested derivatives of Kepler's equation keep?
import { tensor } from "stillpoint";
import { significant, type Table } from "../shared/numbers.js";
import { closedForm } from "./closed-form.js";
import { derivative, eccentricAnomaly } from "./equation.js";

const eccentricities = [0.1, 0.5, 0.9] as const;
const anomalies = [0.25, 1, 2.5] as const;
const highest = 8;

export interface Comparison {
  readonly library: number;
  readonly expected: number;
  /** |library − expected| / |expected| */
  readonly difference: number;
}

/** The nested derivative beside the closed form, both from the same E. */
export function compare(M: number, e: number, i: number, j: number): Comparison {
  const library = derivative(eccentricAnomaly, i, j)(tensor(M), tensor(e)).item();
  const expected = closedForm(eccentricAnomaly(tensor(M), tensor(e)).item(), e, i, j);
  return { library, expected, difference: Math.abs(library - expected) / Math.abs(expected) };
}

const orders = Array.from({ length: highest }, (_, k) => k + 1);

const cells = ({ library, expected, difference }: Comparison): readonly string[] => [
  library.toPrecision(16),
  expected.toPrecision(16),
  significant(difference, 2),
];

const columns = ["library", "closed form", "relative difference"];

export const derivativesInM = (M: number): Table => ({
  caption: `dⁿE/dMⁿ at M = ${M}, by n-fold grad of the fixed point`,
  columns: ["e, n", ...columns],
  rows: eccentricities.flatMap((e) =>
    orders.map((n) => ({ cells: [`${e}, ${n}`, ...cells(compare(M, e, n, 0))], group: n === 1 && e > 0.1 })),
  ),
});

export const mixedDerivatives = (M: number, e: number, order: number): Table => ({
  caption: `∂ⁱ⁺ʲE/∂Mⁱ∂eʲ at M = ${M}, e = ${e}`,
  columns: ["i, j", ...columns],
  rows: orders
    .filter((n) => n <= order)
    .flatMap((n) =>
      Array.from({ length: n + 1 }, (_, j) => ({
        cells: [`${n - j}, ${j}`, ...cells(compare(M, e, n - j, j))],
        group: j === 0 && n > 1,
      })),
    ),
});

/** Over all M and e, in the lowest and in the highest order. */
export function largestDifference(): { readonly first: number; readonly last: number; readonly highest: number } {
  const over = (n: number): number =>
    Math.max(...eccentricities.flatMap((e) => anomalies.map((M) => compare(M, e, n, 0).difference)));
  return { first: over(1), last: over(highest), highest };
}

export const differences = (): Table => ({
  caption: "Relative difference of dⁿE/dMⁿ from the closed form",
  columns: ["n", ...eccentricities.flatMap((e) => anomalies.map((M) => `e ${e}, M ${M}`))],
  rows: orders.map((n) => ({
    cells: [
      String(n),
      ...eccentricities.flatMap((e) => anomalies.map((M) => significant(compare(M, e, n, 0).difference, 2))),
    ],
  })),
});
