// How do the results get into the chapter, and do they still stand there?
import { readFileSync, writeFileSync } from "node:fs";
import { type Table, wrap } from "../shared/numbers.js";
import { inDocs } from "../shared/repository.js";

export const chapter = "14-gradients-of-fractional-equations.md";

/** What stands between the marks of a name. */
export interface Block {
  readonly name: string;
  readonly text: string;
  /** Whether it is the same on every machine; times and memories are not. */
  readonly exact: boolean;
}

export const markdownTable = ({ caption, columns, rows }: Table): string =>
  [
    `_${caption}_`,
    "",
    `| ${columns.join(" | ")} |`,
    `|${columns.map((_, i) => (i === 0 ? "---" : "--:")).join("|")}|`,
    ...rows.map(({ cells }) => `| ${cells.join(" | ")} |`),
  ].join("\n");

export const tableBlock = (name: string, table: Table, exact = true): Block => ({
  name,
  exact,
  text: markdownTable(table),
});
export const textBlock = (name: string, text: string, exact = true): Block => ({ name, exact, text: wrap(text) });

const [open, close] = [(name: string): string => `<!-- rivals: ${name} -->\n\n`, "\n\n<!-- end -->"];

/** Where a block begins and ends in the chapter. */
function find(text: string, name: string): readonly [number, number] {
  const mark = text.indexOf(open(name));
  const begin = mark + open(name).length;
  const end = text.indexOf(close, begin);
  if (mark < 0 || end < 0) throw new Error(`${chapter} has no block ${name}`);
  return [begin, end];
}

export function readBlock(name: string): string {
  const text = readFileSync(inDocs(chapter), "utf8");
  return text.slice(...find(text, name));
}

export function writeBlocks(blocks: readonly Block[]): void {
  let text = readFileSync(inDocs(chapter), "utf8");
  for (const { name, text: written } of blocks) {
    const [begin, end] = find(text, name);
    text = text.slice(0, begin) + written + text.slice(end);
  }
  writeFileSync(inDocs(chapter), text);
}

/** The names of the blocks that say something else than what was found. */
export const outdated = (blocks: readonly Block[]): readonly string[] =>
  blocks.filter(({ name, text, exact }) => exact && readBlock(name) !== text).map(({ name }) => name);
