// How are matrices multiplied where they lie in the memory of WebAssembly, and their rows summed?
//
// The sizes are known when the code is written, so distances between entries are constants in it. C is computed in tiles of
// 4×4 entries, which stay in registers; B is packed in panels of 4 columns where that pays. An entry of C is its products
// one after the other, as in `matmul`.
import type { Code, FunctionSource } from "./encoding.js";
import {
  addVectors,
  advance,
  choose,
  dividedBy,
  get,
  integer,
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
  type Scope,
  select,
  set,
  storeHalf,
  storeVector,
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
  /** Whether B stands in panels already, as `packFunction` leaves it. */
  readonly packed?: boolean;
}

/** So many products of an entry are added before the next panels are packed. */
const DEPTH = 256;

/** B of so many numbers stays in the first cache as it is. */
const SMALL = 2048;

/** Whether B is packed, in panels of 4 columns, before it is read: it pays if it is read often and is large, or would be read across. */
export const isPacked = ({ m, n, k, transposeB }: ProductSizes): boolean =>
  m >= 8 && (transposeB || n * Math.min(k, DEPTH) > SMALL);

/** How many numbers a row of the panels has: the last panel may be narrower. */
const panelWidth = (n: number): number => n + (n & 1);

/** Numbers of scratch memory that a product needs, and those of B in panels. */
export const scratchOf = (sizes: ProductSizes): number =>
  isPacked(sizes) && !sizes.packed ? panelWidth(sizes.n) * Math.min(sizes.k, DEPTH) : 0;
export const packedSizeOf = ({ n, k }: ProductSizes): number => panelWidth(n) * k;

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

/** Code that packs `depth` rows of B, which begin at `from`, to `to`; moves both on. */
function packing(scope: Scope, sizes: ProductSizes, from: number, to: number, depth: number): Code {
  const [bRow, bColumn] = sizes.transposeB ? [8, 8 * sizes.k] : [8 * sizes.n, 8];
  const [level, panels, p] = upTo(3).map(scope.integer);
  return eachPanel(sizes.n, panels, (width) => [
    [get(from), set(p), get(depth), set(level)],
    repeat(
      level,
      halvesOf(width).map((half) => [get(to), pairOf(sizes, p, 2 * half, width), storeVector(16 * half)]),
      advance(to, integer(16 * halvesOf(width).length)),
      advance(p, integer(bRow)),
    ),
    advance(from, integer(TILE * bColumn)),
  ]);
}

/** (b, to): B in panels, for products that find it so. */
export const packFunction = (sizes: ProductSizes): FunctionSource =>
  makeFunction(2, (scope, b, to) => {
    const [depth, from] = [scope.integer(), scope.integer()];
    const bRow = sizes.transposeB ? 8 : 8 * sizes.n;
    for (let start = 0; start < sizes.k; start += DEPTH) {
      scope.write(
        [integer(Math.min(DEPTH, sizes.k - start)), set(depth)],
        [plusInteger(get(b), integer(start * bRow)), set(from)],
        packing(scope, sizes, from, to, depth),
      );
    }
  });

/** (a, b, c, rows, scratch): so many rows of C = A·B; a and c point to the first of them. */
export function productFunction(sizes: ProductSizes): FunctionSource {
  const { m, n, k, transposeA, transposeB } = sizes;
  const [aRow, aColumn] = transposeA ? [8, 8 * m] : [8 * k, 8];
  const [bRow, bColumn] = transposeB ? [8, 8 * k] : [8 * n, 8];
  const packed = sizes.packed || isPacked(sizes);
  const levels = Math.ceil(k / DEPTH);
  const last = k - (levels - 1) * DEPTH;

  return makeFunction(5, (scope, a, b, c, rows, scratch) => {
    const [cut, resume, depth, level, panels, tiles] = upTo(6).map(scope.integer);
    const [from, to, p, q, line] = upTo(5).map(scope.integer);
    const sums = upTo(2 * TILE).map(scope.vector);
    const columns = [scope.vector(), scope.vector()];
    const factor = scope.vector();

    /** A tile of so many rows and columns, from where `line`, `a` and `from` or `q` point. */
    const tile = (height: number, width: number): Code => {
      const halves = halvesOf(width);
      const eachSum = (code: (sum: number, offset: number, whole: boolean) => Code): Code =>
        upTo(height).map((row) =>
          halves.map((half) => code(sums[2 * row + half], 8 * n * row + 16 * half, 2 * half + 1 < width)),
        );
      return [
        [get(a), set(p), get(depth), set(level)],
        packed ? [] : [get(from), set(q)],
        choose(
          get(resume),
          eachSum((sum, offset, whole) => [get(line), whole ? loadVector(offset) : loadHalf(offset), set(sum)]),
          eachSum((sum) => [zeros(), set(sum)]),
        ),
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
          advance(q, integer(packed ? 16 * halves.length : bRow)),
        ),
        eachSum((sum, offset, whole) => [get(line), get(sum), whole ? storeVector(offset) : storeHalf(offset)]),
        advance(line, integer(8 * TILE)),
        packed ? [] : advance(from, integer(TILE * bColumn)),
      ];
    };
    const inPanels = sizes.packed ? b : scratch;
    const rowOfTiles = (height: number): Code => [
      [get(c), set(line)],
      packed ? [get(inPanels), set(q)] : [get(b), set(from)],
      eachPanel(n, panels, (width) => tile(height, width)),
      advance(a, integer(height * aRow)),
      advance(c, integer(8 * n * height)),
    ];
    const allRows: Code = [
      [dividedBy(2, get(rows)), set(tiles)],
      when(get(tiles), repeat(tiles, rowOfTiles(TILE))),
      m & 3 ? when(remainderBy(2, get(rows)), rowOfTiles(m & 3)) : [],
    ];
    const packAll: Code =
      packed && !sizes.packed
        ? [[get(b), set(from), get(scratch), set(to)], packing(scope, sizes, from, to, depth)]
        : [];
    if (levels === 1) {
      scope.write([integer(k), set(depth)], packAll, allRows);
      return;
    }
    const [aFirst, cFirst] = [scope.integer(), scope.integer()];
    scope.write(
      [get(a), set(aFirst), get(c), set(cFirst), integer(levels), set(cut)],
      repeat(
        cut,
        [select(minusInteger(get(cut), integer(1)), integer(DEPTH), integer(last)), set(depth)],
        packAll,
        allRows,
        [integer(1), set(resume)],
        advance(aFirst, integer(DEPTH * aColumn)),
        advance(b, integer(DEPTH * (sizes.packed ? 8 * panelWidth(n) : bRow))),
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
