// Does the comparison of runtimes find what differs, and what is not there?
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as library from "../../src/browser/index.js";

interface Report {
  readonly runtime: string;
  readonly version: string;
  readonly webAssembly: boolean;
  readonly values: readonly { readonly name: string; readonly bits: readonly string[] }[];
  readonly numbers: number;
  readonly digest: string;
  readonly instances: number;
  readonly failures: readonly string[];
}
type Absent = { readonly runtime: string; readonly absent: string; readonly why: string };

const load = async <T>(file: string): Promise<T> => (await import(new URL(file, import.meta.url).href)) as T;
const { compare } = await load<{
  compare(reports: readonly (Report | Absent)[]): { table: string; problems: readonly string[] };
}>("./compare.mjs");
const { evaluate, digest, withFault } = await load<{
  evaluate(given: object): Report;
  digest(texts: readonly string[]): string;
  withFault(given: object): object;
}>("./evaluate.mjs");

const report = (runtime: string, given: object = library): Report => ({
  ...evaluate(given),
  runtime,
  version: "1.0.0",
  webAssembly: true,
});
const here = report("here");
const there: Report = { ...here, runtime: "there" };

/** Another runtime, in which the bits of this name are others. */
const withBits = (name: string, change: (bits: readonly string[]) => readonly string[]): Report => ({
  ...there,
  values: here.values.map((value) => (value.name === name ? { name, bits: change(value.bits) } : value)),
});

describe("the values", () => {
  test("are more than a hundred, and each has numbers", () => {
    expect(here.values.length).toBeGreaterThan(100);
    expect(here.values.filter(({ bits }) => bits.length === 0)).toEqual([]);
    expect(here.failures).toEqual([]);
    expect(here.instances).toBeGreaterThan(0);
  });
  test("are told bit by bit, with one NaN", () => {
    const bits = here.values.find(({ name }) => name === "abs at edges")?.bits;
    expect(bits?.slice(0, 3)).toEqual(["0000000000000000", "0000000000000000", "0000000000000001"]);
    expect(bits?.at(-1)).toBe("7ff8000000000000");
  });
  test("have the digest whose examples its authors publish", () => {
    expect(digest([""])).toBe("cbf29ce484222325");
    expect(digest(["foo", "bar"])).toBe("85944171f73967e8");
  });
  test("that throw are failures by name", () => {
    const without = { ...library, qr: undefined, cholesky: () => [] };
    const { failures } = report("here", without);
    expect(failures.find((each) => each.startsWith("qr"))).toMatch(/^qr: TypeError/);
    expect(failures).toContain("cholesky: no numbers");
  });
  test("that change from one time to the next are failures by name", () => {
    let calls = 0;
    const restless = { ...library, norm: () => calls++ };
    expect(report("here", restless).failures).toEqual(["norm of 10007: other bits the second time"]);
  });
});

describe("reports", () => {
  test("of the same bits are well", () => {
    const { table, problems } = compare([here, there]);
    expect(problems).toEqual([]);
    expect(table.split("\n").length).toBe(3);
    expect(table).toContain(here.digest);
  });
  test("of a library whose exponentials are a little too large differ by name, and nowhere else", () => {
    const { problems } = compare([here, report("there", withFault(library))]);
    expect(problems[0]).toBe(
      "bits differ: exp at edges, entry 0 of 36: 1 (3ff0000000000000) in here, 1.0000000000000002 (3ff0000000000001) in there",
    );
    expect(problems.join("\n")).not.toMatch(/sin|solveCaputo/);
  });
  const planted: [string, (Report | Absent)[], RegExp][] = [
    [
      "one bit",
      [here, withBits("qr", ([x, ...rest]) => [x.replace(/.$/, (d) => (d === "0" ? "1" : "0")), ...rest])],
      /^bits differ: qr, entry 0 of \d+: /,
    ],
    [
      "an entry that is not there",
      [here, withBits("norm of 10007", () => [])],
      /^bits differ: norm of 10007, entry 0 of 1: .* in here, nothing in there$/,
    ],
    [
      "a byte",
      [here, withBits("bytes of safetensors", ([, ...rest]) => ["ff", ...rest])],
      /^bits differ: bytes of safetensors, entry 0 of \d+: byte .* byte ff in there$/,
    ],
    [
      "a value that only one has",
      [here, { ...there, values: here.values.slice(1) }],
      /^bits differ: exp at edges: only in here$/,
    ],
    [
      "a digest that does not fit",
      [here, { ...there, digest: "0" }],
      /^bits differ: the digests differ, but no value does$/,
    ],
    [
      "a runtime that is not there",
      [here, there, { runtime: "elsewhere", absent: "is missing", why: "expected bin/node" }],
      /^elsewhere is missing: expected bin\/node$/,
    ],
    ["nothing to compare with", [here], /^expected at least two runtimes to compare, received 1$/],
    [
      "no values at all",
      [
        { ...here, values: [] },
        { ...there, values: [] },
      ],
      /^here: no values$/,
    ],
    [
      "a failure that all share",
      [
        { ...here, failures: ["qr: x"] },
        { ...there, failures: ["qr: x"] },
      ],
      /^here: qr: x$/,
    ],
    [
      "WebAssembly that was not used",
      [here, { ...there, instances: 0 }],
      /^there: expected some modules of WebAssembly, received 0$/,
    ],
    [
      "WebAssembly that was used in spite",
      [here, { ...there, webAssembly: false }],
      /^there: expected no modules of WebAssembly/,
    ],
  ];
  for (const [what, reports, problem] of planted) {
    test(`with ${what} are rejected`, () => {
      expect(compare(reports).problems[0]).toMatch(problem);
    });
  }
});

describe("the command, in the Node that runs this,", () => {
  const run = (...flags: string[]) =>
    spawnSync(process.execPath, [fileURLToPath(new URL("run.mjs", import.meta.url)), ...flags], { encoding: "utf8" });
  const two = ["this Node, file for pages", "this Node, no WebAssembly"].flatMap((name) => ["--only", name]);
  // It takes as long as the machine is busy.
  const patience = 600_000;
  test(
    "finds the same bits",
    () => {
      const { stdout, status } = run(...two);
      expect(stdout).toContain("the same bits in all 2");
      expect(status).toBe(0);
    },
    patience,
  );
  test(
    "fails with one that is wrong",
    () => {
      const { stdout, status } = run(...two, "--fault", "this Node, no WebAssembly");
      expect(stdout).toMatch(/bits differ: exp at edges, entry 0 of 36/);
      expect(status).toBe(1);
    },
    patience,
  );
  test("refuses a fault in a runtime that there is not", () => {
    const { stderr, status } = run("--fault", "Node 7");
    expect(stderr).toContain("--fault: expected one of this Node, ");
    expect(status).toBe(1);
  });
});
