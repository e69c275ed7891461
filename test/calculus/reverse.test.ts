// Do grad, valueAndGrad and vjp give the derivatives of every kind of function?
import fc from "fast-check";
import {
  add,
  cos,
  exp,
  grad,
  jvp,
  log,
  matmul,
  mean,
  mul,
  pow,
  ShapeError,
  sin,
  square,
  stack,
  sub,
  sum,
  Tensor,
  tanh,
  tensor,
  valueAndGrad,
  vjp,
  zeros,
} from "stillpoint";
import { describe, expect, expectTypeOf, test } from "vitest";

const seed = 20260501;
const numbers = fc.double({ min: -2, max: 2, noNaN: true });

describe("values that are used more than once", () => {
  test("the diamond: both paths are added", () => {
    // y = sin a · exp a with a = x²: y′ = 2x·(cos a·exp a + sin a·exp a)
    fc.assert(
      fc.property(numbers, (x) => {
        const f = (p: Tensor): Tensor => {
          const a = mul(p, p);
          return mul(sin(a), exp(a));
        };
        const a = x * x;
        const expected = 2 * x * (Math.cos(a) + Math.sin(a)) * Math.exp(a);
        expect(Math.abs(grad(f)(tensor(x)).item() - expected)).toBeLessThanOrEqual(
          1e-14 * (1 + Math.abs(expected)) * 100,
        );
      }),
      { seed },
    );
  });
  test("one value as both arguments", () => {
    expect(grad((x: Tensor) => mul(x, x))(tensor(3)).item()).toBe(6);
    expect(grad((x: Tensor) => add(x, x))(tensor(3)).item()).toBe(2);
    expect(grad((x: Tensor) => sub(x, x))(tensor(3)).item()).toBe(0);
    expect(grad((x: Tensor) => pow(x, x))(tensor(1)).item()).toBe(1);
    expect(grad((x: Tensor) => matmul(x, x))(tensor([1, 2])).toArray()).toEqual([2, 4]);
    expect(grad((x: Tensor) => sum(stack([x, x, x])))(tensor([1, 2])).toArray()).toEqual([3, 3]);
  });
  test("one tensor as two parameters counts for each of them", () => {
    const x = tensor(3);
    const gradient = grad((p: { a: Tensor; b: Tensor }) => mul(p.a, square(p.b)))({ a: x, b: x });
    expect(gradient.a.item()).toBe(9);
    expect(gradient.b.item()).toBe(18);
  });
  test("a parameter that f also closes over is a constant there", () => {
    const x = tensor(3);
    expect(grad((p: Tensor) => mul(p, x))(x).item()).toBe(3);
  });
});

describe("what a parameter does not reach has gradient zero", () => {
  test("in its own shape", () => {
    const params = { used: tensor([1, 2]), unused: zeros([2, 0, 3]), also: tensor([[1, 2, 3]]) };
    const gradient = grad((p: typeof params) => sum(p.used))(params);
    expect(gradient.unused.shape).toEqual([2, 0, 3]);
    expect(gradient.also.toArray()).toEqual([[0, 0, 0]]);
    expect(gradient.used.toArray()).toEqual([1, 1]);
  });
  test("for constant functions", () => {
    expect(grad((_: Tensor) => tensor(5))(tensor([1, 2])).toArray()).toEqual([0, 0]);
    expect(grad((() => 5) as unknown as (x: Tensor) => Tensor)(tensor([1, 2])).toArray()).toEqual([0, 0]);
  });
  test("and the zeros are finite even where the function's value is not", () => {
    const gradient = grad((p: { a: Tensor; b: Tensor }) => log(p.a))({ a: tensor(0), b: tensor([1, 2]) });
    expect(gradient.a.item()).toBe(Number.POSITIVE_INFINITY);
    expect(gradient.b.toArray()).toEqual([0, 0]);
  });
});

describe("trees of parameters", () => {
  const params = {
    layers: [
      { w: tensor([[1, 2]]), b: tensor([3, 4]) },
      { w: tensor([[5], [6]]), b: tensor([7]) },
    ],
    scale: tensor(2),
    nothing: [],
  };
  const loss = ({ layers, scale }: typeof params): Tensor => {
    let y = tensor([[1]]);
    for (const { w, b } of layers) y = add(matmul(y, w), b);
    return mul(scale, sum(y));
  };
  test("keep keys, order and nesting", () => {
    const gradient = grad(loss)(params);
    expect(Object.keys(gradient)).toEqual(["layers", "scale", "nothing"]);
    expect(gradient.layers.length).toBe(2);
    expect(Object.keys(gradient.layers[0])).toEqual(["w", "b"]);
    expect(gradient.nothing).toEqual([]);
    expect(gradient.layers[0].w.toArray()).toEqual([[10, 12]]);
    expect(gradient.layers[0].b.toArray()).toEqual([10, 12]);
    expect(gradient.layers[1].w.toArray()).toEqual([[8], [12]]);
    expect(gradient.layers[1].b.toArray()).toEqual([2]);
    expect(gradient.scale.item()).toBe(4 * 5 + 6 * 6 + 7);
  });
  test("are not changed", () => {
    const before = params.layers[0].w;
    grad(loss)(params);
    expect(params.layers[0].w).toBe(before);
    expect(before.toArray()).toEqual([[1, 2]]);
  });
  // type test
  test("the gradient has the type of the parameters", () => {
    expectTypeOf(grad(loss)(params)).toEqualTypeOf<typeof params>();
    expectTypeOf(grad(loss)).parameter(0).toEqualTypeOf<typeof params>();
    expectTypeOf(valueAndGrad(loss)(params)).toEqualTypeOf<{ value: Tensor; gradient: typeof params }>();
    expectTypeOf(grad((x: Tensor, factor: number, name: string) => mul(x, factor * name.length))).toEqualTypeOf<
      (params: Tensor, factor: number, name: string) => Tensor
    >();
  });
});

describe("valueAndGrad", () => {
  test("gives both, and passes further arguments on without differentiating them", () => {
    const f = (w: Tensor, x: Tensor, options: { power: number }): Tensor => sum(pow(mul(w, x), options.power));
    const { value, gradient } = valueAndGrad(f)(tensor(3), tensor([1, 2]), { power: 2 });
    expect(value.item()).toBe(9 + 36);
    expect(gradient.item()).toBe(2 * 3 * (1 + 4));
  });
  test("runs f once", () => {
    let runs = 0;
    valueAndGrad((x: Tensor) => {
      runs++;
      return mul(x, x);
    })(tensor(1));
    expect(runs).toBe(1);
  });
  test("gives the same bits twice", () => {
    const f = valueAndGrad((x: Tensor) => mean(tanh(matmul(x, x))));
    const x = tensor([
      [0.1, 0.7],
      [-0.3, 0.2],
    ]);
    expect([...f(x).gradient.data]).toEqual([...f(x).gradient.data]);
  });
});

describe("functions that close over differentiated variables", () => {
  test("an inner gradient is a function of what it closes over", () => {
    // inner: d/dy (x²·y³) = 3x²y² at y = 2; outer: d/dx 12x² = 24x
    const f = (x: Tensor): Tensor => grad((y: Tensor) => mul(square(x), pow(y, 3)))(tensor(2));
    expect(f(tensor(5)).item()).toBe(300);
    expect(grad(f)(tensor(5)).item()).toBe(120);
    expect(jvp(f, [tensor(5)], [tensor(1)]).tangent.item()).toBe(120);
  });
  test("gradient descent inside a loss is differentiated through", () => {
    // y ← y − η·2(y − x), three times from 0: y = x·(1 − (1 − 2η)³)
    const descend = ({ x, eta }: { x: Tensor; eta: Tensor }): Tensor => {
      let y = tensor(0);
      for (let i = 0; i < 3; i++) y = sub(y, mul(eta, grad((z: Tensor) => square(sub(z, x)))(y)));
      return y;
    };
    const gradient = grad(descend)({ x: tensor(2), eta: tensor(0.1) });
    expect(gradient.x.item()).toBeCloseTo(1 - 0.8 ** 3, 14);
    expect(gradient.eta.item()).toBeCloseTo(2 * 6 * 0.8 ** 2, 14);
  });
});

describe("vjp", () => {
  test("pulls back through tree-valued functions of several arguments", () => {
    const f = (a: Tensor, p: { b: Tensor }) => ({ product: mul(a, p.b), parts: [sin(a), p.b] });
    const [a, b] = [tensor([1, 2]), tensor([3, 4])];
    const { value, pull } = vjp(f, a, { b });
    expect(value.product.toArray()).toEqual([3, 8]);
    const [toA, toP] = pull({ product: tensor([1, 10]), parts: [tensor([100, 0]), tensor([1000, 2000])] });
    expect(toA.toArray()).toEqual([3 + 100 * cos(1).item(), 40]);
    expect(toP.b.toArray()).toEqual([1001, 2020]);
  });
  // type test
  test("types survive", () => {
    const { value, pull } = vjp((a: Tensor, p: { b: Tensor }) => ({ y: mul(a, p.b) }), tensor(1), { b: tensor(2) });
    expectTypeOf(value).toEqualTypeOf<{ y: Tensor }>();
    expectTypeOf(pull).returns.toEqualTypeOf<[Tensor, { b: Tensor }]>();
  });
  test("numbers among the arguments come as tensors and have cotangents", () => {
    const { value, pull } = vjp((a: Tensor, b: Tensor) => mul(a, b), 3 as never, tensor(4));
    expect(value.item()).toBe(12);
    expect(pull(1).map((c) => c.item())).toEqual([4, 3]);
  });
  test("is linear in the cotangent", () => {
    const { pull } = vjp(
      (x: Tensor) =>
        tanh(
          matmul(
            x,
            tensor([
              [1, 2],
              [3, 4],
            ]),
          ),
        ),
      tensor([0.1, 0.2]),
    );
    const [g, h] = [tensor([1, -2]), tensor([0.5, 3])];
    const joint = pull(add(mul(2, g), h))[0].toArray() as number[];
    const apart = add(mul(2, pull(g)[0]), pull(h)[0]).toArray() as number[];
    joint.forEach((value, i) => {
      expect(value).toBeCloseTo(apart[i], 14);
    });
  });
  const { pull } = vjp((x: Tensor) => [x, sum(x)], tensor([1, 2]));
  const wrong: [string, unknown][] = [
    ["another shape", [tensor([1, 2, 3]), tensor(1)]],
    ["a shape that would broadcast", [tensor([1]), tensor(1)]],
    ["another form", tensor([1, 2])],
    ["too many parts", [tensor([1, 2]), tensor(1), tensor(1)]],
    ["a number where a vector belongs", [1, 1]],
  ];
  for (const [name, cotangent] of wrong) {
    test(`refuses a cotangent of ${name}, with the shapes of the value`, () => {
      expect(() => pull(cotangent as never)).toThrow(ShapeError);
      expect(() => pull(cotangent as never)).toThrow(/^vjp: pull: expected \[2\], \[\], received /);
    });
  }
});

describe("grad refuses", () => {
  test("an output that is no scalar, with its shape and the remedy", () => {
    expect(() => grad((x: Tensor) => x)(tensor([1, 2]))).toThrow(ShapeError);
    expect(() => grad((x: Tensor) => x)(tensor([1, 2]))).toThrow(
      /^grad: expected f to return a scalar, received \[2\]: .*sum or mean/,
    );
  });
  test("an output of size one that is no scalar", () => {
    expect(() => grad((x: Tensor) => x)(tensor([1]))).toThrow(/received \[1\]/);
  });
  test("a tree of outputs", () => {
    expect(() => grad(((x: Tensor) => [x, x]) as never)(tensor(1))).toThrow(/^grad: .*received \[\], \[\]/);
    expect(() => grad(((x: Tensor) => [x]) as never)(tensor(1))).toThrow(ShapeError);
  });
  test("an output that is no tensor", () => {
    expect(() => grad((() => undefined) as never)(tensor(1))).toThrow(/^grad: .*received undefined/);
    expect(() => grad((async () => tensor(1)) as never)(tensor(1))).toThrow(ShapeError);
  });
  test("parameters that are no tensors", () => {
    expect(() => grad((x: never) => x)([new Float64Array(1)] as never)).toThrow(/^grad: .*received object at \[0\]/);
  });
  test("by the name valueAndGrad, if that was called", () => {
    expect(() => valueAndGrad((x: Tensor) => x)(tensor([1, 2]))).toThrow(/^valueAndGrad: /);
  });
});

test("the arguments that f receives are tensors, never plain numbers", () => {
  grad((x: Tensor) => {
    expect(x).toBeInstanceOf(Tensor);
    return x;
  })(3 as never);
});
