// Into which windows is a trajectory cut?
import type { Blocks } from "../typed-array-ops/index.js";

/** Windows hold whole blocks; where a block is one node, they have one of a few sizes, for each of which the field is compiled. */
export interface Windows {
  /** All the numbers of nodes that a window may have. */
  readonly sizes: readonly number[];
  /** How many nodes of the next window, when `done` nodes are solved, at most as many as the level says; level 0 is the largest. */
  next(done: number, transposed: boolean, level: number): number;
  /** The levels; at the last one a window cannot be cut. */
  readonly levels: number;
}

/** A window of single nodes has at most so many, and a trajectory of hardly more is one window. */
const [LARGEST, SHORT] = [32, 40];

/**
 * Windows for blocks: one for each block, or for single nodes up to `largest` of them.
 *
 * @example makeWindows(gradedMesh(2).blocks, 2).next(0, false, 0) // → 2
 */
export function makeWindows({ start, end }: Blocks, largest: number | undefined): Windows {
  const nodes = start.length;
  if (end.some((stop, n) => stop !== n + 1)) {
    const sizeAt = (n: number): number => end[n] - start[n];
    return {
      sizes: [...new Set(Array.from(end, (_, n) => sizeAt(n)))],
      levels: 1,
      next: (done, transposed) => sizeAt(transposed ? nodes - 1 - done : done),
    };
  }
  const top = Math.min(nodes, largest ?? (nodes <= SHORT ? nodes : LARGEST));
  const sizes = [top, ...[8, 2, 1].filter((size) => size < top)];
  return {
    sizes,
    levels: sizes.length,
    next: (done, _, level) => sizes.find((size, k) => k >= level && size <= nodes - done) as number,
  };
}
