// Do types survive derivatives? The compiler checks these lines; running them only shows that they run.
import {
  add,
  checkpoint,
  compile,
  custom,
  fixedPoint,
  fixedPointWithReport,
  grad,
  hessian,
  hvp,
  jacobian,
  jit,
  jvp,
  linearize,
  mapTree,
  mul,
  scan,
  sum,
  type Tensor,
  tensor,
  trace,
  valueAndGrad,
  vjp,
} from "stillpoint";
import { describe, expect, expectTypeOf, test } from "vitest";

type Params = {
  readonly layers: readonly { readonly weight: Tensor; readonly bias: Tensor }[];
  readonly scale: readonly [Tensor, Tensor];
};
const params: Params = { layers: [{ weight: tensor([1, 2]), bias: tensor(3) }], scale: [tensor(1), tensor(2)] };
const loss = (p: Params, x: Tensor): Tensor =>
  sum(mul(mul(p.scale[0], p.scale[1]), add(mul(p.layers[0].weight, x), p.layers[0].bias)));
const x = tensor([1, 1]);

describe("the type of", () => {
  test("a gradient is that of the parameters, deep trees and tuples included", () => {
    const gradient = grad(loss)(params, x);
    expectTypeOf(gradient).toEqualTypeOf<Params>();
    expectTypeOf(gradient.scale[1]).toEqualTypeOf<Tensor>();
    expectTypeOf(grad(loss)).parameters.toEqualTypeOf<[params: Params, x: Tensor]>();
    expectTypeOf(valueAndGrad(loss)(params, x)).toEqualTypeOf<{ value: Tensor; gradient: Params }>();
    expectTypeOf(grad(grad((y: Tensor) => mul(y, y)))).toEqualTypeOf<(params: Tensor) => Tensor>();
    expect(gradient.scale[1].item()).toBe(9);
  });
  test("a function that does not return one tensor is refused where a scalar is needed", () => {
    // @ts-expect-error: a record is no scalar
    expect(() => grad((y: Tensor) => ({ y }))(tensor(1))).toThrow();
    // @ts-expect-error: the second argument is a tensor
    expect(() => grad(loss)(params, "x")).toThrow();
    // @ts-expect-error: the gradient has no such part
    expect(grad(loss)(params, x).bias).toBeUndefined();
  });
  test("cotangents and tangents are those of arguments and values", () => {
    const f = (a: Tensor, b: { readonly c: Tensor }) => ({ sum: add(a, b.c), both: [a, b.c] as const });
    const reverse = vjp(f, tensor(1), { c: tensor(2) });
    expectTypeOf(reverse.value).toEqualTypeOf<{ sum: Tensor; both: readonly [Tensor, Tensor] }>();
    expectTypeOf(reverse.pull).returns.toEqualTypeOf<[Tensor, { c: Tensor }]>();
    const forward = jvp(f, [tensor(1), { c: tensor(2) }], [tensor(1), { c: tensor(0) }]);
    expectTypeOf(forward.tangent).toEqualTypeOf<{ sum: Tensor; both: readonly [Tensor, Tensor] }>();
    const { push } = linearize(f, tensor(1), { c: tensor(2) });
    expectTypeOf(push).parameters.toEqualTypeOf<[Tensor, { c: Tensor }]>();
    expect(forward.tangent.sum.item()).toBe(1);
  });
  test("Jacobians, Hessians and their products", () => {
    const f = (y: Tensor): Tensor => sum(mul(y, y));
    expectTypeOf(jacobian(f)).toEqualTypeOf<(x: Tensor) => Tensor>();
    expectTypeOf(hessian(f)).toEqualTypeOf<(x: Tensor) => Tensor>();
    expectTypeOf(hvp((p: Params) => loss(p, x), params, params)).toEqualTypeOf<Params>();
    expect(hessian(f)(tensor(1)).item()).toBe(2);
  });
  test("functions that are wrapped is kept: jit, checkpoint, custom", () => {
    const f = (p: Params, y: Tensor) => ({ value: loss(p, y), p });
    expectTypeOf(jit(f)).toEqualTypeOf<(p: Params, y: Tensor) => { value: Tensor; p: Params }>();
    expectTypeOf(checkpoint(f)).toEqualTypeOf<(p: Params, y: Tensor) => { value: Tensor; p: Params }>();
    expectTypeOf(custom("square", (y) => mul(y, y), {})).toEqualTypeOf<(...xs: Tensor[]) => Tensor>();
    expect(jit(f)(params, x).value.item()).toBe(18);
  });
  test("carries, rows and fixed points", () => {
    const { carry, y } = scan(
      (c: { t: Tensor }, row: Tensor) => ({ carry: { t: add(c.t, row) }, y: [row] as const }),
      { t: tensor(0) },
      x,
    );
    expectTypeOf(carry).toEqualTypeOf<{ t: Tensor }>();
    expectTypeOf(y).toEqualTypeOf<readonly [Tensor]>();
    const half = ({ u }: { u: Tensor }) => ({ u: mul(0.5, u) });
    expectTypeOf(fixedPoint(half, { u: tensor(1) })).toEqualTypeOf<{ u: Tensor }>();
    expectTypeOf(fixedPoint((z) => mul(0.5, z), 1)).toEqualTypeOf<Tensor>();
    expectTypeOf(fixedPointWithReport(half, { u: tensor(1) }).report.residuals).toEqualTypeOf<readonly number[]>();
    expect(carry.t.item()).toBe(2);
  });
  test("trees that are mapped, and of plans", () => {
    expectTypeOf(mapTree((w) => mul(2, w), params)).toEqualTypeOf<Params>();
    expectTypeOf(compile(trace((y: Tensor) => mul(y, y), x)).run)
      .parameter(0)
      .toEqualTypeOf<readonly unknown[]>();
    expect(mapTree((w) => mul(2, w), params).scale[1].item()).toBe(4);
  });
});
