// How is a causal weight matrix applied along time?
//
// A trajectory is a matrix with one row per node. Nodes are solved in blocks: the weights A[n, j] of node j at node n vanish
// where j lies in a later block than n. For most rules a block is one node, and A is lower triangular.
import { accumulateLags } from "./lag-sums.js";

/** Block-lower-triangular weights, one row per node. */
export interface CausalWeights {
  readonly nodes: number;
  /**
   * On equidistant nodes A[n, j] = lags[n − j] for j ≥ 1, and A[n, 0] = first[n], each node being a block; else the rows stand in
   * `rows`, as `blocks` says.
   */
  readonly uniform: boolean;
  readonly lags: Float64Array;
  readonly first: Float64Array;
  readonly rows: Float64Array;
  readonly blocks?: Blocks;
}

/** Which nodes are solved at once. Row n of the weights has `end[n]` entries and begins at `row[n]`. */
export interface Blocks {
  /** The first node of the block of node n, and the first one after it. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly row: Float64Array;
  /** How many entries all rows have. */
  readonly size: number;
}

/**
 * Blocks of so many nodes each.
 *
 * @example makeBlocks([1, 2]).end // → [1, 3, 3]
 */
export function makeBlocks(sizes: readonly number[]): Blocks {
  const nodes = sizes.reduce((sum, n) => sum + n, 0);
  const [start, end, row] = [new Int32Array(nodes), new Int32Array(nodes), new Float64Array(nodes)];
  let n = 0;
  let size = 0;
  for (const count of sizes) {
    const first = n;
    for (; n < first + count; n++) {
      start[n] = first;
      end[n] = first + count;
      row[n] = size;
      size += end[n];
    }
  }
  return { start, end, row, size };
}

/** A[n, j] for j up to the end of n's block. */
export function causalWeight(weights: CausalWeights, n: number, j: number): number {
  if (weights.uniform) return j === 0 ? weights.first[n] : weights.lags[n - j];
  return weights.rows[(weights.blocks as Blocks).row[n] + j];
}

/** out = A[n, j] for `count` nodes n and j from `start` on, row by row, or with `transposed` A[j, n]. */
export function causalSquare(
  out: Float64Array,
  weights: CausalWeights,
  start: number,
  count: number,
  transposed: boolean,
): void {
  const { blocks } = weights;
  out.fill(0);
  for (let n = 0; n < count; n++) {
    const end = Math.min(count, blocks ? blocks.end[start + n] - start : n + 1);
    for (let j = 0; j < end; j++) {
      out[transposed ? j * count + n : n * count + j] = causalWeight(weights, start + n, start + j);
    }
  }
}

/**
 * out[n] += Σⱼ A[n, j] x[j] for n in [rowStart, rowEnd) and j in [columnStart, columnEnd); with `transposed`, A[j, n]
 * stands for A[n, j]. Rows have `width` entries; entry c uses the weights c mod weights.length. Row n of the result
 * begins at (n − outFirst)·width in `out`, row j of x at (j − xFirst)·width. Every sum runs over growing j.
 */
export function accumulateCausal(
  out: Float64Array,
  outFirst: number,
  x: Float64Array,
  xFirst: number,
  weights: readonly CausalWeights[],
  width: number,
  rowStart: number,
  rowEnd: number,
  columnStart: number,
  columnEnd: number,
  transposed: boolean,
): void {
  const period = weights.length;
  for (let set = 0; set < period; set++) {
    const part = weights[set];
    if (!part.uniform) {
      accumulateEach(
        out,
        outFirst,
        x,
        xFirst,
        part,
        set,
        period,
        width,
        rowStart,
        rowEnd,
        columnStart,
        columnEnd,
        transposed,
      );
      continue;
    }
    // The first column, which is the first row of the transpose, has not the weights of its lags.
    const rows = transposed ? Math.max(rowStart, Math.min(rowEnd, 1)) : rowStart;
    const columns = transposed ? columnStart : Math.max(columnStart, Math.min(columnEnd, 1));
    const ownRows = transposed ? rows : rowEnd;
    const ownColumns = transposed ? columnEnd : columns;
    accumulateEach(
      out,
      outFirst,
      x,
      xFirst,
      part,
      set,
      period,
      width,
      rowStart,
      ownRows,
      columnStart,
      ownColumns,
      transposed,
    );
    accumulateLags(
      out,
      outFirst,
      x,
      xFirst,
      part.lags,
      set,
      period,
      width,
      rows,
      rowEnd,
      columns,
      columnEnd,
      transposed,
    );
  }
}

/** The same for the entries set, set + period, … of rows, weight by weight. */
function accumulateEach(
  out: Float64Array,
  outFirst: number,
  x: Float64Array,
  xFirst: number,
  weights: CausalWeights,
  set: number,
  period: number,
  width: number,
  rowStart: number,
  rowEnd: number,
  columnStart: number,
  columnEnd: number,
  transposed: boolean,
): void {
  const { blocks } = weights;
  for (let n = rowStart; n < rowEnd; n++) {
    const to = (n - outFirst) * width;
    const end = transposed ? columnEnd : Math.min(columnEnd, blocks ? blocks.end[n] : n + 1);
    for (let j = transposed ? Math.max(columnStart, blocks ? blocks.start[n] : n) : columnStart; j < end; j++) {
      const w = transposed ? causalWeight(weights, j, n) : causalWeight(weights, n, j);
      const from = (j - xFirst) * width;
      for (let c = set; c < width; c += period) out[to + c] += w * x[from + c];
    }
  }
}
