// How is a large product of matrices computed, so that memory keeps up with the arithmetic?
//
// C is computed in tiles of 4×2 entries, which stay in registers. What a tile reads is packed beforehand in the order in
// which it is read: panels of 4 rows of A and of 2 columns of B, as many as the caches hold. Where tiles do not divide C,
// the last one overlaps its neighbour, and writes the same values again.
//
// @source Goto and van de Geijn (2008), "Anatomy of high-performance matrix multiplication"

const A_SIZE = 65536;
const B_SIZE = 131072;
const FENCE = A_SIZE + B_SIZE;

/** All panels, and one entry more. An array that is never another one is read much faster than one that is handed over. */
const PANELS: Float64Array = /* @__PURE__ */ new Float64Array(FENCE + 1);

/** The greatest k: one panel of A fills its part. */
export const DEEPEST: number = A_SIZE / 4;

/**
 * C = A·B where entry (i, j) of A is a[aStart + i·aRow + j·aColumn], and likewise for B; C is stored row by row. For m ≥ 4,
 * n ≥ 2 and 1 ≤ k ≤ DEEPEST.
 */
export function packedProduct(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  aRow: number,
  aColumn: number,
  bRow: number,
  bColumn: number,
  outStart: number,
  aStart: number,
  bStart: number,
): void {
  const mostRows = Math.min(m, 4 * Math.floor(DEEPEST / k));
  const mostColumns = Math.min(n, 2 * Math.floor(B_SIZE / (2 * k)));
  for (let column = 0; column < n; column += mostColumns) {
    const columns = Math.max(2, Math.min(mostColumns, n - column));
    const left = Math.min(column, n - columns);
    pack(b, bStart + left * bColumn, bColumn, bRow, columns, k, A_SIZE, 2);
    for (let row = 0; row < m; row += mostRows) {
      const rows = Math.max(4, Math.min(mostRows, m - row));
      const top = Math.min(row, m - rows);
      pack(a, aStart + top * aRow, aRow, aColumn, rows, k, 0, 4);
      for (let j = 0; j < columns; j += 2) {
        const at = outStart + top * n + left + Math.min(j, columns - 2);
        for (let i = 0; i < rows; i += 4) computeTile(out, at + Math.min(i, rows - 4) * n, n, i * k, A_SIZE + j * k, k);
      }
    }
  }
}

/** Each entry of a tile is the sum of `depth` products, one after the other. */
function computeTile(out: Float64Array, at: number, stride: number, p: number, q: number, depth: number): void {
  let c00 = 0;
  let c01 = 0;
  let c10 = 0;
  let c11 = 0;
  let c20 = 0;
  let c21 = 0;
  let c30 = 0;
  let c31 = 0;
  const end = (q + 2 * depth) | 0;
  while (q < end) {
    const b0 = PANELS[q];
    const b1 = PANELS[(q + 1) | 0];
    const a0 = PANELS[p];
    const a1 = PANELS[(p + 1) | 0];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c10 += a1 * b0;
    c11 += a1 * b1;
    // V8 would compute all products before all sums, and run out of registers; it does not move sums across a store.
    PANELS[FENCE] = c11;
    const a2 = PANELS[(p + 2) | 0];
    const a3 = PANELS[(p + 3) | 0];
    c20 += a2 * b0;
    c21 += a2 * b1;
    c30 += a3 * b0;
    c31 += a3 * b1;
    p = (p + 4) | 0;
    q = (q + 2) | 0;
  }
  const second = at + stride;
  const third = second + stride;
  const fourth = third + stride;
  out[at] = c00;
  out[at + 1] = c01;
  out[second] = c10;
  out[second + 1] = c11;
  out[third] = c20;
  out[third + 1] = c21;
  out[fourth] = c30;
  out[fourth + 1] = c31;
}

/**
 * Panels of `width` lines of a matrix (rows of A, columns of B), two lines at a time: what stands side by side in the lines
 * stands side by side in the panel.
 */
function pack(
  x: Float64Array,
  start: number,
  across: number,
  along: number,
  lines: number,
  depth: number,
  panels: number,
  width: number,
): void {
  for (let i = 0; i < lines; i += width) {
    const first = start + Math.min(i, lines - width) * across;
    for (let pair = 0; pair < width; pair += 2) {
      let from = (first + pair * across) | 0;
      let to = (panels + i * depth + pair) | 0;
      for (let l = 0; l < depth; l++) {
        PANELS[to] = x[from];
        PANELS[(to + 1) | 0] = x[(from + across) | 0];
        to = (to + width) | 0;
        from = (from + along) | 0;
      }
    }
  }
}
