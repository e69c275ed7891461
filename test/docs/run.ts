// How is an example executed, and what does it show?
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import ts from "typescript";
import { judge, parseExpected } from "./expected.js";
import { read, root, type Snippet } from "./extract.js";

/** The public entry points: specifier → source file. */
export const entryPoints: ReadonlyMap<string, string> = readEntryPoints();

function readEntryPoints(): Map<string, string> {
  const { exports } = JSON.parse(read("package.json")) as { exports: Record<string, string | { types: string }> };
  const entries = new Map<string, string>();
  for (const [path, target] of Object.entries(exports)) {
    if (typeof target === "string") continue;
    const source = target.types.replace("./dist/", "src/").replace(/\.d\.ts$/, ".ts");
    if (existsSync(join(root, source))) entries.set(`stillpoint${path.slice(1)}`, source);
  }
  return entries;
}

type Module = Readonly<Record<string, unknown>>;

/** A thread begins with a file, which Node has to understand: threads are run as they are built. */
const built: Readonly<Record<string, string>> = { "src/workers/index.ts": "dist/node/workers.js" };

const load = async (file: string): Promise<Module> =>
  (await import(/* @vite-ignore */ pathToFileURL(join(root, built[file] ?? file)).href)) as Module;

/** What docstrings may use without an import: the public names, and those of the file in which they stand. */
export async function docstringScope(file: string): Promise<Module> {
  const names: Record<string, unknown> = { fc };
  for (const specifier of [
    "",
    "/fractional",
    "/nn",
    "/optim",
    "/special",
    "/random",
    "/pictures",
    "/verify",
    "/verify/arbitraries",
    "/export",
  ]) {
    Object.assign(names, await load(entryPoints.get(`stillpoint${specifier}`) as string));
  }
  return Object.assign(names, await load(file));
}

/** Reads code as TypeScript. @throws SyntaxError */
export function parseCode(code: string): ts.SourceFile {
  const source = ts.createSourceFile("snippet.ts", code, ts.ScriptTarget.ES2022, true);
  const { parseDiagnostics } = source as unknown as { parseDiagnostics: readonly ts.Diagnostic[] };
  if (parseDiagnostics.length > 0) {
    const [{ messageText, start = 0 }] = parseDiagnostics;
    const { line } = source.getLineAndCharacterOfPosition(start);
    throw new SyntaxError(`line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  }
  return source;
}

/** The names that the code imports, which have to be public. @throws SyntaxError */
async function importsOf(source: ts.SourceFile): Promise<Module> {
  const names: Record<string, unknown> = {};
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
    // The one package that the library's users may have beside it.
    if (specifier === "fast-check" && statement.importClause?.name) {
      names[statement.importClause.name.text] = fc;
      continue;
    }
    const file = entryPoints.get(specifier);
    if (file === undefined) throw new SyntaxError(`import from ${specifier}: examples import from stillpoint only`);
    const clause = statement.importClause;
    if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) continue;
    const bindings = clause?.namedBindings;
    if (clause?.name || bindings === undefined) throw new SyntaxError(`import from ${specifier}: there is no default`);
    const module = await load(file);
    if (ts.isNamespaceImport(bindings)) {
      names[bindings.name.text] = module;
      continue;
    }
    for (const { isTypeOnly, name, propertyName } of bindings.elements) {
      if (isTypeOnly) continue;
      const exported = (propertyName ?? name).text;
      if (!(exported in module)) throw new SyntaxError(`import from ${specifier}: it does not export ${exported}`);
      names[name.text] = module[exported];
    }
  }
  return names;
}

/** A line with an arrow: an expression, and what it is said to give. */
interface Claim {
  readonly line: number;
  readonly code: string;
  readonly written: string;
}

const arrow = /^\/\/\s*→\s*(.*)$/;

/** The code with each claimed expression handed to `check(i, …)`, and the claims. Lines keep their numbers. */
function instrument(source: ts.SourceFile): { code: string; claims: Claim[] } {
  const { text, statements } = source;
  const claims: Claim[] = [];
  let code = "";
  let copied = 0;
  for (const statement of statements) {
    const start = statement.getStart();
    if (ts.isImportDeclaration(statement)) {
      code += text.slice(copied, start) + text.slice(start, statement.end).replace(/[^\n]/g, " ");
      copied = statement.end;
    }
    if (!ts.isExpressionStatement(statement)) continue;
    const comments = ts.getTrailingCommentRanges(text, statement.end) ?? [];
    const [, written] = comments.map(({ pos, end }) => arrow.exec(text.slice(pos, end))).find(Boolean) ?? [];
    if (written === undefined) continue;
    const expression = statement.expression.getText();
    code += `${text.slice(copied, start)};await check(${claims.length}, async () => (${expression}));`;
    copied = statement.end;
    const line = source.getLineAndCharacterOfPosition(start).line;
    claims.push({ line, code: expression, written });
  }
  const arrows = text.match(/\/\/\s*→/g)?.length ?? 0;
  if (arrows !== claims.length) {
    throw new SyntaxError(
      `${arrows} arrows, ${claims.length} of them behind an expression at the top level: the others check nothing`,
    );
  }
  return { code: code + text.slice(copied), claims };
}

type AsyncFunctionConstructor = new (...source: string[]) => (...values: unknown[]) => Promise<void>;
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as AsyncFunctionConstructor;

/**
 * Runs a snippet and compares every claim; the names in `scope` need no import. Returns how many claims there were.
 *
 * @throws Error that lists the claims which do not hold
 * @throws SyntaxError if the code or a claim cannot be read
 */
export async function runSnippet(snippet: Snippet, scope: Module = {}): Promise<number> {
  const source = parseCode(snippet.code);
  const names = { ...scope, ...(await importsOf(source)) };
  const { code, claims } = instrument(source);
  const expected = claims.map(({ written }) => parseExpected(written));
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });

  const wrong: string[] = [];
  const check = async (i: number, evaluate: () => Promise<unknown>): Promise<void> => {
    const { reason } = await judge(expected[i], evaluate);
    const { line, code: claimed } = claims[i];
    if (reason !== undefined) wrong.push(`${snippet.file}:${snippet.line + line}: ${claimed}\n    ${reason}`);
  };
  const run = new AsyncFunction(...Object.keys(names), "check", `"use strict";{${outputText}\n}`);
  await run(...Object.values(names), check);
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  return claims.length;
}
