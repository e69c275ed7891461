// How is a large product of matrices computed, so that memory keeps up with the arithmetic?
//
// C is computed in tiles of 4×2 entries, which stay in registers. What a tile reads is packed beforehand in the order in
// which it is read: panels of 4 rows of A and of 2 columns of B. Panels are cut to a depth that the caches hold; at the
// next cut every sum goes on where it was left.
//
// @source Goto and van de Geijn (2008), "Anatomy of high-performance matrix multiplication"

const ROWS = 128;
const COLUMNS = 512;
const DEPTH = 256;

const B_PANELS = ROWS * DEPTH;
const FENCE = B_PANELS + COLUMNS * DEPTH;

/** All panels, and one entry more. An array that is never another one is read much faster than one that is handed over. */
const PANELS: Float64Array = /* @__PURE__ */ new Float64Array(FENCE + 1);

/** A tile that hangs over the end of C. */
const EDGE: Float64Array = /* @__PURE__ */ new Float64Array(8);

/** C = A·B where entry (i, j) of A is a[aStart + i·aRow + j·aColumn], and likewise for B; C is stored row by row. */
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
  out.fill(0, outStart, outStart + m * n);
  for (let column = 0; column < n; column += COLUMNS) {
    const columns = Math.min(COLUMNS, n - column);
    for (let level = 0; level < k; level += DEPTH) {
      const depth = Math.min(DEPTH, k - level);
      pack(b, bStart + level * bRow + column * bColumn, bColumn, bRow, columns, depth, B_PANELS, 2);
      for (let row = 0; row < m; row += ROWS) {
        const rows = Math.min(ROWS, m - row);
        pack(a, aStart + row * aRow + level * aColumn, aRow, aColumn, rows, depth, 0, 4);
        for (let j = 0; j < columns; j += 2) {
          for (let i = 0; i < rows; i += 4) {
            const at = outStart + (row + i) * n + column + j;
            const q = B_PANELS + j * depth;
            if (i + 4 <= rows && j + 2 <= columns) {
              addTile(out, at, n, i * depth, q, depth);
              continue;
            }
            moveTile(EDGE, 0, 2, out, at, n, rows - i, columns - j);
            addTile(EDGE, 0, 2, i * depth, q, depth);
            moveTile(out, at, n, EDGE, 0, 2, rows - i, columns - j);
          }
        }
      }
    }
  }
}

/** The part of a tile that is inside C. */
function moveTile(
  to: Float64Array,
  toStart: number,
  toStride: number,
  from: Float64Array,
  fromStart: number,
  fromStride: number,
  rows: number,
  columns: number,
): void {
  for (let i = 0; i < rows && i < 4; i++) {
    for (let j = 0; j < columns && j < 2; j++) to[toStart + i * toStride + j] = from[fromStart + i * fromStride + j];
  }
}

/** Adds `depth` products to each entry of a tile, one after the other. */
function addTile(out: Float64Array, at: number, stride: number, p: number, q: number, depth: number): void {
  const second = at + stride;
  const third = second + stride;
  const fourth = third + stride;
  let c00 = out[at];
  let c01 = out[at + 1];
  let c10 = out[second];
  let c11 = out[second + 1];
  let c20 = out[third];
  let c21 = out[third + 1];
  let c30 = out[fourth];
  let c31 = out[fourth + 1];
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
 * stands side by side in the panel. Where lines are missing in the last panel, nobody reads what comes of it.
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
  for (let i = 0; i < lines; i += 2) {
    const next = i + 1 < lines ? across | 0 : 0;
    let from = (start + i * across) | 0;
    let to = (panels + (i & -width) * depth + (i & (width - 1))) | 0;
    for (let l = 0; l < depth; l++) {
      PANELS[to] = x[from];
      PANELS[(to + 1) | 0] = x[(from + next) | 0];
      to = (to + width) | 0;
      from = (from + along) | 0;
    }
  }
}
