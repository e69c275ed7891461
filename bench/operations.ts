// What does one operation cost: its call, its loop over numbers, and its sums?
//
// Matrix products beside the triple loop, plain and in WebAssembly; pointwise loops and sums beside the leanest loop that
// gives the same; and what a call takes beyond its loop, eager and as a plan. A round times everything once: the ratios
// are of one round.
//
//   node build/bench/operations.js [largest n = 1024]
import { add, compile, sum, type Tensor, tensor, trace } from "stillpoint";
import { addEach, expEach, matmul, setWebAssembly, sumRange, tanhEach } from "stillpoint/typed-array-ops";
import { type Contender, measure, ratio, showMachine, showSpread, showTable, spread, timesOf } from "./measure.js";

const rounds = 7;
const largest = Number(process.argv[2] ?? 1024);
const wave = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => Math.sin(i + 1));

function naiveProduct(out: Float64Array, a: Float64Array, b: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < n; l++) sum += a[i * n + l] * b[l * n + j];
      out[i * n + j] = sum;
    }
  }
}

/** Where one run is too short for the clock's call, many are one. */
const often = (times: number, run: () => void): (() => void) => {
  return () => {
    for (let i = 0; i < times; i++) run();
  };
};

interface Case {
  readonly name: string;
  /** The ways; the first is what the others are compared with. */
  readonly ways: readonly Contender[];
  readonly perRun: number;
}

function products(n: number): Case {
  const [a, b, out] = [wave(n * n), wave(n * n).reverse(), new Float64Array(n * n)];
  const perRun = Math.max(1, Math.round(100_000 / n ** 3));
  const inLibrary = (useWebAssembly: boolean): (() => void) => {
    const multiply = often(perRun, () => matmul(out, a, b, n, n, n, false, false));
    return () => {
      setWebAssembly(useWebAssembly);
      multiply();
    };
  };
  const ways = [
    { name: "naive", run: often(perRun, () => naiveProduct(out, a, b, n)) },
    { name: "TypeScript", run: inLibrary(false) },
    { name: "WebAssembly", run: inLibrary(true) },
  ];
  const [expected, ...others] = ways.map(({ run }) => {
    run();
    return out.slice();
  });
  for (const other of others) {
    if (!other.every((value, i) => value === expected[i])) throw new Error(`the products of n = ${n} differ`);
  }
  return { name: `product, n = ${n}`, ways, perRun };
}

/** Loops as one would write them by hand, each once: what they share would not be compiled as tightly. */
function plainAdd(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] + y[i];
}

function mathTanh(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.tanh(x[i]);
}

function mathExp(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.exp(x[i]);
}

function plainSum(x: Float64Array): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i];
  return total;
}

function loops(n: number): Case[] {
  const [x, y, out] = [wave(n), wave(n).reverse(), new Float64Array(n)];
  const perRun = Math.max(1, Math.round(20_000 / n));
  const named = (name: string, ...ways: readonly (readonly [way: string, run: () => void])[]): Case => ({
    name: `${name}, ${n} numbers`,
    ways: ways.map(([way, run]) => ({ name: way, run: often(perRun, run) })),
    perRun,
  });
  const using = (webAssembly: boolean, run: () => void): (() => void) => {
    return () => {
      setWebAssembly(webAssembly);
      run();
    };
  };
  const [xs, ys]: readonly [Tensor, Tensor] = [tensor(x), tensor(y)];
  const added = compile(trace((a: Tensor, b: Tensor) => add(a, b), xs, ys));
  const both = [xs, ys];
  const addLoop = (): void => addEach(out, x, y);
  const tanhLoop = (): void => tanhEach(out, x);
  const expLoop = (): void => expEach(out, x);
  return [
    named("add", ["plain loop", () => plainAdd(out, x, y)], ["library", addLoop]),
    named(
      "tanh",
      ["Math.tanh", () => mathTanh(out, x)],
      ["TypeScript", using(false, tanhLoop)],
      ["WebAssembly", using(true, tanhLoop)],
    ),
    named(
      "exp",
      ["Math.exp", () => mathExp(out, x)],
      ["TypeScript", using(false, expLoop)],
      ["WebAssembly", using(true, expLoop)],
    ),
    named("sum", ["plain loop", () => plainSum(x)], ["library", () => sumRange(x, 0, n)]),
    named("add of tensors", ["its loop", addLoop], ["eager", () => add(xs, ys)], ["plan", () => added.run(both)]),
    named("sum of a tensor", ["its loop", () => sumRange(x, 0, n)], ["eager", () => sum(xs)]),
  ];
}

/** Times all cases and prints, per case and way, the time of one operation and how many times faster it is than the first. */
function report(title: string, cases: readonly Case[], seconds: number): void {
  const full = (of: Case, way: string): string => `${of.name}: ${way}`;
  const timings = measure(
    cases.flatMap((of) => of.ways.map(({ name, run }) => ({ name: full(of, name), run }))),
    { rounds, seconds },
  );
  const rows = cases.flatMap((of) =>
    of.ways.map(({ name }, i) => [
      full(of, name),
      showSpread(spread(timesOf(timings, full(of, name)).map((time) => (1000 * time) / of.perRun))),
      i > 0 ? showSpread(ratio(timings, full(of, of.ways[0].name), full(of, name))) : "",
    ]),
  );
  console.log(`\n${showTable([title, "µs", "times faster"], rows)}`);
}

console.log(`Single operations, median [min..max] of ${rounds} rounds. ${showMachine()}`);
const sizes = [1, 2, 3, 4, 5, 8, 11, 16, 24, 32, 48, 64, 65, 100, 128, 256, 512, 1024].filter((n) => n <= largest);
report("matrix products", sizes.map(products), 0.05);
setWebAssembly(true);
report("loops and calls", [8, 128, 16_384].flatMap(loops), 0.05);
