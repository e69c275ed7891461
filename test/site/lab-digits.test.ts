// Does the lab's equilibrium read digits as its page says, and do drawings come to it like the data?
import { readFileSync } from "node:fs";
import { random } from "stillpoint";
import { describe, expect, it } from "vitest";
import { pictureOf, type Stroke, thinned } from "../../site/.vitepress/theme/lab/digits/drawing.js";
import { examplesOf, type HeldOut } from "../../site/.vitepress/theme/lab/digits/examples.js";
import { judge, parted } from "../../site/.vitepress/theme/lab/digits/learn.js";
import { fullInk, pixels, readDigit, readParams, side, solvers } from "../../site/.vitepress/theme/lab/digits/model.js";

const folder = "site/.vitepress/theme/lab/digits";
const bytes = new Uint8Array(readFileSync(`${folder}/weights.safetensors`));
const params = readParams(bytes);
const heldOut = JSON.parse(readFileSync(`${folder}/held-out.json`, "utf8")) as HeldOut;
const split = parted();
const choice = { solver: "picard", tolerance: 1e-10, maxSteps: 500 };

/** A line through places on a grid of 8×8, as somebody draws with the arrow keys. */
const line = (...places: readonly (readonly [number, number])[]): Stroke => places;
const round = (x: number, y: number, rx: number, ry: number, from = 0, to = 2 * Math.PI): Stroke =>
  Array.from({ length: 40 }, (_, i) => {
    const angle = from + ((to - from) * i) / 39;
    return [x + rx * Math.sin(angle), y - ry * Math.cos(angle)] as const;
  });

const drawn: readonly (readonly [number, readonly Stroke[]])[] = [
  [0, [round(4, 4, 2.4, 3.5)]],
  [1, [line([2, 2], [4, 0], [4, 7])]],
  [2, [[...round(4, 2, 2, 2, -1.4, 2), ...line([2, 7], [6, 7])]]],
  [3, [[...round(4, 2, 1.8, 1.8, -1.2, Math.PI), ...round(4, 5.6, 2, 1.8, 0, 4)]]],
  [4, [line([3, 0], [1, 4], [6, 4]), line([5, 2], [5, 7])]],
  [5, [[...line([6, 0], [2, 0], [2, 3]), ...round(3.6, 5, 2.2, 2, -0.6, 4)]]],
  [6, [line([5, 0], [3, 2], [2, 5]), round(4, 5.5, 1.8, 1.8)]],
  [7, [line([1, 0], [6, 0], [3, 7])]],
  [7, [line([1, 0], [6, 0], [3, 7]), line([2, 4], [6, 4])]],
  [8, [round(4, 2, 1.6, 1.8), round(4, 5.6, 2, 1.8)]],
  [9, [[...round(3.7, 2.2, 1.9, 2, 1.6, -4.6), ...line([5.6, 4], [5.2, 7])]]],
];

describe("the weights", () => {
  it("recognise as many digits that they have never seen as the page says", () => {
    expect(bytes.length).toBeLessThan(60 * 1024);
    expect(judge(params, split)).toEqual(heldOut);
    expect(heldOut.right / heldOut.tested).toBeGreaterThan(0.98);
  });

  it("are noticed when they are others", () => {
    const worse = { ...params, output: { ...params.output, weight: random(1).normal(params.output.weight.shape) } };
    expect(judge(worse, split).right).toBeLessThan(heldOut.right / 2);
    expect(() => readParams(bytes.slice(0, 1000))).toThrow("loadSafetensors");
  });
});

describe("a reading", () => {
  const [{ counts, read }] = examplesOf(heldOut);

  it("ends at the same point whatever the solver, and says what it takes the digit for", () => {
    const ends = Object.keys(solvers).map((solver) => readDigit(params, counts, { ...choice, solver }));
    for (const { steps, winner, report } of ends) {
      expect(winner).toBe(read);
      expect(report?.converged).toBe(true);
      const last = steps[steps.length - 1];
      expect(last.residual).toBeLessThanOrEqual(1e-10);
      expect(last.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      last.state.forEach((z, i) => {
        expect(z).toBeCloseTo(ends[0].steps[ends[0].steps.length - 1].state[i], 8);
      });
    }
  });

  it("has steps whose residuals are those of the report", () => {
    const { steps, report } = readDigit(params, counts, choice);
    expect(steps.map(({ residual }) => residual)).toEqual(report?.residuals);
  });

  it("has the gradient of the score that differences give", () => {
    const { gradient, winner } = readDigit(params, counts, choice);
    const scoreOf = (changed: readonly number[]): number => {
      const { steps } = readDigit(params, changed, choice);
      const z = steps[steps.length - 1].state;
      const { weight, bias } = params.output;
      return z.reduce((sum, x, i) => sum + x * weight.data[10 * i + winner], bias.data[winner]);
    };
    const h = 1e-3;
    for (const pixel of [0, 11, 27, 36, 60]) {
      const moved = (by: number) => scoreOf(counts.map((count, i) => (i === pixel ? count + fullInk * by : count)));
      const slope = (moved(h) - moved(-h)) / (2 * h);
      expect(Math.abs(slope - (gradient?.pixels[pixel] ?? Number.NaN))).toBeLessThan(1e-5);
    }
    expect(gradient?.report.converged).toBe(true);
  });

  it("keeps its steps where the solver does not arrive, and says so as the library does", () => {
    const { steps, gradient, failure } = readDigit(params, counts, { ...choice, maxSteps: 5 });
    expect(steps.length).toBe(6);
    expect(gradient).toBeUndefined();
    expect(failure).toContain("ConvergenceError: fixedPoint:");
    expect(() => readDigit(params, counts, { ...choice, tolerance: -1 })).toThrow("tolerance");
    expect(() => readDigit(params, counts, { ...choice, solver: "guess" })).toThrow("expected one of picard");
  });
});

describe("a drawing", () => {
  it.each(drawn)("of a %d is read as one", (digit, strokes) => {
    expect(readDigit(params, pictureOf(strokes), choice).winner).toBe(digit);
  });

  it("fills the frame with the ink of the data, wherever and however large it was drawn", () => {
    for (const [, strokes] of drawn) {
      const counts = pictureOf(strokes);
      expect(Math.abs(counts.reduce((a, b) => a + b, 0) / (fullInk * pixels) - 0.305)).toBeLessThan(0.08);
      expect(counts.slice(0, side).some((ink) => ink > 0)).toBe(true);
      expect(counts.slice(-side).some((ink) => ink > 0)).toBe(true);
      expect(Math.max(...counts)).toBeGreaterThan(13);
      const elsewhere = strokes.map((stroke) => stroke.map(([x, y]) => [100 + 8 * x, 8 * y - 50] as const));
      expect(pictureOf(elsewhere)).toEqual(counts);
    }
  });

  it("of nothing is white, of a point a blot in the middle, of a line a line", () => {
    expect(pictureOf([])).toEqual(new Array(pixels).fill(0));
    expect(pictureOf([[]])).toEqual(new Array(pixels).fill(0));
    const blot = pictureOf([line([3, 5])]);
    expect(blot[3 * side + 3]).toBeGreaterThan(0);
    expect(blot).toEqual([...blot].reverse());
    const lying = pictureOf([line([0, 2], [7, 2])]);
    expect(lying.slice(0, side)).toEqual(new Array(side).fill(0));
    expect(lying[4 * side + 4]).toBeGreaterThan(0);
  });

  it("is thinned without losing its ends", () => {
    const dense = Array.from({ length: 101 }, (_, i) => [i / 100, 0] as const);
    const few = thinned(dense, 0.095);
    expect(few.length).toBeLessThan(13);
    expect([few[0], few[few.length - 1]]).toEqual([dense[0], dense[100]]);
  });
});
