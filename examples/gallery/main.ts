// What do solutions of fractional equations look like, and how exact are they?
import { relative } from "node:path";
import { tableText, wrap } from "../shared/numbers.js";
import { writeReport } from "../shared/report.js";
import { chapters } from "./sections.js";

const title = "A gallery of fractional equations";
const introduction =
  "Six equations with Caputo derivatives, each solved by solveCaputo, drawn, and compared with something that shares nothing with " +
  "it: a closed form, the inverse of a Laplace transform, a power series of many digits, a constant of motion. Where there is " +
  "no such thing, two resolutions are compared, and it says so.";

console.log(`${wrap(`${title}. ${introduction}`)}\n`);
const sections = chapters.map((tell) => {
  const { section, table } = tell();
  console.log(`${section.heading}\n\n${wrap(section.paragraphs.join("\n"))}\n\n${tableText(table)}\n`);
  return section;
});
const file = writeReport("gallery", title, introduction, sections);
console.log(`Report: ${relative(process.cwd(), file)}`);
