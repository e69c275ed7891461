// Does adam follow its recursion, with its state as data?
import fc from "fast-check";
import {
  compile,
  cos,
  DomainError,
  grad,
  mul,
  ShapeError,
  sin,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  trace,
} from "stillpoint";
import { type AdamOptions, adam, cosineSchedule } from "stillpoint/optim";
import { describe, expect, expectTypeOf, test } from "vitest";

const seed = 20260601;

/** Kingma and Ba (2015), algorithm 1, on one number. */
function scalarAdam(
  start: number,
  gradient: (x: number) => number,
  steps: number,
  rate: (step: number) => number,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {},
): number[] {
  let [x, m, v] = [start, 0, 0];
  return Array.from({ length: steps }, (_, i) => {
    const g = gradient(x);
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const mHat = m / (1 - beta1 ** (i + 1));
    const vHat = v / (1 - beta2 ** (i + 1));
    x -= (rate(i) * mHat) / (Math.sqrt(vHat) + epsilon);
    return x;
  });
}

function run(start: Tensor, gradient: (x: Tensor) => Tensor, steps: number, options: AdamOptions): Tensor[] {
  const optimiser = adam(options);
  let params = start;
  let state = optimiser.init(params);
  return Array.from({ length: steps }, () => {
    ({ params, state } = optimiser.update(gradient(params), state, params));
    return params;
  });
}

function expectTrajectory(received: readonly Tensor[], expected: readonly number[]): void {
  expected.forEach((value, i) => {
    expect(Math.abs(received[i].item() - value), `step ${i}`).toBeLessThanOrEqual(1e-15 * Math.abs(value));
  });
}

describe("20 steps agree with a recursion on one number to 1e-15", () => {
  const slope = (x: number): number => 2 * x - 3;
  const slopeOf = (x: Tensor): Tensor => sub(mul(2, x), 3);
  test("with the default settings", () => {
    expectTrajectory(
      run(tensor(5), slopeOf, 20, {}),
      scalarAdam(5, slope, 20, () => 1e-3),
    );
  });
  test("with its own settings", () => {
    const options = { learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 };
    expectTrajectory(
      run(tensor(5), slopeOf, 20, options),
      scalarAdam(5, slope, 20, () => 0.02, options),
    );
  });
  test("without momentum", () => {
    const options = { learningRate: 0.02, beta1: 0 };
    expectTrajectory(
      run(tensor(5), slopeOf, 20, options),
      scalarAdam(5, slope, 20, () => 0.02, options),
    );
  });
  test("with a schedule, which is told how many updates were made before", () => {
    const schedule = cosineSchedule({ from: 0.02, to: 0.001, steps: 15 });
    const rate = (step: number): number =>
      step >= 15 ? 0.001 : 0.001 + ((0.02 - 0.001) / 2) * (1 + Math.cos((Math.PI / 15) * step));
    expectTrajectory(run(tensor(5), slopeOf, 20, { learningRate: schedule }), scalarAdam(5, slope, 20, rate));
    const told: number[] = [];
    run(tensor(5), slopeOf, 3, {
      learningRate: (step) => {
        told.push(step.item());
        return tensor(0.1);
      },
    });
    expect(told).toEqual([0, 1, 2]);
  });
  test("for gradients of any size", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (size) => {
        fc.pre(Math.abs(size) > 1e-6);
        expectTrajectory(
          run(tensor(5), (x) => mul(size, sin(x)), 20, {}),
          scalarAdam(
            5,
            (x) => size * sin(x).item(),
            20,
            () => 1e-3,
          ),
        );
      }),
      { seed, numRuns: 30 },
    );
  });
});

describe("adam", () => {
  const params = { w: tensor([1, 2]), b: [tensor(3)] };
  test("steps by the learning rate at first, against the sign of the gradient", () => {
    const { update, init } = adam({ learningRate: 0.1 });
    const next = update({ w: tensor([1e-3, -50]), b: [tensor(0)] }, init(params), params).params;
    expect(next.w.data[0]).toBeCloseTo(0.9, 5);
    expect(next.w.data[1]).toBeCloseTo(2.1, 8);
    expect(next.b[0].item()).toBe(3);
  });
  test("treats every entry alone", () => {
    const both = run(tensor([5, -2]), (x) => mul(2, x), 5, { learningRate: 0.1 });
    const alone = run(tensor(-2), (x) => mul(2, x), 5, { learningRate: 0.1 });
    both.forEach((x, i) => {
      expect(x.data[1]).toBe(alone[i].item());
    });
  });
  test("begins with zeros of the shapes of the parameters and with step 0", () => {
    const state = adam().init(params);
    expect(state.step.item()).toBe(0);
    for (const part of [state.mean, state.square] as (typeof params)[]) {
      expect(part.w.toArray()).toEqual([0, 0]);
      expect(part.b[0].item()).toBe(0);
    }
  });
  test("changes neither state nor parameters: the same update twice gives the same", () => {
    const { update, init } = adam();
    const gradient = { w: tensor([1, 2]), b: [tensor(3)] };
    const state = update(gradient, init(params), params).state;
    const [one, two] = [update(gradient, state, params), update(gradient, state, params)];
    expect(one.params.w.toArray()).toEqual(two.params.w.toArray());
    expect(one.state.step.item()).toBe(2);
    expect(state.step.item()).toBe(1);
    expect(params.w.toArray()).toEqual([1, 2]);
  });
  test("keeps the form and the type of the parameters", () => {
    const { update, init } = adam();
    const next = update(params, init(params), params).params;
    expect(Object.keys(next)).toEqual(["w", "b"]);
    // type test
    expectTypeOf(next).toEqualTypeOf<typeof params>();
  });
  test("finds the minimum of a bowl", () => {
    const loss = (x: Tensor): Tensor => sum(square(sub(x, tensor([1, -2]))));
    const [last] = run(tensor([0, 0]), grad(loss), 500, { learningRate: 0.05 }).slice(-1);
    expect(last.data[0]).toBeCloseTo(1, 3);
    expect(last.data[1]).toBeCloseTo(-2, 3);
  });
  test("is differentiable and compiles: a whole training step is one program", () => {
    const optimiser = adam({ learningRate: cosineSchedule({ from: 0.1, steps: 10 }) });
    const step = (x: Tensor, state: { step: Tensor; mean: Tensor; square: Tensor }) => {
      const { params: next, state: after } = optimiser.update(cos(x), state, x);
      return [next, after.step, after.mean as Tensor, after.square as Tensor];
    };
    const x = tensor([0.5, 2]);
    const state = { step: tensor(3), mean: tensor([0.1, 0.2]), square: tensor([0.3, 0.4]) };
    const compiled = compile(trace(step, x, state)).run([x, state]) as unknown as Tensor[];
    expect(compiled.map((y) => y.toArray())).toEqual(step(x, state).map((y) => y.toArray()));
  });
});

describe("adam refuses", () => {
  const options: [string, AdamOptions, RegExp][] = [
    ["a learning rate of 0", { learningRate: 0 }, /^adam: .*learningRate.*> 0, received 0/],
    ["a learning rate that is NaN", { learningRate: Number.NaN }, /^adam: .*learningRate/],
    ["a learning rate that is a string", { learningRate: "1" as never }, /^adam: .*learningRate/],
    ["beta1 = 1", { beta1: 1 }, /^adam: .*beta1.*\[0, 1\), received 1/],
    ["a negative beta2", { beta2: -0.1 }, /^adam: .*beta2/],
    ["a negative epsilon", { epsilon: -1 }, /^adam: .*epsilon/],
    [
      "a misspelt option",
      { learningrate: 1 } as never,
      /^adam: unknown option "learningrate": did you mean learningRate/,
    ],
  ];
  for (const [name, wrong, message] of options) {
    test(name, () => {
      expect(() => adam(wrong)).toThrow(DomainError);
      expect(() => adam(wrong)).toThrow(message);
    });
  }
  const { init, update } = adam();
  const params = { w: tensor([1, 2]) };
  test("a gradient of another form, by its own name", () => {
    expect(() => update({ v: tensor([1, 2]) } as never, init(params), params)).toThrow(ShapeError);
    expect(() => update({ v: tensor([1, 2]) } as never, init(params), params)).toThrow(/^adam: .*form/);
  });
  for (const [name, gradient] of [
    ["a shape that broadcasts to that of the parameter", tensor(1)],
    [
      "a shape to which the parameter would broadcast",
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ],
    ["a shape that does not fit at all", tensor([1, 2, 3])],
  ] as const) {
    test(`a gradient of ${name}`, () => {
      expect(() => update({ w: gradient }, init(params), params)).toThrow(ShapeError);
    });
  }
});
