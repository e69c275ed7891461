// How are entries found, moved and summed along one axis, by their positions on it?
//
// The axis has n entries; each of them is a run of `inner` numbers, and the whole repeats for every index of the axes
// before it. Negative indices count from the end.

/** Where the first index stands that is not an integer from −n to n − 1; −1 if all are. */
export function findBadIndex(indices: ArrayLike<number>, n: number): number {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!Number.isInteger(index) || index < -n || index >= n) return i;
  }
  return -1;
}

/** out[…, j, …] = x[…, indices[j], …] */
export function takeAlong(out: Float64Array, x: Float64Array, indices: Float64Array, n: number, inner: number): void {
  let to = 0;
  for (let block = 0; to < out.length; block += n * inner) {
    for (let j = 0; j < indices.length; j++) {
      const index = indices[j];
      const from = block + (index < 0 ? index + n : index) * inner;
      for (let i = 0; i < inner; i++) out[to++] = x[from + i];
    }
  }
}

/** out[…, indices[j], …] = Σ x[…, j, …] over all such j, in their order; 0 where there is none. */
export function scatterAlong(
  out: Float64Array,
  x: Float64Array,
  indices: Float64Array,
  n: number,
  inner: number,
): void {
  out.fill(0);
  let from = 0;
  for (let block = 0; from < x.length; block += n * inner) {
    for (let j = 0; j < indices.length; j++) {
      const index = indices[j];
      const to = block + (index < 0 ? index + n : index) * inner;
      for (let i = 0; i < inner; i++) out[to + i] += x[from++];
    }
  }
}

/** out[j, k] = 1 where k = indices[j], else 0; a row has n entries. */
export function oneHotRows(out: Float64Array, indices: Float64Array, n: number): void {
  out.fill(0);
  for (let j = 0; j < indices.length; j++) out[j * n + (indices[j] < 0 ? indices[j] + n : indices[j])] = 1;
}

/** out[…, j, …] = x[…, 0, …] + … + x[…, j, …]; in reverse, x[…, n − 1, …] + … + x[…, j, …]. */
export function cumulate(out: Float64Array, x: Float64Array, n: number, inner: number, reverse: boolean): void {
  const step = reverse ? -inner : inner;
  for (let block = 0; block < x.length; block += n * inner) {
    let at = reverse ? block + (n - 1) * inner : block;
    for (let i = 0; i < inner; i++) out[at + i] = x[at + i];
    for (let j = 1; j < n; j++) {
      at += step;
      for (let i = 0; i < inner; i++) out[at + i] = out[at + i - step] + x[at + i];
    }
  }
}

/** Where the first knot stands that is not above the one before it; 0 if they all ascend. */
export function findDescent(knots: Float64Array): number {
  for (let i = 1; i < knots.length; i++) if (!(knots[i] > knots[i - 1])) return i;
  return 0;
}

/**
 * The interval in which each x lies: the last j ≤ knots.length − 2 with knots[j] ≤ x, by bisection, and 0 if x lies
 * before them all.
 */
export function locateEach(out: Float64Array, x: Float64Array, knots: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    let low = 0;
    let high = knots.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x[i] >= knots[middle]) low = middle;
      else high = middle;
    }
    out[i] = low;
  }
}
