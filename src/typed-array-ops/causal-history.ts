// How is the memory of a causal convolution carried along while the trajectory still grows?
//
// On equidistant nodes the weights depend on the lag n − j only. Time is cut into blocks. Whenever m blocks are done and
// 2ᵖ is the largest power of two that divides m, the last 2ᵖ blocks are convolved by Fourier transforms into the next 2ᵖ;
// so an earlier and a later block meet exactly once, and N nodes cost O(N log² N) instead of O(N²). What lies inside the
// present block is summed directly.
//
// The rounding errors of a Fourier convolution are as large as if every weight and every sample in it were the largest
// one. Since only the past is in it, samples may grow as they like. Where they fall, or the first is a spike, late nodes
// live on small weights. So a transform takes weights of like size: short lags are left to smaller squares at the same m,
// each a quarter of the one before, which costs about a fifth more; and the first node, which also has weights of its
// own, is summed directly.
import { accumulateCausal, type CausalWeights } from "./causal.js";
import { directHistory } from "./direct-history.js";
import { highWord, powerOfTwo } from "./elementary/bits.js";
import { fourier, inverseFourier } from "./fourier.js";
import { type LagSpectra, type LagSpectrum, makeLagSpectra } from "./lag-spectra.js";
import { matmul } from "./matmul.js";

/** What the nodes that are done contribute to the next ones. */
export interface CausalHistory {
  /** Forgets all samples, for another trajectory with the same weights. */
  begin(): void;
  /**
   * Adds to out what the nodes before `start` contribute to the nodes from `start` to `end`, both in the direction of
   * time: out[n − start] += Σⱼ A[n, j] x[j] over j < start; with `transposed`, out[n − start] += Σⱼ A[j, n] x[j] over
   * j ≥ end. x has rows for all nodes, and those summed over are final. Windows follow each other, or are asked for again.
   *
   * @throws RangeError if the window lies further back than one before, and `begin` was not called.
   */
  recall(out: Float64Array, x: Float64Array, start: number, end: number): void;
  /** out = A x or Aᵀ x, for an x that is all there. Forgets what it knew. */
  apply(out: Float64Array, x: Float64Array): void;
}

const blockBits = 6;
const block = 2 ** blockBits;
/** Trajectories of so many nodes are summed directly. */
const fewNodes = 320;
/** A square of so many rows is summed directly. */
const fewRows = 32;
/** Sums of so many rows and entries are a product of matrices, which is faster than transforms up to so many rows. */
const [fewestRows, mostRows] = [8, 256];
/** Longer sums are sums of sums of so many terms: their rounding errors grow with the number of terms. */
const fewTerms = 256;

/**
 * The history of a convolution of rows of `width` entries, where entry c has the weights c mod weights.length; with
 * `transposed` time runs from the last node to the first. Weights that do not depend on the lag alone are summed directly.
 *
 * @source Hairer, Lubich and Schlichte (1985), "Fast numerical solution of nonlinear Volterra convolution equations",
 * SIAM Journal on Scientific and Statistical Computing 6, section 3
 * @example
 * const lags = Float64Array.of(1, 2, 4);
 * const weights = { nodes: 3, uniform: true, lags, first: lags, rows: new Float64Array(0) };
 * const past = new Float64Array(1);
 * makeHistory([weights], 1, false).recall(past, Float64Array.of(10, 1, 0), 2, 3);
 * past // → [42]
 */
export function makeHistory(
  weights: readonly CausalWeights[],
  width: number,
  transposed: boolean,
  spectra: LagSpectra = makeLagSpectra(weights),
): CausalHistory {
  const [{ nodes }] = weights;
  if (nodes <= fewNodes || !weights.every(({ uniform }) => uniform)) return directHistory(weights, width, transposed);
  const period = weights.length;
  // Steps are nodes counted in the direction of time; the rows of x and sums are nodes.
  const stride = transposed ? -width : width;
  const origin = transposed ? (nodes - 1) * width : 0;
  const sums = new Float64Array(nodes * width);
  const part = new Float64Array(block * width);
  let longest = 2 * block;
  while (longest < nodes) longest *= 2;
  const re = new Float64Array(longest);
  const im = new Float64Array(longest);
  let done = 0; // blocks that were convolved into the next ones

  const wide = period === 1 && width >= fewestRows;
  const toeplitz = new Float64Array(wide ? block * fewTerms : 0);

  /** out = A x for rows and columns of A that are lags, or 0; every sum runs over growing j, as in `accumulateCausal`. */
  function multiplyLags(
    out: Float64Array,
    x: Float64Array,
    row: number,
    rows: number,
    column: number,
    terms: number,
  ): void {
    const { lags } = weights[0];
    const step = transposed ? 1 : -1;
    for (let i = 0, to = 0; i < rows; i++) {
      let lag = transposed ? column - row - i : row + i - column;
      for (let j = 0; j < terms; j++, lag += step) toeplitz[to++] = lag < 0 ? 0 : lags[lag];
    }
    matmul(out, toeplitz, x, rows, width, terms, false, false, 0, 0, column * width);
  }

  /** Adds what the steps [from, to) contribute to the steps [first, end), at most a block. */
  function direct(
    out: Float64Array,
    outFirst: number,
    x: Float64Array,
    first: number,
    end: number,
    from: number,
    to: number,
  ): void {
    const rowStart = transposed ? nodes - end : first;
    const rowEnd = transposed ? nodes - first : end;
    const entries = (end - first) * width;
    for (let begin = from; begin < to; begin += fewTerms) {
      const stop = Math.min(to, begin + fewTerms);
      const start = transposed ? nodes - stop : begin;
      const terms = stop - begin;
      // Lags alone count where node 0 is not among the terms: then the sums are a product of matrices. Where it has entries that are 0,
      // they must not meet infinities and NaN of nodes that are still to come.
      const apart = transposed ? start >= rowEnd : start + terms <= rowStart;
      const lagsOnly = (transposed ? rowStart : start) > 0 && (apart || isFiniteRange(x, start * width, terms * width));
      if (wide && end - first >= fewestRows && lagsOnly) {
        multiplyLags(part, x, rowStart, end - first, start, terms);
      } else {
        part.fill(0, 0, entries);
        accumulateCausal(part, rowStart, x, 0, weights, width, rowStart, rowEnd, start, start + terms, transposed);
      }
      addRange(out, (rowStart - outFirst) * width, part, 0, entries);
    }
  }

  /** Convolves `count` steps before `first` into as many from there on, two columns of equal weights at a time. */
  function square(x: Float64Array, first: number, count: number, spectrum: (set: number) => LagSpectrum): void {
    const plan = spectra.plan(32 - Math.clz32(count));
    const from = origin + (first - count) * stride;
    const to = origin + first * stride;
    const rows = Math.min(count, nodes - first);
    for (let set = 0; set < period; set++) {
      for (let c = set; c < width; c += 2 * period) {
        const beside = c + period < width;
        const scale = load(re, x, from + c, stride, count, first === count);
        const scaleBeside = beside ? load(im, x, from + c + period, stride, count, first === count) : 0;
        if (scale === 0 && scaleBeside === 0) continue;
        if (!beside) im.fill(0, 0, 2 * count);
        fourier(plan, re, im);
        multiply(re, im, spectrum(set), 2 * count);
        inverseFourier(plan, re, im);
        if (scale !== 0) store(sums, to + c, stride, re, count, rows, 1 / scale);
        if (scaleBeside !== 0) store(sums, to + c + period, stride, im, count, rows, 1 / scaleBeside);
      }
    }
  }

  /** Convolves the last 2ᵖ blocks before block m into the next 2ᵖ. */
  function pass(x: Float64Array, m: number): void {
    const blocks = m & -m;
    const first = m * block;
    const from = Math.max(1, first - blocks * block);
    const end = Math.min(nodes, first + blocks * block);
    // Infinities and NaN must stay in their own columns.
    const rows = transposed ? nodes - first : from;
    const multiplied = wide && blocks * block <= mostRows;
    const convolved = !multiplied && end - first > fewRows && isFiniteRange(x, rows * width, (first - from) * width);
    if (!convolved) {
      for (let row = first; row < end; row += block) direct(sums, 0, x, row, Math.min(end, row + block), from, first);
      return;
    }
    for (let size = blocks; size > 0; size >>= 2) {
      square(x, first, size * block, (set) => spectra.spectrum(set, size * block, size < 4, size === blocks));
    }
  }

  function begin(): void {
    sums.fill(0);
    done = 0;
  }

  function recall(out: Float64Array, x: Float64Array, start: number, end: number): void {
    const first = transposed ? nodes - end : start;
    let last = transposed ? nodes - start : end;
    if (first < done * block) {
      throw new RangeError(
        `recall: expected a window after the ${done * block} nodes that are done, received one after ${first}: begin anew`,
      );
    }
    while ((done + 1) * block <= first) pass(x, ++done);
    if (transposed && start === 0) direct(out, 0, x, --last, nodes, 0, first); // node 0 has weights of its own
    for (let row = first; row < last; ) {
      const rowBlock = row >> blockBits;
      const rowEnd = Math.min(last, (rowBlock + 1) * block);
      // Blocks were passed on to this one at every m whose binary digits are the leading ones of its number.
      let known = rowBlock;
      while (known > done) known &= known - 1;
      const node = transposed ? nodes - rowEnd : row;
      if (known > 0) {
        addRange(out, (node - start) * width, sums, node * width, (rowEnd - row) * width);
        direct(out, start, x, row, rowEnd, 0, 1);
      }
      direct(out, start, x, row, rowEnd, known * block, first);
      row = rowEnd;
    }
  }

  return {
    begin,
    recall,
    apply(out, x) {
      begin();
      out.fill(0);
      for (let first = 0; first < nodes; first += block) {
        const stop = Math.min(nodes, first + block);
        const start = transposed ? nodes - stop : first;
        const end = transposed ? nodes - first : stop;
        recall(out.subarray(start * width, end * width), x, start, end);
        direct(out, 0, x, first, stop, first, stop);
      }
    },
  };
}

/**
 * Loads a column with a scale, a power of two that brings its largest entry near 1, and as many zeros after it; returns
 * the scale, or 0 if the column is 0. Two columns in one transform share its rounding errors: they must be of like size.
 */
function load(
  into: Float64Array,
  x: Float64Array,
  from: number,
  stride: number,
  count: number,
  withoutFirst: boolean,
): number {
  const skipped = withoutFirst ? 1 : 0;
  let largest = 0;
  for (let i = skipped, at = from + skipped * stride; i < count; i++, at += stride) {
    const value = x[at];
    into[i] = value;
    if (value > largest) largest = value;
    else if (-value > largest) largest = -value;
  }
  if (withoutFirst) into[0] = 0;
  into.fill(0, count, 2 * count);
  if (largest === 0) return 0;
  const scale = powerOfTwo(Math.max(-1000, Math.min(1000, 1023 - (highWord(largest) >> 20))));
  for (let i = 0; i < count; i++) into[i] *= scale;
  return scale;
}

/** Adds the second half of a product of transforms, the part that is not folded onto itself, to a column. */
function store(
  out: Float64Array,
  to: number,
  stride: number,
  from: Float64Array,
  count: number,
  rows: number,
  scale: number,
): void {
  for (let i = 0, at = to; i < rows; i++, at += stride) out[at] += from[count + i] * scale;
}

function multiply(re: Float64Array, im: Float64Array, spectrum: LagSpectrum, length: number): void {
  const { re: wRe, im: wIm } = spectrum;
  for (let i = 0; i < length; i++) {
    const a = re[i];
    const b = im[i];
    re[i] = a * wRe[i] - b * wIm[i];
    im[i] = a * wIm[i] + b * wRe[i];
  }
}

function addRange(out: Float64Array, to: number, from: Float64Array, start: number, count: number): void {
  for (let i = 0; i < count; i++) out[to + i] += from[start + i];
}

function isFiniteRange(x: Float64Array, start: number, count: number): boolean {
  let zero = 0;
  for (let i = start; i < start + count; i++) zero += 0 * x[i];
  return zero === 0;
}
