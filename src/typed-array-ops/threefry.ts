// How do random words come from a key and a counter, and random numbers from the words?
import { cos, log, sin } from "./elementary/index.js";

const rotate = (y: number, by: number): number => (y << by) | (y >>> (32 - by));

/**
 * Threefry-2×32 with 20 rounds: two 32-bit words that depend on a key and a counter, and on nothing else. The first two
 * words are written, the last two are the key.
 *
 * @source Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", section 3.3
 */
export function threefry(words: Uint32Array, counter0: number, counter1: number): void {
  let now = words[2] | 0;
  let next = words[3] | 0;
  let after = 0x1bd11bda ^ now ^ next;
  let x = (counter0 + now) | 0;
  let y = (counter1 + next) | 0;
  for (let group = 0; group < 5; group++) {
    const odd = (group & 1) !== 0;
    x = (x + y) | 0;
    y = rotate(y, odd ? 17 : 13) ^ x;
    x = (x + y) | 0;
    y = rotate(y, odd ? 29 : 15) ^ x;
    x = (x + y) | 0;
    y = rotate(y, odd ? 16 : 26) ^ x;
    x = (x + y) | 0;
    y = rotate(y, odd ? 24 : 6) ^ x;
    x = (x + next) | 0;
    y = (y + after + group + 1) | 0;
    const last = now;
    now = next;
    next = after;
    after = last;
  }
  words[0] = x;
  words[1] = y;
}

/** The words of a counter below 2⁵³. */
export function wordsAt(words: Uint32Array, counter: number): void {
  threefry(words, counter | 0, Math.floor(counter / 2 ** 32));
}

/** The multiple of 2⁻⁵³ in [0, 1) that belongs to a counter. */
export function unitAt(words: Uint32Array, counter: number): number {
  wordsAt(words, counter);
  return ((words[0] >>> 5) * 2 ** 26 + (words[1] >>> 6)) * 2 ** -53;
}

/** Fills `out` from [0, 1), one counter for each entry, and returns the counter that comes next. */
export function drawUnits(out: Float64Array, words: Uint32Array, counter: number): number {
  for (let i = 0; i < out.length; i++) out[i] = unitAt(words, counter + i);
  return counter + out.length;
}

/**
 * Fills `out` with normally distributed numbers, in pairs: two counters for two entries. Returns the counter that comes
 * next.
 *
 * @source Box and Muller (1958): r = √(−2 ln u₁), then r cos 2πu₂ and r sin 2πu₂
 */
export function drawNormals(out: Float64Array, words: Uint32Array, counter: number): number {
  let next = counter;
  for (let i = 0; i < out.length; i += 2, next += 2) {
    const radius = Math.sqrt(-2 * log(1 - unitAt(words, next)));
    const angle = 2 * Math.PI * unitAt(words, next + 1);
    out[i] = radius * cos(angle);
    if (i + 1 < out.length) out[i + 1] = radius * sin(angle);
  }
  return next;
}

/** The counter of the first key that is split off: far beyond every counter that a draw reaches. */
const firstSplit = 0xffffffff;

/** Fills `out` with pairs of words, each a key that is independent of the others and of what this key draws. */
export function drawKeys(out: Float64Array, words: Uint32Array): void {
  for (let i = 0; i < out.length; i += 2) {
    threefry(words, i >> 1, firstSplit);
    out[i] = words[0];
    out[i + 1] = words[1];
  }
}
