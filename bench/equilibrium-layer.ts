// What does an equilibrium layer cost beside a loop of the same arithmetic written by hand?
//
// z = tanh(z W + x U + b) with d = 64, a batch of 64 and ‖W‖₂ = 0.7, to 1e-8, forward and backward for the sum of z. Other
// libraries have no implicit gradient of their own here: the same two iterations are written by hand with their operations.
import {
  add,
  anderson,
  auto,
  compile,
  type FixedPointReport,
  fixedPoint,
  fixedPointWithReport,
  matmul,
  mul,
  picard,
  random,
  type Solver,
  sum,
  type Tensor,
  tanh,
  trace,
  valueAndGrad,
  zeros,
} from "stillpoint";
import { spectralNormOf } from "stillpoint/nn";
import { startThreads } from "stillpoint/workers";
import {
  type Contender,
  fastestRatio,
  measure,
  measureWithPeers,
  type RemoteContender,
  ratio,
  type Spread,
  showMachine,
  spread,
  timesOf,
} from "./measure.js";
import { type About, startPeers } from "./peers.js";
import { checkAgreement, publish, roundsOf, showDifference, type Target } from "./results.js";
import { makeLayer } from "./yardsticks/equilibrium-layer.js";

const [batch, d, tolerance] = [64, 64, 1e-8];
const [forW, forU, forB, forX] = random(0).split(4);
const drawn = forW.normal([d, d]);
const w = mul(drawn, 0.7 / spectralNormOf(drawn).item());
const u = mul(1 / 8, forU.normal([d, d]));
const b = mul(0.1, forB.normal([d]));
const x = forX.normal([batch, d]);

type Params = { readonly w: Tensor; readonly u: Tensor; readonly b: Tensor };

function library(solver: Solver): () => { gradient: Params; report: FixedPointReport } {
  return () => {
    let report: FixedPointReport | undefined;
    const { gradient } = valueAndGrad((p: Params) => {
      const f = (z: Tensor): Tensor => tanh(add(matmul(z, p.w), add(matmul(x, p.u), p.b)));
      const solved = fixedPointWithReport(f, zeros([batch, d]), { solver, tolerance, adjoint: { solver } });
      report = solved.report;
      return sum(solved.z);
    })({ w, u, b });
    return { gradient, report: report as FixedPointReport };
  };
}

/** The layer as one plan, with the threads that there are when it is made. */
function planned(solver: Solver, tolerance: number): () => { gradient: Params } {
  const loss = ({ w, u, b }: Params): Tensor => {
    const f = (z: Tensor): Tensor => tanh(add(matmul(z, w), add(matmul(x, u), b)));
    return sum(fixedPoint(f, zeros([batch, d]), { solver, tolerance, adjoint: { solver } }));
  };
  const plan = compile(trace((p: Params) => valueAndGrad(loss)(p).gradient, { w, u, b }));
  return () => ({ gradient: plan.run([{ w, u, b }]) as unknown as Params });
}

const byHand = makeLayer(batch, d, tolerance);
const hand = () => byHand(w.data, u.data, b.data, x.data);
const solvers: readonly Solver[] = [picard(), anderson(), auto()];

const inputs = { w, u, b, x };
const handName = "loops by hand, picard";
const ownName = (solver: Solver): string => `stillpoint, ${solver.name}`;
const rounds = roundsOf(9);

console.log(`An equilibrium layer. ${showMachine()}`);
const first = hand();
const expected = [first.w, first.u, first.b].map((part) => part.slice());
/** Those of one thread are measured before there are two, since solvers would use both. */
const alone: Contender[] = [{ name: handName, run: hand }];
const contenders: (Contender | RemoteContender)[] = [{ name: handName, run: hand }];
interface Quality {
  readonly tolerance: number;
  readonly difference: number;
}
const qualities = new Map<string, Quality>([[handName, { tolerance, difference: 0 }]]);
const gradientOf = ({ w, u, b }: Params): readonly Float64Array[] => [w.data, u.data, b.data];
for (const solver of solvers) {
  const name = ownName(solver);
  const { gradient, report } = library(solver)();
  const difference = checkAgreement(name, gradientOf(gradient), expected, 1e-6);
  qualities.set(name, { tolerance, difference });
  console.log(`${solver.name}: ${report.evaluations} evaluations forward`);
  alone.push({ name, run: library(solver) });
}

function include(name: string, to: number): Contender {
  const run = planned(picard(), to);
  for (let i = 0; i < 20; i++) run();
  const difference = checkAgreement(name, gradientOf(run().gradient), expected, to === tolerance ? 1e-6 : 1e-3);
  qualities.set(name, { tolerance: to, difference });
  return { name, run };
}
alone.push(include("stillpoint, picard, compiled", tolerance));
const before = measure(alone, { rounds, seconds: 0.3 });
const own = "stillpoint, picard, compiled, two threads";
const threads = await startThreads(2);
const loose = 1e-6;
const ownLoose = `${own}, to ${loose.toExponential()}`;
contenders.push(include(own, tolerance), include(ownLoose, loose));

/** What a library reaches: float32 is one reason, the float32 tanh of jax-js in float64 another. */
const reachable = ({ name }: About): number => (name === "PyTorch" ? tolerance : loose);

const { started, notes, close } = await startPeers(["torch", "jax float64", "jax float32", "tfjs cpu", "tfjs wasm"]);
/** Who did not reach even that. */
const failed: string[] = [];
for (const peer of started) {
  const name = `${peer.about.name} ${peer.about.precision}, by hand`;
  const goal = reachable(peer.about);
  for (const way of await peer.prepare("layer", inputs, { tolerance: goal, most: 500 })) {
    try {
      const found = await peer.run(way);
      const difference = checkAgreement(name, found, expected, goal === tolerance ? 1e-6 : 1e-3);
      qualities.set(name, { tolerance: goal, difference });
      contenders.push({ name, time: (seconds) => peer.time(way, seconds) });
    } catch (error) {
      failed.push(`${name}: ${error instanceof Error ? error.message.split("\n")[0] : error}.`);
    }
  }
}

const timings = await measureWithPeers(contenders, { rounds, seconds: 0.3 });
close();
threads.stop();

const all = [...timings.keys()];
/** What was measured when: the loops by hand both times, of which the second is shown. */
const shown = [before, timings].flatMap((where) =>
  [...where.keys()].filter((name) => name !== handName || where === timings).map((name) => ({ name, where })),
);
/** How many times as long as hand-written PyTorch torchdeq took, where both were measured in one run. */
const torchdeq = 5.5;
const scaled = ({ median, min, max }: Spread, factor: number): Spread => ({
  median: factor * median,
  min: factor * min,
  max: factor * max,
});
const torch = all.filter((name) => name.startsWith("PyTorch"));
const script = all.filter((name) => !name.startsWith("PyTorch") && name !== handName && !name.startsWith("stillpoint"));
const target = (claim: string, others: readonly string[], bound: number, factor = 1, who = own): readonly Target[] =>
  others.length === 0
    ? []
    : [{ claim, bound, side: "at least", reached: scaled(fastestRatio(timings, others, who), factor) }];
publish({
  name: "equilibrium",
  title: `The layer z = tanh(z W + x U + b), d = 64, batch 64, forward and backward: ms, median [min..max] of ${rounds} rounds`,
  heading: ["", "ms", "ratio to the loops by hand", `ratio to ${own}`, "to", "gradient differs by"],
  rows: shown.map(({ name, where }) => [
    name,
    spread(timesOf(where, name)),
    ratio(where, name, handName),
    where === timings ? ratio(timings, name, own) : "",
    String(qualities.get(name)?.tolerance.toExponential()),
    showDifference(qualities.get(name)?.difference ?? Number.NaN),
  ]),
  notes: [
    "One thread was measured before the second one was started, in rounds with the loops by hand.",
    ...notes,
    ...failed,
    "tfjs has float32 only, and jax-js computes the tanh of float64 numbers in float32: none of them reaches 1e-8, all are run to 1e-6.",
    `torchdeq was measured once, at ${torchdeq} times the time of PyTorch by hand in the same run; its target is computed from that.`,
  ],
  targets: [
    ...target(`${own}, times as fast as PyTorch by hand`, torch, 1),
    ...target(`${own}, times as fast as torchdeq`, torch, 4, torchdeq),
    ...target(
      `${own}, times as fast as the fastest JavaScript peer in float64`,
      script.filter((name) => name.includes("float64")),
      4,
    ),
    ...target(`${own}, times as fast as the fastest JavaScript peer in float32 and to 1e-6`, script, 4),
    ...target(
      `${ownLoose}, times as fast as the fastest JavaScript peer in float32 and to 1e-6`,
      script,
      4,
      1,
      ownLoose,
    ),
  ],
  figure: {
    kind: "bars",
    caption:
      "An equilibrium layer, forward and backward: time; the axis is logarithmic. JavaScript peers stop at 1e-6.",
    x: "",
    y: "ms",
    points: shown.map(({ name, where }) => ({ series: "layer", x: name, y: spread(timesOf(where, name)) })),
  },
});
