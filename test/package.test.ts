// Does the built package offer what its sources do, by its own name and without a dependency?
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
  exports: Record<string, string | { node?: string; default: string }>;
  version: string;
  license: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional: boolean }>;
};
const entries = Object.entries(manifest.exports).filter(
  ([, target]) => typeof target === "object" && target.node !== undefined,
);

/** What a script prints that runs in a plain Node process beside package.json, on built output. */
const runNode = (code: string): string =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", code], { cwd: root, encoding: "utf8" });

describe("every entry point, imported by name in plain Node,", () => {
  const sourceOf = (path: string): string => `../src/${path === "." ? "" : `${path.slice(2)}/`}index.ts`;
  for (const [path, target] of entries) {
    test(path, async () => {
      const name = path.replace(/^\./, "stillpoint");
      const built = JSON.parse(
        runNode(`console.log(JSON.stringify(Object.keys(await import("${name}"))))`),
      ) as string[];
      expect(built.sort()).toEqual(Object.keys(await import(sourceOf(path))).sort());
    });
    test(`${path}, as single modules, which everybody else is given`, async () => {
      const single = runNode(
        `console.log(Object.keys(await import("${(target as { default: string }).default}")).join())`,
      );
      expect(single.trim().split(",").sort()).toEqual(Object.keys(await import(sourceOf(path))).sort());
    });
  }
  test(`stillpoint/browser, one file, of which the imports are none`, async () => {
    const one = readFileSync(`${root}dist/browser/stillpoint.js`, "utf8");
    expect(one).not.toMatch(/(^|;)(import|export)[^;]* from/);
    const names = runNode('console.log(Object.keys(await import("stillpoint/browser")).join())');
    expect(names.trim().split(",").sort()).toEqual(Object.keys(await import("../src/browser/index.js")).sort());
  });
  test("there are some", () => {
    expect(entries.length).toBeGreaterThan(3);
  });
});

test("built code computes: the gradient of a fractional solution, with the same bits as the sources", async () => {
  const code = `
    import { grad, mul, sum, tensor } from "stillpoint";
    import { solveCaputo } from "stillpoint/fractional";
    const f = (a) => sum(solveCaputo((t, u) => mul(a, u), 1, { order: 0.5, duration: 1, steps: 8 }).values);
    console.log(grad(f)(tensor(-1)).item());`;
  const { grad, mul, sum, tensor } = await import("stillpoint");
  const { solveCaputo } = await import("stillpoint/fractional");
  type Scalar = ReturnType<typeof tensor>;
  const f = (a: Scalar): Scalar =>
    sum(solveCaputo((_, u) => mul(a, u), 1, { order: 0.5, duration: 1, steps: 8 }).values);
  expect(Number(runNode(code))).toBe(grad(f)(tensor(-1)).item());
});

describe("what Node loads", () => {
  const text = (file: string): string => readFileSync(`${root}dist/node/${file}`, "utf8");
  test("is two files for stillpoint, whose maps lead to the sources", () => {
    const imported = [...text("index.js").matchAll(/from "(.*?)"/g)].map(([, file]) => file);
    expect(imported).toEqual(["./shared-core.js"]);
    expect(text("shared-core.js")).not.toMatch(/^(import|export) .* from /m);
    const { sources } = JSON.parse(text("shared-core.js.map")) as { sources: string[] };
    expect(sources).toContain("../../src/tape/apply.ts");
  });
  test("keeps constants constant: engines compile loops over them twice as fast", () => {
    expect(text("shared-core.js")).toMatch(/^const /m);
    expect(text("shared-core.js")).not.toMatch(/^(var|let) [A-Z_]+ /m);
  });
});

test("there are no runtime dependencies", () => {
  expect(manifest.dependencies ?? {}).toEqual({});
  // fast-check, for the arbitraries alone; who does not import them needs none
  expect(Object.keys(manifest.peerDependencies ?? {})).toEqual(["fast-check"]);
  expect(manifest.peerDependenciesMeta?.["fast-check"].optional).toBe(true);
});

test("CITATION.cff tells the version and the licence of package.json", () => {
  const lines = readFileSync(`${root}CITATION.cff`, "utf8").split("\n");
  const field = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  expect(field("cff-version")).toBe("1.2.0");
  expect(field("version")).toBe(manifest.version);
  expect(field("license")).toBe(manifest.license);
  for (const name of ["title", "message"]) expect(field(name)).toMatch(/\w/);
  expect(lines).toContain("  - name: The stillpoint authors");
});
