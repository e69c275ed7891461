// Is a whole training step one plan, with the bits of its operations one by one?
import { div, greaterEqual, jit, mul, random, relu, type Tensor, take, tensor, trace, valueAndGrad } from "stillpoint";
import { meanSquaredError, mlp } from "stillpoint/nn";
import {
  adamW,
  clipByGlobalNorm,
  cosineSchedule,
  type Optimiser,
  type SgdState,
  sgd,
  stepSchedule,
  warmup,
} from "stillpoint/optim";
import { drawUniform, splitKey } from "stillpoint/random";
import { describe, expect, test } from "vitest";

const net = mlp([3, 8, 2], { activation: relu, random: random(1) });
type Params = typeof net.params;
const x = random(2).normal([6, 3]);
const y = random(3).normal([6, 2]);

/** Inputs are dropped with probability 0.2: a draw in every step. */
const loss = (params: Params, input: Tensor, target: Tensor, key: Tensor): Tensor => {
  const kept = greaterEqual(drawUniform(take(splitKey(key, 2), 0), input.shape), 0.2);
  return meanSquaredError(net.apply(params, div(mul(input, kept), 0.8)), target);
};

function makeStep<S>(optimiser: Optimiser<S>) {
  return (params: Params, state: S, input: Tensor, target: Tensor, key: Tensor) => {
    const { value, gradient } = valueAndGrad(loss)(params, input, target, key);
    return { value, ...optimiser.update(clipByGlobalNorm(gradient, 1), state, params) };
  };
}

describe("20 steps of loss, gradient, clipping, schedule and update are one plan and the same bits:", () => {
  const optimisers: [string, Optimiser<unknown>][] = [
    [
      "adamW with a warm-up and a cosine",
      adamW({ learningRate: warmup(cosineSchedule({ from: 0.05, steps: 12 }), 4) }),
    ],
    [
      "sgd with momentum and steps",
      sgd({ learningRate: stepSchedule({ rates: [0.1, 0.01], boundaries: [9] }), momentum: 0.9 }) as Optimiser<unknown>,
    ],
  ];
  for (const [name, optimiser] of optimisers) {
    test(name, () => {
      const step = makeStep(optimiser);
      let runs = 0;
      const compiled = jit((...args: Parameters<typeof step>) => {
        runs++;
        return step(...args);
      });
      const keys = random(4);
      const start = { value: tensor(0), params: net.params, state: optimiser.init(net.params) };
      let [eager, plan] = [start, start];
      const values: number[] = [];
      for (let i = 0; i < 20; i++) {
        const key = keys.key();
        eager = step(eager.params, eager.state, x, y, key);
        plan = compiled(plan.params, plan.state, x, y, key);
        expect(plan.value.item()).toBe(eager.value.item());
        plan.params.forEach(({ weight, bias }, layer) => {
          expect(weight.data).toEqual(eager.params[layer].weight.data);
          expect(bias.data).toEqual(eager.params[layer].bias.data);
        });
        values.push(eager.value.item());
      }
      expect(runs).toBe(1);
      expect(values[19]).toBeLessThan(values[0]);
      expect((plan.state as SgdState).step.item()).toBe(20);
    });
  }
  test("a step can be traced to a program that closes over nothing", () => {
    const optimiser = sgd({ momentum: 0.9 });
    const program = trace(makeStep(optimiser) as never, net.params, optimiser.init(net.params), x, y, random(0).key());
    expect(program.closure).toEqual([]);
  });
});
