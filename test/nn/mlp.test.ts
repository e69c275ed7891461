// Are layers drawn, applied and refused as documented?
import { add, DomainError, grad, matmul, random, relu, ShapeError, sum, type Tensor, tanh, tensor } from "stillpoint";
import { type Affine, type Layer, linear, meanSquaredError, mlp } from "stillpoint/nn";
import { describe, expect, expectTypeOf, test } from "vitest";

const shapesOf = (params: readonly Affine[]): unknown => params.map(({ weight, bias }) => [weight.shape, bias.shape]);

describe("mlp", () => {
  test("has a weight [in, out] and a bias [out] for each pair of sizes", () => {
    const { params } = mlp([3, 8, 5, 2], { random: random(0) });
    expect(shapesOf(params)).toEqual([
      [[3, 8], [8]],
      [[8, 5], [5]],
      [[5, 2], [2]],
    ]);
  });
  test("draws its parameters within ±1/√in, and fills that range", () => {
    const sizes = [4, 100, 25];
    const { params } = mlp(sizes, { random: random(1) });
    params.forEach(({ weight, bias }, i) => {
      const bound = 1 / Math.sqrt(sizes[i]);
      const entries = [...weight.data, ...bias.data];
      for (const value of entries) expect(Math.abs(value)).toBeLessThanOrEqual(bound);
      expect(Math.max(...entries)).toBeGreaterThan(0.9 * bound);
      expect(Math.min(...entries)).toBeLessThan(-0.9 * bound);
    });
  });
  test("is the same for the same seed, and another for another", () => {
    const draw = (seed: number): number[] => [...mlp([2, 3], { random: random(seed) }).params[0].weight.data];
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });
  test("draws different layers and different networks from one stream", () => {
    const stream = random(2);
    const [one, two] = [mlp([2, 2, 2], { random: stream }), mlp([2, 2, 2], { random: stream })];
    const weights = [...one.params, ...two.params].map(({ weight }) => weight.data.join());
    expect(new Set(weights).size).toBe(4);
  });
  test("uses the activation between layers, but neither before the first nor after the last", () => {
    let calls = 0;
    const activation = (x: Tensor): Tensor => {
      calls++;
      return relu(x);
    };
    const { params, apply } = mlp([2, 3, 3, 2], { activation, random: random(3) });
    const x = tensor([-1, 2]);
    const [a, b, c] = params;
    const layer = ({ weight, bias }: Affine, y: Tensor): Tensor => add(matmul(y, weight), bias);
    const expected = layer(c, relu(layer(b, relu(layer(a, x)))));
    expect(apply(params, x).toArray()).toEqual(expected.toArray());
    expect(calls).toBe(2);
  });
  test("of two sizes has no activation at all", () => {
    const { params, apply } = mlp([1, 1], {
      activation: () => {
        throw new Error("called");
      },
      random: random(0),
    });
    expect(apply(params, tensor([100])).item()).toBe(100 * params[0].weight.item() + params[0].bias.item());
  });
  test("takes tanh if no activation is given", () => {
    const plain = mlp([2, 4, 1], { random: random(4) });
    const named = mlp([2, 4, 1], { activation: tanh, random: random(4) });
    const x = tensor([0.3, -2]);
    expect(plain.apply(plain.params, x).item()).toBe(named.apply(named.params, x).item());
  });
  test("maps batches of any rank along the last axis", () => {
    const { params, apply } = mlp([3, 4, 2], { random: random(5) });
    const x = random(6).normal([2, 5, 3]);
    const y = apply(params, x);
    expect(y.shape).toEqual([2, 5, 2]);
    const row = apply(params, tensor(x.data.slice(9, 12)));
    expect([...row.data]).toEqual([...y.data.slice(6, 8)]);
  });
  test("has gradients of the form of its parameters", () => {
    const { params, apply } = mlp([2, 3, 1], { random: random(7) });
    const gradient = grad((p: typeof params) => sum(apply(p, tensor([1, 2]))))(params);
    expect(shapesOf(gradient)).toEqual(shapesOf(params));
    expect(gradient[1].bias.toArray()).toEqual([1]);
    // type test
    expectTypeOf(gradient).toEqualTypeOf<readonly Affine[]>();
    expectTypeOf(mlp([1, 1], { random: random(0) })).toEqualTypeOf<Layer<readonly Affine[]>>();
  });
  const refused: [string, () => unknown, RegExp][] = [
    ["no options", () => mlp([2, 2], undefined as never), /^mlp: .*option random, for instance random\(0\)/],
    ["no random", () => mlp([2, 2], {} as never), /^mlp: .*option random/],
    ["a seed in place of a stream", () => mlp([2, 2], { random: 3 } as never), /^mlp: .*random\(0\), received 3/],
    ["one size", () => mlp([2], { random: random(0) }), /^mlp: .*two sizes.*received \[2\]/],
    ["no sizes", () => mlp(4 as never, { random: random(0) }), /^mlp: .*two sizes/],
    ["a size of 0", () => mlp([2, 0, 1], { random: random(0) }), /^mlp: .*sizes\[1\].*≥ 1, received 0/],
    ["a fractional size", () => mlp([2, 1.5], { random: random(0) }), /^mlp: .*sizes\[1\]/],
    [
      "a misspelt option",
      () => mlp([2, 2], { random: random(0), activaton: tanh } as never),
      /^mlp: unknown option "activaton": did you mean activation/,
    ],
    [
      "an activation that is no function",
      () => mlp([2, 2, 2], { random: random(0), activation: "tanh" as never }),
      /^mlp: .*activation/,
    ],
  ];
  for (const [name, run, message] of refused) {
    test(`refuses ${name}`, () => {
      expect(run).toThrow(DomainError);
      expect(run).toThrow(message);
    });
  }
  test("refuses x of another width, and too few layers, with what it expects", () => {
    const { params, apply } = mlp([3, 2], { random: random(0) });
    expect(() => apply(params, tensor([1, 2]))).toThrow(ShapeError);
    expect(() => apply(params, tensor([1, 2]))).toThrow(/^mlp: expected 1 layers and x of shape \[\.\.\., 3\].*\[2\]/);
    expect(() => apply([], tensor([1, 2, 3]))).toThrow(/received 0/);
    expect(() => apply(params, tensor(1))).toThrow(ShapeError);
  });
});

describe("linear", () => {
  test("is x W + b", () => {
    const { apply } = linear(2, 2, { random: random(0) });
    const params = {
      weight: tensor([
        [1, 2],
        [3, 4],
      ]),
      bias: tensor([10, 20]),
    };
    expect(apply(params, tensor([[1, 1]])).toArray()).toEqual([[14, 26]]);
  });
  test("is drawn as a layer of mlp is", () => {
    const layer = linear(3, 2, { random: random(8) });
    const network = mlp([3, 2], { random: random(8) });
    expect([...layer.params.weight.data]).toEqual([...network.params[0].weight.data]);
    expect([...layer.params.bias.data]).toEqual([...network.params[0].bias.data]);
  });
  test("refuses what mlp refuses", () => {
    expect(() => linear(0, 2, { random: random(0) })).toThrow(/^linear: .*inputs/);
    expect(() => linear(2, 1.5, { random: random(0) })).toThrow(/^linear: .*outputs/);
    expect(() => linear(2, 2, {} as never)).toThrow(/^linear: .*random/);
    expect(() => linear(2, 2, { rnd: random(0) } as never)).toThrow(/did you mean random/);
  });
});

test("an mlp learns nothing from data that it fits already", () => {
  const { params, apply } = mlp([2, 3, 1], { random: random(9) });
  const x = random(10).normal([4, 2]);
  const y = apply(params, x);
  const gradient = grad((p: typeof params) => meanSquaredError(apply(p, x), y))(params);
  for (const { weight, bias } of gradient) {
    expect([...weight.data, ...bias.data].every((value) => value === 0)).toBe(true);
  }
});
