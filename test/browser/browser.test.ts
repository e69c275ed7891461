// Is every entry point that a page can load in the one file, whole?
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as all from "../../src/browser/index.js";

type Names = Readonly<Record<string, unknown>>;

const { exports } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  exports: Record<string, string | { types: string }>;
};
/** Those that are a file of code, but for the file itself, what needs a package, and the texts of pages. */
const paths = Object.keys(exports).filter(
  (path) => !["./package.json", "./browser", "./verify/arbitraries", "./export"].includes(path),
);
const camel = (path: string): string => path.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
/** Where the names of an entry point are: at the top, or in a namespace. */
const place = (path: string): Names =>
  (path === "." || path === "./random" ? all : (all as Names)[camel(path)]) as Names;

test("there are eleven", () => {
  expect(paths.length).toBe(11);
});

for (const path of paths) {
  test(`${path} is in it`, async () => {
    const source = `../../src/${path === "." ? "" : `${path.slice(2)}/`}index.ts`;
    const names = (await import(source)) as Names;
    expect(Object.keys(names).length).toBeGreaterThan(0);
    expect(Object.keys(names).filter((name) => place(path)[name] !== names[name])).toEqual([]);
  });
}
