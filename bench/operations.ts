// What does one operation cost: its call, its loop over numbers, and its sums?
//
// Matrix products beside the triple loop, plain and in WebAssembly; pointwise loops and sums beside the leanest loop that
// gives the same; what a call takes beyond its loop, eager and as a plan; and products in other libraries. A round times
// everything once: the ratios are of one round.
//
//   node build/bench/operations.js [largest n = 1024]
import { add, compile, sum, type Tensor, tensor, trace } from "stillpoint";
import { addEach, expEach, matmul, setWebAssembly, sumRange, tanhEach } from "stillpoint/typed-array-ops";
import {
  type Contender,
  measure,
  measureWithPeers,
  type RemoteContender,
  ratio,
  type Spread,
  showMachine,
  spread,
  type Timings,
  timesOf,
} from "./measure.js";
import { startPeers } from "./peers.js";
import { checkAgreement, numberAt, publish, roundsOf, showDifference, type Target } from "./results.js";

const rounds = roundsOf(7);
const largest = numberAt(0, 1024);
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
  const summed = compile(trace((a: Tensor) => sum(a), xs));
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
    named(
      "sum of a tensor",
      ["its loop", () => sumRange(x, 0, n)],
      ["eager", () => sum(xs)],
      ["plan", () => summed.run([xs])],
    ),
  ];
}

const full = (of: Case, way: string): string => `${of.name}: ${way}`;

const timesFaster = (timings: Timings, of: Case, way: string): Spread =>
  ratio(timings, full(of, of.ways[0].name), full(of, way));

/** Times all cases: the time of one operation, and how many times faster it is than the first way. */
function timeCases(cases: readonly Case[], seconds: number) {
  const timings = measure(
    cases.flatMap((of) => of.ways.map(({ name, run }) => ({ name: full(of, name), run }))),
    { rounds, seconds },
  );
  const rows = cases.flatMap((of) =>
    of.ways.map(({ name }, i) => [
      full(of, name),
      spread(timesOf(timings, full(of, name)).map((time) => (1000 * time) / of.perRun)),
      i > 0 ? timesFaster(timings, of, name) : "",
    ]),
  );
  return { timings, rows };
}

/** The size at which a way of multiplying is least faster than the triple loop. */
function worst(timings: Timings, cases: readonly Case[], way: string): { readonly of: Case; readonly reached: Spread } {
  const all = cases.map((of) => ({ of, reached: timesFaster(timings, of, way) }));
  return all.reduce((p, q) => (q.reached.median < p.reached.median ? q : p));
}

const sizes = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 65, 100, 128, 256, 512, 1024].filter((n) => n <= largest);

function publishProducts(): void {
  const cases = sizes.map(products);
  const { timings, rows } = timeCases(cases, 0.05);
  const target = (way: string, bound: number, from: number, to: number): readonly Target[] => {
    const among = cases.filter((_, i) => sizes[i] >= from && sizes[i] <= to);
    if (among.length === 0) return [];
    const { of, reached } = worst(timings, among, way);
    return [
      {
        claim: `${way}, times as fast as the triple loop, worst of n = ${from} to ${to} (${of.name})`,
        bound,
        side: "at least",
        reached,
      },
    ];
  };
  publish({
    name: "products",
    title: `Matrix products of n × n, median [min..max] of ${rounds} rounds`,
    heading: ["", "µs", "times as fast as the triple loop"],
    rows,
    targets: [
      ...target("TypeScript", 5.5, 64, 1024),
      ...target("WebAssembly", 13, 64, 1024),
      ...target("TypeScript", 1, 1, 63),
      ...target("WebAssembly", 1, 1, 63),
    ],
    figure: {
      kind: "lines",
      caption: "Matrix products: how many times as fast as the triple loop; both axes are logarithmic.",
      x: "n",
      y: "times as fast as the triple loop",
      points: cases.flatMap((of, i) =>
        ["TypeScript", "WebAssembly"].map((way) => ({ series: way, x: sizes[i], y: timesFaster(timings, of, way) })),
      ),
    },
  });
}

/** What an operation takes beyond the first way, in microseconds, round by round. */
function beyond(timings: Timings, of: Case, way: string): Spread {
  const loop = timesOf(timings, full(of, of.ways[0].name));
  return spread(timesOf(timings, full(of, way)).map((time, round) => (1000 * (time - loop[round])) / of.perRun));
}

function publishLoops(): void {
  const cases = [8, 128, 16_384].flatMap(loops);
  const { timings, rows } = timeCases(cases, 0.05);
  publish({
    name: "loops",
    title: `Loops, and calls of one operation, median [min..max] of ${rounds} rounds`,
    heading: ["", "µs", "times as fast as the first way"],
    rows,
  });
  const calls = cases.filter(({ name }) => name.includes("tensor"));
  publish({
    name: "calls",
    title: `What a call takes beyond its loop, median [min..max] of ${rounds} rounds`,
    heading: ["", "µs beyond the loop"],
    rows: calls.flatMap((of) => of.ways.slice(1).map(({ name }) => [full(of, name), beyond(timings, of, name)])),
    notes: [
      "Eager calls make a tensor, whose memory is most of it where it is large; plans write into memory they have.",
    ],
  });
}

async function publishPeers(): Promise<void> {
  const { started, notes, close } = await startPeers(["torch", "jax float64", "jax float32", "tfjs cpu", "tfjs wasm"]);
  const rows = [];
  for (const n of [64, 256, 1024].filter((n) => n <= largest)) {
    const [a, b, out] = [wave(n * n), wave(n * n).reverse(), new Float64Array(n * n)];
    const run = (): void => matmul(out, a, b, n, n, n, false, false);
    run();
    const expected = [out.slice()];
    const contenders: (Contender | RemoteContender)[] = [{ name: "stillpoint", run }];
    const differences = new Map([["stillpoint", 0]]);
    const shape = [n, n];
    for (const peer of started) {
      const name = `${peer.about.name} ${peer.about.precision}`;
      for (const way of await peer.prepare("product", { a: { shape, data: a }, b: { shape, data: b } }, {})) {
        const bound = peer.about.precision === "float32" ? 1e-3 : 1e-10;
        differences.set(name, checkAgreement(`${name}, n = ${n}`, await peer.run(way), expected, bound));
        contenders.push({ name, time: (seconds) => peer.time(way, seconds) });
      }
    }
    const timings = await measureWithPeers(contenders, { rounds, seconds: 0.2 });
    for (const name of timings.keys()) {
      const speeds = timesOf(timings, name).map((time) => (2e-6 * n ** 3) / time);
      const off = showDifference(differences.get(name) ?? Number.NaN);
      rows.push([`n = ${n}: ${name}`, spread(speeds), ratio(timings, name, "stillpoint"), off]);
    }
  }
  close();
  publish({
    name: "products-of-peers",
    title: `Matrix products in other libraries, median [min..max] of ${rounds} rounds`,
    heading: ["", "10⁹ operations/s", "time in units of stillpoint's", "differs by"],
    rows,
    notes: [
      ...notes,
      "An operation is an addition or a multiplication. Peers are timed with the reading of the result.",
    ],
  });
}

console.log(`Single operations. ${showMachine()}`);
publishProducts();
setWebAssembly(true);
publishLoops();
setWebAssembly(true);
await publishPeers();
