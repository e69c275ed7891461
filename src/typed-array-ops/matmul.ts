// How are matrices multiplied?
import { DEEPEST, packedProduct } from "./packed-product.js";
import { productInWebAssembly } from "./webassembly/product.js";

/**
 * C = A·B for matrices of m rows and n columns, with k products per entry, one after the other: an entry has the same
 * bits in a product alone and among others, and however the operands are stored. A `transposed` operand is stored as its
 * transpose.
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
  const products = m * n * k;
  if (products === 1) {
    out[outStart] = 0 + a[aStart] * b[bStart];
    return;
  }
  // Measured: below, another call takes longer than it saves, and so short a function as this is inlined.
  if (products > 30) {
    large(out, a, b, m, n, k, aTransposed, bTransposed, outStart, aStart, bStart);
    return;
  }
  const aRow = aTransposed ? 1 : k;
  const aColumn = aTransposed ? m : 1;
  const bRow = bTransposed ? 1 : n;
  const bColumn = bTransposed ? k : 1;
  let to = outStart;
  for (let i = 0, row = aStart; i < m; i++, row = (row + aRow) | 0) {
    for (let j = 0, column = bStart; j < n; j += 2, column = (column + 2 * bColumn) | 0) {
      const next = j + 1 < n ? 1 : 0;
      let sum = 0;
      let other = 0;
      for (let l = 0, p = row, q = column; l < k; l++, p = (p + aColumn) | 0, q = (q + bRow) | 0) {
        const x = a[p];
        sum += x * b[q];
        other += x * b[(q + next * bColumn) | 0];
      }
      out[to] = sum;
      out[to + next] = other;
      to = (to + next + 1) | 0;
    }
  }
}

/** The same, in the way that fits the sizes. */
function large(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  aTransposed: boolean,
  bTransposed: boolean,
  outStart: number,
  aStart: number,
  bStart: number,
): void {
  if (n === 1 && m > 1) {
    large(out, b, a, 1, m, k, !bTransposed, !aTransposed, outStart, bStart, aStart); // Cᵀ = BᵀAᵀ
    return;
  }
  // Measured: below, moving the operands takes longer than multiplying them saves.
  const products = m * n * k;
  if (m >= 4 && n >= 4 && products >= 512) {
    if (productInWebAssembly(out, a, b, m, n, k, aTransposed, bTransposed, outStart, aStart, bStart)) return;
  }
  const aRow = aTransposed ? 1 : k;
  const aColumn = aTransposed ? m : 1;
  const bRow = bTransposed ? 1 : n;
  const bColumn = bTransposed ? k : 1;
  if (m >= 8 && n >= 4 && k >= 4 && k <= DEEPEST && products >= 500) {
    packedProduct(out, a, b, m, n, k, aRow, aColumn, bRow, bColumn, outStart, aStart, bStart);
  } else if (m === 1) {
    rowProduct(out, a, b, n, k, aColumn, bRow, bColumn, outStart, aStart, bStart);
  } else {
    smallProduct(out, a, b, m, n, k, aRow, aColumn, bRow, bColumn, outStart, aStart, bStart);
  }
}

/** A row times a matrix: four entries at a time; where n is not a multiple of four, the last ones are computed again. */
function rowProduct(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  n: number,
  k: number,
  aColumn: number,
  bRow: number,
  bColumn: number,
  outStart: number,
  aStart: number,
  bStart: number,
): void {
  const right = n > 1 ? 1 : 0;
  const right2 = n > 2 ? 2 : right;
  const right3 = n > 3 ? 3 : right2;
  const second = (right * bColumn) | 0;
  const third = (right2 * bColumn) | 0;
  const fourth = (right3 * bColumn) | 0;
  for (let j = 0; j < n; j += 4) {
    const column = Math.min(j, n - 1 - right3);
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let p = aStart | 0;
    let q = (bStart + column * bColumn) | 0;
    for (let l = 0; l < k; l++) {
      const x = a[p];
      s0 += x * b[q];
      s1 += x * b[(q + second) | 0];
      s2 += x * b[(q + third) | 0];
      s3 += x * b[(q + fourth) | 0];
      p = (p + aColumn) | 0;
      q = (q + bRow) | 0;
    }
    const c = outStart + column;
    out[c] = s0;
    out[c + right] = s1;
    out[c + right2] = s2;
    out[c + right3] = s3;
  }
}

/**
 * C in tiles of 2×4 entries, which are held in registers: six loads for eight products. Where the tiles do not divide C,
 * the last one overlaps its neighbour, or itself, and writes the same values again.
 */
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
  const right = n > 1 ? 1 : 0;
  const right2 = n > 2 ? 2 : right;
  const right3 = n > 3 ? 3 : right2;
  const second = (right * bColumn) | 0;
  const third = (right2 * bColumn) | 0;
  const fourth = (right3 * bColumn) | 0;
  for (let i = 0; i < m; i += 2) {
    const row = Math.min(i, m - 2);
    for (let j = 0; j < n; j += 4) {
      const column = Math.min(j, n - 1 - right3);
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let t0 = 0;
      let t1 = 0;
      let t2 = 0;
      let t3 = 0;
      let p = (aStart + row * aRow) | 0;
      let q = (bStart + column * bColumn) | 0;
      for (let l = 0; l < k; l++) {
        const x = a[p];
        const y = a[(p + aRow) | 0];
        const b0 = b[q];
        const b1 = b[(q + second) | 0];
        const b2 = b[(q + third) | 0];
        const b3 = b[(q + fourth) | 0];
        s0 += x * b0;
        s1 += x * b1;
        s2 += x * b2;
        s3 += x * b3;
        t0 += y * b0;
        t1 += y * b1;
        t2 += y * b2;
        t3 += y * b3;
        p = (p + aColumn) | 0;
        q = (q + bRow) | 0;
      }
      const c = outStart + row * n + column;
      const d = c + n;
      out[c] = s0;
      out[c + right] = s1;
      out[c + right2] = s2;
      out[c + right3] = s3;
      out[d] = t0;
      out[d + right] = t1;
      out[d + right2] = t2;
      out[d + right3] = t3;
    }
  }
}
