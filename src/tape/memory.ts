// Where do the results of operations stand?
//
// A Float64Array with a buffer of its own costs as much as some hundred additions: the engine asks the system for memory, fills
// it with zeros, and has one thing more to look after. Arrays of a few hundred numbers share buffers instead, one after the
// other. Nothing is given out twice: a buffer goes when the last of its arrays does.

/** Arrays of so many numbers are kept by the engine in its own memory, without a buffer. */
const TINY = 8;
/** Measured: sharing saves two thirds of what it takes to make and fill 128 numbers, a third for 512, and nothing for 1,024. */
const SMALL = 256;
/** So many numbers share a buffer: as much may be kept by an array that is still in use. */
const SHARED = 2048;

let buffer: ArrayBuffer | undefined;
let taken = SHARED;

/** An array of zeros, perhaps in a buffer with others. */
export function allocate(size: number): Float64Array {
  if (size <= TINY || size > SMALL) return new Float64Array(size);
  if (buffer === undefined || taken + size > SHARED) {
    buffer = new ArrayBuffer(8 * SHARED);
    taken = 0;
  }
  const array = new Float64Array(buffer, 8 * taken, size);
  taken += size;
  return array;
}
