// Does a jit-ed function ever keep an old value?
import {
  add,
  compile,
  DomainError,
  fixedPoint,
  full,
  grad,
  jit,
  jvp,
  mul,
  random,
  sin,
  sum,
  type Tensor,
  TraceError,
  tanh,
  tensor,
  trace,
} from "stillpoint";
import { meanSquaredError, mlp } from "stillpoint/nn";
import { adam } from "stillpoint/optim";
import { describe, expect, test } from "vitest";

test("f runs once for each set of shapes", () => {
  let runs = 0;
  const f = jit((x: Tensor) => {
    runs++;
    return mul(x, x);
  });
  expect(f(tensor([1, 2])).toArray()).toEqual([1, 4]);
  expect(f(tensor([3, 4])).toArray()).toEqual([9, 16]);
  expect(runs).toBe(1);
  expect(f(tensor(5)).item()).toBe(25);
  expect(runs).toBe(2);
});

test("results are fresh: a later call does not change them", () => {
  const f = jit((x: Tensor) => add(x, 1));
  const first = f(tensor([1, 2]));
  f(tensor([10, 20]));
  expect(first.toArray()).toEqual([2, 3]);
});

test("an identity gives its argument, not memory of the plan", () => {
  const f = jit((x: Tensor) => x);
  const x = tensor([1]);
  const y = f(x);
  expect(f(tensor([2])).toArray()).toEqual([2]);
  expect(y.toArray()).toEqual([1]);
});

describe("what could go stale is refused or current:", () => {
  test("a tensor that f closes over is refused, with the remedy", () => {
    const w = tensor([2, 3]);
    const f = jit((x: Tensor) => mul(x, w));
    expect(() => f(tensor([1, 1]))).toThrow(DomainError);
    expect(() => f(tensor([1, 1]))).toThrow(/closure over \[2\].*pass it as an argument, or list it in constants/);
  });
  test("a listed constant is used", () => {
    const w = tensor([2, 3]);
    expect(jit((x: Tensor) => mul(x, w), { constants: w })(tensor([1, 1])).toArray()).toEqual([2, 3]);
    expect(jit((x: Tensor) => mul(x, w), { constants: { w } })(tensor([1, 1])).toArray()).toEqual([2, 3]);
  });
  test("tensors that f makes from numbers are allowed", () => {
    const f = jit((x: Tensor) => add(add(mul(x, tensor([1, 2])), full([2], 3)), 4));
    expect(f(tensor([1, 1])).toArray()).toEqual([8, 9]);
  });
  test("a number passed as an argument is current, one that is closed over is frozen", () => {
    let rate = 2;
    const frozen = jit((x: Tensor) => mul(x, rate));
    const passed = jit((x: Tensor, r: Tensor) => mul(x, r)) as unknown as (x: Tensor, r: number) => Tensor;
    expect([frozen(tensor(1)).item(), passed(tensor(1), rate).item()]).toEqual([2, 2]);
    rate = 5;
    expect([frozen(tensor(1)).item(), passed(tensor(1), rate).item()]).toEqual([2, 5]);
  });
  test("weights, a mask and a batch that changed are current, as arguments", () => {
    const f = jit(({ w, mask }: { w: Tensor; mask: Tensor }, batch: Tensor) => sum(mul(mul(w, mask), batch)));
    const batch = tensor([1, 2]);
    expect(f({ w: tensor([1, 1]), mask: tensor([1, 0]) }, batch).item()).toBe(1);
    expect(f({ w: tensor([1, 3]), mask: tensor([1, 0]) }, batch).item()).toBe(1);
    expect(f({ w: tensor([1, 3]), mask: tensor([0, 1]) }, batch).item()).toBe(6);
    expect(f({ w: tensor([1, 3]), mask: tensor([0, 1]) }, tensor([1, 5])).item()).toBe(15);
  });
  test("a record with its keys in another order is not mistaken", () => {
    const f = jit(({ a, b }: Record<string, Tensor>) => add(mul(10, a), b));
    expect(f({ a: tensor(1), b: tensor(2) }).item()).toBe(12);
    expect(f({ b: tensor(2), a: tensor(1) }).item()).toBe(12);
  });
  test("a branch on a value is refused", () => {
    expect(() => jit((x: Tensor) => (x.item() > 0 ? x : mul(2, x)))(tensor(1))).toThrow(TraceError);
  });
});

describe("together with derivatives", () => {
  const f = (x: Tensor): Tensor => sum(mul(sin(x), x));
  const x = tensor([0.3, -2]);
  test("jit inside grad, jvp and grad of grad", () => {
    const fast = jit(f);
    fast(x);
    expect(grad(fast)(x).data).toEqual(grad(f)(x).data);
    expect(jvp(fast, [x], [x]).tangent.data).toEqual(jvp(f, [x], [x]).tangent.data);
    const twice = (g: typeof f) => grad((y: Tensor) => sum(grad(g)(y)))(x).data;
    expect(twice(fast)).toEqual(twice(f));
  });
  test("grad inside jit", () => {
    expect(jit(grad(f))(x).data).toEqual(grad(f)(x).data);
  });
  test("jit inside jit, and inside a trace", () => {
    expect(jit((y: Tensor) => jit(f)(mul(2, y)))(x).item()).toBe(f(mul(2, x)).item());
    expect(
      compile(trace((y: Tensor) => jit(f)(y), x))
        .run([x])
        .item(),
    ).toBe(f(x).item());
  });
  test("a variable of an outer derivative that a jit-ed function closes over is refused", () => {
    const outer = (a: Tensor): Tensor => jit((y: Tensor) => mul(a, y))(tensor(2));
    expect(() => grad(outer)(tensor(3))).toThrow(/closure over/);
  });
  test("a fixed point inside jit binds its weights anew", () => {
    const solve = jit((w: Tensor) => fixedPoint((z) => mul(w, tanh(add(z, 1))), 0));
    const plain = (w: number): number => fixedPoint((z) => mul(w, tanh(add(z, 1))), 0).item();
    expect(solve(tensor(0.5)).item()).toBe(plain(0.5));
    expect(solve(tensor(0.2)).item()).toBe(plain(0.2));
  });
});

test("a whole training step is one plan with the bits of the eager one", () => {
  const net = mlp([2, 4, 1], { random: random(0) });
  const optimiser = adam({ learningRate: 0.05 });
  const data = { x: random(1).normal([8, 2]), y: random(2).normal([8, 1]) };
  const step = (params: typeof net.params, state: ReturnType<typeof optimiser.init>, x: Tensor, y: Tensor) => {
    const gradient = grad((p: typeof params) => meanSquaredError(net.apply(p, x), y))(params);
    return optimiser.update(gradient, state, params);
  };
  const fast = jit(step);
  const train = (f: typeof step) => {
    let params = net.params;
    let state = optimiser.init(params);
    for (let i = 0; i < 20; i++) ({ params, state } = f(params, state, data.x, data.y));
    return params[0].weight.data;
  };
  expect(train(fast)).toEqual(train(step));
});
