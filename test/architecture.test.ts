// Do imports point only downwards, and does every file keep to the rules of the house?
import { readdirSync, readFileSync } from "node:fs";
import { basename, posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

/** The rooms and their floors: an import leads to a lower floor, or stays in its room. */
const floors: Readonly<Record<string, number>> = {
  "typed-array-ops": 0,
  tensor: 1,
  tape: 2,
  workers: 2,
  primitives: 3,
  readings: 4,
  calculus: 5,
  special: 5,
  "fixed-point": 6,
  fractional: 7,
  pictures: 8,
  random: 4,
  nn: 8,
  optim: 8,
  verify: 8,
  io: 8,
  export: 9,
  "index.ts": 10,
  browser: 11,
};

/** The doors of a room besides its index. */
const sideDoors = [
  "typed-array-ops/elementary/index.js",
  "typed-array-ops/webassembly/current-team.js",
  "typed-array-ops/webassembly/engine.js",
  "typed-array-ops/webassembly/lanes.js",
  "typed-array-ops/webassembly/resident.js",
  "typed-array-ops/webassembly/team.js",
  "special/operations.js",
  "special/double-double.js",
  "fractional/integral.js",
  "fractional/volterra.js",
  "io/crc.js",
  "pictures/html.js",
  "pictures/scales.js",
  "verify/slopes.js",
];

/** Its users test with fast-check: it is an optional peer, and nothing else imports this folder. */
const forTesters = "verify/arbitraries/";

/** Everything that a file imports, exports from, or refers to by import(…), in types too. */
const importsOf = (text: string): string[] => ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);

/** What is wrong with the imports of a file of src; `file` is its path inside src. */
function misplacedImports(file: string, text: string): string[] {
  const room = file.split("/")[0];
  if (floors[room] === undefined) return [`${file}: the room ${room} has no floor`];
  return importsOf(text).flatMap((specifier) => {
    const complain = (why: string): string[] => [`${file} imports ${specifier}: ${why}`];
    if (specifier === "fast-check" && file.startsWith(forTesters)) return [];
    if (!specifier.startsWith(".")) return complain("src imports no package");
    const target = posix.join(posix.dirname(file), specifier);
    if (target.startsWith("..")) return complain("outside src");
    if (!target.endsWith(".js")) return complain("an import names its file, with .js");
    const goal = target === "index.js" ? "index.ts" : target.split("/")[0];
    if (target.startsWith(forTesters) && !file.startsWith(forTesters))
      return complain("upwards, to what needs fast-check");
    if (goal === room && room !== "index.ts") return [];
    if (floors[goal] === undefined) return complain(`the room ${goal} has no floor`);
    if (floors[goal] === floors[room]) return complain("rooms of one floor do not know each other");
    if (floors[goal] > floors[room]) return complain("upwards");
    if (target !== "index.js" && target !== `${goal}/index.js` && !sideDoors.includes(target))
      return complain("not through the room's index");
    return [];
  });
}

const root = fileURLToPath(new URL("../src/", import.meta.url));
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => posix.join(entry.parentPath.replaceAll("\\", "/"), entry.name).slice(root.length))
  .sort();
const read = (file: string): string => readFileSync(root + file, "utf8");

describe("src", () => {
  test("is found", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files).toContain("index.ts");
    expect(files).toContain("typed-array-ops/elementary/exp.ts");
  });
  test("imports only downwards, through the rooms' doors, and no package", () => {
    expect(files.flatMap((file) => misplacedImports(file, read(file)))).toEqual([]);
  });
  test("is written in TypeScript only", () => {
    expect(files.filter((file) => !file.endsWith(".ts"))).toEqual([]);
  });
  test("names files and folders in kebab-case", () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.ts)?$/;
    expect(files.filter((file) => !file.split("/").every((part) => kebab.test(part)))).toEqual([]);
  });
  test("says in the first line of every file which question it answers", () => {
    expect(files.filter((file) => !/^\/\/ .*\?$/.test(read(file).split("\n")[0]))).toEqual([]);
  });
  test("has no file of more than 300 lines", () => {
    const lines = (file: string): number => read(file).trimEnd().split("\n").length;
    expect(files.filter((file) => lines(file) > 300).map((file) => `${file}: ${lines(file)}`)).toEqual([]);
  });
  test("has an index in every room, which only lists", () => {
    for (const room of new Set(files.map((file) => file.split("/")[0]))) {
      if (room === "index.ts") continue;
      expect(files).toContain(`${room}/index.ts`);
      const source = ts.createSourceFile("index.ts", read(`${room}/index.ts`), ts.ScriptTarget.ES2022);
      expect(
        source.statements.filter((statement) => !ts.isExportDeclaration(statement)),
        room,
      ).toEqual([]);
    }
  });
  test("has no folder that its tests do not have too", () => {
    const tests = readdirSync(fileURLToPath(new URL(".", import.meta.url)), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    const rooms = [...new Set(files.map((file) => file.split("/")[0]))].filter((room) => !room.endsWith(".ts"));
    expect(rooms.filter((room) => !tests.includes(room))).toEqual([]);
  });
});

describe("the checker", () => {
  const rejected: [string, string, string, RegExp][] = [
    ["an import upwards", "tensor/x.ts", 'import { add } from "../primitives/index.js";', /upwards/],
    ["a type import upwards", "tape/x.ts", 'import type { Plan } from "../readings/index.js";', /upwards/],
    ["what needs fast-check", "verify/x.ts", 'export * from "./arbitraries/index.js";', /needs fast-check/],
    ["an export upwards", "tape/x.ts", 'export * from "../readings/index.js";', /upwards/],
    ["a dynamic import upwards", "tape/x.ts", 'const x = await import("../nn/index.js");', /upwards/],
    ["an import type upwards", "tape/x.ts", 'let x: import("../nn/index.js").Layer;', /upwards/],
    ["a side effect upwards", "tape/x.ts", 'import "../nn/index.js";', /upwards/],
    ["an import across a floor", "nn/x.ts", 'import { adam } from "../optim/index.js";', /one floor/],
    ["an import of the front door", "nn/x.ts", 'import { add } from "../index.js";', /no floor|upwards/],
    ["an import past the index", "tape/x.ts", 'import { x } from "../tensor/errors.js";', /through the room's index/],
    ["a deep import", "tape/x.ts", 'import { x } from "../typed-array-ops/elementary/exp.js";', /through the room/],
    ["the optional peer elsewhere", "verify/x.ts", 'import fc from "fast-check";', /no package/],
    ["a package", "nn/x.ts", 'import fc from "fast-check";', /no package/],
    ["a module of Node", "nn/x.ts", 'import { readFileSync } from "node:fs";', /no package/],
    ["the library by its own name", "nn/x.ts", 'import { add } from "stillpoint";', /no package/],
    ["an import outside src", "nn/x.ts", 'import { x } from "../../test/laws/draw.js";', /outside/],
    ["an unknown room", "attic/x.ts", "", /attic has no floor/],
    ["an import of an unknown room", "nn/x.ts", 'import { x } from "../attic/index.js";', /attic has no floor/],
    ["an import without .js", "tape/x.ts", 'import { x } from "../tensor";', /with \.js/],
  ];
  for (const [name, file, text, message] of rejected) {
    test(`rejects ${name}`, () => {
      const complaints = misplacedImports(file, text);
      expect(complaints.length).toBe(1);
      expect(complaints[0]).toMatch(message);
    });
  }
  const accepted: [string, string, string][] = [
    ["an import downwards", "primitives/x.ts", 'import { Tensor } from "../tensor/index.js";'],
    ["an import in the same room", "primitives/x.ts", 'import { add } from "./arithmetic.js";'],
    ["an import within a folder of a room", "typed-array-ops/elementary/x.ts", 'import { x } from "../pointwise.js";'],
    [
      "operations that bear the names of functions of numbers",
      "nn/x.ts",
      'import { x } from "../special/operations.js";',
    ],
    ["a side door", "special/x.ts", 'import { exp } from "../typed-array-ops/elementary/index.js";'],
    ["the front door's list", "index.ts", 'export { add } from "./primitives/index.js";'],
    ["a comment that speaks of an import", "tape/x.ts", '// import { add } from "../primitives/index.js";'],
  ];
  for (const [name, file, text] of accepted) {
    test(`accepts ${name}`, () => {
      expect(misplacedImports(file, text)).toEqual([]);
    });
  }
  test("sees the imports of the files that it reads", () => {
    const found = importsOf(read("primitives/arithmetic.ts"));
    expect(basename(found[0])).toMatch(/\.js$/);
    expect(found).toContain("../tape/index.js");
  });
});
