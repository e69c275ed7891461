// Has every public function an example?
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root } from "./extract.js";
import { entryPoints } from "./run.js";

const documented = [
  "stillpoint",
  "stillpoint/fractional",
  "stillpoint/nn",
  "stillpoint/optim",
  "stillpoint/special",
  "stillpoint/random",
  "stillpoint/pictures",
  "stillpoint/verify",
  "stillpoint/export",
];

interface PublicFunction {
  readonly name: string;
  readonly hasExample: boolean;
}

/** The functions that a module exports. */
function functionsOf(program: ts.Program, file: string): PublicFunction[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!source || !module) throw new Error(`${file} is no module`);
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if ((symbol.flags & ts.SymbolFlags.Value) === 0) return [];
    if (checker.getTypeOfSymbolAtLocation(symbol, source).getCallSignatures().length === 0) return [];
    return [{ name: exported.name, hasExample: symbol.getJsDocTags().some(({ name }) => name === "example") }];
  });
}

describe("every public function has an example in its docstring", () => {
  const files = documented.map((specifier) => join(root, entryPoints.get(specifier) ?? ""));
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
  });
  test("a function without one is noticed", () => {
    const inner = functionsOf(program, join(root, "src/tape/apply.ts"));
    expect(inner.find(({ name }) => name === "apply")).toEqual({ name: "apply", hasExample: false });
    expect(inner.find(({ name }) => name === "listeningTapes")).toEqual({ name: "listeningTapes", hasExample: true });
  });
  documented.forEach((specifier, i) => {
    test(specifier, () => {
      const functions = functionsOf(program, files[i]);
      expect(functions.length).toBeGreaterThan(0);
      expect(functions.filter(({ hasExample }) => !hasExample).map(({ name }) => name)).toEqual([]);
    });
  });
});
