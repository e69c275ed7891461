// Are the pieces that the pages of the lab share right?
import { describe, expect, it } from "vitest";
import { decades, tenTo } from "../../site/.vitepress/theme/lab/shared/ticks.js";
import { count, say } from "../../site/.vitepress/theme/lab/shared/words.js";

describe("ticks of a logarithmic axis", () => {
  it("are powers of ten within the axis, and not too many", () => {
    expect(decades(2e-4, 5)).toEqual([1e-3, 1e-2, 1e-1, 1]);
    expect(decades(1e-17, 1, 6)).toEqual([1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1]);
  });

  it("are more where there are few powers", () => {
    expect(decades(0.3, 3)).toEqual([0.5, 1, 2]);
    expect(decades(2.5, 4)).toEqual([]);
  });

  it("are written as powers, or as numbers", () => {
    expect([1e-12, 1, 0.5, 20, 2e-6].map(tenTo)).toEqual(["10⁻¹²", "10⁰", "0.5", "20", "2 · 10⁻⁶"]);
  });
});

describe("numbers in words", () => {
  it("are short and say what is none", () => {
    expect([0, -0.5, 1 / 3, 2.5e-9, -Infinity, Number.NaN].map((x) => say(x))).toEqual([
      ...["0", "−0.5", "0.333333", "2.5 · 10⁻⁹", "−∞", "not a number"],
    ]);
    expect(say(undefined)).toBe("–");
    expect([count(1, "step"), count(0, "step")]).toEqual(["1 step", "0 steps"]);
  });
});
