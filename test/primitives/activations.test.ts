// Do the activation functions and their slopes keep their digits in both tails?
import { elu, grad, leakyRelu, sigmoid, silu, softplus, sum, type Tensor, tanh, tensor } from "stillpoint";
import { describe, expect, test } from "vitest";
import { derivative, expectNear, expectSlope, expectSlopeNear, reverse, type Scalar } from "./slopes.js";

const infinity = Number.POSITIVE_INFINITY;
const nan = Number.NaN;
const tail = [-744, -709, -700, -300, -40, -20, 20, 40, 300, 700, 1e308];

/** Values computed with 300 bits and rounded. */
const known: readonly [string, Scalar, readonly (readonly [number, number])[]][] = [
  [
    "sigmoid",
    sigmoid,
    [
      [-700, 9.85967654375977e-305],
      [-40, 4.248354255291589e-18],
      [-5, 0.0066928509242848554],
      [-0.001, 0.4997500000208333],
      [0.5, 0.6224593312018546],
      [3, 0.9525741268224333],
      [40, 1],
    ],
  ],
  [
    "softplus",
    softplus,
    [
      [-700, 9.85967654375977e-305],
      [-40, 4.248354255291589e-18],
      [-5, 0.006715348489118068],
      [0.5, 0.9740769841801067],
      [3, 3.048587351573742],
      [40, 40],
      [700, 700],
    ],
  ],
  [
    "silu",
    silu,
    [
      [-700, -6.90177358063184e-302],
      [-40, -1.6993417021166355e-16],
      [-5, -0.03346425462142428],
      [-1.25, -0.27837517353163604],
      [0.5, 0.3112296656009273],
      [40, 40],
    ],
  ],
];
for (const [name, word, points] of known) {
  test(`${name} is right to 2 units, from one tail to the other`, () => {
    for (const [x, value] of points) expectNear(word(tensor(x)).item(), value, 2, `${name}(${x})`);
  });
}

describe("special values", () => {
  const special = tensor([nan, infinity, -infinity, 0, -0, 5e-324, 1e308, -1e308]);
  test("of sigmoid, silu, softplus and elu", () => {
    expect([...sigmoid(special).data]).toEqual([nan, 1, 0, 0.5, 0.5, 0.5, 1, 0]);
    expect([...silu(special).data]).toEqual([nan, infinity, -0, 0, -0, 0, 1e308, -0]);
    expect([...softplus(special).data].map((y) => (y === Math.log(2) ? "log 2" : y))).toEqual([
      ...[nan, infinity, 0, "log 2", "log 2", "log 2", 1e308, 0],
    ]);
    expect([...elu(special).data]).toEqual([nan, infinity, -1, 0, -0, 5e-324, 1e308, -1]);
  });
  test("the tails end in subnormal numbers, not before", () => {
    for (const f of [sigmoid, softplus]) expect(f(tensor(-744)).item()).toBe(Math.exp(-744));
    expectNear(silu(tensor(-740)).item(), -740 * Math.exp(-720) * Math.exp(-20), 2 ** 40);
    expect(silu(tensor(-740)).item()).toBeLessThan(-740 * Math.exp(-741));
  });
});

describe("slopes in the tails, against closed forms that need no difference", () => {
  test("tanh: 1/cosh² x", () => {
    for (const x of [-350, -19, -10, -5, -1.5, -1.4, -0.3, 0, 1e-8, 0.7, 1.45, 1.48, 2, 10, 40, 300]) {
      expectSlopeNear(tanh, x, 1 / Math.cosh(x) / Math.cosh(x), 8);
    }
    expectSlope(tanh, 400, 0);
    for (const x of [infinity, -infinity]) expectSlope(tanh, x, 0);
    expect(reverse(tanh, nan)).toBeNaN();
  });
  test("tanh in second and third order: −2 tanh x/cosh² x, (4 sinh² x − 2)/cosh⁴ x", () => {
    for (const x of [-30, -10, -1, 0.3, 2, 10, 30]) {
      const s = 1 / Math.cosh(x) ** 2;
      expectSlopeNear(derivative(tanh), x, -2 * Math.tanh(x) * s, 12);
      expectSlopeNear(derivative(derivative(tanh)), x, s * s * (4 * Math.sinh(x) ** 2 - 2), 64);
    }
  });
  test("sigmoid: 1/(2 + 2 cosh x)", () => {
    for (const x of [-700, -40, -5, -0.5, 0, 0.5, 5, 40, 700]) {
      expectSlopeNear(sigmoid, x, 1 / (2 + Math.exp(x) + Math.exp(-x)), 6);
    }
    expectSlope(sigmoid, 1e308, 0);
  });
  test("softplus: the logistic function", () => {
    for (const x of tail) expectSlope(softplus, x, sigmoid(x).item());
  });
  test("silu: eˣ(1 + x) on the left, 1 on the right", () => {
    for (const x of [-700, -300, -45]) expectSlopeNear(silu, x, Math.exp(x) * (1 + x), 6);
    for (const x of [45, 700, 1e308]) expectSlope(silu, x, 1);
    expectSlope(silu, 0, 0.5);
    expectSlope(silu, -infinity, 0);
  });
  test("elu: α eˣ on the left, also where y + α has no digits left", () => {
    for (const x of [-700, -40, -1]) expectSlopeNear((u) => elu(u, 1.5), x, 1.5 * Math.exp(x), 3);
    expectSlope(elu, -infinity, 0);
  });
});

describe("elu and leakyRelu", () => {
  test("take the left slope at 0", () => {
    for (const x of [0, -0]) {
      expectSlope((u) => elu(u, 0.25), x, 0.25);
      expectSlope((u) => leakyRelu(u, 0.25), x, 0.25);
    }
    expectSlope((u) => leakyRelu(u, 0.25), 5e-324, 1);
  });
  test("have defaults 1 and 0.01", () => {
    expect(elu(-infinity).item()).toBe(-1);
    expect(leakyRelu(-2).item()).toBe(-0.02);
  });
  test("have no NaN in second order where eˣ overflows on the other side", () => {
    expectSlope(derivative(elu), 1e4, 0);
  });
  test("give their parameter a gradient, summed over what was repeated", () => {
    const x = tensor([
      [-2, 3],
      [-1, -4],
    ]);
    expect(grad((slope: Tensor) => sum(leakyRelu(x, slope)))(tensor([0.1, 0.2])).toArray()).toEqual([-3, -4]);
    const [first, second] = [...grad((alpha: Tensor) => sum(elu(x, alpha)))(tensor([1, 1])).data];
    expectNear(first, Math.expm1(-2) + Math.expm1(-1), 4);
    expectNear(second, Math.expm1(-4), 4);
  });
});
