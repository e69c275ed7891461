// How are matrices multiplied?

/**
 * C = A·B for row-major matrices, C of m rows and n columns, with k products per entry. A `transposed` operand is
 * stored as its transpose. Each entry of C depends on its row of A and column of B only, in a fixed order: a row gives
 * the same bits alone and among others.
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
  if (bTransposed) {
    dotProducts(out, a, b, m, n, k, aTransposed ? 1 : k, aTransposed ? m : 1, outStart, aStart, bStart);
  } else {
    rowUpdates(out, a, b, m, n, k, aTransposed ? 1 : k, aTransposed ? m : 1, outStart, aStart, bStart);
  }
}

/** Row i of C is a combination of rows of B, four of them per pass: one load and store of C for four products. */
function rowUpdates(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  rowStride: number,
  columnStride: number,
  outStart: number,
  aStart: number,
  bStart: number,
): void {
  out.fill(0, outStart, outStart + m * n);
  for (let i = 0; i < m; i++) {
    const c = outStart + i * n;
    let p = aStart + i * rowStride;
    let l = 0;
    for (; l + 3 < k; l += 4) {
      const a0 = a[p];
      const a1 = a[p + columnStride];
      const a2 = a[p + 2 * columnStride];
      const a3 = a[p + 3 * columnStride];
      p += 4 * columnStride;
      const b0 = bStart + l * n;
      const b1 = b0 + n;
      const b2 = b1 + n;
      const b3 = b2 + n;
      for (let j = 0; j < n; j++) out[c + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
    }
    for (; l < k; l++) {
      const a0 = a[p];
      p += columnStride;
      const b0 = bStart + l * n;
      for (let j = 0; j < n; j++) out[c + j] += a0 * b[b0 + j];
    }
  }
}

/** Entry (i, j) of C is the dot product of a row of A and a stored row of B, four of the latter at a time. */
function dotProducts(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  rowStride: number,
  columnStride: number,
  outStart: number,
  aStart: number,
  bStart: number,
): void {
  for (let i = 0; i < m; i++) {
    const first = aStart + i * rowStride;
    let c = outStart + i * n;
    let j = 0;
    for (; j + 3 < n; j += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let q = bStart + j * k;
      for (let l = 0, p = first; l < k; l++, p += columnStride, q++) {
        const x = a[p];
        s0 += x * b[q];
        s1 += x * b[q + k];
        s2 += x * b[q + 2 * k];
        s3 += x * b[q + 3 * k];
      }
      out[c++] = s0;
      out[c++] = s1;
      out[c++] = s2;
      out[c++] = s3;
    }
    for (; j < n; j++) {
      let s = 0;
      let q = bStart + j * k;
      for (let l = 0, p = first; l < k; l++, p += columnStride, q++) s += a[p] * b[q];
      out[c++] = s;
    }
  }
}
