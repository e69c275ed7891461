// What do solutions of fractional equations look like, and how exact are they?
//
//   npm run gallery -- --chapters 2 --into FOLDER
//
// tells of the first equations only, and leaves the folder of the example as it is; either can be left out.
import { relative } from "node:path";
import { readArguments } from "../shared/arguments.js";
import { tableText, wrap } from "../shared/numbers.js";
import { writeReport } from "../shared/report.js";
import { startWork } from "../shared/work.js";
import { chapters, type Told } from "./sections.js";

const title = "A gallery of fractional equations";
const introduction =
  "Six equations with Caputo derivatives, each solved by solveCaputo, drawn, and compared with something that shares nothing with " +
  "it: a closed form, the inverse of a Laplace transform, a power series of many digits, a constant of motion. Where there is " +
  "no such thing, two resolutions are compared, and it says so.";

const { into, chapters: count } = readArguments({ chapters: chapters.length });
const work = startWork("gallery", { into });
const chosen = chapters.slice(0, count);
const bar = {
  ...{ title: "gallery", unit: "solutions" },
  total: chosen.reduce((sum, { parts }) => sum + parts, 0),
  weight: chosen.reduce((sum, { weight }) => sum + weight, 0),
};
console.log(`${wrap(`${title}. ${introduction}`)}\n`);
const told = await work.run(bar, async ({ keep }) => {
  const all: Told[] = [];
  for (const { tell } of chosen) all.push(await tell(keep));
  return all;
});
console.log();
for (const { section, table } of told)
  console.log(`${section.heading}\n\n${wrap(section.paragraphs.join("\n"))}\n\n${tableText(table)}\n`);
const sections = told.map(({ section }) => section);
const file = writeReport(work.folder, title, introduction, sections);
work.finish();
console.log(`Report: ${relative(process.cwd(), file)}`);
