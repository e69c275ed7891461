// How are matrices multiplied in a few lines, without packing?

/** C = A·B with m rows, n columns and k products per entry; a transposed operand is stored as its transpose. */
export type Product = (
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  aTransposed: boolean,
  bTransposed: boolean,
) => void;

export function transpose(out: Float64Array, a: Float64Array, m: number, n: number): void {
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j];
}

/** out ← A B for A [m, k] and B [k, n], four rows of B in one pass. */
export function fourRows(out: Float64Array, a: Float64Array, b: Float64Array, m: number, n: number, k: number): void {
  out.fill(0);
  for (let i = 0; i < m; i++) {
    const to = i * n;
    let l = 0;
    for (; l + 3 < k; l += 4) {
      const a0 = a[i * k + l];
      const a1 = a[i * k + l + 1];
      const a2 = a[i * k + l + 2];
      const a3 = a[i * k + l + 3];
      const row = l * n;
      for (let j = 0; j < n; j++) {
        out[to + j] += a0 * b[row + j] + a1 * b[row + n + j] + a2 * b[row + 2 * n + j] + a3 * b[row + 3 * n + j];
      }
    }
    for (; l < k; l++) {
      const a0 = a[i * k + l];
      for (let j = 0; j < n; j++) out[to + j] += a0 * b[l * n + j];
    }
  }
}

/** Products of operands that are turned first, in memory that is made once for the largest of them. */
export function makePlainProduct(largest: number): Product {
  const [turnedA, turnedB] = [new Float64Array(largest), new Float64Array(largest)];
  return (out, a, b, m, n, k, aTransposed, bTransposed) => {
    if (aTransposed) transpose(turnedA, a, k, m);
    if (bTransposed) transpose(turnedB, b, n, k);
    fourRows(out, aTransposed ? turnedA : a, bTransposed ? turnedB : b, m, n, k);
  };
}
