// What do solutions of fractional equations look like, and how exact are they?
import { relative } from "node:path";
import { readArguments } from "../shared/arguments.js";
import { tableText, wrap } from "../shared/numbers.js";
import { writeReport } from "../shared/report.js";
import { startWork } from "../shared/work.js";
import { chapters, partCount, type Told } from "./sections.js";

const title = "A gallery of fractional equations";
const introduction =
  "Six equations with Caputo derivatives, each solved by solveCaputo, drawn, and compared with something that shares nothing with " +
  "it: a closed form, the inverse of a Laplace transform, a power series of many digits, a constant of motion. Where there is " +
  "no such thing, two resolutions are compared, and it says so.";

const { into } = readArguments({});
const work = startWork("gallery", { into });
console.log(`${wrap(`${title}. ${introduction}`)}\n`);
const told = await work.run({ title: "gallery", unit: "solutions", total: partCount }, async ({ keep }) => {
  const all: Told[] = [];
  for (const tell of chapters) all.push(await tell(keep));
  return all;
});
console.log();
for (const { section, table } of told)
  console.log(`${section.heading}\n\n${wrap(section.paragraphs.join("\n"))}\n\n${tableText(table)}\n`);
const sections = told.map(({ section }) => section);
const file = writeReport(work.folder, title, introduction, sections);
work.finish();
console.log(`Report: ${relative(process.cwd(), file)}`);
