// Which digits are there, and which of them are learned from?
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { concat, type Random, type Tensor, take, tensor } from "stillpoint";
import { inExamples } from "../shared/repository.js";

/** Pixels in a row, and rows in a picture. */
export const side = 8;
export const pixels = side * side;
export const classCount = 10;

export interface Digits {
  /** [digits, 64], from 0 (paper) to 1 (ink). */
  readonly pictures: Tensor;
  /** [digits], from 0 to 9. */
  readonly classes: Tensor;
}

export function readDigits(): Digits {
  const text = gunzipSync(readFileSync(inExamples("data", "digits.csv.gz"))).toString("utf8");
  const table = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(",").map(Number));
  const broken = table.findIndex(
    (row) =>
      row.length !== pixels + 1 ||
      !row.every((x, i) => Number.isInteger(x) && x >= 0 && x <= (i < pixels ? 16 : classCount - 1)),
  );
  if (broken >= 0) throw new Error(`digits.csv.gz: expected 64 counts 0..16 and a class in line ${broken + 1}`);
  return {
    pictures: tensor(table.map((row) => row.slice(0, pixels).map((count) => count / 16))),
    classes: tensor(table.map((row) => row[pixels])),
  };
}

export const countOf = ({ classes }: Digits): number => classes.shape[0];

export const pick = ({ pictures, classes }: Digits, indices: readonly number[]): Digits => ({
  pictures: take(pictures, indices, 0),
  classes: take(classes, indices, 0),
});

export interface Split {
  /** What is learned from. */
  readonly training: Digits;
  /** What shows, epoch by epoch, how the learning goes. */
  readonly validation: Digits;
  /** What is looked at once, when all is learned. */
  readonly test: Digits;
}

const shares = { test: 0.2, validation: 0.1 } as const;

/** A fifth for the test; of the rest, a tenth for validation. */
export function splitDigits(digits: Digits, stream: Random): Split {
  const order = stream.permutation(countOf(digits));
  const tested = Math.round(shares.test * order.length);
  const begin = tested + Math.round(shares.validation * (order.length - tested));
  return {
    test: pick(digits, order.slice(0, tested)),
    validation: pick(digits, order.slice(tested, begin)),
    training: pick(digits, order.slice(begin)),
  };
}

/** The same digits, a share of them moved by up to one pixel along each axis; what leaves the picture is lost. */
export function shiftSome({ pictures, classes }: Digits, share: number, stream: Random): Digits {
  const count = classes.shape[0];
  const draws = stream.uniform([count, 3]).data;
  const from = pictures.data;
  const moved = new Float64Array(from.length);
  for (let n = 0; n < count; n++) {
    const isMoved = draws[3 * n] < share;
    const down = isMoved ? Math.floor(3 * draws[3 * n + 1]) - 1 : 0;
    const right = isMoved ? Math.floor(3 * draws[3 * n + 2]) - 1 : 0;
    for (let i = Math.max(0, -down); i < Math.min(side, side - down); i++) {
      for (let j = Math.max(0, -right); j < Math.min(side, side - right); j++) {
        moved[n * pixels + (i + down) * side + j + right] = from[n * pixels + i * side + j];
      }
    }
  }
  return { pictures: tensor(moved, pictures.shape), classes };
}

/** The digits of a split that are no test, parted several times: each is validated once, and learned from otherwise. */
export function foldsOf({ training, validation }: Split, count: number): Omit<Split, "test">[] {
  const known: Digits = {
    pictures: concat([validation.pictures, training.pictures], 0),
    classes: concat([validation.classes, training.classes], 0),
  };
  const all = Array.from({ length: countOf(known) }, (_, i) => i);
  return Array.from({ length: count }, (_, fold) => ({
    training: pick(
      known,
      all.filter((i) => i % count !== fold),
    ),
    validation: pick(
      known,
      all.filter((i) => i % count === fold),
    ),
  }));
}
