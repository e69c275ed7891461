// What do a hundred thousand steps of a fractional equation cost, forward and with the gradient?
//
// Two components, D^0.7 u = predator and prey, on N uniform steps of the product trapezoidal rule, solved by windows with fast
// history. Each N runs in a process of its own, whose peak memory is the system's figure. Growth no faster than N·log²N means
// that the last column does not rise.
//
//   node build/bench/long-trajectory.js [largest N = 100000]
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { concat, grad, mul, slice, square, sub, sum, type Tensor, tensor } from "stillpoint";
import { solveCaputoWithReport, type TrajectoryReport } from "stillpoint/fractional";
import { type Spread, showMachine, spread } from "./measure.js";
import { numberAt, publish, roundsOf } from "./results.js";

interface Measured {
  /** In milliseconds. */
  readonly forward: Spread;
  readonly gradient: Spread;
  readonly bytes: number;
  readonly report: Pick<TrajectoryReport, "windows" | "steps" | "evaluations">;
}

const column = (u: Tensor, c: number): Tensor => slice(u, [0, c], [u.shape[0], c + 1]);

function measure(steps: number): Measured {
  let told: TrajectoryReport | undefined;
  const loss = (theta: Tensor): Tensor => {
    const f = (_: Tensor, u: Tensor): Tensor => {
      const [x, y] = [column(u, 0), column(u, 1)];
      const meeting = mul(x, y);
      return concat([sub(x, mul(theta, meeting)), sub(mul(0.5, meeting), y)], 1);
    };
    const { values, report } = solveCaputoWithReport(f, tensor([1, 0.5]), { order: 0.7, duration: 20, steps });
    told = report;
    return sum(square(slice(values, [steps], [steps + 1])));
  };
  const rounds = roundsOf(steps > 20_000 ? 3 : 5);
  const time = (run: () => void): Spread => {
    run();
    const times = Array.from({ length: rounds }, () => {
      const begin = performance.now();
      run();
      return performance.now() - begin;
    });
    return spread(times);
  };
  const forward = time(() => loss(tensor(1)));
  const gradient = time(() => grad(loss)(tensor(1)));
  const { windows, steps: corrections, evaluations } = told as TrajectoryReport;
  const bytes = process.resourceUsage().maxRSS * 1024;
  return { forward, gradient, bytes, report: { windows, steps: corrections, evaluations } };
}

const [first, second] = process.argv.slice(2);
if (first === "--measure") {
  console.log(JSON.stringify(measure(Number(second))));
} else {
  const largest = numberAt(0, 100_000);
  const sizes = [1_000, 3_000, 10_000, 30_000, 100_000].filter((steps) => steps <= largest);
  console.log(`D^0.7 u = f(u), two components, forward and gradient. ${showMachine()}\n`);
  const results = sizes.map((steps): Measured => {
    const args = [fileURLToPath(import.meta.url), "--measure", String(steps)];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Measured;
  });
  const cost = (steps: number): number => steps * Math.log2(steps) ** 2;
  const relative = (kind: "forward" | "gradient", i: number): string =>
    (results[i][kind].median / results[0][kind].median / (cost(sizes[i]) / cost(sizes[0]))).toFixed(3);
  const rows = results.map(({ forward, gradient, bytes, report }, i) => [
    String(sizes[i]),
    forward,
    gradient,
    `${relative("forward", i)}, ${relative("gradient", i)}`,
    `${(bytes / 2 ** 20).toFixed(0)}`,
    `${report.windows} windows, ${report.steps} corrections, ${report.evaluations} evaluations`,
  ]);
  publish({
    name: "long",
    title: "A fractional equation of two components on N steps, median [min..max]",
    heading: ["N", "forward, ms", "with gradient, ms", "growth over that of N·log²N", "peak memory, MB", "the solve"],
    rows,
    notes: ["Growth is relative to the first row, forward and with the gradient: at most 1 is no faster than N·log²N."],
    figure: {
      kind: "lines",
      caption: "A fractional equation: time against the number of steps; both axes are logarithmic.",
      x: "steps",
      y: "ms",
      points: sizes.flatMap((steps, i) => [
        { series: "forward", x: steps, y: results[i].forward },
        { series: "with gradient", x: steps, y: results[i].gradient },
      ]),
    },
  });
}
