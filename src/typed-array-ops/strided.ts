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

/** Joins axes that one stride can walk together, so that the inner loop is as long as it can be. There are two or more. */
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
  while (joinedSizes.length < 2) {
    joinedSizes.unshift(1);
    joinedStrides.unshift(0);
  }
  return {
    sizes: Int32Array.from(joinedSizes),
    strides: Int32Array.from(joinedStrides),
    start,
    index: new Int32Array(joinedSizes.length),
  };
}

/** Moves to the next matrix of the walk, which its last two axes make up, and returns its first position. */
function nextMatrix(walk: Walk, position: number): number {
  const { sizes, strides, index } = walk;
  for (let axis = sizes.length - 3; axis >= 0; axis--) {
    position += strides[axis];
    if (++index[axis] < sizes[axis]) return position;
    position -= strides[axis] * sizes[axis];
    index[axis] = 0;
  }
  return position;
}

/** Measured: from so many entries on, the engine's own fill and copy are faster than a loop. Views would be made for parts. */
const LONG = 32;

/** out[in order] = x[along the walk]. */
export function gather(out: Float64Array, x: Float64Array, walk: Walk): void {
  const { sizes, strides, index, start } = walk;
  const last = sizes.length - 1;
  const n = sizes[last];
  const stride = strides[last];
  const down = strides[last - 1];
  // What the first axis repeats is gathered once, and copied.
  const repeats = strides[0] === 0 && out.length > 4 * LONG;
  const end = repeats ? out.length / sizes[0] : out.length;
  const rows = Math.min(sizes[last - 1], end / n);
  let to = 0;
  for (let matrix = start; to < end; matrix = nextMatrix(walk, matrix)) {
    for (let i = 0, row = matrix; i < rows; i++, row += down) {
      const stop = to + n;
      if (stride === 0 && n >= LONG) out.fill(x[row], to, stop);
      else if (stride === 1 && n >= LONG && n === x.length) out.set(x, to);
      else for (let from = row; to < stop; from += stride) out[to++] = x[from];
      to = stop;
    }
  }
  if (!repeats) return;
  index.fill(0);
  for (; to < out.length; to *= 2) out.copyWithin(to, 0, to);
}

/** out[along the walk] = x[in order]; entries that the walk does not touch keep their values. */
export function scatter(out: Float64Array, x: Float64Array, walk: Walk): void {
  const { sizes, strides, start } = walk;
  const last = sizes.length - 1;
  const n = sizes[last];
  const stride = strides[last];
  const rows = sizes[last - 1];
  const down = strides[last - 1];
  let from = 0;
  for (let matrix = start; from < x.length; matrix = nextMatrix(walk, matrix)) {
    for (let i = 0, row = matrix; i < rows; i++, row += down) {
      const stop = from + n;
      if (stride === 1 && n >= LONG && n === x.length) out.set(x, row);
      else for (let to = row; from < stop; to += stride) out[to] = x[from++];
      from = stop;
    }
  }
}

/** out[along the walk] += x[in order]: repeated positions collect their sum, in the order of x. */
export function collect(out: Float64Array, x: Float64Array, walk: Walk): void {
  const { sizes, strides, start } = walk;
  const last = sizes.length - 1;
  const n = sizes[last];
  const stride = strides[last];
  const rows = sizes[last - 1];
  const down = strides[last - 1];
  let from = 0;
  for (let matrix = start; from < x.length; matrix = nextMatrix(walk, matrix)) {
    let i = 0;
    // Four rows that add to the same entries, one after the other, while these are in registers.
    for (; down === 0 && stride !== 0 && i + 4 <= rows; i += 4, from += 3 * n) {
      for (let to = matrix, stop = from + n; from < stop; from++, to += stride) {
        out[to] = out[to] + x[from] + x[from + n] + x[from + 2 * n] + x[from + 3 * n];
      }
    }
    for (let row = matrix + i * down; i < rows; i++, row += down) {
      const stop = from + n;
      if (stride === 0) out[row] += n > SHORT ? sumRange(x, from, stop) : sumShort(x, from, stop);
      else for (let to = row; from < stop; to += stride) out[to] += x[from++];
      from = stop;
    }
  }
}

const SHORT = 128;

function sumShort(x: Float64Array, start: number, end: number): number {
  const whole = start + ((end - start) & -4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = start; i < whole; i += 4) {
    a += x[i];
    b += x[i + 1];
    c += x[i + 2];
    d += x[i + 3];
  }
  for (let i = whole; i < end; i++) a += x[i];
  return a + b + (c + d);
}

/**
 * The sum of x[start … end − 1], by halves: the error grows with the logarithm of the length, not with the length. Up to 128
 * entries are added in four sums, so that an addition need not wait for the one before it.
 *
 * @source Higham (1993), "The accuracy of floating point summation", section 3 (pairwise summation)
 */
export function sumRange(x: Float64Array, start: number, end: number): number {
  if (end - start <= SHORT) return sumShort(x, start, end);
  const middle = start + ((end - start) >> 1);
  return sumRange(x, start, middle) + sumRange(x, middle, end);
}
