// How are sums over lags computed, several at a time?
//
// One sum waits for its own additions. Several sums side by side do not wait for each other: those of three rows and two entries,
// which share what they read, or where that does not fit of four entries or of four rows. Each still runs over growing j, so the bits
// are those of the plain loop.

/**
 * out[n] += Σⱼ lags[n − j] x[j] over j ≤ n, or with `transposed` Σⱼ lags[j − n] x[j] over j ≥ n, for n in [rowStart,
 * rowEnd), j in [columnStart, columnEnd) and the entries set, set + period, … of rows with `width` entries. Row n of the
 * result begins at (n − outFirst)·width, row j of x at (j − xFirst)·width.
 */
export function accumulateLags(
  out: Float64Array,
  outFirst: number,
  x: Float64Array,
  xFirst: number,
  lags: Float64Array,
  set: number,
  period: number,
  width: number,
  rowStart: number,
  rowEnd: number,
  columnStart: number,
  columnEnd: number,
  transposed: boolean,
): void {
  const step = transposed ? 1 : -1;
  const entries = Math.ceil((width - set) / period);
  const all = transposed ? columnStart >= rowEnd : columnEnd <= rowStart; // whether every row has all the columns
  const tiled = all && entries > 1 ? rowEnd - ((rowEnd - rowStart) % 3) : rowStart;
  const paired = set + (entries - (entries % 2)) * period;
  const total = columnEnd - columnStart;
  for (let n = rowStart; n < tiled; n += 3) {
    const to = (n - outFirst) * width;
    const from = (columnStart - xFirst) * width;
    const lag = step * (columnStart - n);
    for (let c = set; c < paired; c += 2 * period) {
      threeRowsOfTwo(out, to + c, x, from + c, width, period, lags, lag, step, total);
    }
    for (let row = n; row < n + 3 && paired < width; row++) {
      const place = (row - outFirst) * width + paired;
      oneEntry(out, place, x, from + paired, width, lags, step * (columnStart - row), step, total);
    }
  }
  const single = set + (entries - (entries % 4)) * period;
  for (let n = tiled; n < rowEnd; n++) {
    const to = (n - outFirst) * width;
    const first = transposed ? Math.max(columnStart, n) : columnStart;
    const count = (transposed ? columnEnd : Math.min(columnEnd, n + 1)) - first;
    const from = (first - xFirst) * width;
    const lag = step * (first - n);
    for (let c = set; c < single; c += 4 * period) {
      fourEntries(out, to + c, x, from + c, width, period, lags, lag, step, count);
    }
  }
  for (let c = single; c < width; c += period) {
    for (let n = tiled; n < rowEnd; n += 4) {
      const rows = Math.min(4, rowEnd - n);
      // The columns that all the rows have.
      const first = transposed ? Math.max(columnStart, n + rows - 1) : columnStart;
      const end = transposed ? columnEnd : Math.min(columnEnd, n + 1);
      const together = rows === 4 && end > first;
      for (let row = n; row < n + rows; row++) {
        const to = (row - outFirst) * width + c;
        const begin = transposed ? Math.max(columnStart, row) : columnStart;
        const count = (together ? first : transposed ? columnEnd : Math.min(columnEnd, row + 1)) - begin;
        oneEntry(out, to, x, (begin - xFirst) * width + c, width, lags, step * (begin - row), step, count);
      }
      if (!together) continue;
      const from = (first - xFirst) * width + c;
      fourRows(out, (n - outFirst) * width + c, x, from, width, lags, step * (first - n), step, end - first);
      for (let row = n + 1; row < n + 4 && !transposed; row++) {
        const to = (row - outFirst) * width + c;
        const count = Math.min(columnEnd, row + 1) - end;
        oneEntry(out, to, x, (end - xFirst) * width + c, width, lags, row - end, step, count);
      }
    }
  }
}

/** out[to] += Σᵢ lags[lag + i·step] x[from + i·width] for i < count. */
function oneEntry(
  out: Float64Array,
  to: number,
  x: Float64Array,
  from: number,
  width: number,
  lags: Float64Array,
  lag: number,
  step: number,
  count: number,
): void {
  let sum = out[to];
  for (let i = 0, at = from, k = lag; i < count; i++, at += width, k += step) sum += lags[k] * x[at];
  out[to] = sum;
}

/** The same for four entries of a row, `apart` from each other. */
function fourEntries(
  out: Float64Array,
  to: number,
  x: Float64Array,
  from: number,
  width: number,
  apart: number,
  lags: Float64Array,
  lag: number,
  step: number,
  count: number,
): void {
  let a = out[to];
  let b = out[to + apart];
  let c = out[to + 2 * apart];
  let d = out[to + 3 * apart];
  for (let i = 0, at = from, k = lag; i < count; i++, at += width, k += step) {
    const w = lags[k];
    a += w * x[at];
    b += w * x[at + apart];
    c += w * x[at + 2 * apart];
    d += w * x[at + 3 * apart];
  }
  out[to] = a;
  out[to + apart] = b;
  out[to + 2 * apart] = c;
  out[to + 3 * apart] = d;
}

/** The same for one entry of four rows that follow each other: the lags are one step further back in each. */
function fourRows(
  out: Float64Array,
  to: number,
  x: Float64Array,
  from: number,
  width: number,
  lags: Float64Array,
  lag: number,
  step: number,
  count: number,
): void {
  let a = out[to];
  let b = out[to + width];
  let c = out[to + 2 * width];
  let d = out[to + 3 * width];
  for (let i = 0, at = from, k = lag; i < count; i++, at += width, k += step) {
    const value = x[at];
    a += lags[k] * value;
    b += lags[k - step] * value;
    c += lags[k - 2 * step] * value;
    d += lags[k - 3 * step] * value;
  }
  out[to] = a;
  out[to + width] = b;
  out[to + 2 * width] = c;
  out[to + 3 * width] = d;
}

/** The same for two entries, `apart` from each other, of three rows that follow each other. */
function threeRowsOfTwo(
  out: Float64Array,
  to: number,
  x: Float64Array,
  from: number,
  width: number,
  apart: number,
  lags: Float64Array,
  lag: number,
  step: number,
  count: number,
): void {
  const second = to + width;
  const third = second + width;
  let a0 = out[to];
  let a1 = out[to + apart];
  let b0 = out[second];
  let b1 = out[second + apart];
  let c0 = out[third];
  let c1 = out[third + apart];
  let before = lags[lag - step];
  let beforeThat = lags[lag - 2 * step];
  for (let i = 0, at = from, k = lag; i < count; i++, at = (at + width) | 0, k = (k + step) | 0) {
    const w = lags[k];
    const x0 = x[at];
    const x1 = x[(at + apart) | 0];
    a0 += w * x0;
    a1 += w * x1;
    b0 += before * x0;
    b1 += before * x1;
    c0 += beforeThat * x0;
    c1 += beforeThat * x1;
    beforeThat = before;
    before = w;
  }
  out[to] = a0;
  out[to + apart] = a1;
  out[second] = b0;
  out[second + apart] = b1;
  out[third] = c0;
  out[third + apart] = c1;
}
