// How do a benchmark's results reach the terminal, a file, and the chapter about measurements?
//
// A program publishes tables. They are printed; with `--json FILE` they are written as data, too, from which bench/all.ts makes
// the chapter.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { type Spread, showMachine, showSpread, showTable } from "./measure.js";

export type Cell = string | Spread;

/** A ratio that was asked for, the one that was reached, and on which side of the bound it should be. */
export interface Target {
  readonly claim: string;
  readonly bound: number;
  readonly side: "at least" | "at most";
  readonly reached: Spread;
}

/** One measured number of a figure: a place on the horizontal axis and one of the lines. */
export interface Point {
  readonly series: string;
  readonly x: number | string;
  readonly y: Spread;
}

export interface FigureData {
  /** `lines` over a number x, both axes logarithmic, or `bars`: one row per x. */
  readonly kind: "lines" | "bars";
  readonly caption: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly Point[];
}

export interface ResultTable {
  /** One word or several with hyphens: the mark in the chapter, and the name of the figure's file. */
  readonly name: string;
  readonly title: string;
  readonly heading: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly notes?: readonly string[];
  readonly targets?: readonly Target[];
  readonly figure?: FigureData;
}

export interface Results {
  readonly machine: string;
  readonly tables: readonly ResultTable[];
}

const { values, positionals } = parseArgs({
  options: { json: { type: "string" }, rounds: { type: "string" } },
  allowPositionals: true,
  strict: false,
});

/** The number at that place of the command line, options not counted. */
export const numberAt = (place: number, otherwise: number): number => Number(positionals[place] ?? otherwise);

/** How many rounds are measured: `--rounds` for a first look. */
export const roundsOf = (otherwise: number): number => Number(values.rounds ?? otherwise);

export const showCell = (cell: Cell): string => (typeof cell === "string" ? cell : showSpread(cell));

/** The median has to be on the right side of the bound. */
export const isMet = ({ side, bound, reached }: Target): boolean =>
  side === "at least" ? reached.median >= bound : reached.median <= bound;

export const showTarget = (target: Target): string =>
  `${target.claim}: ${target.side} ${target.bound}, reached ${showSpread(target.reached)}: ${isMet(target) ? "met" : "not met"}`;

/** A table as text: its rows in columns, its notes, its targets. */
export function tableText({ title, heading, rows, notes = [], targets = [] }: ResultTable): string {
  const written = rows.map((row) => row.map(showCell));
  const below = [...notes, ...targets.map(showTarget)];
  return [title, "", showTable(heading, written), ...(below.length > 0 ? ["", ...below] : [])].join("\n");
}

const published: ResultTable[] = [];

/** Prints a table; writes it, and those before it, into the file of `--json`. */
export function publish(table: ResultTable): void {
  console.log(`\n${tableText(table)}`);
  published.push(table);
  if (typeof values.json !== "string") return;
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, JSON.stringify({ machine: showMachine(), tables: published } satisfies Results));
}

export const readResults = (file: string): Results => JSON.parse(readFileSync(file, "utf8")) as Results;

/** The largest difference of two lists of numbers, relative to the largest entry of the second. */
export function differenceOf(found: readonly Float64Array[], expected: readonly Float64Array[]): number {
  let [largest, difference] = [0, 0];
  if (found.length !== expected.length) throw new Error(`${found.length} results, not ${expected.length}`);
  expected.forEach((part, i) => {
    if (found[i].length !== part.length)
      throw new Error(`result ${i} has ${found[i].length} entries, not ${part.length}`);
    part.forEach((entry, k) => {
      largest = Math.max(largest, Math.abs(entry));
      // NaN stays NaN.
      difference = Math.max(difference, Math.abs(found[i][k] - entry));
    });
  });
  return difference / largest;
}

/** @throws Error if results differ by more than the bound. */
export function checkAgreement(
  name: string,
  found: readonly Float64Array[],
  expected: readonly Float64Array[],
  bound: number,
): number {
  const difference = differenceOf(found, expected);
  if (!(difference <= bound)) throw new Error(`${name} differs by ${difference}, more than ${bound}`);
  return difference;
}

export const showDifference = (difference: number): string => (difference === 0 ? "0" : difference.toExponential(0));
