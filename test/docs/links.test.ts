// Does every link of the documents lead somewhere, and does every block of TypeScript have the right types?
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { documents, fencedBlocks, read, root } from "./extract.js";

/** The targets of the links of a document outside its code, without those that lead to the network. */
function relativeLinks(text: string): string[] {
  const prose = text.replace(/^\s*(`{3,}|~{3,})[\s\S]*?^\s*\1\s*$/gm, "").replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g), ...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

/** The name under which a heading can be linked. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+\s+(.*)$/gm)].map(([, heading]) => anchorOf(heading));

function leadsSomewhere(file: string, target: string): boolean {
  const [path, anchor] = decodeURIComponent(target).split("#");
  const to = path === "" ? file : join(dirname(file), path);
  if (to.startsWith("..") || !existsSync(join(root, to))) return false;
  return anchor === undefined || !to.endsWith(".md") || anchorsOf(read(to)).includes(anchor);
}

describe("relative links", () => {
  for (const file of documents()) {
    test(file, () => {
      const broken = relativeLinks(read(file)).filter((target) => !leadsSomewhere(file, target));
      expect(broken).toEqual([]);
    });
  }
  test("there are some", () => {
    expect(documents().flatMap((file) => relativeLinks(read(file))).length).toBeGreaterThan(0);
  });
  test("a broken one, a broken anchor and a path out of the repository are noticed", () => {
    const text =
      "# A b\n[x](missing.md) [y](#a-b) [z](#c) `[w](code.md)` <https://a.b> [v](../../out.md)\n[r]: gone.md\n";
    expect(relativeLinks(text)).toEqual(["missing.md", "#a-b", "#c", "../../out.md", "gone.md"]);
    expect(anchorsOf(text)).toEqual(["a-b"]);
    expect(leadsSomewhere("docs/README.md", "missing.md")).toBe(false);
    expect(leadsSomewhere("docs/README.md", "../../main/package.json")).toBe(false);
    expect(leadsSomewhere("docs/README.md", "../package.json")).toBe(true);
    expect(leadsSomewhere("docs/README.md", "#no-such-heading")).toBe(false);
  });
});

/** What the compiler says about blocks of TypeScript, each a module of its own. */
function typeErrors(blocks: readonly { name: string; code: string }[]): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [], files: ["vitest.config.ts"] }, ts.sys, root);
  const options = { ...parsed.options, noUnusedLocals: false, noUnusedParameters: false };
  const host = ts.createCompilerHost(options);
  const texts = new Map(blocks.map(({ code }, i) => [join(root, `test/docs/block-${i}.ts`), `${code}\nexport {};\n`]));
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = texts.get(path);
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version, true);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((path, i) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) =>
        `${blocks[i].name}, line ${(source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1}: ` +
        ts.flattenDiagnosticMessageText(messageText, " "),
    );
  });
}

describe("the types of fenced blocks", () => {
  test("are right", () => {
    const blocks = documents().flatMap((file) => fencedBlocks(file, read(file)));
    const typed = blocks.map(({ file, line, code }) => ({ name: `${file}:${line}`, code }));
    expect(typeErrors(typed)).toEqual([]);
  });
  test("a wrong one is noticed", () => {
    const code = 'import { tensor } from "stillpoint";\n\nconst x: number = tensor(1);';
    expect(typeErrors([{ name: "planted", code }])).toEqual([
      "planted, line 3: Type 'Tensor' is not assignable to type 'number'.",
    ]);
  });
});
