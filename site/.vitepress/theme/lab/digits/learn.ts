// How was the model of the page trained, and which digits has it never seen?
import { argmax, random, take } from "stillpoint";
import { saveSafetensors } from "stillpoint/io";
import { readDigits, type Split, splitDigits } from "../../../../../examples/digits/data.js";
import { makeTrainer, settings } from "../../../../../examples/digits/training.js";
import { type HeldOut, inkText } from "./examples.js";
import { fullInk, logitsOf, makeModel, type Params } from "./model.js";

const seed = 0;
const [ofSplit, ofBatches, ofShifts] = random(seed).split(3);

/** The digits, parted before anything is learned. */
export const parted = (): Split => splitDigits(readDigits(), ofSplit);

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

/** Trains as examples/digits does, and gives what is written to files. */
export function learn(tell: (line: string) => void): { weights: Uint8Array; heldOut: HeldOut } {
  const split = parted();
  const { params } = makeModel(seed);
  const learned = (p: Params, pictures: Parameters<typeof logitsOf>[1]) => logitsOf(p, pictures, settings.tolerance);
  const trainer = makeTrainer({ params, learn: learned, use: logitsOf }, split, [ofBatches, ofShifts], settings);
  let state = trainer.begin;
  while (state.epoch < settings.epochs) {
    state = trainer.next(state);
    if (state.epoch % 10 === 0) tell(`epoch ${state.epoch} of ${settings.epochs}`);
  }
  return { weights: saveSafetensors(state.params), heldOut: judge(state.params, split) };
}
