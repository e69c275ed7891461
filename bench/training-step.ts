// How long does one training step of the seed's experiment take, beside hand-written loops, beside the seed's way, and beside
// PyTorch?
//
// The step is that of training-problem.ts. PyTorch runs the same rule on data of its own, where it is installed.
//
//   node build/bench/training-step.js [steps in time = 20]
import { type Contender, measure, ratio, showMachine, showSpread, showTable, spread, timesOf } from "./measure.js";
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
  const timings = measure(contenders, { rounds: 9, seconds: 0.3 });
  const row = (way: string): string[] => [
    way,
    showSpread(spread(timesOf(timings, way))),
    showSpread(ratio(timings, way, names.byHand)),
    inWasm ? showSpread(ratio(timings, way, names.inWasm)) : "",
    showSpread(ratio(timings, way, names.compiled)),
  ];
  console.log(
    `\n${showTable(
      ["median [min..max] of 9 rounds", "ms per step", "over loops", "over WebAssembly", "over compiled"],
      contenders.map((contender) => row(contender.name)),
    )}`,
  );
  if (name === "rectangle") besideTorch({ name: names.compiled, run: compiled }, steps);
}

/** Times PyTorch and the contender in turn, PyTorch being told to use what it has. */
function besideTorch(contender: Contender, steps: number): void {
  const torch = findTorch();
  if (torch === undefined) {
    console.log("\nPyTorch, or bench/peers/torch/training_step.py, is not there");
    return;
  }
  const rounds = Array.from({ length: 3 }, () => {
    const own = timesOf(measure([contender], { rounds: 1, seconds: 0.5 }), contender.name)[0];
    return { own, vectorised: torch("vectorised", steps, 1), pairs: torch("pairs", steps, 1) };
  });
  const shown = (way: "vectorised" | "pairs"): string =>
    `${showSpread(spread(rounds.map((round) => round[way])))} ms, ` +
    `${showSpread(spread(rounds.map((round) => round[way] / round.own)))} over compiled`;
  console.log(`\nPyTorch, one network call for all nodes: ${shown("vectorised")}`);
  console.log(`PyTorch, network once per pair (the seed's way): ${shown("pairs")}`);
}

const steps = Number(process.argv[2] ?? 20);
console.log(`One training step, ${steps} steps in time. ${showMachine()}`);
compare("rectangle", steps);
compare("trapezoid", steps);
