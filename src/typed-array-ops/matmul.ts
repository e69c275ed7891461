// How are matrices multiplied?
import { packedProduct } from "./packed-product.js";
import { productInWebAssembly } from "./webassembly/product.js";

/**
 * C = A·B for matrices of m rows and n columns, with k products per entry, one after the other: an entry has the same
 * bits in a product alone and among others, and however the operands are stored. A `transposed` operand is stored as its
 * transpose.
 *
 * A small C is computed in tiles of 2×4 entries, which are held in registers: six loads for eight products. Where the
 * tiles do not divide C, the last one overlaps its neighbour, or itself, and writes the same values again. Where it pays,
 * the operands are packed, and multiplied in WebAssembly if there is any: the same bits, as the order is the same.
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
  if (n === 1 && m > 3) {
    matmul(out, b, a, 1, m, k, !bTransposed, !aTransposed, outStart, bStart, aStart); // Cᵀ = BᵀAᵀ
    return;
  }
  const aRow = aTransposed ? 1 : k;
  const aColumn = aTransposed ? m : 1;
  const bRow = bTransposed ? 1 : n;
  const bColumn = bTransposed ? k : 1;
  if (m * n < 4) {
    for (let i = 0; i < m * n; i++) {
      let sum = 0;
      let p = aStart + (n === 1 ? i : 0) * aRow;
      let q = bStart + (n === 1 ? 0 : i) * bColumn;
      for (let l = 0; l < k; l++, p += aColumn, q += bRow) sum += a[p] * b[q];
      out[outStart + i] = sum;
    }
    return;
  }
  // Measured: below, moving the operands takes longer than multiplying them saves.
  const products = m * n * k;
  if (m >= 4 && n >= 4 && products >= 512) {
    if (productInWebAssembly(out, a, b, m, n, k, aTransposed, bTransposed, outStart, aStart, bStart)) return;
  }
  if (m >= 8 && n >= 4 && k >= 8 && products >= 2000) {
    packedProduct(out, a, b, m, n, k, aRow, aColumn, bRow, bColumn, outStart, aStart, bStart);
    return;
  }
  const [below, right, right2, right3] = [
    Math.min(1, m - 1),
    Math.min(1, n - 1),
    Math.min(2, n - 1),
    Math.min(3, n - 1),
  ];
  for (let i = 0; i < m; i += 2) {
    const row = Math.min(i, m - 1 - below);
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
      let p = aStart + row * aRow;
      let q = bStart + column * bColumn;
      for (let l = 0; l < k; l++) {
        const x = a[p];
        const y = a[p + below * aRow];
        const b0 = b[q];
        const b1 = b[q + right * bColumn];
        const b2 = b[q + right2 * bColumn];
        const b3 = b[q + right3 * bColumn];
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
      const d = c + below * n;
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
