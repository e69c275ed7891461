// Does where keep its two sides apart?
import {
  div,
  exp,
  grad,
  greater,
  jvp,
  log,
  mul,
  sqrt,
  stopGradient,
  sum,
  type Tensor,
  tensor,
  vjp,
  where,
} from "stillpoint";
import { describe, expect, test } from "vitest";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

describe("where", () => {
  test("passes no infinite or undefined cotangent to the side that was not chosen", () => {
    const { pull } = vjp((x: Tensor, y: Tensor) => where(tensor([1, 0]), x, y), tensor([1, 2]), tensor([3, 4]));
    const [toX, toY] = pull(tensor([infinity, nan]));
    expect(toX.toArray()).toEqual([infinity, 0]);
    expect(toY.toArray()).toEqual([0, nan]);
  });
  test("takes no infinite or undefined tangent from the side that was not chosen", () => {
    const { tangent } = jvp(
      (x: Tensor, y: Tensor) => where(tensor([1, 0]), x, y),
      [tensor([1, 2]), tensor([3, 4])],
      [tensor([5, nan]), tensor([infinity, 6])],
    );
    expect(tangent.toArray()).toEqual([5, 6]);
  });
  test("with one differentiated side gives zeros for the other", () => {
    const { tangent } = jvp((x: Tensor) => where(tensor([1, 0]), x, 7), [tensor([1, 2])], [tensor([3, nan])]);
    expect(tangent.toArray()).toEqual([3, 0]);
  });
  test("around a function with a pole, inside and outside, has a finite gradient", () => {
    const safe = (f: (x: Tensor) => Tensor) => (x: Tensor) => {
      const positive = greater(x, 0);
      return sum(where(positive, f(where(positive, x, 1)), 0));
    };
    for (const f of [log, sqrt, (x: Tensor) => div(1, x), (x: Tensor) => exp(div(1, x))]) {
      expect(grad(safe(f))(tensor([0, -1])).toArray()).toEqual([0, 0]);
      expect(grad(safe(f))(tensor(4)).item()).toBe(grad(f)(tensor(4)).item());
    }
  });
  test("in forward mode needs no guard inside", () => {
    const f = (x: Tensor): Tensor => where(greater(x, 0), log(x), 0);
    expect(jvp(f, [tensor(0)], [tensor(1)]).tangent.item()).toBe(0);
  });
  test("in reverse mode needs one: its zero meets the infinite slope of the side that was not chosen", () => {
    const f = (x: Tensor): Tensor => where(greater(x, 0), log(x), 0);
    expect(grad(f)(tensor(0)).item()).toBeNaN();
  });
  test("gives its condition no gradient", () => {
    const f = (condition: Tensor): Tensor => sum(where(condition, 5, 6));
    expect(grad(f)(tensor([1, 0])).toArray()).toEqual([0, 0]);
  });
});

describe("stopGradient", () => {
  test("keeps the value and has no derivative, in both modes", () => {
    const f = (x: Tensor): Tensor => sum(mul(stopGradient(x), x));
    const x = tensor([2, 3]);
    expect(f(x).item()).toBe(13);
    expect(grad(f)(x).toArray()).toEqual([2, 3]);
    expect(jvp(f, [x], [tensor([1, 1])]).tangent.item()).toBe(5);
  });
  test("stops every level of nesting", () => {
    const f = (x: Tensor): Tensor => mul(x, stopGradient(mul(x, x)));
    expect(grad((x: Tensor) => grad(f)(x))(tensor(3)).item()).toBe(0);
  });
});
