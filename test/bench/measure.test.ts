// Are medians, spreads and ratios what they are called?
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fastestRatio, measure, measureWithPeers, median, ratio, showTable, spread } from "../../bench/measure.js";

const seed = { seed: 7 };
const times = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const lists = fc.array(times, { minLength: 1, maxLength: 12 });

describe("the median", () => {
  test("has as many numbers below as above, in any order", () => {
    fc.assert(
      fc.property(lists, (values) => {
        const middle = median(values);
        const [below, above] = [values.filter((x) => x < middle).length, values.filter((x) => x > middle).length];
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
        expect(median([...values].reverse())).toBe(middle);
      }),
      seed,
    );
  });
  test("of four is the mean of the two in the middle, where the largest would be another", () => {
    expect(median([9, 1, 2, 4])).toBe(3);
    expect(spread([9, 1, 2, 4])).toEqual({ median: 3, min: 1, max: 9 });
  });
});

describe("ratios", () => {
  test("are taken round by round: a round that is slow for both does not show", () => {
    fc.assert(
      fc.property(lists, times, (slowness, factor) => {
        const timings = new Map([
          ["a", slowness],
          ["b", slowness.map((time) => factor * time)],
        ]);
        const { median: middle, min, max } = ratio(timings, "b", "a");
        for (const found of [middle, min, max]) expect(found / factor).toBeCloseTo(1, 12);
      }),
      seed,
    );
  });
  test("to the fastest use the least time of each round", () => {
    const timings = new Map([
      ["own", [2, 2]],
      ["a", [2, 8]],
      ["b", [4, 4]],
    ]);
    expect(fastestRatio(timings, ["a", "b"], "own")).toEqual({ median: 1.5, min: 1, max: 2 });
  });
  test("of what was not measured are refused", () => {
    expect(() => ratio(new Map([["a", [1]]]), "a", "b")).toThrow("nothing was measured under the name b");
  });
});

describe("a measurement", () => {
  test("has one number for each contender and counted round", () => {
    const timings = measure(
      ["a", "b"].map((name) => ({ name, run: () => undefined })),
      { rounds: 2, seconds: 0.001 },
    );
    expect([...timings].map(([name, found]) => [name, found.length])).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
  });
  test("takes turns with contenders in other processes, and does not count the first round", async () => {
    let asked = 0;
    const remote = { name: "remote", time: async () => asked++ };
    const timings = await measureWithPeers([{ name: "own", run: () => undefined }, remote], {
      rounds: 2,
      seconds: 0.001,
    });
    expect(timings.get("remote")).toEqual([1, 2]);
    expect(timings.get("own")?.length).toBe(2);
  });
});

test("a table has columns", () => {
  const rows = [
    ["a", "1"],
    ["long", "100"],
  ];
  expect(showTable(["", "ms"], rows)).toBe("       ms\na       1\nlong  100");
});
