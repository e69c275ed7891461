// Where do the examples of the documents and of the docstrings stand?
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** Code to run, and where its first line stands. */
export interface Snippet {
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

export const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** The files with an ending below a folder, in alphabetical order. */
export function filesBelow(folder: string, ending: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

/** README.md, if it is there, and the chapters. */
export const documents = (): string[] => [
  ...(existsSync(join(root, "README.md")) ? ["README.md"] : []),
  ...filesBelow("docs", ".md"),
];

export const sources = (): string[] => filesBelow("src", ".ts");

/** The fenced blocks of a document in TypeScript or JavaScript. @throws SyntaxError if one is not closed */
export function fencedBlocks(file: string, text: string): Snippet[] {
  const snippets: Snippet[] = [];
  let fence: { mark: string; line: number; runs: boolean; lines: string[] } | undefined;
  text.split("\n").forEach((content, i) => {
    const [, mark, language] = /^\s*(`{3,}|~{3,})\s*(\S*)/.exec(content) ?? [];
    if (fence === undefined) {
      if (mark !== undefined) {
        fence = { mark, line: i + 2, runs: /^(ts|js|typescript|javascript)$/.test(language), lines: [] };
      }
    } else if (mark?.startsWith(fence.mark) && language === "") {
      if (fence.runs) snippets.push({ file, line: fence.line, code: fence.lines.join("\n") });
      fence = undefined;
    } else {
      fence.lines.push(content);
    }
  });
  if (fence !== undefined) throw new SyntaxError(`${file}:${fence.line - 1}: this block is not closed`);
  return snippets;
}

/** The `@example` parts of the docstrings of a source file. */
export function docstringExamples(file: string, text: string): Snippet[] {
  const snippets: Snippet[] = [];
  for (const comment of text.matchAll(/\/\*\*([\s\S]*?)\*\//g)) {
    const first = text.slice(0, comment.index).split("\n").length;
    let example: { line: number; lines: string[] } | undefined;
    const finish = (): void => {
      if (example) snippets.push({ file, line: example.line, code: example.lines.join("\n") });
      example = undefined;
    };
    comment[1].split("\n").forEach((raw, i) => {
      const content = raw.replace(/^\s*\* ?/, "");
      const tag = /^\s*@(\w+)\s?(.*)$/.exec(content);
      if (tag) {
        finish();
        if (tag[1] === "example") example = { line: first + i, lines: [tag[2].trimEnd()] };
      } else {
        example?.lines.push(content);
      }
    });
    finish();
  }
  return snippets;
}
