// Are the digits read as they are, do the models compare like with like, and do they learn and resume?
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { max, picard, random, tensor } from "stillpoint";
import { saveTraining } from "stillpoint/io";
import { spectralNormOf } from "stillpoint/nn";
import { describe, expect, test } from "vitest";
import {
  countOf,
  type Digits,
  foldsOf,
  pick,
  pixels,
  readDigits,
  shiftSome,
  splitDigits,
} from "../../examples/digits/data.js";
import { type AnyTrainer, trainerOf } from "../../examples/digits/experiment.js";
import {
  equilibriumClassifier,
  explicitClassifier,
  explicitLayers,
  type ModelName,
  modelNames,
  sizeOf,
} from "../../examples/digits/models.js";
import { worstMistakes } from "../../examples/digits/study.js";
import { accuracyOf, historyOf, settings, type TrainingState } from "../../examples/digits/training.js";
import { checkpointsIn } from "../../examples/shared/checkpoints.js";

const digits = readDigits();
const split = splitDigits(digits, random(7));

const rowsOf = ({ pictures, classes }: Digits): string[] =>
  (pictures.toArray() as number[][]).map((row, i) => [...row, classes.data[i]].join());

describe("the data", () => {
  test("are 1797 pictures of counts 0 to 16, and as many digits of each class as the source says", () => {
    expect(digits.pictures.shape).toEqual([1797, 64]);
    const counts = new Array<number>(10).fill(0);
    for (const c of digits.classes.data) counts[c]++;
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    expect(new Set(digits.pictures.data.map((x) => x * 16))).toEqual(new Set(Array.from({ length: 17 }, (_, i) => i)));
  });
  test("a split gives each digit to one part, and another stream gives another split", () => {
    const parts = [split.training, split.validation, split.test];
    expect(parts.map(countOf)).toEqual([1294, 144, 359]);
    expect(parts.flatMap(rowsOf).sort()).toEqual(rowsOf(digits).sort());
    expect(rowsOf(splitDigits(digits, random(7)).test)).toEqual(rowsOf(split.test));
    expect(rowsOf(splitDigits(digits, random(8)).test)).not.toEqual(rowsOf(split.test));
  });
  test("folds validate each known digit once, and no test digit", () => {
    const folds = foldsOf(split, 5);
    const known = [split.training, split.validation].flatMap(rowsOf).sort();
    expect(folds.flatMap(({ validation }) => rowsOf(validation)).sort()).toEqual(known);
    for (const fold of folds) expect([fold.training, fold.validation].flatMap(rowsOf).sort()).toEqual(known);
  });
  test("shifting moves by a pixel at most, and a share of 0 moves nothing", () => {
    const dot = new Float64Array(pixels);
    dot[3 * 8 + 7] = 1;
    const one = { pictures: tensor(dot, [1, pixels]), classes: tensor([5]) };
    const stream = random(1);
    const places = Array.from({ length: 200 }, () => shiftSome(one, 1, stream).pictures.data.indexOf(1));
    expect([...new Set(places)].sort((a, b) => a - b)).toEqual([-1, 22, 23, 30, 31, 38, 39]);
    expect(shiftSome(split.validation, 0, stream).pictures.data).toEqual(split.validation.pictures.data);
    expect(shiftSome(one, 1, stream).classes).toBe(one.classes);
  });
});

describe("the models", () => {
  const equilibrium = equilibriumClassifier(random(0), settings);
  test("have the same number of parameters within 1 %", () => {
    expect(sizeOf(equilibrium.params)).toBe(64 * 48 + 48 + 48 * 48 + 48 * 10 + 10);
    for (const hidden of Object.values(explicitLayers)) {
      const size = sizeOf(explicitClassifier(random(0), hidden).params);
      expect(Math.abs(size / sizeOf(equilibrium.params) - 1)).toBeLessThan(0.01);
    }
  });
  test("the equilibrium is solved by W as short as the bound says, though the parameter is longer", () => {
    const { params } = equilibrium;
    expect(spectralNormOf(params.state).item()).toBeGreaterThan(settings.bound);
    const { residuals } = equilibrium.report(params, pick(split.test, [0]).pictures, picard());
    expect(residuals[residuals.length - 1]).toBeLessThanOrEqual(1e-10);
    // Each step shortens the residual by the bound in the Euclidean norm, which is at most √48 times the largest entry.
    for (let k = 0; k + 1 < residuals.length; k++)
      expect(residuals[k + 1]).toBeLessThan(residuals[0] * Math.sqrt(48) * settings.bound ** (k + 1));
  });
});

const few = { ...settings, epochs: 2 };
const some = pick(
  split.training,
  Array.from({ length: 200 }, (_, i) => i),
);
const trainer = (model: ModelName): AnyTrainer =>
  trainerOf(model, { training: some, validation: split.validation }, 3, few);

/** Everything but the times. */
const bytes = ({ params, optimiser, batches, shifts, epoch }: TrainingState<unknown>): Uint8Array =>
  saveTraining({ params, optimiser, batches, shifts, epoch });

describe("training", () => {
  for (const model of modelNames) {
    test(`${model}: two epochs on 200 digits recognise far more than chance does, and resume bit for bit`, () => {
      const { begin, next, use } = trainer(model);
      const folder = mkdtempSync(join(tmpdir(), "digits-"));
      try {
        const checkpoints = checkpointsIn(folder, "digits");
        expect(checkpoints.readState(model, begin, few)).toBe(undefined);
        const half = next(begin);
        checkpoints.writeState(model, { step: 1, state: half }, few);
        const whole = next(half);

        const other = trainer(model);
        const found = checkpoints.readState(model, other.begin, few);
        expect(found?.step).toBe(1);
        const resumed = other.next(found?.state ?? begin);
        expect(bytes(resumed)).toEqual(bytes(whole));
        expect(bytes(next(begin))).toEqual(bytes(half));
        expect(bytes(half)).not.toEqual(bytes(whole));
        const facts = historyOf(resumed);
        expect(facts.map(({ loss }) => loss)).toEqual(historyOf(whole).map(({ loss }) => loss));
        expect(facts[1].loss).toBeLessThan(facts[0].loss);
        for (const { forward, backward } of facts) {
          if (model === "equilibrium") expect(Math.min(forward, backward)).toBeGreaterThan(5);
          else expect([forward, backward]).toEqual([0, 0]);
        }
        expect(accuracyOf(use(whole.params, split.test.pictures), split.test)).toBeGreaterThan(0.4);
        expect(accuracyOf(use(begin.params, split.test.pictures), split.test)).toBeLessThan(0.3);

        const changed = { ...few, weightDecay: 0.2 };
        expect(() => checkpoints.readState(model, begin, changed)).toThrow(/other settings/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

test("the worst mistakes are wrong, sorted, and each digit appears once", () => {
  const { begin, use } = trainer("one layer");
  const logits = use(begin.params, split.test.pictures);
  const run = {
    model: "one layer",
    seed: 3,
    history: [],
    params: begin.params,
    test: split.test,
    logits,
    accuracy: accuracyOf(logits, split.test),
    seconds: 0,
  } as const;
  const mistakes = worstMistakes([run, { ...run, seed: 4 }], 10);
  expect(mistakes.length).toBe(10);
  expect(mistakes.every(({ truth, predicted }) => truth !== predicted)).toBe(true);
  expect(new Set(mistakes.map(({ picture }) => picture.join())).size).toBe(10);
  expect(mistakes.map(({ confidence }) => confidence)).toEqual(
    mistakes.map(({ confidence }) => confidence).sort((a, b) => b - a),
  );
  expect(max(tensor(mistakes.map(({ confidence }) => confidence))).item()).toBeLessThanOrEqual(1);
});
