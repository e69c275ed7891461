// Training that others can watch, stop and take up again.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import { loadTraining, saveTraining } from "../../src/io/index.js";
import { meanSquaredError, mlp } from "../../src/nn/index.js";
import { adam, type TrainInfo, train } from "../../src/optim/index.js";
import type { Random } from "../../src/tensor/index.js";

const net = mlp([2, 5, 1], { random: random(0) });
const optimiser = adam({ learningRate: 1e-2 });
type Params = typeof net.params;
interface State {
  readonly params: Params;
  readonly optimiser: ReturnType<typeof optimiser.init>;
  readonly random: Random;
}
const begin = (): State => ({ params: net.params, optimiser: optimiser.init(net.params), random: random(3) });

/** One update on a batch that is drawn anew. */
function step(state: State): State {
  const stream = loadTraining(saveTraining({ random: state.random })).random as Random;
  const x = stream.normal([4, 2]);
  const target = stream.normal([4, 1]);
  const loss = (params: Params): Tensor => meanSquaredError(net.apply(params, x), target);
  const { gradient } = valueAndGrad(loss)(state.params);
  const next = optimiser.update(gradient, state.optimiser, state.params);
  return { params: next.params, optimiser: next.state, random: stream };
}

const bytes = (state: object): string => Buffer.from(saveTraining(state)).toString("base64");

describe("train", () => {
  test("goes on bit for bit after it was stopped at any step, saved and loaded", async () => {
    const whole = await train(step, begin(), { steps: 12 });
    expect(whole).toMatchObject({ step: 12, finished: true });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 12 }), async (stop) => {
        const controller = new AbortController();
        if (stop === 0) controller.abort();
        const onStep = ({ step: done }: TrainInfo<State>): void => {
          if (done === stop) controller.abort();
        };
        const first = await train(step, begin(), { steps: 12, signal: controller.signal, onStep });
        expect(first.step).toBe(stop);
        expect(first.finished).toBe(stop === 12);
        const state = loadTraining(saveTraining(first.state), begin());
        const second = await train(step, state, { steps: 12, from: first.step });
        expect(bytes(second.state)).toBe(bytes(whole.state));
      }),
      { seed: 1, numRuns: 8 },
    );
  });
  test("lets others have their turn, and waits for onStep", async () => {
    const seen: string[] = [];
    setTimeout(() => seen.push("timer"), 0);
    const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
    const slow = (k: number): number => {
      for (const end = performance.now() + 2; performance.now() < end; );
      seen.push(`step ${k}`);
      return k + 1;
    };
    await train((_: number, k: number) => slow(k), 0, { steps: 40, turn: 0 });
    expect(seen.indexOf("timer")).toBeGreaterThan(-1);
    expect(seen.indexOf("timer")).toBeLessThan(40);
    const order: number[] = [];
    await train((x: number) => x + 1, 0, {
      steps: 3,
      onStep: ({ state }) => wait().then(() => void order.push(state)),
    });
    expect(order).toEqual([1, 2, 3]);
  });
  test("says how far it is", async () => {
    const infos: TrainInfo<number>[] = [];
    await train((x: number) => x + 1, 5, { steps: 8, from: 5, onStep: (info) => void infos.push(info) });
    expect(infos.map((info) => info.step)).toEqual([6, 7, 8]);
    for (const { elapsed, remaining, steps } of infos) {
      expect(elapsed).toBeGreaterThanOrEqual(0);
      expect(remaining).toBeGreaterThanOrEqual(0);
      expect(steps).toBe(8);
    }
    expect(infos[2].remaining).toBe(0);
  });
  test("passes on what a step throws; the states before it are whole", async () => {
    let last = 0;
    const fails = train((x: number, k: number) => (k === 2 ? tensor([[1], [1, 2]]).item() : x + 1), 0, {
      steps: 5,
      onStep: ({ state }) => {
        last = state;
      },
    });
    await expect(fails).rejects.toThrow("tensor: expected rows of equal length");
    expect(last).toBe(2);
  });
  test.each([
    [{ steps: -1 }, "train: expected steps to be an integer ≥ 0, received -1"],
    [{ steps: 3, from: 4 }, "train: expected from to be an integer from 0 to steps = 3, received 4"],
    [{ steps: 3, stop: 1 }, 'train: unknown option "stop"'],
    [{ steps: 3, signal: 1 }, "train: expected signal to be an AbortSignal, received"],
    [{ steps: 3, turn: Number.NaN }, "train: expected turn to be a number of milliseconds ≥ 0, received NaN"],
    [{ steps: 3, onStep: 1 }, "train: onStep: expected a function"],
    [undefined, "train: expected steps to be an integer ≥ 0, received undefined"],
  ])("refuses %j", async (options, message) => {
    await expect(train((x: number) => x, 0, options as never)).rejects.toThrow(message);
  });
  test("refuses a step that returns nothing, or a promise", async () => {
    await expect(train((() => undefined) as never, 0, { steps: 1 })).rejects.toThrow("received nothing from step 0");
    await expect(train((async () => 1) as never, 0, { steps: 1 })).rejects.toThrow("received a promise from step 0");
  });
});
