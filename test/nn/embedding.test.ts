// Do embedding and dropout pick and drop as told, inside plans too?
import { add, grad, jit, ones, random, sum, type Tensor, tensor } from "stillpoint";
import { dropout, embedding } from "stillpoint/nn";
import { describe, expect, expectTypeOf, test } from "vitest";

const seed = 20260602;
const draw = random(seed);

describe("embedding", () => {
  const table = embedding(5, 2, { random: random(seed) });
  test("gives rows, and their gradients go back to them, twice where they were used twice", () => {
    expect(
      table.apply(table.params, [
        [1, 4],
        [1, 0],
      ]).shape,
    ).toEqual([2, 2, 2]);
    const g = grad((p: Tensor) => sum(table.apply(p, [1, 4, 1])))(table.params);
    expectTypeOf(g).toEqualTypeOf<Tensor>();
    expect(g.toArray()).toEqual([
      [0, 0],
      [2, 2],
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
  });
  test("takes tensors of indices, inside a plan too", () => {
    const plan = jit((p: Tensor, indices: Tensor) => table.apply(p, indices));
    for (const indices of [
      [1, 4],
      [0, 0],
    ]) {
      expect(plan(table.params, tensor(indices)).data).toEqual(table.apply(table.params, indices).data);
    }
  });
  test("refuses what is not there", () => {
    expect(() => table.apply(table.params, [5])).toThrow(/received 5/);
    expect(() => embedding(0, 2, { random: random(0) })).toThrow(/^embedding: expected count/);
    expect(() => embedding(2, 1.5, { random: random(0) })).toThrow(/^embedding: expected size/);
    expect(() => embedding(2, 2, {} as never)).toThrow(/^embedding: expected the option random/);
    expect(() => embedding(2, 2, { random: random(0), seed: 1 } as never)).toThrow(/unknown option "seed"/);
  });
});

describe("dropout", () => {
  const layer = dropout(0.25);
  const x = add(1, draw.uniform([40, 50]));
  test("without a key changes nothing", () => {
    expect(layer.apply(layer.params, x)).toBe(x);
  });
  test("drops a quarter, to five standard errors, and scales the rest by 4/3", () => {
    const y = layer.apply([], x, random(seed).key());
    const dropped = y.data.filter((value) => value === 0).length;
    expect(Math.abs(dropped / 2000 - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / 2000));
    y.data.forEach((value, i) => {
      if (value !== 0) expect(value).toBeCloseTo((x.data[i] * 4) / 3, 15);
    });
  });
  test("inside a plan drops anew for each key, the same for the same, and as outside", () => {
    const plan = jit((p: Tensor, key: Tensor) => layer.apply([], p, key));
    const [a, b] = [random(seed).key(), random(seed + 1).key()];
    expect(plan(x, a).data).toEqual(layer.apply([], x, a).data);
    expect(plan(x, b).data).toEqual(layer.apply([], x, b).data);
    expect(plan(x, a).data).not.toEqual(plan(x, b).data);
    expect(plan(x, a).data).toEqual(plan(x, a).data);
  });
  test("its expectation is its input: the mean over many keys, to five standard errors", () => {
    const stream = random(seed);
    const one = tensor([3]);
    let total = 0;
    for (let i = 0; i < 900; i++) total += layer.apply([], one, stream.key()).item();
    // an entry is 0 or 4, and its variance 9/3
    expect(Math.abs(total / 900 - 3)).toBeLessThan(5 * Math.sqrt(3 / 900));
  });
  test("its gradient is its mask, inside a plan too", () => {
    const masked = (key: Tensor) => (y: Tensor) => sum(layer.apply([], y, key));
    const plan = jit((y: Tensor, key: Tensor) => grad(masked(key))(y));
    for (const key of random(seed)
      .split(2)
      .map((stream) => stream.key())) {
      const g = grad(masked(key))(x);
      expect(g.data).toEqual(layer.apply([], ones(x.shape), key).data);
      expect(plan(x, key).data).toEqual(g.data);
    }
  });
  test("refuses keys that are none", () => {
    expect(() => layer.apply([], x, 3 as never)).toThrow(/expected a key of shape \[2\], received \[\]/);
  });
  test("refuses rates that are none", () => {
    for (const rate of [1, -0.1, Number.NaN, "0.5" as never])
      expect(() => dropout(rate)).toThrow(/^dropout: expected rate to be in \[0, 1\)/);
  });
});
