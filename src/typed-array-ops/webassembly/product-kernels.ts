// What runs in WebAssembly when matrices are multiplied?
import { assemble, type Code, type FunctionSource } from "./encoding.js";
import {
  addVectors,
  advance,
  choose,
  get,
  integer,
  loadNumber,
  loadTwice,
  loadVector,
  makeFunction,
  multiplyVectors,
  repeat,
  set,
  storeNumber,
  storeVector,
  zeros,
} from "./instructions.js";

/** Columns of C that are computed together, with four rows, or five: eight vectors of two stay in registers, or ten. */
export const TILE = 4;
export const FIVE = 5;

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/**
 * pack(to, from, panels, depth, across, along): panels of so many lines of a matrix, in which the entries stand in the order in
 * which they are read. `across` is the distance between lines, `along` that within a line, both in bytes.
 */
const packing = (lines: number): FunctionSource =>
  makeFunction(6, (scope, to, from, panels, depth, across, along) => {
    const [line, level, at] = [scope.integer(), scope.integer(), scope.integer()];
    scope.write(
      repeat(
        panels,
        [get(depth), set(level), get(from), set(at)],
        repeat(
          level,
          [get(at), set(line)],
          upTo(lines).map((i) => [
            [get(to), get(line), loadNumber(0), storeNumber(8 * i)],
            i < lines - 1 ? advance(line, get(across)) : [],
          ]),
          advance(to, integer(8 * lines)),
          advance(at, get(along)),
        ),
        upTo(lines).map(() => advance(from, get(across))),
      ),
    );
  });

/**
 * multiply(rowPanels, columnPanels, depth, a, b, c, cRow, resume): C = A·B in tiles of so many rows and 4 columns, `depth`
 * products for each entry, one after the other; or C += A·B to resume. The rows of C are `cRow` bytes apart.
 */
const multiplying = (height: number): FunctionSource =>
  makeFunction(8, (scope, rowPanels, columnPanels, depth, a, b, c, cRow, resume) => {
    const [rows, level, p, q, tile, line] = upTo(6).map(scope.integer);
    const sums = upTo(2 * height).map(scope.vector);
    const [left, right, factor] = upTo(3).map(scope.vector);
    const eachOfTile = (code: (sum: number, half: number) => Code): Code => [
      [get(tile), set(line)],
      upTo(height).map((row) => [code(sums[2 * row], 0), code(sums[2 * row + 1], 1), advance(line, get(cRow))]),
    ];
    scope.write(
      repeat(
        columnPanels,
        [get(rowPanels), set(rows), get(a), set(p), get(c), set(tile)],
        repeat(
          rows,
          [get(depth), set(level), get(b), set(q)],
          choose(
            get(resume),
            eachOfTile((sum, half) => [get(line), loadVector(16 * half), set(sum)]),
            eachOfTile((sum) => [zeros(), set(sum)]),
          ),
          repeat(
            level,
            [get(q), loadVector(0), set(left), get(q), loadVector(16), set(right)],
            upTo(height).map((row) => [
              [get(p), loadTwice(8 * row), set(factor)],
              [left, right].map((columns, half) => [
                [get(sums[2 * row + half]), get(factor), get(columns), multiplyVectors(), addVectors()],
                set(sums[2 * row + half]),
              ]),
            ]),
            advance(p, integer(8 * height)),
            advance(q, integer(8 * TILE)),
          ),
          eachOfTile((sum, half) => [get(line), get(sum), storeVector(16 * half)]),
          [get(line), set(tile)],
        ),
        [get(q), set(b)],
        advance(c, integer(8 * TILE)),
      ),
    );
  });

/**
 * close(to, from, rows, pairs, row, width): moves rows of so many pairs of numbers, `width` bytes apart, until they are
 * `row` bytes apart. A row may end within a pair: what is one too many is overwritten by the next row.
 */
const closing = (): FunctionSource =>
  makeFunction(6, (scope, to, from, rows, pairs, row, width) => {
    const [at, line, left] = upTo(3).map(scope.integer);
    scope.write(
      repeat(
        rows,
        [get(to), set(at), get(from), set(line), get(pairs), set(left)],
        repeat(
          left,
          [get(at), get(line), loadVector(0), storeVector(0)],
          advance(at, integer(16)),
          advance(line, integer(16)),
        ),
        advance(to, get(row)),
        advance(from, get(width)),
      ),
    );
  });

/** The bytes of the module for tiles of so many rows. */
export const productModule = (height: number): Uint8Array =>
  assemble([
    ["pack", packing(height)],
    ["multiply", multiplying(height)],
    ["close", closing()],
  ]);
