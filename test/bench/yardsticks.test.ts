// Do the loops written by hand compute what the library computes?
import { describe, expect, test } from "vitest";
import { differenceOf } from "../../bench/results.js";
import { makeChain } from "../../bench/yardsticks/chain.js";
import { makeMlpStep } from "../../bench/yardsticks/mlp-step.js";
import { makePlainProduct, type Product } from "../../bench/yardsticks/plain-product.js";
import { add, matmul, oneHot, random, relu, sum, type Tensor, tanh, valueAndGrad } from "../../src/index.js";
import { type Affine, crossEntropy, mlp } from "../../src/nn/index.js";
import { adam } from "../../src/optim/index.js";
import { matmul as product } from "../../src/typed-array-ops/index.js";

test("a chain of small operations, and its gradients", () => {
  const [length, rows, width] = [5, 3, 4];
  const [x, w, b] = [random(1).normal([rows, width]), random(2).normal([width, width]), random(3).normal([width])];
  const chain = (x: Tensor, w: Tensor, b: Tensor): Tensor => {
    let y = x;
    for (let i = 0; i < length; i++) y = tanh(add(matmul(y, w), b));
    return y;
  };
  type Inputs = readonly [x: Tensor, w: Tensor, b: Tensor];
  const { gradient } = valueAndGrad(([x, w, b]: Inputs) => sum(chain(x, w, b)))([x, w, b]);
  const loops = makeChain(length, rows, width);
  expect(differenceOf([loops.forward(x.data, w.data, b.data)], [chain(x, w, b).data])).toBeLessThan(1e-14);
  const found = loops.both(x.data, w.data, b.data);
  const expected = gradient.map(({ data }) => data);
  expect(differenceOf(found, expected)).toBeLessThan(1e-14);
  expect(differenceOf(loops.both(x.data, w.data, x.data.subarray(0, width)), expected)).toBeGreaterThan(1e-3);
});

describe("products without packing", () => {
  for (const [m, n, k] of [
    [1, 1, 1],
    [3, 5, 7],
    [6, 2, 8],
  ]) {
    test(`${m} × ${n} with ${k} products`, () => {
      const [a, b] = [random(1).normal([m * k]).data, random(2).normal([k * n]).data];
      const plain = makePlainProduct(64);
      for (const aTransposed of [false, true]) {
        for (const bTransposed of [false, true]) {
          const [found, expected] = [new Float64Array(m * n), new Float64Array(m * n)];
          plain(found, a, b, m, n, k, aTransposed, bTransposed);
          product(expected, a, b, m, n, k, aTransposed, bTransposed);
          expect(differenceOf([found], [expected])).toBeLessThan(1e-14);
        }
      }
    });
  }
});

describe("steps of a perceptron with Adam", () => {
  const [batch, sizes] = [6, [5, 7, 3]];
  const [forX, forWeights] = random(5).split(2);
  const x = forX.normal([batch, sizes[0]]);
  const labels = oneHot([0, 1, 2, 2, 1, 0], 3);
  const network = mlp(sizes, { activation: relu, random: forWeights });
  const settings = { rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };
  const flat = (params: readonly Affine[]): Float64Array[] =>
    params.flatMap(({ weight, bias }) => [weight.data, bias.data]);

  function expected(steps: number): readonly Float64Array[] {
    const { rate: learningRate, ...means } = settings;
    const optimiser = adam({ learningRate, ...means });
    let params: readonly Affine[] = network.params;
    let state = optimiser.init(params);
    const losses: number[] = [];
    for (let i = 0; i < steps; i++) {
      const loss = (p: readonly Affine[]): Tensor => crossEntropy(network.apply(p, x), labels);
      const { value, gradient } = valueAndGrad(loss)(params);
      losses.push(value.item());
      ({ params, state } = optimiser.update(gradient, state, params));
    }
    return [Float64Array.from(losses), ...flat(params)];
  }

  const byHand = (steps: number, multiply: Product, rate = settings.rate): readonly Float64Array[] => {
    const hand = makeMlpStep({ batch, sizes, x: x.data, labels: labels.data, ...settings, rate }, multiply);
    hand.begin(flat(network.params));
    const losses = Array.from({ length: steps }, () => hand.step());
    return [Float64Array.from(losses), ...hand.params];
  };

  test("with either product", () => {
    for (const multiply of [makePlainProduct(64), product]) {
      expect(differenceOf(byHand(4, multiply), expected(4))).toBeLessThan(1e-12);
    }
  });
  test("another rate is noticed", () => {
    expect(differenceOf(byHand(4, product, 0.0101), expected(4))).toBeGreaterThan(1e-6);
  });
});
