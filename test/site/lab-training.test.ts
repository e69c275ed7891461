// Does the lab read observations as they are, and train as the book says?
import { readFileSync } from "node:fs";
import { mul, tensor } from "stillpoint";
import { saveTraining } from "stillpoint/io";
import { describe, expect, it } from "vitest";
import {
  checkSettings,
  defaults,
  historyOf,
  makeFit,
  orderAt,
  restoreFit,
  type Settings,
  type TrainingState,
} from "../../site/.vitepress/theme/lab/training/fit.js";
import { csvOf, readObservations, saysOf, spacingOf } from "../../site/.vitepress/theme/lab/training/observations.js";
import { pageOf } from "../../site/.vitepress/theme/lab/training/page.js";
import type { FromTrainer } from "../../site/.vitepress/theme/lab/training/protocol.js";
import { makeTrainer } from "../../site/.vitepress/theme/lab/training/trainer.js";

const text = readFileSync("examples/data/lynx-hare.csv", "utf8");
const lynxHare = readObservations(text);
const quick: Settings = { ...defaults, updates: 12, width: 4 };

describe("observations", () => {
  it("are read with and without a header, whatever separates them", () => {
    expect(lynxHare.names).toEqual(["lynx", "hare"]);
    expect(lynxHare.times.length).toBe(21);
    expect(lynxHare.values[0]).toEqual([4, 30]);
    const rows = [0, 1, 2, 3, 4].map((i) => [i, i * i - 0.1]);
    for (const mark of [",", ";", "\t", " , "]) {
      const bare = rows.map((row) => row.join(mark)).join("\r\n");
      expect(readObservations(bare)).toEqual({
        time: "time",
        names: ["value 1"],
        times: rows.map(([t]) => t),
        values: rows.map(([, x]) => [x]),
      });
      const headed = readObservations(`\uFEFF"a year"${mark}"x, of y"\n\n${bare}\n\n`);
      expect([headed.time, ...headed.names]).toEqual(["a year", "x, of y"]);
    }
  });

  it("come back from their own text with every bit", () => {
    const odd = { time: "t, s", names: ["x;y"], times: [0.1, 0.2, 0.30000000000000004, 1 / 3, 5e300], values: [] };
    const rows = odd.times.map((time, i) => [time, (i - 2) / 7]);
    const back = readObservations(csvOf([odd.time, ...odd.names], rows));
    expect(back.times).toEqual(odd.times);
    expect(back.values).toEqual(rows.map(([, x]) => [x]));
    expect([back.time, ...back.names]).toEqual(["t, s", "x;y"]);
  });

  it.each([
    ["", "line 1: expected a time and its values"],
    ["  \n\n", "line 1: expected a time and its values"],
    ["hello", 'line 1: expected a time and its values with a comma, a semicolon or a tab between, received "hello"'],
    ["1,2\n2,x\n", 'line 2, column 2 (value 1): expected a number such as 4.5, received "x"'],
    ["t,a\n1,2\n\n2,\n", "line 4, column 2 (a): expected a number such as 4.5, received nothing"],
    [
      "1;2,5\n2;3\n",
      'line 1, column 2 (value 1): expected a number such as 4.5, received "2,5"; write the decimal point',
    ],
    ["1,2\n2,3,4\n", "line 2: expected 2 columns as in the first line, received 3"],
    ["1,2\n2,1e999\n", 'line 2, column 2 (value 1): expected a number such as 4.5, received "1e999"'],
    ["1,2\n2,0x10\n", 'line 2, column 2 (value 1): expected a number such as 4.5, received "0x10"'],
    [
      "1,2\n3,4\n2,5\n4,4\n5,5",
      "line 3, column 1 (time): expected a time after 3, that of the line before, received 2",
    ],
    ["1,2\n1,4\n2,5\n4,4\n5,5", "line 2, column 1 (time): expected a time after 1"],
    ["1,2\n2,3\n3,4", "the whole text: expected 5 to 500 lines of numbers, received 3"],
    ["1,2,3,4,5,6,7,8\n", "line 1: expected 2 to 7 columns: a time, and 1 to 6 values, received 8"],
    ["a,b\n", "the whole text: expected 5 to 500 lines of numbers, received 0"],
  ])("of %j are refused with the line", (broken, message) => {
    expect(() => readObservations(broken)).toThrow(message);
  });

  it("are told apart by their spacing", () => {
    expect(spacingOf([0, 0.1, 0.2, 0.30000000000000004]).equidistant).toBe(true);
    expect(spacingOf([0, 1, 2, 3.01]).equidistant).toBe(false);
    expect(saysOf(lynxHare)).toBe("21 samples of lynx, hare; year from 1900 to 1920, equidistant, 1 apart");
  });
});

const run = (state: TrainingState, fit: { step(s: TrainingState): TrainingState }, updates: number): TrainingState => {
  let current = state;
  for (let k = 0; k < updates; k++) current = fit.step(current);
  return current;
};

describe("training", () => {
  it("refuses settings out of range", () => {
    expect(() => checkSettings({ ...quick, width: 2.5 }, lynxHare.times)).toThrow(
      "training: expected width to be an integer from 2 to 64, received 2.5",
    );
    expect(() => checkSettings({ ...quick, rate: Number.NaN }, lynxHare.times)).toThrow("expected rate to be a number");
    expect(() => checkSettings({ ...quick, order: 1 }, lynxHare.times)).toThrow(
      "a learned order to start at 0.95 or below",
    );
    expect(() => checkSettings({ ...quick, heldBack: 18 }, lynxHare.times)).toThrow("hold back fewer");
    const many = Array.from({ length: 500 }, (_, i) => i);
    expect(checkSettings({ ...quick, stepsPerSample: 8 }, many)).toBeUndefined();
    expect(() => checkSettings({ ...quick, stepsPerSample: 16 }, many)).toThrow("at most 4000 steps");
    const unequal = many.map((t) => t * t);
    expect(() => checkSettings({ ...quick, stepsPerSample: 3 }, unequal)).toThrow(
      "training: expected at most 1000 steps from the first sample to the last, received 1497; take fewer per sample",
    );
    expect(checkSettings({ ...quick, learned: 0, order: 1 }, lynxHare.times)).toBeUndefined();
  });

  it("goes on from a checkpoint bit for bit, data and settings with it", () => {
    const fit = makeFit(lynxHare, quick);
    const whole = run(fit.begin, fit, 12);
    const half = restoreFit(saveTraining(run(fit.begin, fit, 5)));
    expect(half.observations).toEqual(lynxHare);
    expect(half.state.settings).toEqual(quick);
    const rest = run(half.state, half.fit, 7);
    expect(saveTraining(rest)).toEqual(saveTraining(whole));
  });

  it("learns the order, or leaves it where it is", () => {
    const fit = makeFit(lynxHare, quick);
    const end = run(fit.begin, fit, 12);
    const { losses, orders } = historyOf(end);
    expect(losses.length).toBe(12);
    expect(losses[11]).not.toBe(losses[0]);
    expect(orders[11]).toBe(orderAt(end));
    expect(Math.abs(orders[11] - quick.order)).toBeGreaterThan(1e-3);
    const still = makeFit(lynxHare, { ...quick, learned: 0, order: 1 });
    expect(historyOf(run(still.begin, still, 3)).orders).toEqual([1, 1, 1]);
  });

  it("fits the samples of an equation that it can represent", () => {
    const times = Array.from({ length: 12 }, (_, i) => i / 4 + (i % 2) / 16);
    const falling = { time: "t", names: ["x"], times, values: times.map((t) => [Math.exp(-t)]) };
    const settings = { ...defaults, updates: 1000, width: 6, heldBack: 2, learned: 0, order: 1, stepsPerSample: 4 };
    const fit = makeFit(falling, settings);
    const { fitted, heldBack } = fit.errors(run(fit.begin, fit, 1000));
    expect(fitted).toBeLessThan(0.01);
    expect(heldBack).toBeLessThan(0.1);
  });

  it("gives the trajectory in the units of the data, at the times of the data", () => {
    const fit = makeFit(lynxHare, quick);
    const { times, values } = fit.trajectory(fit.begin);
    expect(times.filter((_, i) => i % quick.stepsPerSample === 0)).toEqual(lynxHare.times);
    values[0].forEach((x, c) => {
      expect(x).toBeCloseTo(lynxHare.values[0][c], 10);
    });
  });

  it("has no trajectory, and no error of the program, where the equation leads nowhere", () => {
    const fit = makeFit(lynxHare, quick);
    // A right side so steep that Newton's method does not find the way within its steps.
    const layers = fit.begin.params.layers.map(({ weight, bias }, i) => ({
      weight: mul([100, -1000][i], weight),
      bias,
    }));
    const far = { ...fit.begin, params: { ...fit.begin.params, layers } };
    expect(fit.trajectory(far)).toEqual({ times: [], values: [] });
    expect(fit.errors(far)).toEqual({ fitted: Infinity, heldBack: Infinity });
  });

  it("names what to do when the loss is lost", () => {
    const fit = makeFit(lynxHare, quick);
    const far = { ...fit.begin.params, start: tensor([1e200, 1e200]) };
    expect(() => fit.step({ ...fit.begin, params: far })).toThrow(
      "training: expected a finite loss, received Infinity in update 1; choose a lower learning rate",
    );
  });

  it("becomes a page of its own", () => {
    const fit = makeFit(lynxHare, quick);
    const page = pageOf(saveTraining(run(fit.begin, fit, 3)));
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain("<h1>A fractional equation for lynx and hare</h1>");
    expect(page).toContain("after 3 of 12 updates with seed 1");
    expect(page).toContain('"label":"log hare"');
    const odd = {
      ...lynxHare,
      names: ["a<script>", "b"],
      times: lynxHare.times.map((t) => 2.5 * t),
      values: lynxHare.values,
    };
    const plain = makeFit(odd, { ...quick, logarithms: 0, heldBack: 0 });
    const other = pageOf(saveTraining(plain.begin));
    expect(other).not.toContain("a<script>");
    expect(other).toContain("gaps of 2.5");
    expect(() => pageOf(new Uint8Array(4))).toThrow("loadSafetensors");
  });

  it("refuses files of other programs", () => {
    expect(() => restoreFit(new Uint8Array(3))).toThrow("expected at least 8 bytes");
    expect(() => restoreFit(saveTraining({ step: 1 }))).toThrow("expected a training of this page");
  });
});

describe("a trainer", () => {
  it("tells progress, pauses, goes on, and ends where an undisturbed one does", async () => {
    const told: FromTrainer[] = [];
    const settings = { ...quick, updates: 150 };
    const trainer = makeTrainer((message) => told.push(message));
    const first = trainer.receive({ kind: "begin", observations: lynxHare, settings });
    await new Promise((resolve) => setTimeout(resolve, 10));
    await trainer.receive({ kind: "pause" });
    await first;
    expect(told.at(-1)).toEqual({ kind: "rests", finished: false });
    const saved = told.at(-2);
    if (saved?.kind !== "checkpoint") throw new Error("expected a checkpoint before the rest");
    expect(saved.step).toBeGreaterThan(0);
    expect(saved.step).toBeLessThan(150);

    const other: FromTrainer[] = [];
    const second = makeTrainer((message) => other.push(message));
    await second.receive({ kind: "restore", bytes: saved.bytes });
    expect(other.map(({ kind }) => kind)).toEqual(["restored", "progress", "checkpoint", "rests"]);
    await Promise.all([trainer, second].map((one) => one.receive({ kind: "resume" })));
    const fit = makeFit(lynxHare, settings);
    const expected = saveTraining(run(fit.begin, fit, 150));
    for (const messages of [told, other]) {
      expect(messages.at(-1)).toEqual({ kind: "rests", finished: true });
      const end = messages.at(-2);
      expect(end?.kind === "checkpoint" && end.bytes).toEqual(expected);
    }
  });

  it("shows where a fit begins, and changes nothing by it", async () => {
    const told: FromTrainer[] = [];
    const trainer = makeTrainer((message) => told.push(message));
    await trainer.receive({ kind: "preview", observations: lynxHare, settings: quick });
    const fit = makeFit(lynxHare, quick);
    expect(told).toEqual([{ kind: "preview", trajectory: fit.trajectory(fit.begin) }]);
    await trainer.receive({ kind: "resume" });
    expect(told.length).toBe(1);
  });

  it("says what is wrong, and keeps what it has", async () => {
    const told: FromTrainer[] = [];
    const trainer = makeTrainer((message) => told.push(message));
    await trainer.receive({ kind: "begin", observations: lynxHare, settings: quick });
    await trainer.receive({ kind: "restore", bytes: new Uint8Array(9) });
    const last = told.at(-1);
    expect(last?.kind === "failed" && last.message).toContain("DomainError: loadSafetensors");
    await trainer.receive({ kind: "resume" });
    expect(told.at(-1)).toEqual({ kind: "rests", finished: true });
  });
});
