// How does memory move between two layouts?
//
// One side is read or written in order; the other is walked with a stride per axis (0 repeats an entry, a negative
// stride runs backwards). Transposing, broadcasting, slicing and their transposes are all such walks.

/** A walk through memory: how many steps along each axis, how far each step goes, and where it starts. */
export interface Walk {
  readonly sizes: Int32Array;
  readonly strides: Int32Array;
  readonly start: number;
  /** Scratch: the current index along each axis. */
  readonly index: Int32Array;
}

/** Joins axes that one stride can walk together, so that the inner loop is as long as it can be. */
export function makeWalk(sizes: readonly number[], strides: readonly number[], start = 0): Walk {
  const joinedSizes: number[] = [];
  const joinedStrides: number[] = [];
  for (let axis = 0; axis < sizes.length; axis++) {
    if (sizes[axis] === 1) continue;
    const last = joinedSizes.length - 1;
    if (last >= 0 && joinedStrides[last] === strides[axis] * sizes[axis]) {
      joinedSizes[last] *= sizes[axis];
      joinedStrides[last] = strides[axis];
    } else {
      joinedSizes.push(sizes[axis]);
      joinedStrides.push(strides[axis]);
    }
  }
  if (joinedSizes.length === 0) {
    joinedSizes.push(1);
    joinedStrides.push(0);
  }
  return {
    sizes: Int32Array.from(joinedSizes),
    strides: Int32Array.from(joinedStrides),
    start,
    index: new Int32Array(joinedSizes.length),
  };
}

/** Moves to the next row of the walk and returns its first position. */
function nextRow(walk: Walk, position: number): number {
  const { sizes, strides, index } = walk;
  for (let axis = sizes.length - 2; axis >= 0; axis--) {
    position += strides[axis];
    if (++index[axis] < sizes[axis]) return position;
    position -= strides[axis] * sizes[axis];
    index[axis] = 0;
  }
  return position;
}

/** out[in order] = x[along the walk]. */
export function gather(out: Float64Array, x: Float64Array, walk: Walk): void {
  const last = walk.sizes.length - 1;
  const n = walk.sizes[last];
  const stride = walk.strides[last];
  let row = walk.start;
  for (let to = 0; to < out.length; row = nextRow(walk, row)) {
    for (let i = 0, from = row; i < n; i++, from += stride) out[to++] = x[from];
  }
}

/** out[along the walk] = x[in order]; entries that the walk does not touch keep their values. */
export function scatter(out: Float64Array, x: Float64Array, walk: Walk): void {
  const last = walk.sizes.length - 1;
  const n = walk.sizes[last];
  const stride = walk.strides[last];
  let row = walk.start;
  for (let from = 0; from < x.length; row = nextRow(walk, row)) {
    for (let i = 0, to = row; i < n; i++, to += stride) out[to] = x[from++];
  }
}

/** out[along the walk] += x[in order]: repeated positions collect their sum, in the order of x. */
export function collect(out: Float64Array, x: Float64Array, walk: Walk): void {
  const last = walk.sizes.length - 1;
  const n = walk.sizes[last];
  const stride = walk.strides[last];
  let row = walk.start;
  for (let from = 0; from < x.length; row = nextRow(walk, row)) {
    if (stride === 0) {
      out[row] += sumRange(x, from, from + n);
      from += n;
    } else {
      for (let i = 0, to = row; i < n; i++, to += stride) out[to] += x[from++];
    }
  }
}

/**
 * The sum of x[start … end − 1], by halves: the error grows with the logarithm of the length, not with the length. Up to 128
 * entries are added in four sums, so that an addition need not wait for the one before it.
 *
 * @source Higham (1993), "The accuracy of floating point summation", section 3 (pairwise summation)
 */
export function sumRange(x: Float64Array, start: number, end: number): number {
  if (end - start <= 128) {
    const whole = start + ((end - start) & -4);
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = start; i < whole; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    for (let i = whole; i < end; i++) a += x[i];
    return a + b + (c + d);
  }
  const middle = start + ((end - start) >> 1);
  return sumRange(x, start, middle) + sumRange(x, middle, end);
}
