// Does an equilibrium read digits as well as an explicit network of its size, and at what cost?
import { relative } from "node:path";
import { seconds, tableText, wrap } from "../shared/numbers.js";
import { noteInterrupt, withProgress } from "../shared/progress.js";
import { writeReport } from "../shared/report.js";
import { removeCheckpoints } from "./checkpoints.js";
import { readDigits, splitDigits } from "./data.js";
import { seeds, streamsOf } from "./experiment.js";
import { modelNames } from "./models.js";
import { epochsLeft, type Run, runTasks, tasksOf } from "./runs.js";
import { introduction, protocol, sections, title, verdict } from "./sections.js";
import { studyEquilibrium } from "./study.js";
import { accuracyTable, costTable, timeTable } from "./tables.js";

const say = (text: string): void => console.log(`${wrap(text)}\n`);

const begun = performance.now();
const stopped = noteInterrupt();
const digits = readDigits();
const first = splitDigits(digits, streamsOf(seeds[0]).split);
say(`${title}. ${introduction}`);
say(protocol(first));

const runs: Run[] = [];
for (const model of modelNames) {
  const tasks = tasksOf(model, digits);
  const left = epochsLeft(tasks);
  const done = await withProgress(model, "epochs", left, (progress) => runTasks(tasks, progress, stopped));
  if (done === undefined) {
    console.log("\nStopped after a whole epoch; everything learned is in examples/digits/checkpoints.");
    console.log("npm run digits goes on from there, bit for bit.");
    process.exit(130);
  }
  runs.push(...done);
}

const study = studyEquilibrium(
  runs.filter(({ model }) => model === "equilibrium"),
  streamsOf(seeds[0]).model,
);
console.log();
for (const table of [accuracyTable(runs), timeTable(runs), costTable(study)]) console.log(`${tableText(table)}\n`);
verdict(runs).forEach(say);

const file = writeReport("digits", title, introduction, sections(runs, study, first));
removeCheckpoints();
console.log(`Report: ${relative(process.cwd(), file)} (${seconds(performance.now() - begun)} in all)`);
