// What are the observations, and which of them may be looked at while fitting?
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const species = ["lynx", "hare"] as const;
export type Species = (typeof species)[number];

export interface Observations {
  readonly years: readonly number[];
  /** Thousand pelts: a row for each year, a column for each of `species`. */
  readonly pelts: readonly (readonly number[])[];
  /** The first so many years are fitted; the others are forecast. */
  readonly fitted: number;
}

/** The last years, which no fit sees. */
export const heldOut = 4;

/** Reads examples/data/lynx-hare.csv, from the root of the repository wherever the program was started. */
export function readObservations(): Observations {
  const file = fileURLToPath(new URL("../../../examples/data/lynx-hare.csv", import.meta.url));
  const [header, ...rows] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  if (header !== `year,${species.join(",")}`) throw new Error(`lynx-hare.csv: unexpected header ${header}`);
  const table = rows.map((row) => row.split(",").map(Number));
  return {
    years: table.map(([year]) => year),
    pelts: table.map(([, ...pelts]) => pelts),
    fitted: table.length - heldOut,
  };
}

/** Logarithms of pelts, standardised with the mean and spread of the fitted years alone; and the way back. */
export function standardise({ pelts, fitted }: Observations): {
  readonly rows: readonly (readonly number[])[];
  readonly spread: readonly number[];
  readonly logMean: readonly number[];
} {
  const logs = pelts.map((row) => row.map(Math.log));
  const known = logs.slice(0, fitted);
  const logMean = species.map((_, s) => known.reduce((sum, row) => sum + row[s], 0) / fitted);
  const spread = species.map((_, s) => Math.sqrt(known.reduce((sum, row) => sum + (row[s] - logMean[s]) ** 2, 0) / fitted));
  return { rows: logs.map((row) => row.map((x, s) => (x - logMean[s]) / spread[s])), spread, logMean };
}
