// How does somebody who waits see how far the work is, and how does somebody stop it?
import { setImmediate as nextTurn } from "node:timers/promises";
import { SingleBar } from "cli-progress";
import { seconds } from "./numbers.js";

export interface Progress {
  /** Says that so many units are done; now and then it lets signals in. */
  advance(done: number): Promise<void>;
  /** Prints a line; a bar stays below it. */
  note(line: string): void;
}

let stopBar: () => void = () => undefined;

/** Runs a long task with a bar on a terminal, and with a line now and then elsewhere. */
export async function withProgress<T>(
  title: string,
  unit: string,
  total: number,
  task: (progress: Progress) => Promise<T>,
): Promise<T> {
  const show = process.stdout.isTTY ? barOf(title, unit, total) : linesOf(title, unit, total);
  let turned = performance.now();
  try {
    return await task({
      advance: async (done) => {
        show.update(done);
        if (performance.now() - turned < 50) return;
        await nextTurn();
        turned = performance.now();
      },
      note: show.note,
    });
  } finally {
    show.stop();
    stopBar = () => undefined;
  }
}

interface Display {
  update(done: number): void;
  note(line: string): void;
  stop(): void;
}

function barOf(title: string, unit: string, total: number): Display {
  const bar = new SingleBar({
    format: `${title} [{bar}] {value}/{total} ${unit}, {duration_formatted}, about {eta_formatted} left`,
    stream: process.stdout,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    barsize: 24,
    etaBuffer: 20,
  });
  bar.start(total, 0);
  stopBar = () => bar.stop();
  return {
    update: (done) => bar.update(done),
    note: (line) => process.stdout.write(`\r\x1b[2K${line}\n`),
    stop: () => bar.stop(),
  };
}

/** A line after each fifth of the work. */
function linesOf(title: string, unit: string, total: number): Display {
  const begun = performance.now();
  const marks = new Set([1, 2, 3, 4, 5].map((k) => Math.round((k * total) / 5)));
  return {
    update(done) {
      if (!marks.has(done)) return;
      const elapsed = performance.now() - begun;
      const left = (elapsed / done) * (total - done);
      const rest = done < total ? `, about ${seconds(left)} left` : "";
      console.log(`${title}: ${done} of ${total} ${unit}, ${seconds(elapsed)}${rest}`);
    },
    note: (line) => console.log(line),
    stop: () => undefined,
  };
}

/** Ctrl-C ends the process with one line. */
export function stopOnInterrupt(message: string): void {
  process.once("SIGINT", () => {
    stopBar();
    console.log(`\n${message}`);
    process.exit(130);
  });
}

/** The first Ctrl-C is only noted, for work that ends by itself where it can go on; the second ends the process. */
export function noteInterrupt(): () => boolean {
  let noted = false;
  process.on("SIGINT", () => {
    if (noted) {
      stopBar();
      process.exit(130);
    }
    noted = true;
  });
  return () => noted;
}
