// Do exp and tanh of many numbers have the bits of exp and tanh of each, in WebAssembly and without?
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { exp, expEach, setWebAssembly, tanh, tanhEach } from "../../src/typed-array-ops/index.js";
import { elementaryInWebAssembly } from "../../src/typed-array-ops/webassembly/elementary.js";

type Loop = (out: Float64Array, x: Float64Array) => void;

const functions: readonly (readonly ["exp" | "tanh", (x: number) => number, Loop, range: number])[] = [
  ["exp", exp, expEach, 760],
  ["tanh", tanh, tanhEach, 40],
];

function expectSame(f: (x: number) => number, x: Float64Array, received: Float64Array): void {
  const differing = x.findIndex((value, i) => !Object.is(f(value), received[i]));
  if (differing >= 0) expect.fail(`of ${x[differing]}: expected ${f(x[differing])}, received ${received[differing]}`);
}

/** Where a function changes its formula or a power, where e^x overflows, is subnormal and vanishes, and where tanh x becomes 1. */
const places = [
  1e-8, 0.23104906018664842, 0.34657359027997264, 18.6, 19.0615, 22, 708, 708.3964185322641, 709, 709.782712893384,
  745.1332191019412,
];

/** Numbers in a range that is wider than that of the results, of all sizes; among them those places, and their neighbours. */
function inside(range: number): fc.Arbitrary<number> {
  const edges = places.flatMap((x) => [x, x * (1 - 2 ** -53), x * (1 + 2 ** -52)]);
  const special = [0, 5e-324, 1e-310, 2 ** -1022, ...edges].flatMap((x) => [x, -x]).filter((x) => Math.abs(x) < range);
  return fc.oneof(
    fc.double({ min: -range, max: range, minExcluded: true, maxExcluded: true, noNaN: true }),
    fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map((i) => (i / 2 ** 30) * range),
    fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map((i) => (i / 2 ** 30) * 2),
    fc.constantFrom(...special),
  );
}

afterEach(() => setWebAssembly(true));

for (const [name, f, loop, range] of functions) {
  describe(`${name} of many numbers`, () => {
    const many = fc.array(
      inside(range).filter((x) => Math.abs(x) < range),
      { minLength: 1, maxLength: 300 },
    );
    test("has the same bits two at a time", () => {
      fc.assert(
        fc.property(many, (numbers) => {
          const x = Float64Array.from(numbers);
          const out = new Float64Array(x.length);
          expect(elementaryInWebAssembly(name, out, x)).toBe(true);
          expectSame(f, x, out);
        }),
        { seed: 5, numRuns: 500 },
      );
    });
    test("is the same of what is not finite or huge, wherever it stands", () => {
      for (const strange of [range, -range, NaN, Infinity, -Infinity, 1e300, -1e300]) {
        for (const at of [0, 1, 130, 198]) {
          const x = new Float64Array(199).fill(0.5);
          x[at] = strange;
          const out = new Float64Array(199).fill(-7);
          expect(elementaryInWebAssembly(name, out, x)).toBe(true);
          expectSame(f, x, out);
        }
      }
    });
    test("is the same of one more and of many more than are computed at a time, in place too, used or not", () => {
      for (const length of [0, 1, 31, 32, 127, 128, 129, 65535, 65536, 65537]) {
        const x = Float64Array.from({ length }, (_, i) => Math.sin(i) * Math.min(range, 30) * 0.7);
        for (const use of [true, false]) {
          setWebAssembly(use);
          const out = x.slice();
          loop(out, out);
          expectSame(f, x, out);
        }
      }
    });
    test("another last bit is noticed", () => {
      const x = Float64Array.of(0.3, 0.7);
      expect(() =>
        expectSame(
          f,
          x,
          x.map((value) => f(value) * (1 + 2 ** -52)),
        ),
      ).toThrow(/expected/);
    });
  });
}

test("WebAssembly computes neither where it is not wanted", () => {
  setWebAssembly(false);
  for (const [name] of functions)
    expect(elementaryInWebAssembly(name, new Float64Array(2), new Float64Array(2))).toBe(false);
});
