// What can be done with the library? Two experiments, from fixed seeds to a report.
//
//   npm run tutorial -- --epochs 2 --updates 60 --into FOLDER
//
// tries in seconds whether everything works, with few epochs and few updates of each fit, and leaves the folder of the example as it
// is; any of the three can be left out.
import { relative } from "node:path";
import { readArguments } from "../shared/arguments.js";
import { seconds, significant, tableText, wrap } from "../shared/numbers.js";
import { writeReport } from "../shared/report.js";
import { startWork } from "../shared/work.js";
import { writeModel } from "./lynx-hare-page.js";
import { fitCount, runLynxHare, seeds } from "./lynx-hare-scores.js";
import { verdict } from "./lynx-hare-verdict.js";
import { batchesPerEpoch, protocol, runRepairedExperiment } from "./repaired-experiment.js";
import { example, residualHistories } from "./residual-histories.js";
import { comparison, introduction, sections, title } from "./sections.js";
import { fittingText, lossTable, lynxHareTable, residualTable } from "./tables.js";

const hiddenSeed = 0;
const { into, epochs, updates } = readArguments({ epochs: 50, updates: 600 });

const say = (...paragraphs: readonly string[]): void => {
  for (const text of paragraphs) console.log(`${wrap(text)}\n`);
};

const work = startWork("tutorial", { into });
const begun = performance.now();

say(
  `ACT 1. The notebook's experiment, repaired`,
  `Seeds: random(${hiddenSeed}).split(5) gives the streams of the hidden network, the initial values, the split, the batches ` +
    `and the learner; random(${example.seed}) those of the residual histories. ${epochs} epochs, tolerance ${protocol.tolerance}.`,
);
const histories = residualHistories();
const repaired = await work.run(
  { title: "act 1", unit: "updates", total: epochs * batchesPerEpoch },
  ({ runTraining }) => runRepairedExperiment({ hiddenSeed, epochs, runTraining }),
);
console.log();
console.log(`${tableText(lossTable(repaired))}\n`);
say(
  "Training: mean over the batches of the epoch. Validation: after the epoch. Both over all time nodes, the first of which " +
    "is the known u(0). Variance: over all entries of all trajectories of the data.",
  comparison,
  `Best and worst validation sample: mean squared error ${significant(repaired.best.error)} and ${significant(repaired.worst.error)}.`,
);
console.log(`${tableText(residualTable(histories))}\n`);

say("ACT 2. Real data: lynx and hare", `Seeds ${seeds.join(", ")} for both kinds of equation. ${fittingText(updates)}`);
const lynxHare = await work.run({ title: "act 2", unit: "updates", total: fitCount * updates }, ({ runTraining }) =>
  runLynxHare(updates, runTraining),
);
console.log();
console.log(`${tableText(lynxHareTable(lynxHare))}\n`);
say(...verdict(lynxHare));

const file = writeReport(work.folder, title, introduction, sections(histories, repaired, lynxHare));
const model = writeModel(work.folder, lynxHare);
work.finish();
console.log(`Model: ${relative(process.cwd(), model)}, one page with sliders, which computes by itself`);
console.log(`Report: ${relative(process.cwd(), file)} (${seconds(performance.now() - begun)} in all)`);
