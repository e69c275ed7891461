// What is measured and combined on whole vectors?

/** The largest |xᵢ|; NaN if an entry is NaN. Four at a time, so that a comparison need not wait for the one before it. */
export function maxAbs(x: Float64Array): number {
  const whole = x.length - (x.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a = Math.max(a, Math.abs(x[i]));
    b = Math.max(b, Math.abs(x[i + 1]));
    c = Math.max(c, Math.abs(x[i + 2]));
    d = Math.max(d, Math.abs(x[i + 3]));
  }
  for (let i = whole; i < x.length; i++) a = Math.max(a, Math.abs(x[i]));
  return Math.max(a, b, c, d);
}

/** out = x − y; returns the largest size of an entry, NaN if one is NaN. */
export function subtractMax(out: Float64Array, x: Float64Array, y: Float64Array): number {
  const whole = out.length - (out.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    // One by one: V8 allocates an array that is taken apart in a loop as hot as this.
    const p = x[i] - y[i];
    const q = x[i + 1] - y[i + 1];
    const r = x[i + 2] - y[i + 2];
    const s = x[i + 3] - y[i + 3];
    out[i] = p;
    out[i + 1] = q;
    out[i + 2] = r;
    out[i + 3] = s;
    a = Math.max(a, Math.abs(p));
    b = Math.max(b, Math.abs(q));
    c = Math.max(c, Math.abs(r));
    d = Math.max(d, Math.abs(s));
  }
  for (let i = whole; i < out.length; i++) {
    out[i] = x[i] - y[i];
    a = Math.max(a, Math.abs(out[i]));
  }
  return Math.max(a, b, c, d);
}

/** The largest |xᵢ − yᵢ|; NaN if a difference is NaN. */
export function maxAbsDifference(x: Float64Array, y: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i] - y[i]));
  return largest;
}

/** x·y, in four sums, so that an addition need not wait for the one before it. */
export function dot(x: Float64Array, y: Float64Array): number {
  const whole = x.length - (x.length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += x[i] * y[i];
    b += x[i + 1] * y[i + 1];
    c += x[i + 2] * y[i + 2];
    d += x[i + 3] * y[i + 3];
  }
  for (let i = whole; i < x.length; i++) a += x[i] * y[i];
  return a + b + (c + d);
}

/** out += c·x */
export function addScaled(out: Float64Array, c: number, x: Float64Array): void {
  const whole = out.length - (out.length % 4);
  for (let i = 0; i < whole; i += 4) {
    out[i] += c * x[i];
    out[i + 1] += c * x[i + 1];
    out[i + 2] += c * x[i + 2];
    out[i + 3] += c * x[i + 3];
  }
  for (let i = whole; i < out.length; i++) out[i] += c * x[i];
}

/** out = x/divisor. A loop of its own: V8 compiles those of coroutines less well. */
export function divideBy(out: Float64Array, x: Float64Array, divisor: number): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] / divisor;
}

/** Squares of entries in this range neither overflow nor vanish beside each other. */
const [tiny, huge] = [1e-140, 1e140];

/** ‖x‖₂, also where squares would overflow or vanish. */
export function norm2(x: Float64Array): number {
  const plain = Math.sqrt(dot(x, x));
  if (plain > tiny && plain < huge) return plain;
  const largest = maxAbs(x);
  if (!(largest > 0 && largest < Infinity)) return largest;
  let sum = 0;
  for (const entry of x) sum += (entry / largest) * (entry / largest);
  return largest * Math.sqrt(sum);
}

/** What is left of a vector above this share of it is orthogonal enough to what was taken away. */
const TWICE = 0.7;

/**
 * Takes from x, of ‖x‖₂ = size, its part in the span of the first `count` vectors of an orthonormal basis, and adds the overlaps with them to `overlaps`;
 * once more where little of x is left, since rounding has grown beside it. Returns ‖x‖₂.
 *
 * @source modified Gram–Schmidt; Parlett (1998), "The symmetric eigenvalue problem", section 6.9, after Kahan, for what is enough
 */
export function orthogonalise(
  x: Float64Array,
  size: number,
  basis: readonly Float64Array[],
  count: number,
  overlaps: Float64Array,
): number {
  let length = size;
  for (let pass = 0; pass < 2; pass++) {
    const before = length;
    for (let k = 0; k < count; k++) {
      const overlap = dot(basis[k], x);
      overlaps[k] += overlap;
      addScaled(x, -overlap, basis[k]);
    }
    length = norm2(x);
    if (length > TWICE * before) break;
  }
  return length;
}
