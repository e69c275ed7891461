// How does a block of a causal convolution add to a later block, in hand-written loops?
//
// out_t += Σ_j lags[t − j] x_j for rows of `width` entries, an even number, t in one range of rows and j in an earlier one of at
// least as many; backwards, rows are counted from the last one. Short blocks are summed directly, three rows by two columns at a
// time, long ones by Fourier transforms of two columns.

export interface LagBlocks {
  /** Adds what the rows [from, first) contribute to the rows [first, end). */
  add(out: Float64Array, x: Float64Array, from: number, first: number, end: number, backwards: boolean): void;
}

/** Sources from which on transforms are faster. */
const many = 256;

/** A transform of 2ᵏ numbers without reordering: frequencies stand in reversed binary order. */
interface Transform {
  readonly length: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  readonly lagsRe: Float64Array;
  readonly lagsIm: Float64Array;
}

function forwards(
  length: number,
  re: Float64Array,
  im: Float64Array,
  cosines: Float64Array,
  sines: Float64Array,
): void {
  for (let half = length >> 1, step = 1; half >= 1; half >>= 1, step <<= 1) {
    for (let start = 0; start < length; start += half << 1) {
      for (let j = 0, w = 0; j < half; j = (j + 1) | 0, w = (w + step) | 0) {
        const a = (start + j) | 0;
        const b = (a + half) | 0;
        const xRe = re[a];
        const xIm = im[a];
        const yRe = re[b];
        const yIm = im[b];
        const dRe = xRe - yRe;
        const dIm = xIm - yIm;
        re[a] = xRe + yRe;
        im[a] = xIm + yIm;
        re[b] = dRe * cosines[w] - dIm * sines[w];
        im[b] = dRe * sines[w] + dIm * cosines[w];
      }
    }
  }
}

function backAgain(
  length: number,
  re: Float64Array,
  im: Float64Array,
  cosines: Float64Array,
  sines: Float64Array,
): void {
  for (let half = 1, step = length >> 1; half < length; half <<= 1, step >>= 1) {
    for (let start = 0; start < length; start += half << 1) {
      for (let j = 0, w = 0; j < half; j = (j + 1) | 0, w = (w + step) | 0) {
        const a = (start + j) | 0;
        const b = (a + half) | 0;
        const xRe = re[a];
        const xIm = im[a];
        const yRe = re[b] * cosines[w] + im[b] * sines[w];
        const yIm = im[b] * cosines[w] - re[b] * sines[w];
        re[a] = xRe + yRe;
        im[a] = xIm + yIm;
        re[b] = xRe - yRe;
        im[b] = xIm - yIm;
      }
    }
  }
}

export function makeLagBlocks(lags: Float64Array, nodes: number, width: number): LagBlocks {
  const panel = new Float64Array(2 * nodes);
  const padded = new Float64Array(nodes + 3);
  padded.set(lags);
  const transforms = new Map<string, Transform>();

  function addDirectly(
    out: Float64Array,
    x: Float64Array,
    from: number,
    first: number,
    end: number,
    origin: number,
    stride: number,
  ): void {
    for (let c = 0; c < width; c += 2) {
      for (let j = from, to = 0, at = origin + from * stride + c; j < first; j++, to += 2, at += stride) {
        panel[to] = x[at];
        panel[to + 1] = x[at + 1];
      }
      const sources = 2 * (first - from);
      for (let t = first; t < end; t += 3) {
        let a0 = 0;
        let a1 = 0;
        let b0 = 0;
        let b1 = 0;
        let c0 = 0;
        let c1 = 0;
        let lag = (t - from) | 0;
        let second = padded[lag + 1];
        let third = padded[lag + 2];
        for (let p = 0; p < sources; p = (p + 2) | 0) {
          const own = padded[lag];
          const x0 = panel[p];
          const x1 = panel[(p + 1) | 0];
          a0 += own * x0;
          a1 += own * x1;
          b0 += second * x0;
          b1 += second * x1;
          c0 += third * x0;
          c1 += third * x1;
          third = second;
          second = own;
          lag = (lag - 1) | 0;
        }
        let to = origin + t * stride + c;
        out[to] += a0;
        out[to + 1] += a1;
        if (t + 1 < end) {
          to += stride;
          out[to] += b0;
          out[to + 1] += b1;
        }
        if (t + 2 < end) {
          to += stride;
          out[to] += c0;
          out[to + 1] += c1;
        }
      }
    }
  }

  /** The transform for blocks of these sizes, and with it that of the lags. */
  function transformFor(span: number): Transform {
    let length = 2;
    while (length < span) length *= 2;
    const key = `${length} ${span}`;
    const known = transforms.get(key);
    if (known) return known;
    const angle = (i: number): number => (2 * Math.PI * i) / length;
    const cosines = Float64Array.from({ length: length / 2 }, (_, i) => Math.cos(angle(i)));
    const sines = Float64Array.from({ length: length / 2 }, (_, i) => -Math.sin(angle(i)));
    const lagsRe = new Float64Array(length);
    const lagsIm = new Float64Array(length);
    for (let lag = 0; lag < Math.min(span, nodes); lag++) lagsRe[lag] = lags[lag] / length;
    forwards(length, lagsRe, lagsIm, cosines, sines);
    const made = {
      ...{ length, cosines, sines, lagsRe, lagsIm },
      ...{ re: new Float64Array(length), im: new Float64Array(length) },
    };
    transforms.set(key, made);
    return made;
  }

  /** What wraps around falls on the sources, which are not read. */
  function addTransformed(
    out: Float64Array,
    x: Float64Array,
    from: number,
    first: number,
    end: number,
    origin: number,
    stride: number,
  ): void {
    const { length, re, im, cosines, sines, lagsRe, lagsIm } = transformFor(end - from);
    for (let c = 0; c < width; c += 2) {
      re.fill(0);
      im.fill(0);
      for (let j = 0, at = origin + from * stride + c; j < first - from; j++, at += stride) {
        re[j] = x[at];
        im[j] = x[at + 1];
      }
      forwards(length, re, im, cosines, sines);
      for (let i = 0; i < length; i++) {
        const a = re[i];
        const b = im[i];
        re[i] = a * lagsRe[i] - b * lagsIm[i];
        im[i] = a * lagsIm[i] + b * lagsRe[i];
      }
      backAgain(length, re, im, cosines, sines);
      for (let t = first, to = origin + first * stride + c; t < end; t++, to += stride) {
        out[to] += re[t - from];
        out[to + 1] += im[t - from];
      }
    }
  }

  return {
    add(out, x, from, first, end, backwards) {
      const origin = backwards ? (nodes - 1) * width : 0;
      const stride = backwards ? -width : width;
      const way = first - from >= many ? addTransformed : addDirectly;
      way(out, x, from, first, end, origin, stride);
    },
  };
}
