// What has a check of gradients found so far?
import type { Shape, Tensor } from "../tensor/index.js";
import { type Entry, type GradientReport, type Method, tell } from "./report.js";
import { indexOf, type Subject } from "./subject.js";

/** Where an entry of the derivative stands. */
export interface Place {
  readonly input: number;
  readonly entry: number;
  readonly output: number;
}

/** Notes what was checked, and what failed. */
export interface Ledger {
  readonly counts: { checked: number; skipped: number; inconclusive: number; noise: number };
  /** Notes how well an entry is known by differences: their error, beside the size of what they are to resolve. */
  resolve(error: number, size: number): void;
  /** Notes a comparison and its outcome. */
  judge(place: Place, method: Method, expected: number, received: number, passes: boolean): void;
  report(methods: readonly Method[], notes?: readonly string[]): GradientReport;
}

/** The ledger of a subject whose value has the given shape. */
export function openLedger({ xs, names, unused }: Subject, shape: Shape): Ledger {
  const before = xs.map((x) => x.data.slice());
  const counts = { checked: 0, skipped: 0, inconclusive: 0, noise: 0 };
  const failures: Entry[] = [];
  let worst: Entry | undefined;
  return {
    counts,
    resolve(error, size) {
      if (size > 0) counts.noise = Math.max(counts.noise, error / size);
    },
    judge({ input, entry, output }, method, expected, received, passes) {
      const difference = Object.is(received, expected) ? 0 : Math.abs(received - expected);
      const size = Math.max(Math.abs(received), Math.abs(expected));
      const found = {
        input: names[input],
        index: indexOf(entry, xs[input].shape),
        output: indexOf(output, shape),
        expected,
        received,
        relativeError: difference === 0 ? 0 : difference / size,
        method,
      };
      if (!passes) failures.push(found);
      if (worst === undefined || !(found.relativeError <= worst.relativeError)) worst = found;
    },
    report(methods, notes = []) {
      const modified = xs.findIndex((x, i) => x.data.some((value, e) => !Object.is(value, before[i][e])));
      const problem = modified < 0 ? undefined : `f modified its argument ${names[modified]}`;
      return tell({ ...counts, failures, methods, unused, worst: worstOf(failures) ?? worst }, problem, notes);
    },
  };
}

const worstOf = (failures: readonly Entry[]): Entry | undefined =>
  failures.reduce<Entry | undefined>(
    (most, entry) => (most === undefined || entry.relativeError > most.relativeError ? entry : most),
    undefined,
  );

/** The value of f, or what is wrong with it: two calls must give the same bits. */
export function evaluateTwice({ f, xs, unused }: Subject, methods: readonly Method[]): Tensor | GradientReport {
  const [first, second] = [f(xs), f(xs)];
  if (first.data.every((value, i) => Object.is(value, second.data[i]))) return first;
  return tell(
    { checked: 0, skipped: 0, inconclusive: 0, noise: 0, failures: [], methods, unused, worst: undefined },
    "f is not deterministic: two calls with the same arguments gave different values",
  );
}
