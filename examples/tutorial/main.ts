// What can be done with the library? Two experiments, from fixed seeds to a report.
import { relative } from "node:path";
import { seconds, significant, tableText, wrap } from "../shared/numbers.js";
import { stopOnInterrupt, withProgress } from "../shared/progress.js";
import { writeReport } from "../shared/report.js";
import { writeModel } from "./lynx-hare-page.js";
import { lynxHareUpdates, runLynxHare, seeds } from "./lynx-hare-scores.js";
import { verdict } from "./lynx-hare-verdict.js";
import { protocol, runRepairedExperiment } from "./repaired-experiment.js";
import { example, residualHistories } from "./residual-histories.js";
import { comparison, introduction, sections, title } from "./sections.js";
import { fittingText, lossTable, lynxHareTable, residualTable } from "./tables.js";

const hiddenSeed = 0;
const epochs = 50;

const say = (...paragraphs: readonly string[]): void => {
  for (const text of paragraphs) console.log(`${wrap(text)}\n`);
};

stopOnInterrupt("Stopped. No report was written.");
const begun = performance.now();

say(
  `ACT 1. The notebook's experiment, repaired`,
  `Seeds: random(${hiddenSeed}).split(5) gives the streams of the hidden network, the initial values, the split, the batches ` +
    `and the learner; random(${example.seed}) those of the residual histories. ${epochs} epochs, tolerance ${protocol.tolerance}.`,
);
const histories = residualHistories();
const repaired = await withProgress("act 1", "epochs", epochs, ({ advance }) =>
  runRepairedExperiment({ hiddenSeed, epochs, onProgress: ({ epoch }) => advance(epoch) }),
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

say("ACT 2. Real data: lynx and hare", `Seeds ${seeds.join(", ")} for both kinds of equation. ${fittingText()}`);
const lynxHare = await withProgress("act 2", "updates", lynxHareUpdates, ({ advance }) => runLynxHare(advance));
console.log();
console.log(`${tableText(lynxHareTable(lynxHare))}\n`);
say(...verdict(lynxHare));

const file = writeReport("tutorial", title, introduction, sections(histories, repaired, lynxHare));
const model = writeModel(lynxHare);
console.log(`Model: ${relative(process.cwd(), model)}, one page with sliders, which computes by itself`);
console.log(`Report: ${relative(process.cwd(), file)} (${seconds(performance.now() - begun)} in all)`);
