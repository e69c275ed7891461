// Does the gradient of the discrete equation agree with references of 60 digits?
import { readFileSync } from "node:fs";
import { add, matmul, mul, slice, sum, type Tensor, tanh, tensor, transpose, valueAndGrad } from "stillpoint";
import { productRectangle, productTrapezoid, solveCaputo } from "stillpoint/fractional";
import { describe, expect, test } from "vitest";

type Numbers = string | readonly Numbers[];
interface Case {
  readonly scheme: string;
  readonly N: number;
  readonly grading_r: string;
  readonly loss: "trajectory" | "final";
  readonly params: Record<string, Numbers>;
  readonly loss_value: string;
  readonly grad: Record<string, Numbers>;
  readonly trajectory: readonly (readonly string[])[];
}
const { cases } = JSON.parse(readFileSync(new URL("../reference/reference_grad.json", import.meta.url), "utf8")) as {
  cases: Case[];
};

type Nest = number | Nest[];
const numbers = (x: Numbers): Nest => (typeof x === "string" ? Number(x) : x.map(numbers));
const flat = (x: Numbers): number[] => (typeof x === "string" ? [Number(x)] : x.flatMap(flat));

/** The largest |x − y| in units of the largest |y|. */
function deviation(x: ArrayLike<number>, y: readonly number[]): number {
  expect(x.length).toBe(y.length);
  const scale = Math.max(...y.map(Math.abs));
  return Math.max(...y.map((value, i) => Math.abs(value - x[i]))) / scale;
}

type Parameters = Record<string, Tensor>;

function trajectoryOf({ scheme, N, grading_r }: Case, { W1, b1, W2, b2, u0, v0, alpha, T }: Parameters): Tensor {
  const f = (_: Tensor, u: Tensor): Tensor => add(matmul(tanh(add(matmul(u, transpose(W1)), b1)), transpose(W2)), b2);
  return solveCaputo(f, u0, {
    order: alpha,
    duration: T,
    steps: N,
    quadrature: (scheme === "product_trapezoid" ? productTrapezoid : productRectangle)({ grading: Number(grading_r) }),
    tolerance: 1e-13,
    ...(v0 ? { initialDerivative: v0 } : {}),
  }).values;
}

function lossOf(given: Case): (parameters: Parameters) => Tensor {
  return (parameters) => {
    const values = trajectoryOf(given, parameters);
    const counted = given.loss === "final" ? slice(values, [given.N], [given.N + 1]) : values;
    return mul(0.5, sum(mul(counted, counted)));
  };
}

test("there are eight cases, of both rules", () => {
  expect(cases.length).toBe(8);
  expect(new Set(cases.map(({ scheme }) => scheme))).toEqual(new Set(["product_trapezoid", "product_rectangle_left"]));
});

describe("product rules, against 60 digits", () => {
  for (const given of cases) {
    const { params, grad, loss_value, trajectory, scheme } = given;
    test(`${scheme}, order ${params.alpha}, T ${params.T}, grading ${given.grading_r}, loss ${given.loss}`, () => {
      const parameters = Object.fromEntries(
        Object.entries(params).map(([name, value]) => {
          const values = numbers(value);
          return [name, tensor(name === "alpha" && Array.isArray(values) && values.length === 1 ? values[0] : values)];
        }),
      );
      const { value, gradient } = valueAndGrad(lossOf(given))(parameters);
      const report = Object.fromEntries(
        Object.entries(grad).map(([name, expected]) => [name, deviation(gradient[name].data, flat(expected))]),
      );
      expect(deviation(value.data, [Number(loss_value)])).toBeLessThan(1e-12);
      for (const [name, error] of Object.entries(report)) expect(error, name).toBeLessThan(1e-12);
      expect(deviation(trajectoryOf(given, parameters).data, trajectory.flat().map(Number))).toBeLessThan(1e-12);
    });
  }
});
