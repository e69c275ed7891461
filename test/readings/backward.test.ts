// Do long tapes and shared values read well, backwards and forwards?
import { add, compile, grad, jvp, mul, replay, sin, sub, sum, type Tensor, tensor, trace, vjp } from "stillpoint";
import { describe, expect, test } from "vitest";
import { pullback, pushforward } from "../../src/readings/index.js";
import { type Application, type Primitive, record } from "../../src/tape/index.js";

const length = 100_000;

/** x ↦ x·(1 + 2⁻²⁰)ⁿ by n multiplications. */
function chain(x: Tensor): Tensor {
  let y = x;
  for (let i = 0; i < length; i++) y = mul(y, 1 + 2 ** -20);
  return y;
}

describe(`${length} chained operations`, () => {
  const slope = (1 + 2 ** -20) ** length;
  test("differentiate in reverse", () => {
    expect(grad(chain)(tensor(1)).item()).toBeCloseTo(slope, 11);
  });
  test("differentiate forward", () => {
    expect(jvp(chain, [tensor(1)], [tensor(1)]).tangent.item()).toBeCloseTo(slope, 11);
  });
  test("differentiate twice", () => {
    const along = (x: Tensor): Tensor => mul(chain(x), x);
    expect(grad(grad(along))(tensor(1)).item()).toBeCloseTo(2 * slope, 11);
  });
  test("are traced, replayed and compiled", () => {
    const program = trace(chain, tensor(1));
    expect(program.steps.length).toBe(length);
    expect(replay(program, [tensor(1)]).item()).toBeCloseTo(slope, 11);
    expect(
      compile(program)
        .run([tensor(1)])
        .item(),
    ).toBeCloseTo(slope, 11);
  });
});

test("2³⁰ paths through 30 additions are collected, not walked one by one", () => {
  const doubled = (x: Tensor): Tensor => {
    let y = x;
    for (let i = 0; i < 30; i++) y = add(y, y);
    return y;
  };
  expect(grad(doubled)(tensor(1)).item()).toBe(2 ** 30);
  expect(jvp(doubled, [tensor(1)], [tensor(1)]).tangent.item()).toBe(2 ** 30);
});

/** A primitive that counts how often each rule is called. */
function counting(): { primitive: Primitive<void>; calls: { vjp: number; jvp: number } } {
  const calls = { vjp: 0, jvp: 0 };
  const primitive: Primitive<void> = {
    name: "counting",
    shapes: ([x]) => [x],
    kernel:
      () =>
      ([out], [x]) =>
        out.set(x),
    vjp: ([g]) => {
      calls.vjp++;
      return [g];
    },
    jvp: ([dx]) => {
      calls.jvp++;
      return [dx];
    },
  };
  return { primitive, calls };
}

describe("rules are called only where a derivative passes", () => {
  const application = (primitive: Primitive<void>, x: Tensor): Application => ({
    primitive: primitive as Primitive,
    inputs: [x],
    outputs: [sin(x)],
    parameters: undefined,
  });
  test("not for what the inputs do not reach, nor for what reaches no output", () => {
    const [x, constant] = [tensor([1]), tensor([2])];
    const used = counting();
    const unused = counting();
    const onConstant = counting();
    const a = application(used.primitive, x);
    const tape = [a, application(unused.primitive, x), application(onConstant.primitive, constant)];
    expect(pullback({ tape, inputs: [x], outputs: a.outputs })([tensor([3])])[0]?.toArray()).toEqual([3]);
    expect([used.calls.vjp, unused.calls.vjp, onConstant.calls.vjp]).toEqual([1, 0, 0]);
    expect(pushforward({ tape, inputs: [x], outputs: a.outputs })([tensor([4])])[0]?.toArray()).toEqual([4]);
    expect([used.calls.jvp, onConstant.calls.jvp]).toEqual([1, 0]);
  });
  test("what no cotangent or tangent reaches stays a structural zero", () => {
    const [x, y] = [tensor([1]), tensor([2])];
    const { result, tape } = record(() => sin(x));
    const [toX, toY] = pullback({ tape, inputs: [x, y], outputs: [result] })([tensor([1])]);
    expect(toX).toBeDefined();
    expect(toY).toBeUndefined();
    expect(pushforward({ tape, inputs: [x, y], outputs: [result] })([undefined, tensor([1])])).toEqual([undefined]);
  });
});

describe("an output that is used again", () => {
  test("collects its own cotangent and that of what uses it", () => {
    const { pull } = vjp((x: Tensor) => {
      const y = mul(x, x);
      return [y, mul(y, y)];
    }, tensor(3));
    expect(pull([tensor(1), tensor(1)])[0].item()).toBe(6 + 4 * 27);
  });
  test("an output that is an input passes its cotangent on", () => {
    const { pull } = vjp((x: Tensor) => [x, x, sub(0, x)], tensor([1, 2]));
    expect(pull([tensor([1, 1]), tensor([10, 10]), tensor([100, 100])])[0].toArray()).toEqual([-89, -89]);
  });
  test("a pull can be asked several times", () => {
    const { pull } = vjp((x: Tensor) => sum(mul(x, x)), tensor([1, 2]));
    expect(pull(1)[0].toArray()).toEqual([2, 4]);
    expect(pull(10)[0].toArray()).toEqual([20, 40]);
    expect(pull(1)[0].toArray()).toEqual([2, 4]);
  });
});
