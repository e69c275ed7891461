// How does somebody who waits see how far the work is?
import { SingleBar } from "cli-progress";
import { seconds } from "./numbers.js";

export interface Progress {
  /** So many units were done now, by work. */
  advance(units?: number): void;
  /** So many units need no work any more. */
  skip(units: number): void;
  /** Prints a line; a bar stays below it. */
  note(line: string): void;
  /** Takes the bar away. */
  stop(): void;
  /** How far the work is, in words. */
  text(): string;
}

interface Display {
  update(done: number, elapsed: number, left: number): void;
  note(line: string): void;
  stop(): void;
}

/** A bar on a terminal, and a line now and then elsewhere, both with the time that is left if it goes on as so far. */
export function showProgress(title: string, unit: string, total: number): Progress {
  const display = process.stdout.isTTY ? barOf(title, unit, total) : linesOf(title, unit, total);
  const begun = performance.now();
  let done = 0;
  let skipped = 0;
  const update = (): void => {
    const elapsed = performance.now() - begun;
    display.update(done, elapsed, (elapsed / Math.max(1, done - skipped)) * (total - done));
  };
  return {
    advance(units = 1) {
      done += units;
      update();
    },
    skip(units) {
      done += units;
      skipped += units;
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
  bar.start(total, 0, { elapsed: seconds(0), left: "…" });
  return {
    update: (done, elapsed, left) => bar.update(done, { elapsed: seconds(elapsed), left: seconds(left) }),
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
      const rest = done < total ? `, about ${seconds(left)} left` : "";
      console.log(`${title}: ${done} of ${total} ${unit}, ${seconds(elapsed)}${rest}`);
    },
    note: (line) => console.log(line),
    stop: () => undefined,
  };
}
