// Does every walk through memory move the numbers that its strides say, in their order?
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collect, gather, makeWalk, scatter, sumRange, type Walk } from "../../src/typed-array-ops/index.js";

interface Place {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
  readonly start: number;
  /** How long the memory is that is walked through. */
  readonly length: number;
}

/** Sizes with strides that repeat, run backwards, skip, and leave a gap before and behind. */
const places: fc.Arbitrary<Place> = fc
  .array(
    fc.record({
      size: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(1, 31, 32, 33, 199, 200, 201, 260)),
      kind: fc.constantFrom("along", "along", "along", "repeated", "backwards", "skipping"),
    }),
    { maxLength: 4 },
  )
  .filter((axes) => axes.reduce((product, { size }) => product * Math.max(1, size), 1) < 10_000)
  .chain((axes) =>
    fc
      .tuple(
        fc.shuffledSubarray(
          axes.map((_, i) => i),
          { minLength: axes.length },
        ),
        fc.nat(3),
      )
      .map(([order, gap]) => {
        const strides = axes.map(() => 0);
        let step = 1;
        let start = gap;
        for (const axis of order) {
          const { size, kind } = axes[axis];
          if (kind === "repeated") continue;
          if (kind === "skipping") step *= 2;
          strides[axis] = kind === "backwards" ? -step : step;
          if (kind === "backwards") start += step * Math.max(0, size - 1);
          step *= Math.max(1, size);
        }
        return { sizes: axes.map(({ size }) => size), strides, start, length: step + 2 * gap + 1 };
      }),
  );

/** The position of every step, from the definition. */
function positions({ sizes, strides, start }: Pick<Place, "sizes" | "strides" | "start">): number[] {
  let all = [start];
  sizes.forEach((size, axis) => {
    all = all.flatMap((position) => Array.from({ length: size }, (_, i) => position + i * strides[axis]));
  });
  return all;
}

const wave = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => Math.sin(i + 1) * 10 ** (i % 7));

/** A walk can be taken again: each of these takes it twice. */
function expectTwice(act: () => Float64Array, expected: Float64Array): void {
  expect(act()).toEqual(expected);
  expect(act()).toEqual(expected);
}

/** The sums in the order of x; a row that adds to one entry is summed first, by halves. */
function collected(out: Float64Array, x: Float64Array, walk: Walk): void {
  const at = positions({ sizes: [...walk.sizes], strides: [...walk.strides], start: walk.start });
  const last = walk.sizes.length - 1;
  const n = walk.sizes[last];
  for (let from = 0; from < x.length; from += n) {
    if (walk.strides[last] === 0) out[at[from]] += sumRange(x, from, from + n);
    else for (let i = from; i < from + n; i++) out[at[i]] += x[i];
  }
}

const walkOf = ({ sizes, strides, start }: Place): Walk => makeWalk(sizes, strides, start);
const check = (property: (place: Place) => void): void =>
  fc.assert(fc.property(places, property), { seed: 1, numRuns: 500 });

describe("for random sizes and strides", () => {
  test("gather reads what the definition reads", () => {
    check((place) => {
      const [x, at, walk] = [wave(place.length), positions(place), walkOf(place)];
      const expected = Float64Array.from(at, (position) => x[position]);
      expectTwice(() => {
        const out = new Float64Array(at.length).fill(-7);
        gather(out, x, walk);
        return out;
      }, expected);
    });
  });
  test("scatter writes what the definition writes, the last where it writes twice, and nothing else", () => {
    check((place) => {
      const [at, walk] = [positions(place), walkOf(place)];
      const x = wave(at.length);
      const expected = new Float64Array(place.length).fill(-7);
      at.forEach((position, i) => {
        expected[position] = x[i];
      });
      expectTwice(() => {
        const out = new Float64Array(place.length).fill(-7);
        scatter(out, x, walk);
        return out;
      }, expected);
    });
  });
  test("collect adds in the order of x, to the last bit", () => {
    check((place) => {
      const walk = walkOf(place);
      const x = wave(positions(place).length);
      const expected = wave(place.length);
      collected(expected, x, walk);
      expectTwice(() => {
        const out = wave(place.length);
        collect(out, x, walk);
        return out;
      }, expected);
    });
  });
});

test("another order of the same sums is noticed", () => {
  const walk = makeWalk([9, 3], [0, 1]);
  const x = wave(27);
  const [out, backwards] = [new Float64Array(3), new Float64Array(3)];
  collect(out, x, walk);
  for (let i = 26; i >= 0; i--) backwards[i % 3] += x[i];
  expect(backwards).not.toEqual(out);
});

test("memory is walked through in every way that is special", () => {
  const [repeated, all, whole] = [makeWalk([300, 5], [0, 1]), makeWalk([300], [0]), makeWalk([40], [1], 7)];
  const out = new Float64Array(1500);
  gather(out, wave(5), repeated);
  expect([...out.subarray(1495)]).toEqual([...wave(5)]);
  gather(out.subarray(0, 300), Float64Array.of(4), all);
  expect(out.subarray(0, 300).every((value) => value === 4)).toBe(true);
  scatter(out, wave(40), whole);
  expect([...out.subarray(7, 47)]).toEqual([...wave(40)]);
  expect(out[47]).toBe(4);
});
