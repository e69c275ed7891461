// Are random numbers reproducible, independent and of the right distribution?
import fc from "fast-check";
import { DomainError, random, ShapeError, tensor, zeros } from "stillpoint";
import { randomFrom } from "stillpoint/random";
import { describe, expect, test } from "vitest";
import type { Random } from "../../src/tensor/index.js";
import { threefry } from "../../src/typed-array-ops/index.js";

const seed = 20260205;
const draws = (stream: Random): number[] => [...stream.uniform([16]).data];

describe("threefry2x32 with 20 rounds agrees with the known answers of Random123", () => {
  // Random123, tests/kat_vectors, lines "threefry2x32 20": counter, key, result.
  const vectors = [
    ["00000000 00000000", "00000000 00000000", "6b200159 99ba4efe"],
    ["ffffffff ffffffff", "ffffffff ffffffff", "1cb996fc bb002be7"],
    ["243f6a88 85a308d3", "13198a2e 03707344", "c4923a9c 483df7a0"],
  ];
  const words = (hex: string): number[] => hex.split(" ").map((word) => Number.parseInt(word, 16));
  for (const [counter, key, result] of vectors) {
    test(`counter ${counter}, key ${key}`, () => {
      const [[counter0, counter1], [key0, key1]] = [words(counter), words(key)];
      const out = Uint32Array.of(0, 0, key0, key1);
      threefry(out, counter0, counter1);
      expect([...out]).toEqual([...words(result), key0, key1]);
    });
  }
});

describe("streams", () => {
  test("one seed gives the same bits every time", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (s) => {
        expect(draws(random(s))).toEqual(draws(random(s)));
        expect([...random(s).normal([5]).data]).toEqual([...random(s).normal([5]).data]);
      }),
      { seed },
    );
  });
  test("different seeds give different bits, also beyond 32 bits", () => {
    const first = [0, 1, 2, 3, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 53 - 1].map((s) => draws(random(s)).join());
    expect(new Set(first).size).toBe(first.length);
  });
  test("the first numbers of seed 0 never change", () => {
    // The first draw of key (0, 0) at counter 0: 6b200159 and 99ba4efe, 27 + 26 bits.
    const first = ((0x6b200159 >>> 5) * 2 ** 26 + (0x99ba4efe >>> 6)) * 2 ** -53;
    expect(random(0).uniform([]).item()).toBe(first);
  });
  test("each draw advances the stream", () => {
    const stream = random(1);
    expect(draws(stream)).not.toEqual(draws(stream));
  });
  test("several draws are one long draw", () => {
    const stream = random(2);
    const parts = [...stream.uniform([3]).data, ...stream.uniform([2, 2]).data];
    expect(parts).toEqual([...random(2).uniform([7]).data]);
  });
  test("split streams differ from each other, from their parent and from the next split", () => {
    const parent = random(3);
    const streams = [...parent.split(50), ...parent.split(50), parent, random(3)];
    const first = streams.map((stream) => draws(stream).join());
    expect(new Set(first).size).toBe(first.length);
  });
  test("splitting is reproducible, and a child does not notice what its parent or siblings draw", () => {
    const [a, b] = random(4).split(2);
    const other = random(4);
    const [c, d] = other.split(2);
    other.uniform([100]);
    draws(c);
    expect(draws(d)).toEqual(draws(b));
    expect(draws(a)).toEqual(draws(random(4).split(1)[0]));
  });
  test("streams of neighbouring seeds and of siblings are uncorrelated", () => {
    const n = 10_000;
    const [a, b] = random(5).split(2);
    const pairs: [Random, Random][] = [
      [random(6), random(7)],
      [a, b],
    ];
    for (const [one, two] of pairs) {
      const x = one.normal([n]).data;
      const y = two.normal([n]).data;
      const covariance = x.reduce((sum, value, i) => sum + value * y[i], 0) / n;
      expect(Math.abs(covariance)).toBeLessThan(5 / Math.sqrt(n));
    }
  });
});

describe("uniform", () => {
  test("fills the shape within [low, high)", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 50 }), (s, low, width) => {
        const x = random(s).uniform([3, 4], low, low + width);
        expect(x.shape).toEqual([3, 4]);
        for (const value of x.data) {
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThan(low + width);
        }
      }),
      { seed },
    );
  });
  test("stays below high where no number lies between low and high", () => {
    const high = 1 + 2 ** -52;
    expect(
      random(1)
        .uniform([100], 1, high)
        .data.every((value) => value === 1),
    ).toBe(true);
  });
  test("stays finite on the widest interval", () => {
    const widest = Number.MAX_VALUE;
    expect(random(1).uniform([100], -widest, widest).data.every(Number.isFinite)).toBe(true);
  });
  test("an interval without width gives its end", () => {
    expect(random(0).uniform([3], 2, 2).toArray()).toEqual([2, 2, 2]);
  });
  test("mean, variance and tenths of 1e5 numbers lie within 5 standard errors", () => {
    const n = 100_000;
    const x = random(8).uniform([n]).data;
    const mean = x.reduce((sum, value) => sum + value, 0) / n;
    const variance = x.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / n;
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
    const tenths = new Array<number>(10).fill(0);
    for (const value of x) tenths[Math.floor(10 * value)]++;
    for (const count of tenths) expect(Math.abs(count - n / 10)).toBeLessThan(5 * Math.sqrt(n * 0.09));
  });
  test("an empty shape and a shape with a zero work", () => {
    expect(random(0).uniform([]).shape).toEqual([]);
    expect(random(0).uniform([2, 0]).shape).toEqual([2, 0]);
  });
  test("the shape is copied", () => {
    const shape = [2];
    const x = random(0).uniform(shape);
    shape[0] = 3;
    expect(x.shape).toEqual([2]);
  });
});

describe("normal", () => {
  test("mean, variance, skewness and kurtosis of 1e5 numbers lie within 5 standard errors", () => {
    const n = 100_000;
    const x = random(9).normal([n]).data;
    const moment = (k: number): number => x.reduce((sum, value) => sum + value ** k, 0) / n;
    // Var of the k-th power of a standard normal: 1, 2, 15, 96.
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });
  test("neighbours are independent: neither they nor their squares are correlated", () => {
    const n = 100_000;
    const x = random(12).normal([n]).data;
    for (const lag of [1, 2, 3]) {
      // from even places and from odd ones alone, since numbers are drawn in pairs
      for (const parity of [0, 1]) {
        let [products, squares] = [0, 0];
        for (let i = parity; i + lag < n; i += 2) {
          products += x[i] * x[i + lag];
          squares += (x[i] ** 2 - 1) * (x[i + lag] ** 2 - 1);
        }
        expect(Math.abs(products)).toBeLessThan(5 * Math.sqrt(n / 2));
        expect(Math.abs(squares)).toBeLessThan(5 * Math.sqrt((4 * n) / 2));
      }
    }
  });
  test("mean and std shift and scale the same numbers", () => {
    const x = random(10).normal([6]).data;
    expect([...random(10).normal([6], 3, 0.5).data]).toEqual([...x].map((value) => 3 + 0.5 * value));
  });
  test("a std of 0 gives the mean", () => {
    expect(random(0).normal([2], 4, 0).toArray()).toEqual([4, 4]);
  });
});

describe("permutation", () => {
  test("holds 0 … n − 1 once each", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 60 }), (s, n) => {
        const order = random(s).permutation(n);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
      { seed },
    );
  });
  test("all 6 orders of 3 occur equally often", () => {
    const stream = random(11);
    const runs = 6000;
    const counts = new Map<string, number>();
    for (let run = 0; run < runs; run++) {
      const order = stream.permutation(3).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) {
      expect(Math.abs(count - runs / 6)).toBeLessThan(5 * Math.sqrt((runs * 5) / 36));
    }
  });
});

describe("keys", () => {
  test("are two 32-bit words, the same as those of the stream that split would give", () => {
    const stream = random(13);
    const keys = [stream.key(), stream.key()];
    expect(keys.map(({ shape }) => shape)).toEqual([[2], [2]]);
    for (const word of keys.flatMap(({ data }) => [...data])) expect(word).toBe(word >>> 0);
    const children = random(13).split(2);
    keys.forEach((key, i) => {
      expect([...children[i].state().data]).toEqual([...key.data, 0]);
    });
  });
  test("advance the stream as every draw does", () => {
    const stream = random(14);
    stream.key();
    expect(stream.uniform([]).item()).toBe(random(14).uniform([2]).data[1]);
  });
});

describe("a state", () => {
  test("is where the stream goes on, bit for bit, whatever was drawn before", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 9 }), fc.nat({ max: 9 }), (s, a, b) => {
        const stream = random(s);
        stream.uniform([a]);
        stream.normal([b]);
        stream.key();
        const copy = randomFrom(stream.state());
        expect(copy.state().data).toEqual(stream.state().data);
        expect(draws(copy)).toEqual(draws(stream));
        expect(copy.normal([3]).data).toEqual(stream.normal([3]).data);
        expect(copy.permutation(5)).toEqual(stream.permutation(5));
      }),
      { seed },
    );
  });
  test("reaches beyond 2³² draws", () => {
    const stream = randomFrom(tensor([1, 2, 2 ** 32 - 1]));
    const [last, first] = stream.uniform([2]).data;
    expect(first).toBe(
      randomFrom(tensor([1, 2, 2 ** 32]))
        .uniform([])
        .item(),
    );
    expect(first).not.toBe(
      randomFrom(tensor([1, 2, 0]))
        .uniform([])
        .item(),
    );
    expect(last).not.toBe(first);
  });
});

describe("bad arguments are refused by name", () => {
  const cases: [string, () => unknown, typeof DomainError | typeof ShapeError, RegExp][] = [
    ["a seed below 0", () => random(-1), DomainError, /^random: .*seed/],
    ["a fractional seed", () => random(0.5), DomainError, /^random: .*seed/],
    ["a seed beyond 2⁵³", () => random(2 ** 60), DomainError, /^random: .*seed/],
    ["no seed", () => random(undefined as never), DomainError, /^random: .*undefined/],
    ["a negative size", () => random(0).uniform([-1]), ShapeError, /^uniform: /],
    ["a fractional size", () => random(0).normal([1.5]), ShapeError, /^normal: /],
    ["high below low", () => random(0).uniform([1], 1, 0), DomainError, /^uniform: .*high/],
    ["low NaN", () => random(0).uniform([1], Number.NaN), DomainError, /^uniform: .*low/],
    ["high infinite", () => random(0).uniform([1], 0, Number.POSITIVE_INFINITY), DomainError, /^uniform: .*high/],
    ["a negative std", () => random(0).normal([1], 0, -1), DomainError, /^normal: .*std/],
    ["a mean that is not finite", () => random(0).normal([1], Number.NaN), DomainError, /^normal: .*mean/],
    ["a permutation of −1", () => random(0).permutation(-1), DomainError, /^permutation: .*n/],
    ["a split into 1.5", () => random(0).split(1.5), DomainError, /^split: .*n/],
    ["a state of two numbers", () => randomFrom(tensor([1, 2])), DomainError, /^randomFrom: .*received \[1,2\]/],
    ["a state in a column", () => randomFrom(zeros([3, 1])), DomainError, /^randomFrom: .*tensor \[3\]/],
    ["a state with a fraction", () => randomFrom(tensor([0.5, 1, 0])), DomainError, /^randomFrom: /],
    ["a state with a word too large", () => randomFrom(tensor([0, 2 ** 32, 0])), DomainError, /^randomFrom: /],
    ["a negative counter", () => randomFrom(tensor([0, 0, -1])), DomainError, /^randomFrom: /],
    ["a counter beyond 2⁵³", () => randomFrom(tensor([0, 0, 2 ** 53])), DomainError, /^randomFrom: /],
    ["no state", () => randomFrom(undefined as never), DomainError, /^randomFrom: .*received undefined/],
    ["a number in place of a shape", () => random(0).uniform(3 as never), ShapeError, /^uniform: .*3/],
  ];
  for (const [name, run, kind, message] of cases) {
    test(name, () => {
      expect(run).toThrow(kind);
      expect(run).toThrow(message);
    });
  }
});
