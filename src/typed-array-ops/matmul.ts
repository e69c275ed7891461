// How are matrices multiplied?

/**
 * C = A·B for matrices of m rows and n columns, with k products per entry, one after the other: an entry has the same
 * bits in a product alone and among others, and however the operands are stored. A `transposed` operand is stored as its
 * transpose.
 *
 * C is computed in tiles of 2×4 entries, which are held in registers: six loads for eight products. Where the tiles do
 * not divide C, the last one overlaps its neighbour and writes the same values again.
 */
export function matmul(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  aTransposed: boolean,
  bTransposed: boolean,
  outStart = 0,
  aStart = 0,
  bStart = 0,
): void {
  const aRow = aTransposed ? 1 : k;
  const aColumn = aTransposed ? m : 1;
  const bRow = bTransposed ? 1 : n;
  const bColumn = bTransposed ? k : 1;
  if (m < 2 || n < 4) {
    smallProduct(out, a, b, m, n, k, aRow, aColumn, bRow, bColumn, outStart, aStart, bStart);
    return;
  }
  for (let i = 0; i < m; i += 2) {
    const row = Math.min(i, m - 2);
    for (let j = 0; j < n; j += 4) {
      const column = Math.min(j, n - 4);
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let t0 = 0;
      let t1 = 0;
      let t2 = 0;
      let t3 = 0;
      let p = aStart + row * aRow;
      let q = bStart + column * bColumn;
      for (let l = 0; l < k; l++) {
        const x = a[p];
        const y = a[p + aRow];
        const b0 = b[q];
        const b1 = b[q + bColumn];
        const b2 = b[q + 2 * bColumn];
        const b3 = b[q + 3 * bColumn];
        s0 += x * b0;
        s1 += x * b1;
        s2 += x * b2;
        s3 += x * b3;
        t0 += y * b0;
        t1 += y * b1;
        t2 += y * b2;
        t3 += y * b3;
        p += aColumn;
        q += bRow;
      }
      const c = outStart + row * n + column;
      out[c] = s0;
      out[c + 1] = s1;
      out[c + 2] = s2;
      out[c + 3] = s3;
      out[c + n] = t0;
      out[c + n + 1] = t1;
      out[c + n + 2] = t2;
      out[c + n + 3] = t3;
    }
  }
}

/** Entry by entry, where C is smaller than a tile. */
function smallProduct(
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
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      let p = aStart + i * aRow;
      let q = bStart + j * bColumn;
      for (let l = 0; l < k; l++, p += aColumn, q += bRow) sum += a[p] * b[q];
      out[outStart + i * n + j] = sum;
    }
  }
}
