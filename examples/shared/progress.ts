// How does somebody who waits see how far the work is?
import { SingleBar } from "cli-progress";
import { seconds } from "./numbers.js";

/** What a bar counts. */
export interface Extent {
  readonly title: string;
  readonly unit: string;
  /** Units in all. */
  readonly total: number;
  /** What all units weigh, where one takes longer than another; default: 1 each. */
  readonly weight?: number;
}

export interface Progress {
  /** One more unit was done now, by work. */
  advance(weight?: number): void;
  /** So many units were done before. */
  skip(units: number, weight?: number): void;
  /** Prints a line; a bar stays below it. */
  note(line: string): void;
  /** Takes the bar away. */
  stop(): void;
  /** How far the work is, in words. */
  text(): string;
}

interface Display {
  /** Milliseconds since the beginning, and those that are left, if anything is known of them. */
  update(done: number, elapsed: number, left: number | undefined): void;
  note(line: string): void;
  stop(): void;
}

/** "12 s" or "3 min" */
const roughly = (milliseconds: number): string =>
  milliseconds < 90_000 ? `${Math.ceil(milliseconds / 1000)} s` : `${Math.round(milliseconds / 60_000)} min`;

/** Tells the time that is left by the speed in the second half of the work so far: an engine that warms up is forgotten. */
export function makeClock(): (worked: number, rest: number, elapsed: number) => number | undefined {
  let seen: (readonly [number, number])[] = [[0, 0]];
  let half = 0;
  return (worked, rest, elapsed) => {
    if (worked === 0) [seen, half] = [[[elapsed, 0]], 0];
    else seen.push([elapsed, worked]);
    while (half + 1 < seen.length && 2 * seen[half + 1][0] <= seen[0][0] + elapsed) half++;
    const [time, before] = seen[half];
    return worked > before ? ((elapsed - time) / (worked - before)) * rest : undefined;
  };
}

/** A bar on a terminal, and a line now and then elsewhere, both with the time that is left if it goes on as so far. */
export function showProgress({ title, unit, total, weight = total }: Extent): Progress {
  const display = process.stdout.isTTY ? barOf(title, unit, total) : linesOf(title, unit, total);
  const clock = makeClock();
  const begun = performance.now();
  let done = 0;
  let [worked, rest] = [0, weight];
  const update = (): void => {
    const elapsed = performance.now() - begun;
    display.update(done, elapsed, clock(worked, rest, elapsed));
  };
  return {
    advance(of = 1) {
      done++;
      worked += of;
      rest -= of;
      update();
    },
    skip(units, of = units) {
      done += units;
      rest -= of;
      update();
    },
    note: display.note,
    stop: display.stop,
    text: () => `${title}, ${done} of ${total} ${unit}`,
  };
}

function barOf(title: string, unit: string, total: number): Display {
  const bar = new SingleBar({
    format: `${title} [{bar}] {value}/{total} ${unit}, {elapsed}, about {left} left`,
    stream: process.stdout,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    barsize: 24,
  });
  const words = (elapsed: number, left?: number) => ({
    elapsed: roughly(elapsed),
    left: left === undefined ? "…" : roughly(left),
  });
  bar.start(total, 0, words(0));
  return {
    update: (done, elapsed, left) => bar.update(done, words(elapsed, left)),
    note: (line) => process.stdout.write(`\r\x1b[2K${line}\n`),
    stop: () => bar.stop(),
  };
}

/** A line after each fifth of the work. */
function linesOf(title: string, unit: string, total: number): Display {
  let fifth = 1;
  return {
    update(done, elapsed, left) {
      if (done < (fifth * total) / 5) return;
      fifth = Math.floor((5 * done) / total) + 1;
      const rest = done < total && left !== undefined ? `, about ${roughly(left)} left` : "";
      console.log(`${title}: ${done} of ${total} ${unit}, ${seconds(elapsed)}${rest}`);
    },
    note: (line) => console.log(line),
    stop: () => undefined,
  };
}
