// By how much does a function miss the values of a reference table, given how sensitive it is to its argument?
//
// One unit is (1 + cond) * 2^-52 * |value|, where cond = |x f'(x) / f(x)|: the effect of one rounding of the argument
// together with one rounding of the result. The tables in test/reference carry cond next to every value.

import { readFileSync } from "node:fs";

/** One row: the function of `args` is `value`, and `cond` is its sensitivity to the last argument. */
export interface ReferencePoint {
  readonly args: readonly number[];
  readonly value: number;
  readonly cond: number;
}

interface ReferenceFile {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The rows of test/reference/<name>.json, whose last two columns are value and cond. */
export function readReference(name: string): readonly ReferencePoint[] {
  const text = readFileSync(new URL(`../reference/${name}.json`, import.meta.url), "utf8");
  const { columns, rows } = JSON.parse(text) as ReferenceFile;
  if (columns.at(-2) !== "value" || columns.at(-1) !== "cond") {
    throw new Error(`reference ${name}: the last two columns should be value and cond, they are ${columns.slice(-2)}`);
  }
  return rows.map((row) => {
    const numbers = row.map(Number);
    return { args: numbers.slice(0, -2), value: numbers.at(-2) as number, cond: numbers.at(-1) as number };
  });
}

/** The error of `received` at `point` in units of (1 + cond) * 2^-52 * |value|; NaN and wrong infinities are Infinity. */
export function errorInUnits(point: ReferencePoint, received: number): number {
  const relative = received === point.value ? 0 : Math.abs(received - point.value) / Math.abs(point.value);
  const units = relative / Number.EPSILON / (1 + point.cond);
  return Number.isNaN(units) ? Number.POSITIVE_INFINITY : units;
}

/** A line for every point at which `evaluate` errs by more than `allowed` units; empty if it passes. */
export function violations(
  points: readonly ReferencePoint[],
  evaluate: (...args: number[]) => number,
  allowed: number,
): string[] {
  return points.flatMap((point) => {
    const received = evaluate(...point.args);
    const units = errorInUnits(point, received);
    return units <= allowed
      ? []
      : [
          `x = ${point.args.join(", ")}: expected ${point.value}, received ${received}, ` +
            `error ${units.toPrecision(3)} > ${allowed} units of (1+cond)*2^-52`,
        ];
  });
}

/** `|a - b|` as a multiple of 2^-52 times the larger of |a|, |b| and `scale`. */
export function differenceInUlps(a: number, b: number, scale = 0): number {
  return a === b ? 0 : Math.abs(a - b) / (Number.EPSILON * Math.max(Math.abs(a), Math.abs(b), scale));
}

/** The derivative of `f` at `x`, by the five-point central difference with step `h`; its error is of order h^4. */
export function centralDifference(f: (x: number) => number, x: number, h: number): number {
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}
