// Where the results of operations stand: in buffers that small ones share.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, tensor } from "../../src/index.js";
import { allocate } from "../../src/tape/memory.js";

describe("memory for results", () => {
  test("is zero, and written by nobody else, for arrays of any sizes in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 60 }), (sizes) => {
        const arrays = sizes.map((size, i) => {
          const array = allocate(size);
          expect(array.length).toBe(size);
          expect(array.every((x) => Object.is(x, 0))).toBe(true);
          return array.fill(i + 1);
        });
        arrays.forEach((array, i) => {
          expect(array.every((x) => x === i + 1)).toBe(true);
        });
      }),
      { seed: 1 },
    );
  });
  test("is shared by small arrays, and kept from going by few of them", () => {
    const buffers = new Set(Array.from({ length: 64 }, () => allocate(100).buffer));
    expect(buffers.size).toBeLessThan(8);
    for (const { byteLength } of buffers) expect(byteLength).toBeLessThanOrEqual(16 * 1024);
    const large = allocate(1000);
    expect(large.buffer.byteLength).toBe(8 * large.length);
  });
  test("holds what operations give, which slice() takes out of it", () => {
    const x = tensor(new Float64Array(20).fill(1));
    const [one, two] = [add(x, 1), add(x, 2)];
    expect(one.data.slice().buffer.byteLength).toBe(8 * 20);
    expect([...one.data, ...two.data]).toEqual([...new Array(20).fill(2), ...new Array(20).fill(3)]);
  });
});
