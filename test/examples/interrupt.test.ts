// Does an example that was stopped by Ctrl-C go on as if it had not been?
//
// The programs run as they are built, and are sent the signal that a terminal sends.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { type Tensor, tensor } from "stillpoint";
import { loadTraining, saveTraining } from "stillpoint/io";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { measureAll, type Results, taskCount, taskWeight } from "../../examples/rivals/results.js";
import { checkpointsIn } from "../../examples/shared/checkpoints.js";
import { makeClock } from "../../examples/shared/progress.js";
import type { Keep } from "../../examples/shared/work.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "interrupt-"));
beforeAll(() => {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "examples/tsconfig.json"], { cwd: root });
}, 120_000);
afterAll(() => rmSync(place, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** Runs an example to its end, or presses Ctrl-C so many times once it has printed something. */
function run(example: string, args: readonly string[], folder: string, press?: RegExp, times = 1): Promise<Ended> {
  const program = join(root, "build/examples", example, "main.js");
  const child = spawn(process.execPath, [program, "--into", folder, ...args], { cwd: root });
  let text = "";
  let pressed = 0;
  const again = (): void => {
    if (pressed++ >= times) return;
    child.kill("SIGINT");
    setTimeout(again, 1);
  };
  const read = (chunk: Buffer): void => {
    text += chunk.toString();
    if (pressed === 0 && press?.test(text)) again();
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}

/** What is the same in every run: neither lines of progress nor the time and the place at the end. */
const told = (text: string): string =>
  text.replaceAll(/^(act \d|gallery): .*\n/gm, "").replaceAll(/^(Model|Report): .*\n/gm, "");

const textIn = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8");
const reportOf = (folder: string): string => textIn(folder, "report.html");

describe("the tutorial", () => {
  const args = ["--epochs", "4", "--updates", "60"];
  const [whole, parted, bent] = ["whole", "parted", "bent"].map((name) => join(place, name));
  const first = join(parted, "checkpoints", "act-1.safetensors");
  let uninterrupted: Ended;
  beforeAll(async () => {
    uninterrupted = await run("tutorial", args, whole);
  }, 120_000);

  test("leaves a report and a model, and no checkpoints", () => {
    expect(uninterrupted.code).toBe(0);
    expect(readdirSync(whole).sort()).toEqual(["model.html", "report.html"]);
  });
  test("tells how long the rest takes", () => {
    for (const line of [/^act 1: 80 of 200 updates, .* s, about \d+ s left$/m, /^act 2: 264 of 660 updates, .* left$/m])
      expect(uninterrupted.text).toMatch(line);
  });
  test("stops in the middle of the first act, and says how far it was and how to go on", async () => {
    const { code, text } = await run("tutorial", args, parted, /act 1: 40 of/);
    expect(code).toBe(130);
    const last = text.trimEnd().split("\n").at(-1);
    const [, done, command] = /^Stopped: act 1, (\d+) of 200 updates done\. The same .*: (.*)$/.exec(last ?? "") ?? [];
    expect(Number(done)).toBeGreaterThanOrEqual(40);
    expect(Number(done)).toBeLessThan(200);
    expect(command).toBe(`npm run tutorial -- --into ${parted} ${args.join(" ")}`);
    expect(loadTraining(readFileSync(first)).step).toBe(Number(done));
    expect(existsSync(join(parted, "report.html"))).toBe(false);
    cpSync(parted, bent, { recursive: true });
  });
  test("goes on, and stops in the second act at once when Ctrl-C is pressed twice", async () => {
    const { code, text } = await run("tutorial", args, parted, /act 2: \d+ of/, 2);
    expect(code).toBe(130);
    expect(text).not.toContain("act 1: 40 of");
    expect(text).toMatch(/^Stopped: act 2, \d+ of 660 updates done/m);
    expect(readdirSync(join(parted, "checkpoints")).length).toBeGreaterThan(2);
  });
  test("goes on once more without what is done, and reports the same to the last byte", async () => {
    const { code, text } = await run("tutorial", args, parted);
    expect(code).toBe(0);
    expect(text).not.toMatch(/^act 1: \d+ of 200 updates, .* left$/m);
    expect(told(text)).toBe(told(uninterrupted.text));
    expect(reportOf(parted)).toBe(reportOf(whole));
    expect(textIn(parted, "model.html")).toBe(textIn(whole, "model.html"));
    expect(readdirSync(parted).sort()).toEqual(["model.html", "report.html"]);
  });
  test("reports something else if the checkpoint forgets the state of the optimiser", async () => {
    const file = join(bent, "checkpoints", "act-1.safetensors");
    interface Moments {
      readonly mean: readonly { readonly weight: Tensor; readonly bias: Tensor }[];
    }
    const kept = loadTraining<{ state: { optimiser: Moments } }>(readFileSync(file));
    expect(Buffer.from(saveTraining(kept)).equals(readFileSync(file))).toBe(true);
    const { optimiser } = kept.state;
    const nothing = (x: Tensor): Tensor => tensor(new Float64Array(x.data.length), x.shape);
    const mean = optimiser.mean.map(({ weight, bias }) => ({ weight: nothing(weight), bias: nothing(bias) }));
    writeFileSync(file, saveTraining({ ...kept, state: { ...kept.state, optimiser: { ...optimiser, mean } } }));
    const { code } = await run("tutorial", args, bent);
    expect(code).toBe(0);
    expect(reportOf(bent)).not.toBe(reportOf(whole));
  });
  test("does not go on with other settings or from a damaged file, and says what to do", async () => {
    const folder = join(place, "damaged");
    await run("tutorial", args, folder, /act 1: 40 of/);
    const file = join(folder, "checkpoints", "act-1.safetensors");
    const bytes = readFileSync(file);
    const other = await run("tutorial", ["--epochs", "3", "--updates", "60"], folder);
    expect(other.code).toBe(1);
    expect(other.text).toMatch(
      /act-1\.safetensors .*(with other settings|cannot be read): remove .*checkpoints to begin anew/,
    );
    writeFileSync(file, bytes.subarray(0, bytes.length - 8));
    const damaged = await run("tutorial", args, folder);
    expect(damaged.code).toBe(1);
    expect(damaged.text).toMatch(/act-1\.safetensors cannot be read: remove .*checkpoints to begin anew/);
    expect(readFileSync(file).length).toBe(bytes.length - 8);
  });
}, 120_000);

describe("the gallery", () => {
  const args = ["--chapters", "2"];
  const [whole, parted, bent] = ["drawn", "half drawn", "bent drawing"].map((name) => join(place, name));
  test("keeps what it has solved, and draws the same; other kept numbers would be seen", async () => {
    const uninterrupted = await run("gallery", args, whole);
    expect(uninterrupted.code).toBe(0);
    const stopped = await run("gallery", args, parted, /gallery: 2 of 7/);
    expect(stopped.code).toBe(130);
    expect(stopped.text).toMatch(/^Stopped: gallery, [2-6] of 7 solutions done\./m);
    cpSync(parted, bent, { recursive: true });
    const { code, text } = await run("gallery", args, parted);
    expect(code).toBe(0);
    expect(told(text)).toBe(told(uninterrupted.text));
    expect(reportOf(parted)).toBe(reportOf(whole));
    expect(readdirSync(parted)).toEqual(["report.html"]);

    const file = join(bent, "checkpoints", "parts");
    const kept = deserialize(readFileSync(file)) as { parts: Map<string, { curve: Float64Array[] }> };
    for (const { curve } of kept.parts.values()) curve[0][7] += 0.1;
    writeFileSync(file, serialize(kept));
    expect((await run("gallery", args, bent)).code).toBe(0);
    expect(reportOf(bent)).not.toBe(reportOf(whole));
  });
}, 120_000);

test("the time that is left follows the speed of the second half, and nothing is told of what was not begun", () => {
  const left = makeClock();
  expect(left(0, 10, 5000)).toBe(undefined);
  expect(left(1, 9, 6000)).toBe(9 * 1000);
  for (const [worked, elapsed] of [
    [2, 6100],
    [3, 6200],
    [4, 6300],
  ] as const)
    left(worked, 10 - worked, elapsed);
  for (const [worked, elapsed] of [
    [8, 6700],
    [14, 7300],
  ] as const)
    left(worked, 1, elapsed);
  expect(left(15, 30, 7400)).toBeCloseTo(30 * 100, 6);
});

test("each measurement of the rivals has a name of its own, and they are as many as the bar says", async () => {
  const names: string[] = [];
  let weights = 0;
  const keep: Keep = async <T>(name: string, _: () => T, weight = 1) => {
    names.push(name);
    weights += weight;
    return [] as T;
  };
  const { costs }: Results = await measureAll(keep);
  expect(costs.length).toBeGreaterThan(10);
  expect(new Set(names).size).toBe(taskCount);
  expect([names.length, weights]).toEqual([taskCount, taskWeight]);
});

test("results of every kind are kept to the last bit", () => {
  const folder = join(place, "kept");
  const checkpoints = checkpointsIn(folder, "rivals");
  const parts = new Map<string, unknown>([["a", { x: [0.1, -0, NaN, Infinity], y: Float64Array.of(1e-320), z: "α" }]]);
  expect(checkpoints.readParts()).toEqual(new Map());
  checkpoints.writeParts(parts);
  expect(checkpoints.readParts()).toStrictEqual(parts);
  expect(() => checkpointsIn(folder, "digits").readParts()).toThrow(/another version/);
  writeFileSync(join(folder, "somebody else's"), "");
  checkpoints.remove();
  expect(readdirSync(folder)).toEqual(["somebody else's"]);
});
