// How do the time and the memory of a training step grow with the number of steps in time?
//
// The step is that of training-problem.ts, with the seed's explicit rule, compiled once. Each N runs in a process of its own, whose peak
// memory is the system's figure; hand-written loops run beside it in another one. Growth no faster than N·log²N means that the
// column does not rise.
//
//   node build/bench/training-growth.js [largest N = 20000]
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { measure, ratio, type Spread, showMachine, spread, timesOf } from "./measure.js";
import { numberAt, publish } from "./results.js";
import { checkAgreement, prepare, rules } from "./training-problem.js";

/** Hand-written loops are measured up to so many nodes; those in WebAssembly have no fast history. */
const [manyByHand, manyInWasm] = [5_000, 2_000];

interface Alone {
  readonly milliseconds: Spread;
  readonly bytes: number;
}

interface Beside {
  readonly overLoops: Spread;
  readonly overWasm: Spread | undefined;
}

const roundsFor = (steps: number): number => (steps > 2_000 ? 5 : 9);

function alone(steps: number): Alone {
  const { compiled } = prepare(rules.rectangle, steps);
  const timings = measure([{ name: "step", run: compiled }], { rounds: roundsFor(steps), seconds: 0.2 });
  return { milliseconds: spread(timesOf(timings, "step")), bytes: process.resourceUsage().maxRSS * 1024 };
}

function beside(steps: number): Beside {
  const { compiled, ...hand } = prepare(rules.rectangle, steps);
  const byHand = hand.byHand();
  const inWasm = steps <= manyInWasm ? hand.inWasm?.() : undefined;
  const expected = compiled();
  const contenders = [
    { name: "step", run: compiled },
    { name: "loops", run: byHand },
    ...(inWasm ? [{ name: "wasm", run: inWasm }] : []),
  ];
  for (const { name, run } of contenders) checkAgreement(name, run(), expected, 1e-11, 1e-8, () => undefined);
  const timings = measure(contenders, { rounds: roundsFor(steps), seconds: 0.2 });
  return { overLoops: ratio(timings, "step", "loops"), overWasm: inWasm && ratio(timings, "step", "wasm") };
}

const [first, second] = process.argv.slice(2);
if (first === "--alone") console.log(JSON.stringify(alone(Number(second))));
else if (first === "--beside") console.log(JSON.stringify(beside(Number(second))));
else {
  const largest = numberAt(0, 20_000);
  const sizes = [20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000].filter((steps) => steps <= largest);
  console.log(`One training step of the explicit rule, compiled once. ${showMachine()}`);
  const inProcess = <T>(what: string, steps: number): T =>
    JSON.parse(
      execFileSync(process.execPath, [fileURLToPath(import.meta.url), what, String(steps)], { encoding: "utf8" }),
    ) as T;
  const all = sizes.map((steps) => ({
    steps,
    ...inProcess<Alone>("--alone", steps),
    by: steps <= manyByHand ? inProcess<Beside>("--beside", steps) : undefined,
  }));
  const from = all.find(({ steps }) => steps === 1_000);
  const growth = (value: (one: (typeof all)[number]) => number, of: (n: number) => number) =>
    all.map((one) => (from && one.steps >= 1_000 ? value(one) / value(from) / (of(one.steps) / of(1_000)) : undefined));
  const inTime = growth(
    ({ milliseconds }) => milliseconds.median,
    (n) => n * Math.log2(n) ** 2,
  );
  const inMemory = growth(
    ({ bytes }) => bytes,
    (n) => n,
  );
  const most = (values: readonly (number | undefined)[]): Spread =>
    spread([Math.max(...values.map((value) => value ?? 0))]);
  const show = (value: number | undefined): string => value?.toFixed(2) ?? "";
  publish({
    name: "training-growth",
    title: "Growth of a training step of the explicit rule, compiled once, median [min..max]",
    heading: [
      ...["N", "ms per step", "over the loops", "over WebAssembly by hand"],
      ...["growth over that of N·log²N", "peak memory, MB", "growth over that of N"],
    ],
    rows: all.map(({ steps, milliseconds, bytes, by }, i) => [
      ...[String(steps), milliseconds, by?.overLoops ?? "", by?.overWasm ?? ""],
      ...[show(inTime[i]), (bytes / 2 ** 20).toFixed(0), show(inMemory[i])],
    ]),
    notes: [
      "Growth is counted from N = 1,000 on. Each N runs in a process of its own, whose peak is the system's figure.",
    ],
    targets: [
      {
        claim: "time, times as much as N·log²N, at any N from 1,000 on",
        side: "at most",
        bound: 1,
        reached: most(inTime),
      },
      {
        claim: "memory, times as much as N, at any N from 1,000 on",
        side: "at most",
        bound: 1,
        reached: most(inMemory),
      },
    ],
    figure: {
      kind: "lines",
      caption: "A training step over the number of steps in time; both axes are logarithmic.",
      x: "steps in time",
      y: "ms per step",
      points: all.map(({ steps, milliseconds }) => ({ series: "compiled", x: steps, y: milliseconds })),
    },
  });
}
