// Do sgd, rmsProp, adamW and clipping follow their recursions?
import { grad, jit, mul, ShapeError, sub, sum, type Tensor, tensor } from "stillpoint";
import { adam, adamW, clipByGlobalNorm, cosineSchedule, type Optimiser, rmsProp, sgd } from "stillpoint/optim";
import { describe, expect, test } from "vitest";

const gradients = Array.from({ length: 12 }, (_, t) => Math.sin(3 * t + 1) * (1 + t));

/** The parameter after each update with these gradients, from 2. */
function follow<S>(optimiser: Optimiser<S>): number[] {
  let params = { x: tensor(2) };
  let state = optimiser.init(params);
  return gradients.map((g) => {
    ({ params, state } = optimiser.update({ x: tensor(g) }, state, params));
    return params.x.item();
  });
}

function expectPath(received: readonly number[], step: (x: number, g: number, t: number) => number): void {
  let x = 2;
  gradients.forEach((g, t) => {
    x = step(x, g, t);
    expect(Math.abs(received[t] - x), `update ${t}`).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(x)));
  });
}

describe("against recursions on plain numbers", () => {
  test("sgd", () => {
    expectPath(follow(sgd({ learningRate: 0.1 })), (x, g) => x - 0.1 * g);
  });
  test("sgd with momentum, and with Nesterov's", () => {
    let v = 0;
    expectPath(follow(sgd({ learningRate: 0.1, momentum: 0.9 })), (x, g) => {
      v = 0.9 * v + g;
      return x - 0.1 * v;
    });
    let w = 0;
    expectPath(follow(sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true })), (x, g) => {
      w = 0.9 * w + g;
      return x - 0.1 * (g + 0.9 * w);
    });
  });
  test("rmsProp", () => {
    let v = 0;
    expectPath(follow(rmsProp({ learningRate: 0.01, decay: 0.9, epsilon: 1e-6 })), (x, g) => {
      v = 0.9 * v + (1 - 0.9) * g * g;
      return x - (0.01 * g) / (Math.sqrt(v) + 1e-6);
    });
  });
  test("adamW, whose decay is apart from the moments, with a schedule", () => {
    const eta = (t: number): number => 0.05 + 0.05 * Math.cos((Math.PI * t) / 12);
    let [m, v] = [0, 0];
    const schedule = cosineSchedule({ from: 0.1, to: 0, steps: 12 });
    expectPath(follow(adamW({ learningRate: schedule, weightDecay: 0.2 })), (x, g, t) => {
      m = 0.9 * m + (1 - 0.9) * g;
      v = 0.999 * v + (1 - 0.999) * g * g;
      const [mHat, vHat] = [m / (1 - 0.9 ** (t + 1)), v / (1 - 0.999 ** (t + 1))];
      return x * (1 - 0.2 * eta(t)) - (eta(t) * mHat) / (Math.sqrt(vHat) + 1e-8);
    });
  });
  test("adamW without decay has the bits of adam", () => {
    expect(follow(adamW({ weightDecay: 0 }))).toEqual(follow(adam()));
  });
});

test("all of them find the minimum of a quadratic, also inside a jit-ed step", () => {
  const loss = ({ x }: { x: Tensor }): Tensor => sum(mul(tensor([1, 4]), mul(sub(x, 3), sub(x, 3))));
  const find = <S>(optimiser: Optimiser<S>): number[] => {
    const step = jit((params: { x: Tensor }, state: S) => optimiser.update(grad(loss)(params), state, params));
    let params = { x: tensor([0, 0]) };
    let state = optimiser.init(params);
    for (let i = 0; i < 800; i++) ({ params, state } = step(params, state));
    return [...params.x.data];
  };
  const falling = cosineSchedule({ from: 0.1, to: 1e-5, steps: 800 });
  for (const values of [
    find(sgd({ learningRate: 0.05 })),
    find(sgd({ learningRate: 0.02, momentum: 0.8, nesterov: true })),
    find(rmsProp({ learningRate: falling })),
    find(adamW({ learningRate: falling, weightDecay: 0 })),
  ]) {
    for (const value of values) expect(value).toBeCloseTo(3, 3);
  }
});

describe("clipByGlobalNorm", () => {
  test("shortens a long gradient to the norm, keeps its direction and form, and leaves a short one", () => {
    const clipped = clipByGlobalNorm({ a: tensor([3, 0]), b: [tensor(4)] }, 1);
    expect(clipped.a.data[0] / clipped.b[0].item()).toBeCloseTo(0.75, 14);
    expect(Math.hypot(...clipped.a.data, clipped.b[0].item())).toBeCloseTo(1, 14);
    expect(clipByGlobalNorm(tensor([0.3, 0.4]), 1).toArray()).toEqual([0.3, 0.4]);
    expect(clipByGlobalNorm(tensor([0, 0]), 1).toArray()).toEqual([0, 0]);
  });
  test("refuses a norm that is not positive", () => {
    expect(() => clipByGlobalNorm(tensor([1]), 0)).toThrow(/most to be a number > 0/);
  });
});

describe("refuse", () => {
  test("settings out of range and unknown options", () => {
    expect(() => sgd({ momentum: 1 })).toThrow(/momentum to be in \[0, 1\)/);
    expect(() => sgd({ nesterov: true })).toThrow(/momentum > 0 with nesterov/);
    expect(() => sgd({ learningRate: -1 })).toThrow(/learningRate/);
    expect(() => sgd({ momentm: 0.9 } as never)).toThrow(/did you mean momentum/);
    expect(() => rmsProp({ decay: 2 })).toThrow(/decay/);
    expect(() => adamW({ weightDecay: -1 })).toThrow(/weightDecay/);
  });
  test("a gradient of another form or shape, by name", () => {
    for (const [name, optimiser] of Object.entries({ sgd: sgd(), rmsProp: rmsProp(), adamW: adamW() })) {
      const params = { x: tensor([1, 2]) };
      const update = (gradient: unknown) => (): unknown =>
        (optimiser as Optimiser<unknown>).update(gradient, optimiser.init(params), params as unknown);
      expect(update({ x: tensor(1) })).toThrow(ShapeError);
      expect(update({ y: tensor([1, 2]) })).toThrow(new RegExp(`^${name}: `));
    }
  });
});
