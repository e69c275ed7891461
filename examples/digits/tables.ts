// Which numbers are shown, on the terminal and on the page alike?
import { median, significant, type Table, type TableRow } from "../shared/numbers.js";
import { countOf } from "./data.js";
import { type ModelName, modelNames, sizeOf } from "./models.js";
import type { Run } from "./runs.js";
import type { Study } from "./study.js";

export const percent = (share: number): string => (100 * share).toFixed(2);

export const ofModel = (runs: readonly Run[], model: ModelName): readonly Run[] =>
  runs.filter((run) => run.model === model);

export const titles: Readonly<Record<ModelName, string>> = {
  equilibrium: "equilibrium",
  "two layers": "explicit, two hidden layers",
  "one layer": "explicit, one hidden layer",
};

export function accuracyTable(runs: readonly Run[]): Table {
  const seeds = ofModel(runs, "equilibrium").map(({ seed }) => seed);
  const rows = modelNames.map((model): TableRow => {
    const own = ofModel(runs, model);
    return {
      cells: [
        titles[model],
        String(sizeOf(own[0].params)),
        ...own.map(({ accuracy }) => percent(accuracy)),
        percent(median(own.map(({ accuracy }) => accuracy))),
      ],
    };
  });
  return {
    caption: `Test digits recognised, % (each test has ${countOf(runs[0].test)} digits: one of them is ${percent(1 / countOf(runs[0].test))} %)`,
    columns: ["model", "parameters", ...seeds.map((seed) => `split ${seed}`), "median"],
    rows,
  };
}

export function timeTable(runs: readonly Run[]): Table {
  const seeds = ofModel(runs, "equilibrium").map(({ seed }) => seed);
  const rows = modelNames.map((model): TableRow => {
    const times = ofModel(runs, model).map(({ seconds }) => seconds);
    return { cells: [titles[model], ...[...times, median(times)].map((time) => time.toFixed(1))] };
  });
  return {
    caption: "Seconds of training, without validation and checkpoints",
    columns: ["model", ...seeds.map((seed) => `split ${seed}`), "median"],
    rows,
  };
}

export const costTable = ({ costs }: Study): Table => ({
  caption: "The gradient of the loss of one batch, with both equations solved to one tolerance",
  columns: ["tolerance", "evaluations, both together", "relative error of the gradient"],
  rows: costs.map(({ tolerance, evaluations, error }) => ({
    cells: [tolerance.toExponential(0), String(evaluations), significant(error, 2)],
  })),
});
