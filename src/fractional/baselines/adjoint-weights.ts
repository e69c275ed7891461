// How is a density with a power singularity integrated against the kernel, which has another one?
//
// The adjoint density of a loss at the end is v(σ) = σ^(α−1) w(σ), σ the time left. For a w that is linear on each cell its integrals
//
//     ∫ (σ_n − ρ)^(β−1) ρ^(α−1) w(ρ) dρ,    β = α for the adjoint equation, β = 1 for the gradient,
//
// are sums of w at the ends of the cells.
import { gamma } from "../../special/index.js";
import { exp, expm1, log, log1p, pow } from "../../typed-array-ops/index.js";
import { gaussNodes, gaussWeights } from "../product-weights.js";
import { tanhSinh } from "../tanh-sinh.js";

/** What a cell of length L contributes at its ends: `before` is where it begins, `after` the distance from its end to σ_n. */
export type Cell = (before: number, length: number, after: number) => readonly [number, number];

/** Points and weights on [0, 1], and 1 − x. */
interface Points {
  readonly x: Float64Array;
  readonly rest: Float64Array;
  readonly weight: Float64Array;
}

/** Points with which twelve digits are reached for α from 0.1 on. */
const doubleExponential: Points = /* @__PURE__ */ tanhSinh(161);

/** Gauss–Legendre, for cells that are further from both singularities than they are long. */
const smooth: Points = /* @__PURE__ */ (() => {
  const signed = [...gaussNodes.map((g) => -g), ...gaussNodes];
  const [x, rest] = [1, -1].map((sign) => Float64Array.from(signed, (g) => (1 + sign * g) / 2));
  return { x, rest, weight: Float64Array.from([...gaussWeights, ...gaussWeights], (w) => w / 2) };
})();

/** ∫₀¹ x^(p−1) φ(x, 1 − x) dx with v = x^p, after which nothing is singular. */
function afterPower(p: number, { x, rest, weight }: Points): Points {
  const logs = x.map((v, i) => (v < 0.5 ? log(v) : log1p(-rest[i])) / p);
  return { x: logs.map((y) => exp(y)), rest: logs.map((y) => -expm1(y)), weight: weight.map((w) => w / p) };
}

/**
 * The cells for exponents α − 1 at the begin and β − 1 at the end.
 *
 * @example makeCell(1, 1)(0, 1, 0) // → [0.5, 0.5]
 */
export function makeCell(alpha: number, beta: number): Cell {
  const [fromBegin, fromEnd] = [afterPower(alpha, doubleExponential), afterPower(beta, doubleExponential)];
  /** Moments of 1 − x and x. */
  function sum({ x, rest, weight }: Points, value: (x: number, rest: number) => number): readonly [number, number] {
    let [left, right] = [0, 0];
    for (let i = 0; i < x.length; i++) {
      const w = weight[i] * value(x[i], rest[i]);
      left += w * rest[i];
      right += w * x[i];
    }
    return [left, right];
  }
  return (before, length, after) => {
    if (length === 0) return [0, 0];
    const rising = (x: number): number => pow(before + length * x, alpha - 1);
    const falling = (rest: number): number => (beta === 1 ? 1 : pow(after + length * rest, beta - 1));
    const scaled = ([left, right]: readonly [number, number], factor: number): readonly [number, number] => [
      factor * left,
      factor * right,
    ];
    if (before === 0 && after === 0) {
      const whole = (gamma(alpha) * gamma(beta)) / gamma(alpha + beta); // B(α, β)
      return scaled([(whole * beta) / (alpha + beta), (whole * alpha) / (alpha + beta)], pow(length, alpha + beta - 1));
    }
    if (before === 0)
      return scaled(
        sum(fromBegin, (_, rest) => falling(rest)),
        pow(length, alpha),
      );
    if (after === 0) {
      // Mirrored: x of the points is the distance from the end.
      const [right, left] = sum(fromEnd, (_, x) => rising(x));
      return scaled([left, right], pow(length, beta));
    }
    const used = before >= length && after >= length ? smooth : doubleExponential;
    return scaled(
      sum(used, (x, rest) => rising(x) * falling(rest)),
      length,
    );
  };
}

/** Nodes by the time that is left, on [0, 1], and the time that has passed there: near 1 the latter has digits that 1 − σ has not. */
export interface TimeLeft {
  readonly left: Float64Array;
  readonly passed: Float64Array;
}

/** τ_j = ½(2j/steps)^grading in the first half, mirrored in the second: fine at both ends. */
export function timeLeft(steps: number, grading: number): TimeLeft {
  const half = (j: number): number => (grading === 1 ? j / steps : pow((2 * j) / steps, grading) / 2);
  const at = (j: number): number => (2 * j <= steps ? half(j) : 1 - half(steps - j));
  const left = Float64Array.from({ length: steps + 1 }, (_, j) => at(j));
  return { left, passed: left.slice().reverse() };
}

/** σ_n − σ_m */
const distance = ({ left, passed }: TimeLeft, n: number, m: number): number =>
  left[m] > 0.5 ? passed[m] - passed[n] : left[n] - left[m];

/**
 * Row n: the weights B_nj, j ≤ n, of ∫₀^σₙ (σ_n − ρ)^(β−1) ρ^(α−1) w(ρ) dρ.
 *
 * @example densityRow(timeLeft(1, 1), makeCell(1, 1), 1) // → [0.5, 0.5]
 */
export function densityRow(time: TimeLeft, cell: Cell, n: number): Float64Array {
  const row = new Float64Array(n + 1);
  for (let l = 0; l < n; l++) {
    const [begin, end] = cell(time.left[l], distance(time, l + 1, l), distance(time, n, l + 1));
    row[l] += begin;
    row[l + 1] += end;
  }
  return row;
}
