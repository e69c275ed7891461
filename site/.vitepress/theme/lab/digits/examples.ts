// How are digits of the data written in a small file?
import { fullInk, pixels } from "./model.js";

export interface Example {
  /** 64 counts of ink from 0 to 16. */
  readonly counts: readonly number[];
  readonly digit: number;
  /** What the model takes it for. */
  readonly read: number;
}

export interface HeldOut {
  /** Digits that training did not see, and how many of them are recognised. */
  readonly tested: number;
  readonly right: number;
  readonly examples: readonly { readonly ink: string; readonly digit: number; readonly read: number }[];
}

/** A character from 0 to g for each pixel. */
export const inkText = (counts: readonly number[]): string =>
  counts.map((count) => count.toString(fullInk + 1)).join("");

export const examplesOf = ({ examples }: HeldOut): Example[] =>
  examples.map(({ ink, digit, read }) => {
    const counts = [...ink].map((mark) => Number.parseInt(mark, fullInk + 1));
    if (counts.length !== pixels) throw new Error(`examplesOf: expected ${pixels} pixels, received ${counts.length}`);
    return { counts, digit, read };
  });
