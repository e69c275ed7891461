// How far does the repaired experiment come for several hidden networks?
//
// One line for each hidden seed: the mean squared error on the validation samples after the last epoch in per cent of
// the variance of the data, beside that of the predictor u(t) = u₀. No seed is left out.
//
//   node build/bench/repaired-experiment.js [epochs = 50]
import { runRepairedExperiment } from "../examples/tutorial/repaired-experiment.js";
import { median, showMachine, showTable } from "./measure.js";

const epochs = Number(process.argv[2] ?? 50);
const hiddenSeeds = [0, 1, 2, 3, 4];

const percent = (x: number): string => `${(100 * x).toPrecision(3)} %`;

console.log(`The repaired experiment, ${epochs} epochs. ${showMachine()}`);
const rows: string[][] = [];
const errors: number[] = [];
for (const hiddenSeed of hiddenSeeds) {
  const begin = performance.now();
  const { losses, variance, constant } = await runRepairedExperiment({ hiddenSeed, epochs });
  const seconds = (performance.now() - begin) / 1000;
  const error = losses[losses.length - 1].validation / variance;
  errors.push(error);
  rows.push([String(hiddenSeed), percent(error), percent(constant.validation / variance), seconds.toFixed(0)]);
  console.log(`hidden seed ${hiddenSeed}: ${percent(error)}`);
}
console.log(`\n${showTable(["hidden seed", "validation error / variance", "u(t) = u₀", "seconds"], rows)}`);
console.log(`median ${percent(median(errors))}`);
