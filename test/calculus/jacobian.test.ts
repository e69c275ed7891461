// Are jacobian, hessian, hvp, checkpoint and custom right?
import {
  add,
  checkpoint,
  compile,
  custom,
  DomainError,
  exp,
  grad,
  greater,
  hessian,
  hvp,
  jacobian,
  jvp,
  matmul,
  mul,
  ones,
  random,
  relu,
  reshape,
  sin,
  square,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
  where,
  zeros,
} from "stillpoint";
import { describe, expect, test } from "vitest";

const close = (x: Tensor, y: Tensor, digits = 12): void => {
  expect(x.shape).toEqual(y.shape);
  x.data.forEach((value, i) => {
    expect(value).toBeCloseTo(y.data[i], digits);
  });
};

describe("jacobian", () => {
  const A = random(1).normal([4, 3]);
  test("of a linear map is its matrix, whichever mode is cheaper", () => {
    expect(jacobian((x) => matmul(A, x))(tensor([1, 2, 3])).toArray()).toEqual(A.toArray());
    expect(jacobian((x) => matmul(x, A))(tensor([1, 2, 3, 4])).data).toEqual(
      reshape(A, [12]).data.map((_, i) => A.data[(i % 4) * 3 + Math.floor(i / 4)]),
    );
  });
  test("has the shape of the value followed by that of the argument", () => {
    const x = zeros([2, 3]);
    expect(jacobian((y) => matmul(A, reshape(y, [3, 2])))(x).shape).toEqual([4, 2, 2, 3]);
    expect(jacobian((y) => sum(y))(x).shape).toEqual([2, 3]);
    expect(jacobian((y) => mul(y, ones([5])))(tensor(2)).toArray()).toEqual([1, 1, 1, 1, 1]);
  });
  test("is zero where the argument is not used, and empty for an empty one", () => {
    expect(jacobian(() => ones([2]))(tensor([1, 2, 3])).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(jacobian((x) => x)(zeros([0])).shape).toEqual([0, 0]);
  });
  test("can be differentiated, traced and compiled", () => {
    const f = jacobian((x: Tensor) => square(x));
    expect(grad((x: Tensor) => sum(f(x)))(tensor([1, 2])).toArray()).toEqual([2, 2]);
    expect(
      compile(trace(f, tensor([1, 2])))
        .run([tensor([3, 4])])
        .toArray(),
    ).toEqual([
      [6, 0],
      [0, 8],
    ]);
  });
  test("refuses trees", () => {
    expect(() => jacobian((x) => [x, x] as never)(tensor(1))).toThrow(/f\(x\) to be one tensor, received a tree of 2/);
    expect(() => jacobian((x) => x)([tensor(1)] as never)).toThrow(/expected x to be one tensor/);
  });
});

test("hessian and hvp agree with each other and with the closed form", () => {
  const A = random(2).normal([3, 3]);
  const f = (x: Tensor): Tensor => sum(exp(sin(matmul(A, x))));
  const x = tensor([0.1, -0.4, 0.7]);
  const H = hessian(f)(x);
  const s = matmul(A, x).data;
  const curvature = s.map((v) => Math.exp(Math.sin(v)) * (Math.cos(v) ** 2 - Math.sin(v)));
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      let expected = 0;
      for (let k = 0; k < 3; k++) expected += curvature[k] * A.data[3 * k + i] * A.data[3 * k + j];
      expect(H.data[3 * i + j]).toBeCloseTo(expected, 12);
    }
  }
  const v = tensor([1, 2, -1]);
  close(hvp(f, x, v), matmul(H, v));
  expect(() => hvp(f, x, tensor([1]))).toThrow(
    /hvp: expected v of the shapes of the parameters, \[3\], received \[1\]/,
  );
  const parts = hvp(
    ({ a, b }: Record<string, Tensor>) => sum(mul(mul(a, a), b)),
    { a: tensor(2), b: tensor(3) },
    { a: tensor(1), b: tensor(0) },
  );
  expect([parts.a.item(), parts.b.item()]).toEqual([6, 4]);
});

describe("checkpoint", () => {
  const w = tensor([0.5, -1]);
  const layer = (x: Tensor): Tensor => tanh(mul(w, exp(sin(x))));
  const plain = (x: Tensor): Tensor => sum(layer(layer(x)));
  const saved = (x: Tensor): Tensor => sum(checkpoint(layer)(checkpoint(layer)(x)));
  const x = tensor([0.2, 1.1]);
  test("keeps the bits of values and of gradients, also of what is closed over", () => {
    expect(saved(x).item()).toBe(plain(x).item());
    expect(grad(saved)(x).data).toEqual(grad(plain)(x).data);
    const scaled = (f: (g: (y: Tensor) => Tensor) => (y: Tensor) => Tensor) => (a: Tensor) =>
      sum(f((y) => mul(a, sin(y)))(x));
    expect(grad(scaled(checkpoint))(tensor(2)).item()).toBe(grad(scaled((g) => g))(tensor(2)).item());
  });
  test("and of second derivatives, forward and reverse", () => {
    close(hessian(saved)(x), hessian(plain)(x), 14);
    close(jvp(grad(saved), [x], [w]).tangent, jvp(grad(plain), [x], [w]).tangent, 14);
  });
  test("keeps one application on the tape, whatever f does", () => {
    const names = trace(saved, x).steps.map(({ primitive }) => primitive.name);
    expect(names.filter((name) => name === "checkpoint").length).toBe(2);
    for (const inner of ["sin", "exp", "tanh", "mul"]) expect(names).not.toContain(inner);
  });
  test("takes and returns trees", () => {
    const f = checkpoint(({ a, b }: Record<string, Tensor>) => ({ s: add(a, b), p: mul(a, b) }));
    const { s, p } = f({ a: tensor(2), b: tensor(3) });
    expect([s.item(), p.item()]).toEqual([5, 6]);
  });
});

describe("custom", () => {
  const leaky = custom("leaky", (x) => relu(x), {
    vjp: (g, _, [x]) => [where(greater(x, 0), g, mul(0.1, g))],
    jvp: ([dx], _, [x]) => where(greater(x, 0), dx, mul(0.1, dx)),
  });
  const x = tensor([-1, 2]);
  test("has the value of f and the given rules, in both modes and compiled", () => {
    expect(leaky(x).toArray()).toEqual([0, 2]);
    expect(grad((y: Tensor) => sum(leaky(y)))(x).toArray()).toEqual([0.1, 1]);
    expect(jvp((y: Tensor) => leaky(y), [x], [ones([2])]).tangent.toArray()).toEqual([0.1, 1]);
    expect(
      compile(
        trace(
          grad((y: Tensor) => sum(leaky(y))),
          x,
        ),
      )
        .run([x])
        .toArray(),
    ).toEqual([0.1, 1]);
  });
  test("its rules are differentiated again", () => {
    const cube = custom("cube", (y) => mul(y, mul(y, y)), { vjp: (g, _, [y]) => [mul(g, mul(3, square(y)))] });
    expect(grad(grad((y: Tensor) => cube(y)))(tensor(2)).item()).toBe(12);
  });
  test("names may repeat, and numbers may be arguments", () => {
    const twice = custom("leaky", (a) => mul(2, a), { vjp: (g) => [mul(7, g)] });
    expect(twice(3 as never).item()).toBe(6);
    expect(grad((a: Tensor) => twice(a))(tensor(1)).item()).toBe(7);
  });
  test("tensors made inside f are allowed, closed-over ones refused with the remedy", () => {
    expect(custom("made", (a) => add(a, tensor([1, 2])), {})(tensor([0, 0])).toArray()).toEqual([1, 2]);
    const w = tensor(2);
    expect(() => custom("closing", (a) => mul(a, w), {})(tensor(1))).toThrow(DomainError);
    expect(() => custom("closing", (a) => mul(a, w), {})(tensor(1))).toThrow(
      /custom closing: .*pass it as an argument/,
    );
  });
  test("a missing rule, wrong shapes and unknown options are refused by name", () => {
    const none = custom("none", (a) => a, {});
    expect(() => grad((a: Tensor) => none(a))(tensor(1))).toThrow(/custom none: expected a vjp rule/);
    expect(() => jvp((a: Tensor) => none(a), [tensor(1)], [tensor(1)])).toThrow(/custom none: expected a jvp rule/);
    const wrong = custom("wrong", (a) => a, { vjp: () => [ones([2])] });
    expect(() => grad((a: Tensor) => wrong(a))(tensor(1))).toThrow(
      /custom wrong: expected cotangents of shapes \[\], received \[2\]/,
    );
    expect(() => custom("typo", (a) => a, { vpj: () => [] } as never)).toThrow(/did you mean vjp/);
  });
});
