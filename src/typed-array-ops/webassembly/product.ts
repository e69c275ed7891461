// How is a large product of matrices computed in WebAssembly?
//
// The module has a memory of its own. Blocks of A and B are copied there, packed there, and multiplied into a block of C,
// which is copied out: that is of the order of n² beside n³. The sums are those of packedProduct, two at a time.
import { type Instance, instantiate, webAssemblyIsWanted } from "./engine.js";
import { FIVE, productModule, TILE } from "./product-kernels.js";

const ROWS = 512;
const COLUMNS = 512;
const DEPTH = 256;

/** Row panels that are multiplied at a time: they stay in the second cache. */
const CACHED = 24;

/** Where each block starts in the memory, in numbers. Kernels read and write whole tiles, so there is a margin. */
const MARGIN = 4 * DEPTH;
const A = 0;
const B = A + ROWS * DEPTH + MARGIN;
const A_PANELS = B + COLUMNS * DEPTH + MARGIN;
const B_PANELS = A_PANELS + ROWS * DEPTH;
const C = B_PANELS + COLUMNS * DEPTH;
const SIZE = C + ROWS * COLUMNS;

type Product = Instance<"pack" | "multiply" | "close">;

let product: Product | null | undefined;
/** The kernels for panels of five rows, which are written when there are some: the first product should not wait for them. */
let five: Product["run"] | undefined;

/** C = A·B, as matmul, for m, n, k ≥ 1; false where there is no WebAssembly or it is not wanted, and nothing was done. */
export function productInWebAssembly(
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
): boolean {
  if (!webAssemblyIsWanted()) return false;
  if (product === undefined) product = instantiate(productModule(TILE), SIZE, C) ?? null;
  if (product === null) return false;
  const { memory, run } = product;
  for (let row = 0; row < m; row += ROWS) {
    const rows = Math.min(ROWS, m - row);
    // Panels of four rows, and of five for what four leave over: then no row is computed in vain.
    const fives = rows >= FIVE * (rows % TILE) ? rows % TILE : 0;
    const rowPanels = Math.ceil((rows - FIVE * fives) / TILE);
    const first = rowPanels * TILE; // row of the panels of five
    if (fives > 0) five ??= product.more(productModule(FIVE));
    for (let column = 0; column < n; column += COLUMNS) {
      const columns = Math.min(COLUMNS, n - column);
      const width = TILE * Math.ceil(columns / TILE);
      for (let level = 0; level < k; level += DEPTH) {
        const depth = Math.min(DEPTH, k - level);
        if (aTransposed) copyIn(memory, A, a, aStart + level * m + row, depth, rows, m);
        else copyIn(memory, A, a, aStart + row * k + level, rows, depth, k);
        if (bTransposed) copyIn(memory, B, b, bStart + column * k + level, columns, depth, k);
        else copyIn(memory, B, b, bStart + level * n + column, depth, columns, n);
        const [adjacent, apart] = [8, 8 * depth];
        const [across, along] = aTransposed ? [adjacent, 8 * rows] : [apart, 8];
        if (rowPanels > 0) run.pack(8 * A_PANELS, 8 * A, rowPanels, depth, across, along);
        const fiveAt = 8 * (A_PANELS + first * depth);
        if (fives > 0) five?.pack(fiveAt, 8 * A + first * across, fives, depth, across, along);
        if (bTransposed) run.pack(8 * B_PANELS, 8 * B, width / TILE, depth, apart, 8);
        else run.pack(8 * B_PANELS, 8 * B, width / TILE, depth, adjacent, 8 * columns);
        for (let panel = 0; panel < rowPanels; panel += CACHED) {
          const panels = Math.min(CACHED, rowPanels - panel);
          const from = 8 * (A_PANELS + panel * TILE * depth);
          const to = 8 * (C + panel * TILE * width);
          run.multiply(panels, width / TILE, depth, from, 8 * B_PANELS, to, 8 * width, level > 0 ? 1 : 0);
        }
        if (fives > 0) {
          const to = 8 * (C + first * width);
          five?.multiply(fives, width / TILE, depth, fiveAt, 8 * B_PANELS, to, 8 * width, level > 0 ? 1 : 0);
        }
      }
      copyOut(out, outStart + row * n + column, n, product, rows, columns, width);
    }
  }
  return true;
}

/** Rows of a matrix to `to`, one after the other. */
function copyIn(
  memory: Float64Array,
  to: number,
  x: Float64Array,
  start: number,
  rows: number,
  columns: number,
  stride: number,
): void {
  if (rows * columns === x.length) {
    memory.set(x, to);
    return;
  }
  for (let i = 0; i < rows; i++) {
    const from = (start + i * stride) | 0;
    const at = (to + i * columns) | 0;
    for (let j = 0; j < columns; j++) memory[(at + j) | 0] = x[(from + j) | 0];
  }
}

/** The rows of C, which are `width` numbers apart in the memory. */
function copyOut(
  out: Float64Array,
  start: number,
  stride: number,
  { memory, run, results }: Product,
  rows: number,
  columns: number,
  width: number,
): void {
  if (columns === stride) {
    if (columns < width) run.close(8 * C, 8 * C, rows, (columns + 1) >> 1, 8 * columns, 8 * width);
    out.set(results(rows * columns), start);
    return;
  }
  for (let i = 0; i < rows; i++) {
    const to = (start + i * stride) | 0;
    const from = (C + i * width) | 0;
    for (let j = 0; j < columns; j++) out[(to + j) | 0] = memory[(from + j) | 0];
  }
}
