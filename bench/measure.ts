// How are several ways to do one thing timed beside each other?
//
// A round times every contender once, each round starting with the next one; noise that lasts longer than a round hits
// all of them. What is claimed are ratios within a round.
import { cpus } from "node:os";
import { setTimeout } from "node:timers/promises";
import Benchmark from "benchmark";

export interface Contender {
  readonly name: string;
  readonly run: () => unknown;
}

/** A contender in a process of its own, which times itself. */
export interface RemoteContender {
  readonly name: string;
  /** Milliseconds per run; it may take so many seconds to find out. */
  readonly time: (seconds: number) => Promise<number>;
}

export interface MeasureOptions {
  readonly rounds: number;
  /** How long one contender may take in one round. */
  readonly seconds: number;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Milliseconds per run, one number for each round: the median of the round's samples. */
export type Timings = ReadonlyMap<string, readonly number[]>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

export const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
});

/** A contender that is slower than its share of a round runs once. */
function millisecondsPerRun({ name, run }: Contender, seconds: number): number {
  const begin = performance.now();
  run();
  const once = performance.now() - begin;
  if (once > 1000 * seconds) return once;
  const { error, stats } = new Benchmark(name, run, { maxTime: seconds, minSamples: 3 }).run();
  if (error) throw error;
  return 1000 * median(stats.sample as number[]);
}

/** Times the contenders in turn; a first round, which is not counted, lets the engine compile them. */
export function measure(contenders: readonly Contender[], { rounds, seconds }: MeasureOptions): Timings {
  const timings = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round + 1) % contenders.length];
      const milliseconds = millisecondsPerRun(contender, seconds);
      if (round >= 0) timings.get(contender.name)?.push(milliseconds);
    }
  }
  return timings;
}

/** After another process has run, its threads spin for a while before they sleep. */
const pause = 100;

/** As `measure`, with contenders in other processes among them: a round times each of them once, one after the other. */
export async function measureWithPeers(
  contenders: readonly (Contender | RemoteContender)[],
  { rounds, seconds }: MeasureOptions,
): Promise<Timings> {
  const timings = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round + 1) % contenders.length];
      const remote = "time" in contender;
      const milliseconds = remote ? await contender.time(seconds) : millisecondsPerRun(contender, seconds);
      if (round >= 0) timings.get(contender.name)?.push(milliseconds);
      if (remote) await setTimeout(pause);
    }
  }
  return timings;
}

export function timesOf(timings: Timings, name: string): readonly number[] {
  const times = timings.get(name);
  if (times === undefined) throw new Error(`nothing was measured under the name ${name}`);
  return times;
}

/** How many times as long as `reference` the contender took, round by round. */
export function ratio(timings: Timings, name: string, reference: string): Spread {
  const references = timesOf(timings, reference);
  return spread(timesOf(timings, name).map((time, round) => time / references[round]));
}

/** How many times as long as the contender the fastest of others took, round by round. */
export function fastestRatio(timings: Timings, others: readonly string[], name: string): Spread {
  const times = others.map((other) => timesOf(timings, other));
  return spread(timesOf(timings, name).map((time, round) => Math.min(...times.map((all) => all[round])) / time));
}

const digits = (x: number): string => (x >= 100 ? x.toFixed(0) : x.toPrecision(3));

/** "median [min..max]" */
export const showSpread = ({ median: middle, min, max }: Spread): string =>
  `${digits(middle)} [${digits(min)}..${digits(max)}]`;

/** Rows under a heading, in columns; the first column is text, the others are numbers. */
export function showTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "),
    )
    .join("\n");
}

export const showMachine = (): string =>
  `Node ${process.versions.node}, V8 ${process.versions.v8}, ${process.arch}, ${cpus().length} CPUs (${cpus()[0]?.model.trim() ?? "unknown"})`;
