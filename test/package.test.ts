// Does the built package offer what its sources do, by its own name and without a dependency?
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
  exports: Record<string, string | { default: string }>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional: boolean }>;
};
const entries = Object.entries(manifest.exports).filter(([, target]) => typeof target === "object");

/** What a script prints that runs in a plain Node process beside package.json, on built output. */
const runNode = (code: string): string =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", code], { cwd: root, encoding: "utf8" });

describe("every entry point, imported by name in plain Node,", () => {
  for (const [path] of entries) {
    test(path, async () => {
      const name = path.replace(/^\./, "stillpoint");
      const source = `../src/${path === "." ? "" : `${path.slice(2)}/`}index.ts`;
      const built = JSON.parse(
        runNode(`console.log(JSON.stringify(Object.keys(await import("${name}"))))`),
      ) as string[];
      expect(built.sort()).toEqual(Object.keys(await import(source)).sort());
    });
  }
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

test("there are no runtime dependencies", () => {
  expect(manifest.dependencies ?? {}).toEqual({});
  // fast-check, for the arbitraries alone; who does not import them needs none
  expect(Object.keys(manifest.peerDependencies ?? {})).toEqual(["fast-check"]);
  expect(manifest.peerDependenciesMeta?.["fast-check"].optional).toBe(true);
});
