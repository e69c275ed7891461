// Random straight-line functions of matrices, in which everything that plans do occurs.
import fc from "fast-check";
import {
  add,
  div,
  exp,
  expandDims,
  greater,
  matmul,
  maximum,
  mul,
  relu,
  reshape,
  sigmoid,
  sin,
  slice,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
  where,
} from "stillpoint";
import { tensors } from "../primitives/naive.js";

/** Each step uses two earlier values. */
type Recipe = readonly (readonly [operation: number, left: number, right: number])[];

const operations: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a, b) => add(a, b),
  (a, b) => mul(a, b),
  (a, b) => sub(a, mul(0.5, b)),
  (a, b) => tanh(matmul(a, b)),
  (a) => transpose(a),
  (a) => reshape(reshape(a, [9]), [3, 3]),
  (a, b) => where(a, b, 1),
  (a) => stopGradient(a),
  (a) => slice(a, [-1], [-4], [-1]),
  (a, b) => mul(sum(a, 0), expandDims(sum(b, 1), 1)),
  (a) => mul(a, div(exp(0), 3)),
  (a) => reshape(sin(reshape(a, [9, 1])), [3, 3]),
  (a, b) => relu(add(matmul(a, b), sum(a, 0))),
  (a, b) => maximum(a, mul(greater(b, 0), sum(b))),
  (a, b) => sigmoid(add(slice(a, [0], [1]), slice(b, [0, 1], [3, 2]))),
  (a, b) => matmul(transpose(a), tanh(b)),
];

const cook =
  (recipe: Recipe, outputs: readonly number[]) =>
  (...xs: Tensor[]): Tensor[] => {
    const values = [...xs];
    for (const [operation, left, right] of recipe) {
      values.push(
        operations[operation % operations.length](values[left % values.length], values[right % values.length]),
      );
    }
    return outputs.map((i) => values[i % values.length]);
  };

const naturals = fc.nat({ max: 1000 });

/** Functions of [3, 3] matrices to some of them. */
export const functions: fc.Arbitrary<(...xs: Tensor[]) => Tensor[]> = fc
  .tuple(
    fc.array(fc.tuple(naturals, naturals, naturals), { maxLength: 25 }),
    fc.array(naturals, { minLength: 1, maxLength: 4 }),
  )
  .map(([recipe, outputs]) => cook(recipe, outputs));

export const matrix: fc.Arbitrary<Tensor> = tensors([3, 3], fc.double({ min: -2, max: 2, noNaN: true }));
