// How was the model of the page trained, and which digits has it never seen?
import { argmax, concat, type Random, random, take, tensor } from "stillpoint";
import { saveSafetensors } from "stillpoint/io";
import { type Digits, readDigits, type Split, splitDigits } from "../../../../../examples/digits/data.js";
import { makeTrainer, settings } from "../../../../../examples/digits/training.js";
import { type HeldOut, inkText } from "./examples.js";
import { fullInk, logitsOf, makeModel, type Params, pixels, side } from "./model.js";

const seed = 0;
const streams = () => {
  const [split, batches, shifts, hands] = random(seed).split(4);
  return { split, batches, shifts, hands };
};

/** The digits, parted before anything is learned. */
export const parted = (): Split => splitDigits(readDigits(), streams().split);

/** How many of the digits that were held out the parameters recognise; two of each class, and all mistakes. */
export function judge(params: Params, { test }: Split): HeldOut {
  const read = [...argmax(logitsOf(params, test.pictures), 1).data];
  const classes = [...test.classes.data];
  const isRight = read.map((digit, i) => digit === classes[i]);
  const seen = new Map<number, number>();
  const shown = classes.flatMap((digit, i) => {
    const nth = (seen.get(digit) ?? 0) + 1;
    seen.set(digit, nth);
    return nth <= 2 || !isRight[i] ? [i] : [];
  });
  const examples = shown
    .map((i) => ({
      ink: inkText([...take(test.pictures, [i], 0).data].map((share) => share * fullInk)),
      digit: classes[i],
      read: read[i],
    }))
    .sort((a, b) => a.digit - b.digit);
  return { tested: classes.length, right: isRight.filter(Boolean).length, examples };
}

/** Ink between the pixels, by lines in both directions; paper outside. */
function inkAt(picture: Float64Array, x: number, y: number): number {
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= side || row >= side ? 0 : picture[row * side + column];
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - left, y - top];
  const across = (row: number): number => (1 - dx) * at(left, row) + dx * at(left + 1, row);
  return (1 - dy) * across(top) + dy * across(top + 1);
}

/** How much another hand may lean, and be wider and higher. */
const hand = { slant: 0.3, width: 0.25, height: 0.1 } as const;

/** The same digits as if written by others: each slanted, widened and heightened by chance about its middle. */
function byOtherHands({ pictures, classes }: Digits, stream: Random): Digits {
  const count = classes.shape[0];
  const draws = stream.uniform([count, 3], -1, 1).data;
  const written = new Float64Array(count * pixels);
  const middle = (side - 1) / 2;
  for (let n = 0; n < count; n++) {
    const picture = pictures.data.subarray(n * pixels, (n + 1) * pixels);
    const [slant, width, height] = [
      hand.slant * draws[3 * n],
      1 + hand.width * draws[3 * n + 1],
      1 + hand.height * draws[3 * n + 2],
    ];
    for (let p = 0; p < pixels; p++) {
      const [x, y] = [(p % side) - middle, Math.floor(p / side) - middle];
      written[n * pixels + p] = inkAt(picture, middle + (x + slant * y) / width, middle + y / height);
    }
  }
  return { pictures: tensor(written, pictures.shape), classes };
}

/** What is learned from: the digits as they are, and twice by other hands. */
function handsOf(training: Digits, stream: Random): Digits {
  const all = [training, byOtherHands(training, stream), byOtherHands(training, stream)];
  return {
    pictures: concat(
      all.map((d) => d.pictures),
      0,
    ),
    classes: concat(
      all.map((d) => d.classes),
      0,
    ),
  };
}

/** Trains as examples/digits does, and gives what is written to files. */
export function learn(tell: (line: string) => void): { weights: Uint8Array; heldOut: HeldOut } {
  const split = parted();
  const { batches, shifts, hands } = streams();
  const { params } = makeModel(seed);
  const learned = (p: Params, pictures: Parameters<typeof logitsOf>[1]) => logitsOf(p, pictures, settings.tolerance);
  const data = { training: handsOf(split.training, hands), validation: split.validation };
  const chosen = { ...settings, epochs: 40 };
  const trainer = makeTrainer({ params, learn: learned, use: logitsOf }, data, [batches, shifts], chosen);
  let state = trainer.begin;
  while (state.epoch < chosen.epochs) {
    state = trainer.next(state);
    if (state.epoch % 10 === 0) tell(`epoch ${state.epoch} of ${chosen.epochs}`);
  }
  return { weights: saveSafetensors(state.params), heldOut: judge(state.params, split) };
}
