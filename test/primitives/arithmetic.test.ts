// Are derivatives right where the laws do not look: at kinks, at zeros, at infinity?
import {
  div,
  equal,
  exp,
  grad,
  greater,
  jvp,
  log,
  mul,
  pow,
  relu,
  sqrt,
  sum,
  type Tensor,
  tensor,
  vjp,
} from "stillpoint";
import { describe, expect, test } from "vitest";

type Scalar = (x: Tensor) => Tensor;
const derivative =
  (f: Scalar): Scalar =>
  (x) =>
    grad(f)(x);
const reverse = (f: Scalar, x: number): number => grad(f)(tensor(x)).item();
const forward = (f: Scalar, x: number): number => jvp(f, [tensor(x)], [tensor(1)]).tangent.item();

function expectDerivative(f: Scalar, x: number, expected: number): void {
  expect(reverse(f, x)).toBe(expected);
  expect(forward(f, x)).toBe(expected);
}

describe("pow at x = 0", () => {
  test("the derivative of x² is 0, of x is 1, of x⁰ is 0", () => {
    expectDerivative((x) => pow(x, 2), 0, 0);
    expectDerivative((x) => pow(x, 1), 0, 1);
    expectDerivative((x) => pow(x, 0), 0, 0);
  });
  test("the derivative of √x is infinite", () => {
    expectDerivative((x) => pow(x, 0.5), 0, Number.POSITIVE_INFINITY);
    expectDerivative(sqrt, 0, Number.POSITIVE_INFINITY);
  });
  test("higher derivatives of xⁿ are those of the polynomial", () => {
    for (const n of [0, 1, 2, 3, 4]) {
      let f: Scalar = (x) => pow(x, n);
      let factorial = 1;
      for (let order = 1; order <= 4; order++) {
        f = derivative(f);
        factorial *= Math.max(0, n - order + 1);
        expect(f(tensor(0)).item(), `derivative ${order} of x^${n}`).toBe(order === n ? factorial : 0);
      }
    }
  });
  test("the derivative in the exponent is 0, whatever the exponent, as its comment says", () => {
    for (const y of [2, 1, 0.5, 0, -1]) expectDerivative((exponent) => pow(0, exponent), y, 0);
  });
  test("base and exponent that are the same tensor give x^x (log x + 1)", () => {
    const x = 1.7;
    expect(reverse((y) => pow(y, y), x)).toBeCloseTo(x ** x * (Math.log(x) + 1), 14);
  });
  test("a negative base has a derivative if the exponent is a plain integer", () => {
    expectDerivative((x) => pow(x, 3), -2, 12);
    expectDerivative((x) => pow(x, -1), -2, -0.25);
  });
});

describe("poles and the ends of the number line", () => {
  test("log and division at 0 have infinite derivatives", () => {
    expectDerivative(log, 0, Number.POSITIVE_INFINITY);
    expectDerivative((x) => div(1, x), 0, Number.NEGATIVE_INFINITY);
  });
  test("exp overflows to infinity, with its derivative", () => {
    expectDerivative(exp, 1000, Number.POSITIVE_INFINITY);
    expectDerivative(exp, -1000, 0);
  });
});

describe("what has no slope", () => {
  test("comparisons have derivative 0 everywhere", () => {
    for (const x of [-1, 0, 1]) {
      expectDerivative((y) => greater(y, 0), x, 0);
      expectDerivative((y) => equal(y, 0), x, 0);
    }
  });
  test("a comparison in a product does not spoil the other factor's derivative", () => {
    expectDerivative((x) => mul(x, greater(x, 1)), 2, 1);
  });
  test("an infinite cotangent does not become NaN at a comparison: its zero is structural", () => {
    const { pull } = vjp((x: Tensor) => greater(x, 0), tensor([1, -1]));
    expect(pull(tensor([Infinity, Infinity]))[0].toArray()).toEqual([0, 0]);
  });
});

test("relu has derivative 0 at 0, and 1 and 0 beside it, in both modes", () => {
  for (const x of [0, -0, -1]) expectDerivative(relu, x, 0);
  for (const x of [5e-324, 1]) expectDerivative(relu, x, 1);
});

test("the second derivative of relu is 0 everywhere", () => {
  for (const x of [-1, 0, 1]) expectDerivative(derivative(relu), x, 0);
});

test("gradients of products with broadcasting are summed over what was repeated", () => {
  const scale = tensor([[2], [3]]);
  const x = tensor([1, 10, 100]);
  const { scale: toScale, x: toX } = grad((p: { scale: Tensor; x: Tensor }) => sum(mul(p.scale, p.x)))({ scale, x });
  expect(toScale.toArray()).toEqual([[111], [111]]);
  expect(toX.toArray()).toEqual([5, 5, 5]);
});
