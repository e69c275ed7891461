// Does an equilibrium read digits as well as an explicit network of its size, and at what cost?
import { relative } from "node:path";
import { seconds, tableText, wrap } from "../shared/numbers.js";
import { writeReport } from "../shared/report.js";
import { startWork } from "../shared/work.js";
import { readDigits, splitDigits } from "./data.js";
import { seeds, streamsOf } from "./experiment.js";
import { modelNames } from "./models.js";
import { epochsInAll, type Run, runModel } from "./runs.js";
import { introduction, protocol, sections, title, verdict } from "./sections.js";
import { studyEquilibrium } from "./study.js";
import { accuracyTable, costTable, timeTable } from "./tables.js";

const say = (text: string): void => console.log(`${wrap(text)}\n`);

const begun = performance.now();
const work = startWork("digits");
const digits = readDigits();
const first = splitDigits(digits, streamsOf(seeds[0]).split);
say(`${title}. ${introduction}`);
say(protocol(first));

const runs: Run[] = [];
for (const model of modelNames) {
  const bar = { title: model, unit: "epochs", total: epochsInAll };
  runs.push(...(await work.run(bar, ({ runTraining }) => runModel(model, digits, runTraining))));
}

const study = studyEquilibrium(
  runs.filter(({ model }) => model === "equilibrium"),
  streamsOf(seeds[0]).model,
);
console.log();
for (const table of [accuracyTable(runs), timeTable(runs), costTable(study)]) console.log(`${tableText(table)}\n`);
verdict(runs).forEach(say);

const file = writeReport(work.folder, title, introduction, sections(runs, study, first));
work.finish();
console.log(`Report: ${relative(process.cwd(), file)} (${seconds(performance.now() - begun)} in all)`);
