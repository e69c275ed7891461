// From which size on do two threads pay, how much do they give the fractional step, and when does iteration overtake stepping?
//
// One thread and several run the same plans in turn; the threads are started and stopped between the rounds, which is not timed.
// The model of the critical path is told what one thread needs, and predicts what several need.
//
//   node build/bench/threads.js [threads = 2]
import {
  anderson,
  compile,
  mul,
  picard,
  random,
  square,
  sum,
  type Tensor,
  tanh,
  trace,
  valueAndGrad,
} from "stillpoint";
import { productRectangle, solveCaputo, type TrajectoryReport } from "stillpoint/fractional";
import { type Affine, mlp } from "stillpoint/nn";
import { startThreads } from "stillpoint/workers";
import { median, type Spread, spread } from "./measure.js";
import { differenceOf, numberAt, publish, roundsOf } from "./results.js";

const count = numberAt(0, 2);
const rounds = roundsOf(7);

/** Milliseconds of a run, the shortest of some: what the machine does beside is not what is asked for. */
function shortest(run: () => void, runs: number): number {
  let least = Infinity;
  for (let i = 0; i < runs; i++) {
    const begin = performance.now();
    run();
    least = Math.min(least, performance.now() - begin);
  }
  return least;
}

interface Pair {
  readonly one: number[];
  readonly several: number[];
}

/** Times what `make` makes, by one thread and by several, in turn; both have to give the same bits. */
async function inTurn(make: () => () => readonly Tensor[], runs: number): Promise<Pair> {
  const pair: Pair = { one: [], several: [] };
  const alone = make();
  const warm = (run: () => readonly Tensor[]): readonly Float64Array[] => {
    // A plan of several threads is new in every round: it is run until its code is what it will be.
    for (let i = 0; i < Math.max(15, runs); i++) run();
    return run().map(({ data }) => data.slice());
  };
  const expected = warm(alone);
  for (let round = 0; round < rounds; round++) {
    pair.one.push(shortest(alone, runs));
    const threads = await startThreads(count);
    const together = make();
    const found = warm(together);
    if (differenceOf(found, expected) !== 0) throw new Error(`${count} threads give other bits than one`);
    pair.several.push(shortest(together, runs));
    threads.stop();
  }
  return pair;
}

const speedUp = ({ one, several }: Pair): Spread => spread(one.map((time, round) => time / several[round]));

const d = 64;
const network = mlp([d, 3 * d, 3 * d, d], { activation: tanh, random: random(0) });
type Params = readonly Affine[];
const leaves = (params: Params): Tensor[] => params.flatMap(({ weight, bias }) => [weight, bias]);
const withGradient =
  (loss: (p: Params) => Tensor) =>
  (p: Params): Tensor[] => {
    const { value, gradient } = valueAndGrad(loss)(p);
    return [value, ...leaves(gradient)];
  };
/** A plan of its own, since a plan that is at work stays with the threads that it began with. */
function planned(loss: (p: Params) => Tensor): () => readonly Tensor[] {
  const plan = compile(trace(withGradient(loss), network.params));
  return () => plan.run([network.params]) as unknown as readonly Tensor[];
}

const breakEven: [rows: number, pair: Pair][] = [];
for (const rows of [1, 4, 16, 64, 256, 1024, 4096]) {
  const x = random(1).normal([rows, d]);
  breakEven.push([rows, await inTurn(() => planned((p) => sum(network.apply(p, x))), Math.max(5, 2000 / rows))]);
}
/** From there on several threads are faster at every size. */
const paying = breakEven.find((_, i) => breakEven.slice(i).every(([, pair]) => speedUp(pair).median > 1))?.[0];
publish({
  name: "threads-break-even",
  title: `${count} threads on the gradient of a network ${d}-${3 * d}-${3 * d}-${d}, in one plan: median [min..max] of ${rounds} rounds`,
  heading: ["rows", "one thread, ms", `${count} threads, ms`, "times faster"],
  rows: breakEven.map(([rows, pair]) => [String(rows), spread(pair.one), spread(pair.several), speedUp(pair)]),
  notes: [
    paying === undefined
      ? "Break-even: not reached."
      : `Break-even: from ${paying} rows on ${count} threads are faster.`,
    "The bits are the same in every round.",
  ],
  figure: {
    kind: "lines",
    caption: `How many times faster ${count} threads are, over the rows of the network's input.`,
    x: "rows",
    y: "times faster",
    points: breakEven.map(([rows, pair]) => ({ series: `${count} threads`, x: rows, y: speedUp(pair) })),
  },
});

const steps = 2000;
const u0 = mul(0.5, random(2).normal([d]));
const options = { order: 0.9, duration: 1, steps, tolerance: 1e-8 };
let reports: TrajectoryReport[] = [];
const hear = (report: TrajectoryReport): void => {
  reports.push(report);
};
const trajectory = (p: Params, more: object): Tensor =>
  solveCaputo((_t, u) => network.apply(p, u), u0, { ...options, onSolve: hear, ...more }).values;

const ways: readonly (readonly [name: string, more: object])[] = [
  ["windows of 32 nodes, the default", {}],
  ["windows of 64 nodes", { window: 64 }],
  ["windows of 64 nodes, Picard's iteration", { window: 64, solver: picard(), adjoint: { solver: picard() } }],
  ["windows of 128 nodes", { window: 128 }],
  ["windows of 128 nodes, Picard's iteration", { window: 128, solver: picard(), adjoint: { solver: picard() } }],
  ["the whole trajectory, Anderson's iteration", { window: steps + 1, solver: anderson({ memory: 5 }) }],
];
const fractional: [name: string, pair: Pair][] = [];
for (const [name, more] of ways) {
  const loss = (p: Params): Tensor => sum(square(trajectory(p, more)));
  fractional.push([name, await inTurn(() => planned(loss), 3)]);
}
const best = fractional.map(([, pair]) => speedUp(pair)).sort((a, b) => b.median - a.median)[0];
publish({
  name: "threads-fractional",
  title: `${count} threads on the fractional step, N = ${steps}, d = ${d}, forward and gradient: median [min..max] of ${rounds} rounds`,
  heading: ["", "one thread, ms", `${count} threads, ms`, "times faster"],
  rows: fractional.map(([name, pair]) => [name, spread(pair.one), spread(pair.several), speedUp(pair)]),
  targets: [{ claim: `${count} threads, times as fast as one`, bound: 1.6, side: "at least", reached: best }],
});

// The critical path. Stepping through time evaluates the network N times, one row at a time, each after the one before: threads do
// not help. The iteration evaluates all rows at once, K times: K (N r/P + m) + s, with the time r of a row among many, the time m of
// the meetings of one evaluation, and the time s of what one thread does in between.
const values = (more: object) => (): readonly Tensor[] => [trajectory(network.params, more)];
const whole = { window: steps + 1, solver: anderson({ memory: 5 }) };
reports = [];
const iterated = await inTurn(() => values(whole), 2);
const evaluations = reports[reports.length - 1].evaluations;
const stepping = spread(Array.from({ length: rounds }, () => shortest(values({ quadrature: productRectangle() }), 2)));
const rows = random(3).normal([steps + 1, d]);
const evaluation = await inTurn(() => {
  const plan = compile(trace((p: Params) => network.apply(p, rows), network.params));
  return () => [plan.run([network.params])];
}, 20);
const meetings = Math.max(0, median(evaluation.several) - median(evaluation.one) / count);
const between = median(iterated.one) - evaluations * median(evaluation.one);
const predicted = (threads: number, serial: number): number =>
  evaluations * (median(evaluation.one) / threads + (threads > 1 ? meetings : 0)) + serial;
const overtakes = (serial: number): string => {
  const left = stepping.median - serial - evaluations * meetings;
  return left > 0
    ? `from ${Math.max(1, Math.ceil((evaluations * median(evaluation.one)) / left))} threads on`
    : "never";
};
const once = (ms: number): Spread => spread([ms]);
publish({
  name: "threads-critical-path",
  title: `The critical path, N = ${steps}, d = ${d}, forward only, milliseconds`,
  heading: ["", "measured", "model"],
  rows: [
    ["stepping through time, the explicit rule, one evaluation of one row after the other", stepping, ""],
    [
      `iteration over the whole trajectory, ${evaluations} evaluations, one thread`,
      spread(iterated.one),
      once(predicted(1, between)),
    ],
    [`the same, ${count} threads`, spread(iterated.several), once(predicted(count, between))],
    ["one evaluation of all rows, one thread", spread(evaluation.one), ""],
    [
      `one evaluation of all rows, ${count} threads`,
      spread(evaluation.several),
      once(median(evaluation.one) / count + meetings),
    ],
    ["between the evaluations, on one thread", once(between), ""],
    ...[4, 8, 16, 64].map((threads) => [`${threads} threads`, "", once(predicted(threads, between))]),
  ],
  notes: [
    `By this model the iteration overtakes stepping ${overtakes(between)}; if what lies between the evaluations were divided as well, ` +
      `${overtakes(0)}.`,
  ],
});
