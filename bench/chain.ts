// What does a chain of small operations cost, where calls take longer than arithmetic?
//
// 100 times y ↦ tanh(y w + b) with y of [16, 8]: 300 operations. Forward, and forward and backward for the sum of the last y
// with respect to y, w and b; beside a hand-written loop and beside other libraries, each in a process of its own.
import { add, compile, matmul, random, sum, type Tensor, tanh, trace, valueAndGrad } from "stillpoint";
import {
  type Contender,
  fastestRatio,
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
import { makeChain } from "./yardsticks/chain.js";

const [length, rows, width] = [100, 16, 8];
const operations = 3 * length;
const rounds = roundsOf(9);
const kinds = ["forward", "both"] as const;
type Kind = (typeof kinds)[number];

const [forX, forW, forB] = random(0).split(3);
const x = forX.normal([rows, width]);
const w = forW.normal([width, width], 0, 1 / Math.sqrt(width));
const b = forB.normal([width], 0, 0.1);
const inputs = [x, w, b];

const chain = (x: Tensor, w: Tensor, b: Tensor): Tensor => {
  let y = x;
  for (let i = 0; i < length; i++) y = tanh(add(matmul(y, w), b));
  return y;
};
type Inputs = readonly [x: Tensor, w: Tensor, b: Tensor];
const gradients = valueAndGrad(([x, w, b]: Inputs) => sum(chain(x, w, b)));
const both = (x: Tensor, w: Tensor, b: Tensor): Inputs => gradients([x, w, b]).gradient;

const plans = {
  forward: compile(trace(chain, x, w, b)),
  both: compile(trace(both, x, w, b)),
};
const loops = makeChain(length, rows, width);
const numbers = inputs.map(({ data }) => data);

interface Way extends Contender {
  readonly outputs: () => readonly Float64Array[];
}

const dataOf = (tensors: unknown): readonly Float64Array[] =>
  (Array.isArray(tensors) ? (tensors as Tensor[]) : [tensors as Tensor]).map(({ data }) => data);

const names = { byHand: "loops by hand", plan: "stillpoint, plan", eager: "stillpoint, eager" };

function ownWays(kind: Kind): readonly Way[] {
  const byHand = (): Float64Array | readonly Float64Array[] => loops[kind](numbers[0], numbers[1], numbers[2]);
  const plan = (): unknown => plans[kind].run(inputs);
  const eager = (): unknown => (kind === "forward" ? chain(x, w, b) : both(x, w, b));
  return [
    { name: names.byHand, run: byHand, outputs: () => [byHand()].flat() as readonly Float64Array[] },
    { name: names.plan, run: plan, outputs: () => dataOf(plan()) },
    { name: names.eager, run: eager, outputs: () => dataOf(eager()) },
  ];
}

/** How near a library has to come: jax-js computes the tanh of float64 numbers in float32. */
const boundFor = ({ name, precision }: About): number =>
  precision === "float32" ? 1e-3 : name === "jax-js" ? 1e-4 : 1e-11;

const { started, notes, close } = await startPeers(["torch", "jax float64", "jax float32", "tfjs cpu", "tfjs wasm"]);
const peerInputs = { x, w, b };

console.log(`A chain of ${operations} small operations. ${showMachine()}`);
const contenders: (Contender | RemoteContender)[] = [];
/** By kind and name: how far a contender is off the loops by hand. */
const differences = new Map<string, number>();
const keyOf = (kind: Kind, name: string): string => `${kind}: ${name}`;

for (const kind of kinds) {
  const ways = ownWays(kind);
  const expected = ways[0].outputs().map((part) => part.slice());
  for (const { name, run, outputs } of ways) {
    differences.set(keyOf(kind, name), checkAgreement(name, outputs(), expected, 1e-11));
    contenders.push({ name: keyOf(kind, name), run });
  }
  for (const peer of started) {
    const { name, precision } = peer.about;
    for (const way of await peer.prepare("chain", peerInputs, { length })) {
      if (!way.startsWith(kind)) continue;
      const full = `${name} ${precision}${way.replace(kind, "")}`;
      const found = await peer.run(way);
      differences.set(keyOf(kind, full), checkAgreement(full, found, expected, boundFor(peer.about)));
      contenders.push({ name: keyOf(kind, full), time: (seconds) => peer.time(way, seconds) });
    }
  }
}

const timings = await measureWithPeers(contenders, { rounds, seconds: 0.15 });
close();

const titles = { forward: "forward", both: "forward and backward" };
const microseconds = (name: string): Spread => spread(timesOf(timings, name).map((time) => (1000 * time) / operations));

for (const kind of kinds) {
  const own = [...timings.keys()].filter((name) => name.startsWith(`${kind}: `));
  const key = (name: string): string => keyOf(kind, name);
  const peers = own.filter((name) => !name.includes("stillpoint") && !name.includes("by hand"));
  const script = peers.filter((name) => !name.includes("PyTorch"));
  const torch = peers.filter((name) => name.includes("PyTorch"));
  const times = (others: readonly string[], way: string): Spread => fastestRatio(timings, others, key(way));
  const target = (claim: string, others: readonly string[], way: string, bound: number): readonly Target[] =>
    others.length === 0 ? [] : [{ claim, bound, side: "at least", reached: times(others, way) }];
  publish({
    name: `chain-${kind}`,
    title: `A chain of 100 × tanh(y w + b) on [16, 8], ${titles[kind]}: µs per operation, median [min..max] of ${rounds} rounds`,
    heading: ["", "µs per operation", "ratio to the loops by hand", "ratio to the plan", "differs by"],
    rows: own.map((name) => [
      name.slice(kind.length + 2),
      microseconds(name),
      ratio(timings, name, key(names.byHand)),
      ratio(timings, name, key(names.plan)),
      showDifference(differences.get(name) ?? Number.NaN),
    ]),
    notes: [
      ...notes,
      "tfjs has float32 only; jax-js computes the tanh of float64 numbers in float32, so its float64 results are right to about 7 digits.",
    ],
    targets:
      kind === "forward"
        ? []
        : [
            ...target("the plan, times as fast as PyTorch", torch, names.plan, 5),
            ...target("the plan, times as fast as the fastest JavaScript peer", script, names.plan, 5),
            ...target("eager, times as fast as PyTorch", torch, names.eager, 1),
          ],
    figure: {
      kind: "bars",
      caption: `A chain of small operations, ${titles[kind]}: time per operation; the axis is logarithmic.`,
      x: "",
      y: "µs per operation",
      points: own.map((name) => ({ series: titles[kind], x: name.slice(kind.length + 2), y: microseconds(name) })),
    },
  });
}
