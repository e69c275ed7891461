// Which gradient of a fractional equation is right, and what does each cost?
import { mkdirSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { seconds, tableText, wrap } from "../shared/numbers.js";
import { writeReport } from "../shared/report.js";
import { inDocs } from "../shared/repository.js";
import { standalone } from "../shared/standalone.js";
import { startWork } from "../shared/work.js";
import { chapter, outdated, writeBlocks } from "./page.js";
import { measureAll, taskCount, taskWeight } from "./results.js";
import { blocks, introduction, pictures, sections, title } from "./sections.js";

const write = process.argv.includes("--write");
const begun = performance.now();
const work = startWork("rivals");
console.log(`${wrap(`${title}. ${introduction}`)}\n`);
const results = await work.run(
  { title: "rivals", unit: "measurements", total: taskCount, weight: taskWeight },
  ({ keep }) => measureAll(keep),
);

console.log();
for (const { paragraphs, tables = [] } of sections(results)) {
  for (const paragraph of paragraphs) console.log(`${wrap(paragraph)}\n`);
  for (const table of tables) console.log(`${tableText(table)}\n`);
}

const found = blocks(results);
if (write) {
  mkdirSync(inDocs("figures"), { recursive: true });
  for (const { file, draw, legend, caption } of pictures(results))
    writeFileSync(inDocs("figures", file), standalone(draw, caption, legend));
  writeBlocks(found);
  console.log(`Written: docs/${chapter} and docs/figures.`);
} else {
  const wrong = outdated(found);
  if (wrong.length > 0) process.exitCode = 1;
  const verdict = wrong.length === 0 ? "says what was measured" : `says something else in: ${wrong.join(", ")}`;
  console.log(`docs/${chapter} ${verdict} (times and memories are not compared).`);
}
const file = writeReport(work.folder, title, introduction, sections(results));
work.finish();
console.log(`Report: ${relative(process.cwd(), file)} (${seconds(performance.now() - begun)} in all)`);
