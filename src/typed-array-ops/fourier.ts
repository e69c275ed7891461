// How is a discrete Fourier transform computed, in place and without allocating?
//
// By halving the frequencies again and again, two halvings at a time (radix 4), and one if the length is no power of 4.
// The frequencies come out in the order of reversed bits, and the inverse takes them in that order: products of
// transforms, which are all that a convolution needs, care for no order, so nothing is ever permuted.
import { cosOfReduced, sinOfReduced } from "./elementary/trigonometric.js";

/** What transforms of one length share. */
export interface FourierPlan {
  readonly length: number;
  /** For each radix-4 step, from the longest: Re w, Im w, Re w², Im w², Re w³, Im w³ with w = exp(−2πij/n), n the step. */
  readonly twiddles: Float64Array;
}

const HIGH = 0.7853981633670628; // the first 33 bits of π/4: times an integer below 2²⁰ it is exact
const LOW = 3.038550253253096e-11; // π/4 − HIGH

/**
 * The plan for transforms of this length, a power of two from 2 to 2²³.
 *
 * @throws RangeError if the length is none.
 */
export function makeFourierPlan(length: number): FourierPlan {
  if (!(length >= 2 && length <= 2 ** 23 && 2 ** (31 - Math.clz32(length)) === length)) {
    throw new RangeError(`makeFourierPlan: expected a power of two from 2 to 2²³, received ${length}`);
  }
  let numbers = 0;
  for (let n = length; n > 4; n >>= 2) numbers += 6 * (n >> 2);
  const twiddles = new Float64Array(numbers);
  if (length <= 4) return { length, twiddles };
  const table = firstOctant(length);
  for (let j = 0, at = 0; 4 * j < length; j++) {
    for (let power = 1; power <= 3; power++, at += 2) putRoot(twiddles, at, table, power * j, length);
  }
  // Each later step has every fourth root of the one before.
  let before = 0;
  for (let n = length >> 2, at = 6 * n; n > 4; n >>= 2) {
    for (let j = 0; 4 * j < n; j++, at += 6) twiddles.copyWithin(at, before + 24 * j, before + 24 * j + 6);
    before += 6 * n;
  }
  return { length, twiddles };
}

/** cos and sin of 2πk/n for 0 ≤ k ≤ n/8, the angle carried in two parts. */
function firstOctant(n: number): Float64Array {
  const table = new Float64Array(n / 4 + 2);
  for (let k = 0; 8 * k <= n; k++) {
    const share = (8 * k) / n;
    const high = share * HIGH;
    const low = share * LOW;
    const angle = high + low;
    const rest = high - angle + low;
    table[2 * k] = cosOfReduced(angle, rest);
    table[2 * k + 1] = sinOfReduced(angle, rest);
  }
  return table;
}

/** Puts exp(−2πik/n), 0 ≤ k < n, as a real and an imaginary part; all octants mirror the first. */
function putRoot(out: Float64Array, at: number, table: Float64Array, k: number, n: number): void {
  const quarter = n >> 2;
  const turn = Math.floor(k / quarter);
  const rest = k - turn * quarter;
  const mirrored = 2 * rest > quarter;
  const entry = 2 * (mirrored ? quarter - rest : rest);
  const cosine = table[mirrored ? entry + 1 : entry];
  const sine = table[mirrored ? entry : entry + 1];
  out[at] = turn === 0 ? cosine : turn === 1 ? -sine : turn === 2 ? -cosine : sine;
  out[at + 1] = turn === 0 ? -sine : turn === 1 ? -cosine : turn === 2 ? sine : cosine;
}

/** x becomes Σⱼ xⱼ exp(−2πijk/n), frequency k at the place of its reversed bits. */
export function fourier({ length, twiddles }: FourierPlan, re: Float64Array, im: Float64Array): void {
  let first = 0;
  let n = length;
  for (; n > 4; n >>= 2) {
    const quarter = n >> 2;
    for (let block = 0; block < length; block += n) {
      for (let j0 = block, at = first; j0 < block + quarter; j0++, at += 6) {
        const j1 = j0 + quarter;
        const j2 = j1 + quarter;
        const j3 = j2 + quarter;
        const sumRe = re[j0] + re[j2];
        const sumIm = im[j0] + im[j2];
        const gapRe = re[j0] - re[j2];
        const gapIm = im[j0] - im[j2];
        const oddRe = re[j1] + re[j3];
        const oddIm = im[j1] + im[j3];
        const turnRe = im[j1] - im[j3]; // −i(x₁ − x₃)
        const turnIm = re[j3] - re[j1];
        re[j0] = sumRe + oddRe;
        im[j0] = sumIm + oddIm;
        const y2Re = sumRe - oddRe;
        const y2Im = sumIm - oddIm;
        re[j1] = y2Re * twiddles[at + 2] - y2Im * twiddles[at + 3];
        im[j1] = y2Re * twiddles[at + 3] + y2Im * twiddles[at + 2];
        const y1Re = gapRe + turnRe;
        const y1Im = gapIm + turnIm;
        re[j2] = y1Re * twiddles[at] - y1Im * twiddles[at + 1];
        im[j2] = y1Re * twiddles[at + 1] + y1Im * twiddles[at];
        const y3Re = gapRe - turnRe;
        const y3Im = gapIm - turnIm;
        re[j3] = y3Re * twiddles[at + 4] - y3Im * twiddles[at + 5];
        im[j3] = y3Re * twiddles[at + 5] + y3Im * twiddles[at + 4];
      }
    }
    first += 6 * quarter;
  }
  if (n === 4) quadruples(re, im, length);
  else pairs(re, im, length);
}

/** The inverse of `fourier` times n: frequencies in the order of reversed bits become Σₖ xₖ exp(2πijk/n). */
export function inverseFourier({ length, twiddles }: FourierPlan, re: Float64Array, im: Float64Array): void {
  const even = (Math.clz32(length) & 1) === 1; // the length is a power of 4
  if (even) quadruplesBack(re, im, length);
  else pairs(re, im, length);
  let first = twiddles.length;
  for (let n = even ? 16 : 8; n <= length; n <<= 2) {
    const quarter = n >> 2;
    first -= 6 * quarter;
    for (let block = 0; block < length; block += n) {
      for (let j0 = block, at = first; j0 < block + quarter; j0++, at += 6) {
        const j1 = j0 + quarter;
        const j2 = j1 + quarter;
        const j3 = j2 + quarter;
        const y2Re = re[j1] * twiddles[at + 2] + im[j1] * twiddles[at + 3];
        const y2Im = im[j1] * twiddles[at + 2] - re[j1] * twiddles[at + 3];
        const y1Re = re[j2] * twiddles[at] + im[j2] * twiddles[at + 1];
        const y1Im = im[j2] * twiddles[at] - re[j2] * twiddles[at + 1];
        const y3Re = re[j3] * twiddles[at + 4] + im[j3] * twiddles[at + 5];
        const y3Im = im[j3] * twiddles[at + 4] - re[j3] * twiddles[at + 5];
        const sumRe = re[j0] + y2Re;
        const sumIm = im[j0] + y2Im;
        const gapRe = re[j0] - y2Re;
        const gapIm = im[j0] - y2Im;
        const oddRe = y1Re + y3Re;
        const oddIm = y1Im + y3Im;
        const turnRe = y3Im - y1Im; // i(y₁ − y₃)
        const turnIm = y1Re - y3Re;
        re[j0] = sumRe + oddRe;
        im[j0] = sumIm + oddIm;
        re[j1] = gapRe + turnRe;
        im[j1] = gapIm + turnIm;
        re[j2] = sumRe - oddRe;
        im[j2] = sumIm - oddIm;
        re[j3] = gapRe - turnRe;
        im[j3] = gapIm - turnIm;
      }
    }
  }
}

/** Transforms of length 2, which need no twiddles and are their own inverses up to a factor. */
function pairs(re: Float64Array, im: Float64Array, length: number): void {
  for (let j = 0; j < length; j += 2) {
    const aRe = re[j];
    const aIm = im[j];
    const bRe = re[j + 1];
    const bIm = im[j + 1];
    re[j] = aRe + bRe;
    im[j] = aIm + bIm;
    re[j + 1] = aRe - bRe;
    im[j + 1] = aIm - bIm;
  }
}

/** Transforms of length 4 from natural to reversed order, the last step of a transform. */
function quadruples(re: Float64Array, im: Float64Array, length: number): void {
  for (let j = 0; j < length; j += 4) {
    const sumRe = re[j] + re[j + 2];
    const sumIm = im[j] + im[j + 2];
    const gapRe = re[j] - re[j + 2];
    const gapIm = im[j] - im[j + 2];
    const oddRe = re[j + 1] + re[j + 3];
    const oddIm = im[j + 1] + im[j + 3];
    const turnRe = im[j + 1] - im[j + 3];
    const turnIm = re[j + 3] - re[j + 1];
    re[j] = sumRe + oddRe;
    im[j] = sumIm + oddIm;
    re[j + 1] = sumRe - oddRe;
    im[j + 1] = sumIm - oddIm;
    re[j + 2] = gapRe + turnRe;
    im[j + 2] = gapIm + turnIm;
    re[j + 3] = gapRe - turnRe;
    im[j + 3] = gapIm - turnIm;
  }
}

/** The transpose of `quadruples` with i for −i, the first step of an inverse. */
function quadruplesBack(re: Float64Array, im: Float64Array, length: number): void {
  for (let j = 0; j < length; j += 4) {
    const sumRe = re[j] + re[j + 1];
    const sumIm = im[j] + im[j + 1];
    const gapRe = re[j] - re[j + 1];
    const gapIm = im[j] - im[j + 1];
    const oddRe = re[j + 2] + re[j + 3];
    const oddIm = im[j + 2] + im[j + 3];
    const turnRe = im[j + 3] - im[j + 2];
    const turnIm = re[j + 2] - re[j + 3];
    re[j] = sumRe + oddRe;
    im[j] = sumIm + oddIm;
    re[j + 1] = gapRe + turnRe;
    im[j + 1] = gapIm + turnIm;
    re[j + 2] = sumRe - oddRe;
    im[j + 2] = sumIm - oddIm;
    re[j + 3] = gapRe - turnRe;
    im[j + 3] = gapIm - turnIm;
  }
}
