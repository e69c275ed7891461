// Do tables, targets and differences say what was measured?
import { describe, expect, test } from "vitest";
import { chapterText, markdownTable } from "../../bench/chapter.js";
import { figureText, ticksFor } from "../../bench/figures.js";
import { checkAgreement, differenceOf, isMet, type ResultTable, type Target, tableText } from "../../bench/results.js";

const exactly = (median: number) => ({ median, min: median / 2, max: 2 * median });
const target = (side: Target["side"], median: number): Target => ({
  claim: "faster",
  bound: 2,
  side,
  reached: exactly(median),
});

const table: ResultTable = {
  name: "example",
  title: "An example",
  heading: ["", "ms"],
  rows: [
    ["a | b", exactly(2)],
    ["none", ""],
  ],
  notes: ["A note."],
  targets: [target("at least", 1), target("at most", 1)],
  figure: {
    kind: "bars",
    caption: "Bars",
    x: "",
    y: "ms",
    points: [
      { series: "a", x: "a", y: exactly(2) },
      { series: "a", x: "stillpoint", y: exactly(30) },
    ],
  },
};

describe("a target", () => {
  test("is met where the median is on its side of the bound, or on it", () => {
    expect([1.99, 2, 2.01].map((x) => isMet(target("at least", x)))).toEqual([false, true, true]);
    expect([1.99, 2, 2.01].map((x) => isMet(target("at most", x)))).toEqual([true, true, false]);
  });
  test("that was not a number is not met", () => {
    expect(isMet(target("at least", Number.NaN))).toBe(false);
    expect(isMet(target("at most", Number.NaN))).toBe(false);
  });
});

describe("differences", () => {
  const expected = [Float64Array.of(1, -4), Float64Array.of(2)];
  test("are relative to the largest entry of all", () => {
    expect(differenceOf([Float64Array.of(1, -4), Float64Array.of(2.5)], expected)).toBe(0.125);
    expect(checkAgreement("same", expected, expected, 0)).toBe(0);
  });
  test("beyond the bound, of other lengths, and NaN are refused", () => {
    const check = (...found: Float64Array[]) => checkAgreement("x", found, expected, 0.1);
    expect(() => check(Float64Array.of(1, -4), Float64Array.of(2.5))).toThrow("x differs by 0.125, more than 0.1");
    expect(() => check(Float64Array.of(1, Number.NaN), Float64Array.of(2))).toThrow("x differs by NaN");
    expect(() => check(Float64Array.of(1, -4))).toThrow("1 results, not 2");
    expect(() => check(Float64Array.of(1), Float64Array.of(2))).toThrow("result 0 has 1 entries, not 2");
  });
});

describe("a table", () => {
  test("as text", () => {
    expect(tableText({ ...table, targets: [target("at least", 1)] }).split("\n")).toEqual([
      "An example",
      "",
      "                      ms",
      "a | b  2.00 [1.00..4.00]",
      "none                    ",
      "",
      "A note.",
      "faster: at least 2, reached 1.00 [0.500..2.00]: not met",
    ]);
  });
  test("in Markdown: bars inside cells do not end them", () => {
    expect(markdownTable(["", "ms"], [["a | b", "1"]])).toBe("|  | ms |\n|---|--:|\n| a \\| b | 1 |");
  });
});

describe("the chapter", () => {
  const section = { heading: "Example", command: "npm run x", introduction: "Why.", tables: [table] };
  test("has the tables, the figures and the tally of targets", () => {
    const text = chapterText(["a machine"], [section, { ...section, tables: [], printed: "as printed\n" }]);
    expect(text).toContain("1 of 2 are met by the median.");
    expect(text).toContain("| Example | faster | at least 2 | 1.00 [0.500..2.00] | **no** |");
    expect(text).toContain("![Bars](figures/measured-example.svg)");
    expect(text).toContain("Command: `npm run x`");
    expect(text).toContain("```text\nas printed\n```");
  });
  test("says so where nothing has a target", () => {
    expect(chapterText([], [{ ...section, tables: [] }])).toContain("None of the programs that were run has one.");
  });
});

describe("a figure", () => {
  test("has a dot for each number, a label, and colours for light and dark", () => {
    const text = figureText(table.figure as NonNullable<ResultTable["figure"]>);
    expect(text.match(/<circle/g)?.length).toBe(2);
    expect(text).toContain('aria-label="Bars"');
    expect(text).toContain("prefers-color-scheme: dark");
    expect(text).toContain("ms →");
  });
  test("has ticks at powers of ten, and between them where there are few", () => {
    expect(ticksFor(1, 1000)).toEqual([1, 10, 100, 1000]);
    expect(ticksFor(0.15, 8)).toEqual([0.2, 0.5, 1, 2, 5]);
  });
});
