// Do the checks of the package see what is wrong with it?
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

type Exports = Readonly<Record<string, string | Readonly<Record<string, string>>>>;
interface TypeReport {
  readonly types: false | { readonly kind: string };
  readonly entrypoints: Readonly<
    Record<string, { resolutions: Readonly<Record<string, { visibleProblems?: readonly number[] }>> }>
  >;
  readonly problems: readonly { readonly kind: string }[];
}
const judge = (await import(new URL("./judge.mjs", import.meta.url).href)) as {
  problemsOfFiles(files: readonly string[]): string[];
  problemsOfMaps(files: readonly string[], read: (file: string) => string): string[];
  problemsOfSizes(sizes: Readonly<Record<string, number>>): string[];
  problemsOfTypes(report: TypeReport): string[];
  filesNamed(manifest: { exports: Exports; unpkg?: string; jsdelivr?: string }): string[];
};

const files = "LICENSE README.md CHANGELOG.md package.json src/index.ts dist/index.js dist/index.d.ts".split(" ");

describe("what is in the package", () => {
  test("may be code, declarations, maps, sources and four documents", () => {
    expect(judge.problemsOfFiles(files)).toEqual([]);
  });
  for (const file of [
    "dist/test/x.js",
    "test/x.ts",
    "src/x.test.ts.snap",
    "dist/.DS_Store",
    ".env",
    "node_modules/a/b.js",
  ]) {
    test(`may not be ${file}`, () => {
      expect(judge.problemsOfFiles([...files, file])).toEqual([`${file} is there`]);
    });
  }
  test("has to be there", () => {
    expect(judge.problemsOfFiles(files.slice(1))).toEqual(["LICENSE is not there"]);
  });
});

describe("maps", () => {
  const read = (file: string): string =>
    file.endsWith(".map") ? '{"sources":["../src/index.ts"]}' : "export {};\n//# sourceMappingURL=index.js.map";
  test("lead to sources in the package", () => {
    expect(judge.problemsOfMaps(["dist/index.js", "dist/index.js.map", "src/index.ts"], read)).toEqual([]);
  });
  test("may not lead out of it", () => {
    expect(judge.problemsOfMaps(["dist/index.js", "dist/index.js.map"], read)).toEqual([
      "dist/index.js.map leads to src/index.ts",
    ]);
  });
  test("have to be there where a file names them", () => {
    expect(judge.problemsOfMaps(["dist/index.js"], read)).toEqual(["dist/index.js leads to dist/index.js.map"]);
  });
});

test("every file that package.json names is known, each once", () => {
  const exports = {
    ".": { types: "./a.d.ts", default: "./a.js" },
    "./b": { node: "./a.js" },
    "./package.json": "./package.json",
  };
  expect(judge.filesNamed({ exports, unpkg: "./c.js" })).toEqual(["a.d.ts", "a.js", "package.json", "c.js"]);
});

describe("what attw reports", () => {
  const report = (kind: string, ...problems: string[]): TypeReport => ({
    types: { kind: "included" },
    entrypoints: { ".": { resolutions: { [kind]: { visibleProblems: problems.map((_, i) => i) } } } },
    problems: problems.map((problem) => ({ kind: problem })),
  });
  test("may be that old ways to resolve know no exports, and that old Node requires no ES modules", () => {
    expect(judge.problemsOfTypes(report("node10", "NoResolution"))).toEqual([]);
    expect(judge.problemsOfTypes(report("node16-cjs", "CJSResolvesToESM"))).toEqual([]);
  });
  test("may be nothing else", () => {
    expect(judge.problemsOfTypes(report("node16-esm", "NoResolution"))).toEqual([". by node16-esm: NoResolution"]);
    expect(judge.problemsOfTypes(report("node16-cjs", "CJSResolvesToESM", "FalseESM"))).toEqual([
      ". by node16-cjs: FalseESM",
    ]);
    expect(judge.problemsOfTypes(report("bundler", "UntypedResolution"))).toEqual([". by bundler: UntypedResolution"]);
    expect(judge.problemsOfTypes({ ...report("bundler"), types: false })).toEqual(["there are no types"]);
  });
});

describe("sizes", () => {
  const sizes = {
    "one name": 1,
    "a gradient of a layer": 10,
    "special functions of numbers": 10,
    "a fractional equation": 50,
    "all of stillpoint": 50,
    "all entry points": 120,
  };
  test("are judged by their ratios", () => {
    expect(judge.problemsOfSizes(sizes)).toEqual([]);
    expect(judge.problemsOfSizes({ ...sizes, "one name": 9 })).toEqual([
      "expected one name at most 0.5 of a gradient of a layer, received 0.90",
    ]);
  });
  test("that are not known are no sizes", () => {
    expect(judge.problemsOfSizes({}).length).toBe(5);
  });
});

describe("the command", () => {
  const run = (...flags: string[]) =>
    spawnSync(process.execPath, [fileURLToPath(new URL("run.mjs", import.meta.url)), ...flags], { encoding: "utf8" });
  // It packs and installs, which takes as long as the machine is busy.
  const patience = 600_000;
  test(
    "is content with what is in the package",
    () => {
      const { stdout, status } = run("--only", "files", "--no-plants");
      expect(stdout).toMatch(/^4 checks passed, 0 failed$/m);
      expect(status).toBe(0);
    },
    patience,
  );
  test(
    "fails with a planted fault",
    () => {
      const { stdout, status } = run("--only", "files", "--plant", "no licence");
      expect(stdout).toContain("FAILED holds what it should and nothing else: LICENSE is not there");
      expect(stdout).toMatch(/^3 checks passed, 1 failed$/m);
      expect(status).toBe(1);
    },
    patience,
  );
  test("refuses what it does not know", () => {
    expect(run("--only", "colours").stderr).toContain("--only: expected one of files, modules");
    expect(run("--plant", "roses").stderr).toContain("--plant: expected one of a test in the package");
  });
});
