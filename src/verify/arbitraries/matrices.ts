// Which matrices, of known size and condition, may a property be tried on?
import fc from "fast-check";
import { add, eye, matmul, mul, qr, transpose } from "../../primitives/index.js";
import { checkCount, checkNumber, checkOptions, Tensor } from "../../tensor/index.js";
import { pow } from "../../typed-array-ops/index.js";
import { tensors } from "./tensors.js";

/** Orthogonal matrices; they shrink towards the identity. */
const rotations = (n: number): fc.Arbitrary<Tensor> =>
  tensors([n, n], { min: -1, max: 1 }).map((x) => qr(add(eye(n), x)).q);

/** n shares of [0, 1], the first of them 1 and the last 0: so that the ends of a range are taken. */
const spreads = (n: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: n, maxLength: n })
    .map((shares) => shares.map((share, i) => (i === 0 ? 1 : i === n - 1 ? 0 : share)));

function readCondition(operation: string, n: number, options: { readonly condition?: number }): number {
  checkCount(operation, "n", n);
  checkOptions(operation, options, ["condition"]);
  return checkNumber(operation, "condition", options.condition ?? 100, "a number ≥ 1", (x) => x >= 1);
}

const row = (values: readonly number[]): Tensor => new Tensor([values.length], Float64Array.from(values));

/**
 * n×n matrices U diag(s) Vᵀ with singular values s from 1 down to 1/condition.
 *
 * @shape [n, n]
 * @throws DomainError if n is not an integer ≥ 1 or condition not a number ≥ 1.
 * @example fc.sample(wellConditioned(3), 2).map((a) => inverse(a).shape) // → [[3, 3], [3, 3]]
 */
export function wellConditioned(n: number, options: { readonly condition?: number } = {}): fc.Arbitrary<Tensor> {
  const condition = readCondition("wellConditioned", n, options);
  return fc
    .tuple(rotations(n), spreads(n), rotations(n))
    .map(([u, shares, v]) => matmul(mul(u, row(shares.map((share) => pow(condition, share - 1)))), transpose(v)));
}

/**
 * Symmetric positive definite n×n matrices with eigenvalues from 1 down to 1/condition.
 *
 * @shape [n, n]
 * @throws DomainError if n is not an integer ≥ 1 or condition not a number ≥ 1.
 * @example fc.sample(symmetricPositive(3), 2).map((a) => cholesky(a).shape) // → [[3, 3], [3, 3]]
 */
export function symmetricPositive(n: number, options: { readonly condition?: number } = {}): fc.Arbitrary<Tensor> {
  const condition = readCondition("symmetricPositive", n, options);
  return fc
    .tuple(rotations(n), spreads(n))
    .map(([u, shares]) =>
      symmetric(matmul(mul(u, row(shares.map((share) => pow(condition, share - 1)))), transpose(u))),
    );
}

/** Rounding leaves the two halves different. */
const symmetric = (x: Tensor): Tensor => mul(0.5, add(x, transpose(x)));

/**
 * Symmetric n×n matrices whose eigenvalue of largest modulus is ±radius: x ↦ A x shrinks by exactly that factor at worst,
 * so that z = A z + b contracts for a radius below 1, and repels above.
 *
 * @shape [n, n]
 * @throws DomainError if n is not an integer ≥ 1 or radius not a number ≥ 0.
 * @example fc.sample(contractions(2, 0.5), 3).every((a) => Math.abs(norm(matmul(a, ones([2]))).item()) <= 0.7072) // → true
 */
export function contractions(n: number, radius: number): fc.Arbitrary<Tensor> {
  checkCount("contractions", "n", n);
  checkNumber("contractions", "radius", radius, "a number ≥ 0", (x) => x >= 0);
  return fc
    .tuple(rotations(n), spreads(n), fc.array(fc.boolean(), { minLength: n, maxLength: n }))
    .map(([u, shares, signs]) =>
      symmetric(matmul(mul(u, row(shares.map((share, i) => (signs[i] ? -radius : radius) * share))), transpose(u))),
    );
}
