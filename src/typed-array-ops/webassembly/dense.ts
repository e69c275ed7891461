// How are matrices multiplied where they lie in the memory of WebAssembly, their rows summed, and how far apart are two of them?
//
// The sizes are known when the code is written, so distances between entries are constants in it. C is computed in tiles of
// 4×4 entries, which stay in registers; where that pays, B stands in panels of 4 columns, each panel whole. An entry of C is its
// products one after the other, as in `matmul`.
import type { Code, FunctionSource } from "./encoding.js";
import {
  addVectors,
  advance,
  choose,
  difference,
  dividedBy,
  get,
  integer,
  largerNumber,
  loadHalf,
  loadSecond,
  loadTwice,
  loadVector,
  makeFunction,
  minusInteger,
  multiplyVectors,
  plusInteger,
  remainderBy,
  repeat,
  select,
  set,
  size,
  storeHalf,
  storeVector,
  sum,
  timesInteger,
  when,
  zeros,
} from "./instructions.js";
import { TILE, upTo } from "./product-kernels.js";

export interface ProductSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Whether B stands in panels, as `packFunction` leaves it. */
  readonly packed?: boolean;
}

/** So many products of each entry are added at a time: that much of all panels stays in the second cache. */
const DEPTH = 256;

/** B of so many numbers stays in the first cache as it is. */
const SMALL = 2048;

/** Whether B is packed, in panels of 4 columns, before it is read: it pays if it is read often and is large, or would be read across. */
export const isPacked = ({ m, n, k, transposeB }: ProductSizes): boolean =>
  m >= 8 && (transposeB || n * Math.min(k, DEPTH) > SMALL);

/** Numbers that B in panels takes: the last panel may be narrower. */
export const packedSizeOf = ({ n, k }: ProductSizes): number => (n + (n & 1)) * k;

const halvesOf = (width: number): number[] => upTo((width + 1) >> 1);

/** Two entries of a row of B from column `column` on, or its last one; rows are read from `place`. */
function pairOf({ k, transposeB }: ProductSizes, place: number, column: number, width: number): Code {
  const bColumn = transposeB ? 8 * k : 8;
  if (column + 1 >= width) return [get(place), loadHalf(column * bColumn)];
  if (!transposeB) return [get(place), loadVector(column * bColumn)];
  return [get(place), [get(place), loadHalf(column * bColumn)], loadSecond((column + 1) * bColumn)];
}

/** Code for each panel of a matrix of n columns: those of 4 one after the other, and the last one, which may be narrower. */
function eachPanel(n: number, counter: number, panel: (width: number) => Code): Code {
  const [full, narrow] = [n >> 2, n & 3];
  return [full > 0 ? [integer(full), set(counter), repeat(counter, panel(TILE))] : [], narrow > 0 ? panel(narrow) : []];
}

/** (b, to, panels, last): so many panels of 4 columns of B, and the last one, which is narrower, unless `last` is 0. */
export const packFunction = ({ n, k, ...sizes }: ProductSizes): FunctionSource =>
  makeFunction(4, (scope, b, to, panels, last) => {
    const [bRow, bColumn] = sizes.transposeB ? [8, 8 * k] : [8 * n, 8];
    const [level, p] = upTo(2).map(scope.integer);
    const panel = (width: number): Code => [
      [get(b), set(p), integer(k), set(level)],
      repeat(
        level,
        halvesOf(width).map((half) => [
          get(to),
          pairOf({ n, k, ...sizes }, p, 2 * half, width),
          storeVector(16 * half),
        ]),
        advance(to, integer(16 * halvesOf(width).length)),
        advance(p, integer(bRow)),
      ),
      advance(b, integer(TILE * bColumn)),
    ];
    scope.write(when(get(panels), repeat(panels, panel(TILE))), n & 3 ? when(get(last), panel(n & 3)) : []);
  });

/** (a, b, c, rows): so many rows of C = A·B; a and c point to the first of them. */
export function productFunction(sizes: ProductSizes): FunctionSource {
  const { m, n, k, transposeA, transposeB, packed } = sizes;
  const [aRow, aColumn] = transposeA ? [8, 8 * m] : [8 * k, 8];
  const [bRow, bColumn] = transposeB ? [8, 8 * k] : [8 * n, 8];
  const levels = Math.ceil(k / DEPTH);
  const last = k - (levels - 1) * DEPTH;

  return makeFunction(4, (scope, a, b, c, rows) => {
    const [cut, done, depth, level, panels, tiles] = upTo(6).map(scope.integer);
    const [from, p, q, line] = upTo(4).map(scope.integer);
    const sums = upTo(2 * TILE).map(scope.vector);
    const columns = [scope.vector(), scope.vector()];
    const factor = scope.vector();

    /** A tile of so many rows and columns, from where `line`, `a` and `from` point, and from the terms that are not done on. */
    const tile = (height: number, width: number): Code => {
      const halves = halvesOf(width);
      const [step, distance] = packed ? [16 * halves.length, 16 * halves.length * k] : [bRow, TILE * bColumn];
      const eachSum = (code: (sum: number, offset: number, whole: boolean) => Code): Code =>
        upTo(height).map((row) =>
          halves.map((half) => code(sums[2 * row + half], 8 * n * row + 16 * half, 2 * half + 1 < width)),
        );
      const begin = eachSum((sum) => [zeros(), set(sum)]);
      const resume = eachSum((sum, offset, whole) => [
        [get(line), whole ? loadVector(offset) : loadHalf(offset)],
        set(sum),
      ]);
      return [
        [get(a), set(p), get(depth), set(level)],
        [plusInteger(get(from), timesInteger(get(done), integer(step))), set(q)],
        levels > 1 ? choose(get(done), resume, begin) : begin,
        repeat(
          level,
          halves.map((half) => [
            packed ? [get(q), loadVector(16 * half)] : pairOf(sizes, q, 2 * half, width),
            set(columns[half]),
          ]),
          upTo(height).map((row) => [
            [get(p), loadTwice(row * aRow), set(factor)],
            halves.map((half) => [
              [get(sums[2 * row + half]), get(factor), get(columns[half]), multiplyVectors(), addVectors()],
              set(sums[2 * row + half]),
            ]),
          ]),
          advance(p, integer(aColumn)),
          advance(q, integer(step)),
        ),
        eachSum((sum, offset, whole) => [get(line), get(sum), whole ? storeVector(offset) : storeHalf(offset)]),
        advance(line, integer(8 * TILE)),
        advance(from, integer(distance)),
      ];
    };
    const rowOfTiles = (height: number): Code => [
      [get(c), set(line), get(b), set(from)],
      eachPanel(n, panels, (width) => tile(height, width)),
      advance(a, integer(height * aRow)),
      advance(c, integer(8 * n * height)),
    ];
    const allRows: Code = [
      [dividedBy(2, get(rows)), set(tiles)],
      when(get(tiles), repeat(tiles, rowOfTiles(TILE))),
      m & 3 ? when(remainderBy(2, get(rows)), rowOfTiles(m & 3)) : [],
    ];
    if (levels === 1) {
      scope.write([integer(k), set(depth)], allRows);
      return;
    }
    const [aFirst, cFirst] = [scope.integer(), scope.integer()];
    scope.write(
      [get(a), set(aFirst), get(c), set(cFirst), integer(levels), set(cut)],
      repeat(
        cut,
        [select(minusInteger(get(cut), integer(1)), integer(DEPTH), integer(last)), set(depth)],
        allRows,
        advance(done, integer(DEPTH)),
        advance(aFirst, integer(DEPTH * aColumn)),
        [get(aFirst), set(a), get(cFirst), set(c)],
      ),
    );
  });
}

/** Columns whose sums are computed together. */
const TOGETHER = 8;

/** (x, out, columns): out[j] = Σ x[i, j] over `rows` rows of `n` numbers, the first of them first. */
export const sumRowsFunction = (rows: number, n: number): FunctionSource =>
  makeFunction(3, (scope, x, out, columns) => {
    const [panels, level, p] = upTo(3).map(scope.integer);
    const sums = upTo(TOGETHER / 2).map(scope.vector);
    const panel = (width: number): Code => {
      const halves = upTo((width + 1) >> 1);
      const whole = (half: number): boolean => 2 * half + 1 < width;
      return [
        [get(x), set(p), integer(rows), set(level)],
        halves.map((half) => [zeros(), set(sums[half])]),
        repeat(
          level,
          halves.map((half) => [
            [get(sums[half]), get(p), whole(half) ? loadVector(16 * half) : loadHalf(16 * half), addVectors()],
            set(sums[half]),
          ]),
          advance(p, integer(8 * n)),
        ),
        halves.map((half) => [get(out), get(sums[half]), whole(half) ? storeVector(16 * half) : storeHalf(16 * half)]),
        advance(x, integer(8 * TOGETHER)),
        advance(out, integer(8 * TOGETHER)),
      ];
    };
    scope.write(
      [dividedBy(3, get(columns)), set(panels)],
      when(get(panels), repeat(panels, panel(TOGETHER))),
      n % TOGETHER > 0 ? when(remainderBy(3, get(columns)), panel(n % TOGETHER)) : [],
    );
  });

/** Numbers that `gapFunction` leaves for each row. */
export const MARKS = 4;

/** (x, y, out, rows): for each row of `n` numbers the two largest |x[j] − y[j]| of its pairs, and two sums of x[j] − y[j], which see what is not finite. */
export const gapFunction = (n: number): FunctionSource =>
  makeFunction(4, (scope, x, y, out, rows) => {
    const panels = scope.integer();
    const gap = scope.vector();
    const [largest, sums] = [upTo(2).map(scope.vector), upTo(2).map(scope.vector)];
    const panel = (width: number): Code => [
      halvesOf(width).map((half) => {
        const load = 2 * half + 1 < width ? loadVector(16 * half) : loadHalf(16 * half);
        return [
          [difference([get(x), load], [get(y), load]), set(gap)],
          [largerNumber(get(largest[half]), size(get(gap))), set(largest[half])],
          [sum(get(sums[half]), get(gap)), set(sums[half])],
        ];
      }),
      advance(x, integer(8 * width)),
      advance(y, integer(8 * width)),
    ];
    scope.write(
      repeat(
        rows,
        [...largest, ...sums].map((one) => [zeros(), set(one)]),
        eachPanel(n, panels, panel),
        [get(out), largerNumber(get(largest[0]), get(largest[1])), storeVector(0)],
        [get(out), sum(get(sums[0]), get(sums[1])), storeVector(16)],
        advance(out, integer(8 * MARKS)),
      ),
    );
  });
