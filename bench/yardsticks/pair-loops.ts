// Of what are hand-written training steps made?
//
// Samples are kept in pairs: entry i of samples 2p and 2p + 1 of node n stand side by side at ((n·batch/2 + p)·size + i)·2. So one
// pass over three outputs has six sums at work, as many as registers hold.

/** Three affine layers, x ↦ x W + b; weights are [in, out] in row-major order. */
export interface NetworkWeights {
  readonly weights: readonly Float64Array[];
  readonly biases: readonly Float64Array[];
}

export interface TrainingProblem {
  readonly batch: number;
  readonly states: number;
  readonly hidden: number;
  readonly nodes: number;
  /** A[n, j] = lags[n − j] for 1 ≤ j ≤ n, and A[n, 0] = first[n]; A[0, 0] = 0. */
  readonly lags: Float64Array;
  readonly first: Float64Array;
  /** [batch, states] */
  readonly start: Float64Array;
  /** [nodes, batch, states] */
  readonly target: Float64Array;
  readonly tolerance: number;
}

export interface TrainingStep {
  /** Solves, fills `gradient` and returns the loss. */
  run(network: NetworkWeights): number;
  readonly gradient: NetworkWeights;
}

/** What a layer does with its sums. */
export const asTheyAre = 0;
export const rectified = 1;
export const whereMaskIsPositive = 2;

export const none = new Float64Array(0);

/** A weight matrix in panels of three outputs: products are the outer loop of a panel. */
export interface Panels {
  readonly outputs: number;
  readonly products: number;
  readonly entries: Float64Array;
}

export const makePanels = (outputs: number, products: number): Panels => ({
  outputs,
  products,
  entries: new Float64Array(3 * Math.ceil(outputs / 3) * products),
});

/** Entry (k, j) of the matrix stands at k·kStride + j·jStride. */
export function fillPanels(
  { outputs, products, entries }: Panels,
  matrix: Float64Array,
  kStride: number,
  jStride: number,
): void {
  let to = 0;
  for (let panel = 0; panel < outputs; panel += 3) {
    for (let k = 0; k < products; k++) {
      for (let j = panel; j < panel + 3; j++) entries[to++] = j < outputs ? matrix[k * kStride + j * jStride] : 0;
    }
  }
}

/** One layer for one pair of samples: y = x W + b, with what `gate` makes of it. `bias` is as long as the panels. `| 0` spares checks. */
export function layer(
  panels: Panels,
  bias: Float64Array,
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
  gate: number,
  mask: Float64Array,
  maskStart: number,
): void {
  const { outputs, products, entries } = panels;
  const xEnd = xStart + 2 * products;
  let w = 0;
  for (let j = 0; j < outputs; j += 3) {
    let a0 = bias[j];
    let b0 = bias[j + 1];
    let c0 = bias[j + 2];
    let a1 = a0;
    let b1 = b0;
    let c1 = c0;
    for (let k = xStart; k < xEnd; k = (k + 2) | 0) {
      const x0 = x[k];
      const x1 = x[(k + 1) | 0];
      const wa = entries[w];
      const wb = entries[(w + 1) | 0];
      const wc = entries[(w + 2) | 0];
      w = (w + 3) | 0;
      a0 += wa * x0;
      a1 += wa * x1;
      b0 += wb * x0;
      b1 += wb * x1;
      c0 += wc * x0;
      c1 += wc * x1;
    }
    if (gate === rectified) {
      a0 = Math.max(a0, 0);
      a1 = Math.max(a1, 0);
      b0 = Math.max(b0, 0);
      b1 = Math.max(b1, 0);
      c0 = Math.max(c0, 0);
      c1 = Math.max(c1, 0);
    } else if (gate === whereMaskIsPositive) {
      const m = maskStart + 2 * j;
      a0 = mask[m] > 0 ? a0 : 0;
      a1 = mask[m + 1] > 0 ? a1 : 0;
      if (j + 1 < outputs) {
        b0 = mask[m + 2] > 0 ? b0 : 0;
        b1 = mask[m + 3] > 0 ? b1 : 0;
      }
      if (j + 2 < outputs) {
        c0 = mask[m + 4] > 0 ? c0 : 0;
        c1 = mask[m + 5] > 0 ? c1 : 0;
      }
    }
    const to = yStart + 2 * j;
    y[to] = a0;
    y[to + 1] = a1;
    if (j + 1 < outputs) {
      y[to + 2] = b0;
      y[to + 3] = b1;
    }
    if (j + 2 < outputs) {
      y[to + 4] = c0;
      y[to + 5] = c1;
    }
  }
}

/** out += Σ_k coefficients[at + k·stride]·row_k for `count` rows of x, four rows per pass. */
export function addRows(
  out: Float64Array,
  outStart: number,
  width: number,
  coefficients: Float64Array,
  at: number,
  stride: number,
  x: Float64Array,
  xStart: number,
  count: number,
): void {
  let k = 0;
  for (; k + 3 < count; k += 4) {
    const c0 = coefficients[at + k * stride];
    const c1 = coefficients[at + (k + 1) * stride];
    const c2 = coefficients[at + (k + 2) * stride];
    const c3 = coefficients[at + (k + 3) * stride];
    const r0 = xStart + k * width;
    const r1 = r0 + width;
    const r2 = r1 + width;
    const r3 = r2 + width;
    for (let i = 0; i < width; i++)
      out[outStart + i] += c0 * x[r0 + i] + c1 * x[r1 + i] + c2 * x[r2 + i] + c3 * x[r3 + i];
  }
  for (; k < count; k++) {
    const c0 = coefficients[at + k * stride];
    const r0 = xStart + k * width;
    for (let i = 0; i < width; i++) out[outStart + i] += c0 * x[r0 + i];
  }
}

/** out[k, j] = Σ over all samples of a[k]·g[j], three by two entries per pass. */
export function outerSum(
  out: Float64Array,
  a: Float64Array,
  rows: number,
  g: Float64Array,
  columns: number,
  pairs: number,
): void {
  const aStep = 2 * rows;
  const gStep = 2 * columns;
  for (let k = 0; k < rows; k += 3) {
    const k1 = 2 * Math.min(k + 1, rows - 1);
    const k2 = 2 * Math.min(k + 2, rows - 1);
    for (let j = 0; j < columns; j += 2) {
      const j1 = 2 * Math.min(j + 1, columns - 1);
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      for (let pair = 0, p = 0, q = 0; pair < pairs; pair++, p += aStep, q += gStep) {
        for (let lane = 0; lane < 2; lane++) {
          const a0 = a[p + 2 * k + lane];
          const a1 = a[p + k1 + lane];
          const a2 = a[p + k2 + lane];
          const g0 = g[q + 2 * j + lane];
          const g1 = g[q + j1 + lane];
          s00 += a0 * g0;
          s01 += a0 * g1;
          s10 += a1 * g0;
          s11 += a1 * g1;
          s20 += a2 * g0;
          s21 += a2 * g1;
        }
      }
      const two = j + 1 < columns;
      out[k * columns + j] = s00;
      if (two) out[k * columns + j + 1] = s01;
      if (k + 1 < rows) {
        out[(k + 1) * columns + j] = s10;
        if (two) out[(k + 1) * columns + j + 1] = s11;
      }
      if (k + 2 < rows) {
        out[(k + 2) * columns + j] = s20;
        if (two) out[(k + 2) * columns + j + 1] = s21;
      }
    }
  }
}

/** out[j] = Σ over all samples of g[j]. */
export function sampleSum(out: Float64Array, g: Float64Array): void {
  out.fill(0);
  const width = 2 * out.length;
  for (let row = 0; row < g.length; row += width) {
    for (let j = 0; j < out.length; j++) out[j] += g[row + 2 * j] + g[row + 2 * j + 1];
  }
}

/** The rows of samples in pairs. */
export function inPairs(rows: Float64Array, size: number): Float64Array {
  const pairs = new Float64Array(rows.length);
  for (let row = 0; row < rows.length / size; row++) {
    for (let i = 0; i < size; i++) pairs[(row >> 1) * 2 * size + 2 * i + (row & 1)] = rows[row * size + i];
  }
  return pairs;
}
