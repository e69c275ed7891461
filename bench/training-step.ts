// How long does one training step of the seed's experiment take, beside hand-written loops, beside the seed's way, and beside
// PyTorch?
//
// The step is that of training-problem.ts. PyTorch runs the same rule on data of its own, where it is installed.
//
//   node build/bench/training-step.js [steps in time = 20]
import { type Contender, measure, ratio, type Spread, showMachine, spread, timesOf } from "./measure.js";
import { type Cell, numberAt, publish, roundsOf, type Target } from "./results.js";
import { checkAgreement, prepare, rules } from "./training-problem.js";
import { findTorch } from "./yardsticks/torch-step.js";

/** Times all ways of one rule, after they were seen to agree. */
function compare(name: keyof typeof rules, steps: number): void {
  const { library, compiled, byPairs, ...hand } = prepare(rules[name], steps);
  const [byHand, inWasm] = [hand.byHand(), hand.inWasm?.()];
  const expected = library();
  console.log(`\n${name}: loss ${expected.loss}`);
  checkAgreement("compiled once", compiled(), expected, 0, 0);
  checkAgreement("hand-written loops", byHand(), expected, 1e-12, 1e-9);
  if (inWasm) checkAgreement("hand-written WebAssembly", inWasm(), expected, 1e-12, 1e-9);
  checkAgreement("network once per pair", byPairs(), expected, 1e-7, 1e-7);

  const names = {
    library: "stillpoint, valueAndGrad",
    compiled: "stillpoint, traced and compiled once",
    byPairs: "stillpoint, network once per pair (the seed's way)",
    byHand: "hand-written loops",
    inWasm: "hand-written WebAssembly",
  };
  const contenders: readonly Contender[] = [
    { name: names.library, run: library },
    { name: names.compiled, run: compiled },
    { name: names.byPairs, run: byPairs },
    { name: names.byHand, run: byHand },
    ...(inWasm ? [{ name: names.inWasm, run: inWasm }] : []),
  ];
  const timings = measure(contenders, { rounds, seconds: 0.3 });
  const torch = name === "rectangle" ? besideTorch({ name: names.compiled, run: compiled }, steps) : undefined;
  const row = (way: string): Cell[] => [
    way,
    spread(timesOf(timings, way)),
    ratio(timings, way, names.byHand),
    inWasm ? ratio(timings, way, names.inWasm) : "",
    ratio(timings, way, names.compiled),
  ];
  const target = (claim: string, side: Target["side"], bound: number, reached: Spread): Target => ({
    claim,
    side,
    bound,
    reached,
  });
  const torchTargets = torch
    ? [
        target("compiled, times as fast as vectorised PyTorch", "at least", 3, torch.vectorised.over),
        target("compiled, times as fast as the seed's algorithm in PyTorch", "at least", 300, torch.pairs.over),
      ]
    : [];
  publish({
    name: `training-step-${name}`,
    title: `One training step, ${name} rule, ${steps} steps in time, median [min..max] of ${rounds} rounds`,
    heading: ["", "ms per step", "over the loops", "over WebAssembly by hand", "over compiled"],
    rows: [
      ...contenders.map((contender) => row(contender.name)),
      ...(torch
        ? ([
            ["PyTorch, one network call for all nodes", torch.vectorised.ms, "", "", torch.vectorised.over],
            ["PyTorch, network once per pair (the seed's way)", torch.pairs.ms, "", "", torch.pairs.over],
          ] as Cell[][])
        : []),
    ],
    notes: torch || name !== "rectangle" ? [] : ["PyTorch is not there."],
    targets: [
      target(
        "compiled, times as long as the loops by hand",
        "at most",
        1.5,
        ratio(timings, names.compiled, names.byHand),
      ),
      ...(inWasm
        ? [
            target(
              "compiled, times as long as WebAssembly by hand",
              "at most",
              1.5,
              ratio(timings, names.compiled, names.inWasm),
            ),
          ]
        : []),
      ...torchTargets,
    ],
  });
}

/** Times PyTorch and the contender in turn, PyTorch being told to use what it has; nothing where it is not there. */
function besideTorch(contender: Contender, steps: number) {
  const torch = findTorch();
  if (torch === undefined) return undefined;
  const times = Array.from({ length: 3 }, () => {
    const own = timesOf(measure([contender], { rounds: 1, seconds: 0.5 }), contender.name)[0];
    return { own, vectorised: torch("vectorised", steps, 1), pairs: torch("pairs", steps, 1) };
  });
  const shown = (way: "vectorised" | "pairs"): { ms: Spread; over: Spread } => ({
    ms: spread(times.map((round) => round[way])),
    over: spread(times.map((round) => round[way] / round.own)),
  });
  return { vectorised: shown("vectorised"), pairs: shown("pairs") };
}

const steps = numberAt(0, 20);
const rounds = roundsOf(9);
console.log(`One training step, ${steps} steps in time. ${showMachine()}`);
compare("rectangle", steps);
compare("trapezoid", steps);
