// Is what the README tells of the first half hour there: its files, its commands, its line to change, its numbers?
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runTraining } from "../../examples/shared/work.js";
import { readObservations, scaleOf } from "../../examples/tutorial/lynx-hare-data.js";
import { fitEquation } from "../../examples/tutorial/lynx-hare-fit.js";
import { firstOrder, seeds } from "../../examples/tutorial/lynx-hare-scores.js";
import { protocol } from "../../examples/tutorial/repaired-experiment.js";
import { fencedBlocks, read, root } from "./extract.js";

const readme = read("README.md");
const [, section = ""] = /^## The first half hour\n([\s\S]*?)^## /m.exec(readme) ?? [];

/** Made on the way: by commands, which git is told to ignore, and by the reader. */
const made = (path: string): boolean =>
  path === "examples/mine.ts" ||
  read(".gitignore")
    .split("\n")
    .some((line) => line !== "" && (line.endsWith("/") ? path.startsWith(line) : path === line));

/** What a text names in code that is not there: a script, a file, or a line of the file named last. */
function missing(text: string): string[] {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  let file = "";
  return [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => {
    const [, script] = /^npm run ([\w:-]+)/.exec(code) ?? [];
    if (script !== undefined) return scripts[script] === undefined ? [code] : [];
    if (/^[\w-]+\/[\w./-]*$/.test(code)) {
      file = code;
      return existsSync(join(root, code)) || made(code) ? [] : [code];
    }
    if (code.startsWith("export ")) return read(file).split("\n").includes(code) ? [] : [code];
    return /^(npm ci|npx tsc -p examples\/tsconfig\.json && node build\/examples\/mine\.js|console\.log\(.*\);)$/.test(
      code,
    )
      ? []
      : [code];
  });
}

describe("the first half hour", () => {
  test("names scripts, files and a line that are there", () => {
    expect(section.match(/`/g)?.length).toBeGreaterThan(20);
    expect(section).toContain("export const firstOrder");
    expect(missing(section)).toEqual([]);
  });
  test("would not name others unnoticed", () => {
    const wrong =
      "`npm run tutoriel`, `examples/tutorial/scores.ts`, `examples/tutorial/main.ts`: `export const x = 1;`, `yarn`";
    expect(missing(wrong)).toEqual(["npm run tutoriel", "examples/tutorial/scores.ts", "export const x = 1;", "yarn"]);
  });
  test("names headings of the report", () => {
    const headings = [...section.matchAll(/under "([^"]+)"/gi)].map(([, heading]) => heading);
    expect(headings.length).toBe(2);
    for (const heading of headings) expect(read("examples/tutorial/sections.ts")).toContain(`heading: "${heading}"`);
  });
  test("counts the parameters of the network", () => {
    const sizes: readonly number[] = protocol.sizes;
    const count = sizes.slice(1).reduce((total, size, i) => total + (sizes[i] + 1) * size, 0);
    expect(section.replaceAll("\n   ", " ")).toContain(`A network of ${count} parameters`);
  });
  test("tells where the learned orders end, before the change and after it", async () => {
    const observations = readObservations();
    const rows = scaleOf(observations).toUnits(observations.pelts);
    const [, changed] = /`export const firstOrder = [\d.]+;`[^`]* to ([\d.]+),/.exec(section) ?? [];
    const { fitted } = observations;
    for (const begin of [firstOrder, Number(changed)]) {
      const ends: number[] = [];
      for (const seed of seeds) {
        const start = { kind: "learned", seed, firstOrder: begin } as const;
        ends.push((await fitEquation(start, rows, { fitted, updates: 600, runTraining })).order);
      }
      const [low, high] = [Math.min(...ends), Math.max(...ends)].map((x) => x.toFixed(3));
      expect(section.replaceAll("\n   ", " ")).toContain(`from ${low} to ${high}`);
    }
  }, 120_000);
  test("has a first program that compiles with the settings of the examples", () => {
    const [{ code }] = fencedBlocks("README.md", readme);
    expect(code).toContain("gradient.order.item()");
    const folder = join(root, "build/half-hour");
    const config = {
      extends: "../../tsconfig.json",
      compilerOptions: { typeRoots: ["../../node_modules/@types"] },
      include: ["."],
    };
    const compile = (text: string): void => {
      writeFileSync(join(folder, "mine.ts"), text);
      execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", folder], { cwd: root, stdio: "pipe" });
    };
    mkdirSync(folder, { recursive: true });
    try {
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      compile(`${code}\nconsole.log(gradient.order.item());\n`);
      expect(() => compile(code.replace("(_t, u)", "(t, u)"))).toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});
