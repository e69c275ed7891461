// Are numbers that are drawn inside a program reproducible, fresh for every key, and differentiable in what they may be?
import {
  DomainError,
  grad,
  jit,
  mul,
  print,
  random,
  ShapeError,
  scan,
  sum,
  type Tensor,
  take,
  tensor,
  trace,
} from "stillpoint";
import { drawNormal, drawUniform, splitKey } from "stillpoint/random";
import { describe, expect, test } from "vitest";

const seed = 20260911;
const key = random(seed).key();

describe("draws", () => {
  test("are those of the stream that would be split off, bit for bit", () => {
    const stream = (): ReturnType<typeof random> => random(seed).split(1)[0];
    for (const shape of [[], [5], [2, 3], [0], [101]]) {
      expect(drawUniform(key, shape).data).toEqual(stream().uniform(shape).data);
      expect(drawUniform(key, shape, -2, 3).data).toEqual(stream().uniform(shape, -2, 3).data);
      expect(drawNormal(key, shape).data).toEqual(stream().normal(shape).data);
      expect(drawNormal(key, shape, 4, 0.5).data).toEqual(stream().normal(shape, 4, 0.5).data);
      expect(drawNormal(key, shape).shape).toEqual(shape);
    }
  });
  test("lie in [0, 1), and have the mean and the variance of their distributions", () => {
    const n = 100_000;
    const u = drawUniform(key, [n]).data;
    const z = drawNormal(key, [n]).data;
    const mean = (x: Float64Array): number => x.reduce((total, value) => total + value, 0) / n;
    expect(u.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(Math.abs(mean(u) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(mean(u.map((x) => (x - 0.5) ** 2)) - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
    expect(Math.abs(mean(z))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(mean(z.map((x) => x ** 2)) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });
  test("stay finite on the widest interval", () => {
    const widest = Number.MAX_VALUE;
    expect(drawUniform(key, [100], -widest, widest).data.every(Number.isFinite)).toBe(true);
  });
});

describe("inside a plan", () => {
  const noisy = (k: Tensor, x: Tensor): Tensor => mul(x, drawNormal(k, [4], 0, 0.5));
  test("every key draws fresh numbers, the same key the same, as outside it", () => {
    const compiled = jit(noisy);
    const stream = random(seed);
    const [x, one, two] = [tensor(3), stream.key(), stream.key()];
    const [first, second, again] = [compiled(one, x), compiled(two, x), compiled(one, x)];
    expect(first.data).toEqual(noisy(one, x).data);
    expect(second.data).toEqual(noisy(two, x).data);
    expect(again.data).toEqual(first.data);
    expect(second.data).not.toEqual(first.data);
  });
  test("two draws of one key are one step of the plan, and of two keys two", () => {
    const once = print(trace((k: Tensor) => drawUniform(k, [3]), key));
    expect(once.match(/drawUniform/g)?.length).toBe(1);
    const both = jit((k: Tensor) => {
      const keys = splitKey(k, 2);
      return [drawUniform(take(keys, 0), [3]), drawUniform(take(keys, 1), [3])];
    });
    const [a, b] = both(key);
    expect(a.data).not.toEqual(b.data);
  });
  test("a scan over keys draws in every step", () => {
    const walk = scan((c: Tensor, k: Tensor) => ({ carry: c, y: drawNormal(k, []) }), tensor(0), splitKey(key, 50)).y;
    expect(new Set(walk.data).size).toBe(50);
  });
});

describe("keys that are split off", () => {
  test("differ from each other and from the words that their parent draws", () => {
    const keys = splitKey(key, 1000);
    const pairs = new Set(Array.from({ length: 1000 }, (_, i) => `${keys.data[2 * i]} ${keys.data[2 * i + 1]}`));
    expect(pairs.size).toBe(1000);
    const parent = drawUniform(key, [1000]).data;
    const children = Array.from({ length: 1000 }, (_, i) => drawUniform(take(keys, i), []).item());
    const covariance = children.reduce((total, u, i) => total + (u - 0.5) * (parent[i] - 0.5), 0) / 1000;
    expect(Math.abs(covariance)).toBeLessThan(5 / 12 / Math.sqrt(1000));
  });
  test("are the same however many there are", () => {
    expect(splitKey(key, 2).toArray()).toEqual((splitKey(key, 5).toArray() as number[][]).slice(0, 2));
    expect(splitKey(key, 0).shape).toEqual([0, 2]);
  });
});

describe("gradients", () => {
  test("of low and high are 1 − u and u, of mean and std 1 and n", () => {
    const u = drawUniform(key, []).item();
    const n = drawNormal(key, []).item();
    const ends = grad((p: { low: Tensor; high: Tensor }) => drawUniform(key, [], p.low, p.high));
    const { low, high } = ends({ low: tensor(2), high: tensor(5) });
    expect([low.item(), high.item()]).toEqual([1 - u, u]);
    const bell = grad((p: { mean: Tensor; std: Tensor }) => drawNormal(key, [], p.mean, p.std));
    const { mean, std } = bell({ mean: tensor(2), std: tensor(5) });
    expect([mean.item(), std.item()]).toEqual([1, n]);
  });
  test("of the key are 0", () => {
    expect(grad((k: Tensor) => sum(drawNormal(k, [3])))(key).toArray()).toEqual([0, 0]);
  });
});

describe("bad arguments are refused by name:", () => {
  const cases: [string, () => unknown, typeof DomainError | typeof ShapeError, RegExp][] = [
    [
      "a key of another shape",
      () => drawUniform(tensor([1, 2, 3]), [2]),
      ShapeError,
      /^drawUniform: .*\[2\], received \[3\]; random\(seed\)\.key\(\)/,
    ],
    ["a seed for a key", () => drawNormal(3 as never, [2]), ShapeError, /^drawNormal: .*received \[\]/],
    ["a stream for a key", () => drawNormal(random(0) as never, [2]), DomainError, /^drawNormal: expected a tensor/],
    [
      "a fraction in the key",
      () => drawUniform(tensor([0.5, 1]), [2]),
      DomainError,
      /^drawUniform: .*received 0\.5 and 1/,
    ],
    ["a word of 33 bits", () => splitKey(tensor([0, 2 ** 32]), 2), DomainError, /^splitKey: .*4294967296/],
    ["a negative word", () => drawNormal(tensor([-1, 0]), [2]), DomainError, /^drawNormal: .*-1 and 0/],
    ["NaN in the key", () => drawNormal(tensor([0, Number.NaN]), [2]), DomainError, /^drawNormal: .*0 and NaN/],
    ["a bad key in a plan", () => jit((k: Tensor) => drawNormal(k, [2]))(tensor([0.5, 0])), DomainError, /0\.5 and 0/],
    ["a negative size", () => drawUniform(key, [-1]), ShapeError, /^drawUniform: .*axis 0 is -1/],
    ["no shape", () => drawNormal(key, undefined as never), ShapeError, /^drawNormal: .*undefined/],
    ["high below low", () => drawUniform(key, [2], 1, 0), DomainError, /^drawUniform: .*high/],
    ["low NaN", () => drawUniform(key, [2], Number.NaN), DomainError, /^drawUniform: .*low/],
    ["a negative std", () => drawNormal(key, [2], 0, -1), DomainError, /^drawNormal: .*std/],
    ["a mean NaN", () => drawNormal(key, [2], Number.NaN, tensor(1)), DomainError, /^drawNormal: .*mean/],
    [
      "a mean of a larger shape",
      () => drawNormal(key, [2], tensor([[1], [2]])),
      ShapeError,
      /^drawNormal: expected mean and std that broadcast to \[2\], received some that lead to \[2, 2\]/,
    ],
    ["a high of another shape", () => drawUniform(key, [2], 0, tensor([1, 2, 3])), ShapeError, /broadcast/],
    ["a split into 1.5", () => splitKey(key, 1.5), DomainError, /^splitKey: .*n/],
  ];
  for (const [name, run, kind, message] of cases) {
    test(name, () => {
      expect(run).toThrow(kind);
      expect(run).toThrow(message);
    });
  }
});
