// What was observed of lynx and hare, and which years may a fit look at?
import { readFileSync } from "node:fs";
import { inExamples } from "../shared/repository.js";

export const species = ["lynx", "hare"] as const;

/** A row for each year, a column for each of `species`. */
export type Rows = readonly (readonly number[])[];

export interface Observations {
  readonly years: readonly number[];
  /** Thousand pelts. */
  readonly pelts: Rows;
  /** The first so many years are fitted; the others are forecast. */
  readonly fitted: number;
}

/** The last years, which no fit sees. */
const heldOut = 4;

export function readObservations(): Observations {
  const [header, ...lines] = readFileSync(inExamples("data", "lynx-hare.csv"), "utf8").trim().split(/\r?\n/);
  if (header !== `year,${species.join(",")}`) throw new Error(`lynx-hare.csv: unexpected header "${header}"`);
  const table = lines.map((line) => line.split(",").map(Number));
  return {
    years: table.map(([year]) => year),
    pelts: table.map(([, ...pelts]) => pelts),
    fitted: table.length - heldOut,
  };
}

/** The scale on which equations are fitted: logarithms of pelts, with mean 0 and spread 1 for each species. */
export interface Scale {
  readonly toUnits: (pelts: Rows) => Rows;
  readonly toPelts: (units: Rows) => Rows;
}

/** Mean and spread are those of the fitted years alone. */
export function scaleOf({ pelts, fitted }: Observations): Scale {
  const settings = species.map((_, s) => {
    const logs = pelts.slice(0, fitted).map((row) => Math.log(row[s]));
    const mean = average(logs);
    return { mean, spread: Math.sqrt(average(logs.map((x) => (x - mean) ** 2))) };
  });
  return {
    toUnits: (rows) => rows.map((row) => row.map((x, s) => (Math.log(x) - settings[s].mean) / settings[s].spread)),
    toPelts: (rows) => rows.map((row) => row.map((x, s) => Math.exp(settings[s].mean + settings[s].spread * x))),
  };
}

export const average = (xs: readonly number[]): number => xs.reduce((total, x) => total + x, 0) / xs.length;
