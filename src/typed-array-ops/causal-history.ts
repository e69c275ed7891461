// How is the memory of a causal convolution carried along while the trajectory still grows?
//
// On equidistant nodes the weights depend on the lag n − j only. Time is cut into blocks. Whenever m blocks are done and
// 2ᵖ is the largest power of two that divides m, the last 2ᵖ blocks are convolved by Fourier transforms into the next 2ᵖ;
// so every pair of an earlier and a later block meets exactly once, and N nodes cost O(N log² N) instead of O(N²). What
// lies inside the present block is summed directly.
//
// The rounding errors of a Fourier convolution are as large as if every weight were the largest one and every sample the
// largest one. Blocks keep them relative to the past of each node, however fast the samples grow. For samples that
// fall, the weights of a transform must be alike: short lags are left to the smaller blocks before the same m.
import { accumulateCausal, type CausalWeights } from "./causal.js";
import { highWord, powerOfTwo } from "./elementary/bits.js";
import { type FourierPlan, fourier, inverseFourier, makeFourierPlan } from "./fourier.js";

/** Nodes of a block: what lies inside is summed directly. */
const block = 32;
const few = 32;

/** Fourier transforms of ranges of lags, computed when they are first needed; all histories of the weights share them. */
export interface LagSpectra {
  readonly weights: readonly CausalWeights[];
  plan(length: number): FourierPlan;
  spectrum(set: number, length: number, from: number, end: number): { re: Float64Array; im: Float64Array };
}

export function makeLagSpectra(weights: readonly CausalWeights[]): LagSpectra {
  const plans = new Map<number, FourierPlan>();
  const spectra = new Map<string, { re: Float64Array; im: Float64Array }>();
  function plan(length: number): FourierPlan {
    const found = plans.get(length) ?? makeFourierPlan(length);
    plans.set(length, found);
    return found;
  }
  return {
    weights,
    plan,
    spectrum(set, length, from, end) {
      const key = `${set} ${length} ${from} ${end}`;
      let found = spectra.get(key);
      if (found === undefined) {
        const { lags } = weights[set];
        const re = new Float64Array(length);
        const im = new Float64Array(length);
        for (let lag = from; lag < end && lag < lags.length; lag++) re[lag] = lags[lag] / length;
        fourier(plan(length), re, im);
        found = { re, im };
        spectra.set(key, found);
      }
      return found;
    },
  };
}

export interface CausalHistory {
  begin(): void;
  recall(out: Float64Array, x: Float64Array, start: number, end: number): void;
}

export function makeHistory(
  { weights, plan, spectrum }: LagSpectra,
  width: number,
  transposed: boolean,
  B: number = block,
  banded: boolean = true,
): CausalHistory {
  const [{ nodes }] = weights;
  const period = weights.length;
  const sums = new Float64Array(nodes * width);
  let most = 1;
  while (most * B < nodes) most *= 2;
  const re = new Float64Array(most * B);
  const im = new Float64Array(most * B);
  let done = 0;

  const entry = (step: number): number => (transposed ? nodes - 1 - step : step) * width;

  function sizeOf(x: Float64Array, from: number, end: number, c: number): number {
    let largest = 0;
    for (let i = from, at = entry(from) + c; i < end; i++, at += transposed ? -width : width) {
      const size = Math.abs(x[at]);
      if (!(size <= largest)) largest = size;
      if (!(size < Infinity)) return NaN;
    }
    return largest;
  }
  const scaleFor = (largest: number): number =>
    largest > 0 ? powerOfTwo(Math.max(-1000, Math.min(1000, 1023 - (highWord(largest) >> 20)))) : 1;

  function load(into: Float64Array, x: Float64Array, from: number, count: number, c: number, scale: number): void {
    const stride = transposed ? -width : width;
    for (let i = 0, at = entry(from) + c; i < count; i++, at += stride) into[i] = x[at] * scale;
    if (from === 0) into[0] = 0;
    into.fill(0, count, 2 * count);
  }
  function store(from: Float64Array, first: number, rows: number, count: number, c: number, scale: number): void {
    const stride = transposed ? -width : width;
    for (let i = 0, at = entry(first) + c; i < rows; i++, at += stride) sums[at] += from[count + i] * scale;
  }

  function square(x: Float64Array, m: number, size: number, lagFrom: number, lagEnd: number): void {
    const count = size * B;
    const first = m * B;
    const rows = Math.min(count, nodes - first);
    const length = 2 * count;
    const fft = plan(length);
    for (let set = 0; set < period; set++) {
      const kernel = spectrum(set, length, lagFrom, lagEnd);
      for (let c = set; c < width; c += 2 * period) {
        const d = c + period;
        const sizeC = sizeOf(x, first - count, first, c);
        const sizeD = d < width ? sizeOf(x, first - count, first, d) : 0;
        if (sizeC === 0 && sizeD === 0) continue;
        const scaleC = scaleFor(sizeC);
        const scaleD = scaleFor(sizeD);
        load(re, x, first - count, count, c, scaleC);
        if (d < width) load(im, x, first - count, count, d, scaleD);
        else im.fill(0, 0, length);
        fourier(fft, re, im);
        multiply(re, im, kernel.re, kernel.im, length);
        inverseFourier(fft, re, im);
        store(re, first, rows, count, c, 1 / scaleC);
        if (d < width) store(im, first, rows, count, d, 1 / scaleD);
      }
    }
  }

  function pass(x: Float64Array, m: number): void {
    const largest = m & -m;
    const rows = Math.min(largest * B, nodes - m * B);
    if (rows <= few) {
      direct(sums, 0, x, m * B, m * B + rows, Math.max(1, (m - largest) * B), m * B);
      return;
    }
    if (!banded) {
      square(x, m, largest, 1, 2 * largest * B);
      return;
    }
    for (let size = largest; size >= 1; size = size >> 2) {
      square(x, m, size, size < 4 ? 1 : (size >> 2) * B, size === largest ? 2 * size * B : size * B);
    }
  }

  function direct(
    out: Float64Array,
    outFirst: number,
    x: Float64Array,
    first: number,
    end: number,
    from: number,
    to: number,
  ): void {
    if (transposed)
      accumulateCausal(out, outFirst, x, 0, weights, width, nodes - end, nodes - first, nodes - to, nodes - from, true);
    else accumulateCausal(out, outFirst, x, 0, weights, width, first, end, from, to, false);
  }

  function begin(): void {
    sums.fill(0);
    done = 0;
  }

  return {
    begin,
    recall(out, x, start, end) {
      const first = transposed ? nodes - end : start;
      let last = transposed ? nodes - start : end;
      if (first < done * B) begin();
      while ((done + 1) * B <= first) pass(x, ++done);
      if (transposed && start === 0) {
        last--;
        direct(out, start, x, nodes - 1, nodes, 0, first);
      }
      for (let row = first; row < last; ) {
        const present = Math.floor(row / B);
        const rowEnd = Math.min(last, (present + 1) * B);
        let known = present;
        while (known > done) known &= known - 1;
        if (known > 0) {
          for (let i = row; i < rowEnd; i++) {
            const at = entry(i);
            const to = at - start * width;
            for (let c = 0; c < width; c++) out[to + c] += sums[at + c];
          }
          direct(out, start, x, row, rowEnd, 0, 1);
        }
        direct(out, start, x, row, rowEnd, known * B, first);
        row = rowEnd;
      }
    },
  };
}

function multiply(re: Float64Array, im: Float64Array, kRe: Float64Array, kIm: Float64Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const a = re[i];
    const b = im[i];
    re[i] = a * kRe[i] - b * kIm[i];
    im[i] = a * kIm[i] + b * kRe[i];
  }
}
