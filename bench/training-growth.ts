// How do the time and the memory of a training step grow with the number of steps in time?
//
// The step is that of training-problem.ts, with the seed's explicit rule, compiled once. Each N runs in a process of its own, whose peak
// memory is the system's figure; hand-written loops run beside it in another one. Growth no faster than N·log²N means that the
// column does not rise.
//
//   node build/bench/training-growth.js [largest N = 20000]
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { measure, ratio, type Spread, showMachine, showSpread, showTable, spread, timesOf } from "./measure.js";
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
  const largest = Number(first ?? 20_000);
  const sizes = [20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000].filter((steps) => steps <= largest);
  console.log(`One training step of the explicit rule, compiled once. ${showMachine()}\n`);
  const inProcess = <T>(what: string, steps: number): T =>
    JSON.parse(
      execFileSync(process.execPath, [fileURLToPath(import.meta.url), what, String(steps)], { encoding: "utf8" }),
    ) as T;
  const cost = (steps: number): number => steps * Math.log2(steps) ** 2;
  const from = sizes.indexOf(1_000);
  const results: Alone[] = [];
  const rows = sizes.map((steps, i) => {
    const { milliseconds, bytes } = inProcess<Alone>("--alone", steps);
    results.push({ milliseconds, bytes });
    const { overLoops, overWasm } =
      steps <= manyByHand ? inProcess<Beside>("--beside", steps) : { overLoops: undefined, overWasm: undefined };
    const growth = (value: (result: Alone) => number, of: (n: number) => number): string =>
      from < 0 || i < from ? "" : (value(results[i]) / value(results[from]) / (of(steps) / of(sizes[from]))).toFixed(2);
    return [
      String(steps),
      showSpread(milliseconds),
      overLoops ? showSpread(overLoops) : "",
      overWasm ? showSpread(overWasm) : "",
      growth((result) => result.milliseconds.median, cost),
      (bytes / 2 ** 20).toFixed(0),
      growth(
        (result) => result.bytes,
        (n) => n,
      ),
    ];
  });
  const heading = ["N", "ms per step", "over loops", "over WebAssembly"];
  console.log(showTable([...heading, "over N·log²N", "peak memory, MB", "over N"], rows));
}
