// Which cells have exactly one equilibrium, whatever their parameters are?
//
// Let σ be nondecreasing of slope at most 1, entry by entry, and let z and z′ both solve z = σ(z W + c). Then each entry of
// d = z − z′ is a share between 0 and 1 of that of e = d W, so that d·(e − d) ≥ 0. If W + Wᵀ ≤ 2 (1 − m) I, then d·e ≤
// (1 − m) d·d, hence −m d·d ≥ 0, and d = 0: there is one solution at most. There is one, because it is the zero of
// z − z W − c + (σ⁻¹(z) − z), a sum that is strongly and maximally monotone (Winston and Kolter 2020, theorem 1).
//
// Plain iteration may circle it. Averaged iteration reaches it: u ← u + α (σ(u) W + c − u), which is z ← z + α (σ(z W + c) − z)
// for u = z W + c. With s = σ(u) − σ(u*), t = u − u* and Δ = s W − t, take E = Σ ∫ (σ − σ(u*)) du + (ε/2) t·t. Its gradient
// s + ε t has slope at most 1 + ε, so a step changes E by at most α (s + ε t)·Δ + α² (1 + ε)/2·Δ·Δ. Here s·Δ ≤ −m s·s, because
// s·t ≥ s·s, and 2 t·Δ = s W·s W − t·t − Δ·Δ. With ε = 2m/‖W‖² and α = ε/(1 + ε) = 2m/(2m + ‖W‖²) the terms in Δ·Δ vanish,
// those in s·s are not positive, and what is left is at most −α (ε/2) t·t ≤ −α² E: E shrinks by 1 − α² at least in every step,
// whatever the start. The adjoint's iteration is the transpose of such a one with σ(u) = σ′ u, and converges as well.
import { add, eye, matmul, mul, sub, tanh, transpose, zeros } from "../primitives/index.js";
import { checkCount, checkFunction, checkNumber, checkOptions, type Random, type Tensor } from "../tensor/index.js";
import type { Cell } from "./implicit.js";
import type { Initialiser } from "./initialisers.js";
import { readRandom } from "./layer.js";
import { linear } from "./mlp.js";
import { shortened, spectralNormOf } from "./normalisation.js";

export interface CellOptions {
  readonly random: Random;
  /** Nondecreasing, of slope at most 1; default tanh. */
  readonly activation?: (x: Tensor) => Tensor;
  /** Draws the weights; default: uniform in ±1/√inputs, and the biases with them. */
  readonly initialiser?: Initialiser;
}

/** A cell σ(z W + x U + b). */
export interface RecurrentCell<P> extends Cell<P> {
  /** The weights W that act on the state. */
  weight(params: P): Tensor;
  /** Zeros, a state for each row of x. */
  readonly start: (x: Tensor) => Tensor;
}

export interface ContractingParams {
  /** [size, size] */
  readonly recurrent: Tensor;
  /** [inputs, size] */
  readonly input: Tensor;
  /** [size] */
  readonly bias: Tensor;
}

export interface MonotoneParams {
  /** The A of W = (1 − margin) I − AᵀA + B − Bᵀ; [size, size] */
  readonly symmetric: Tensor;
  /** The B; [size, size] */
  readonly skew: Tensor;
  /** [inputs, size] */
  readonly input: Tensor;
  /** [size] */
  readonly bias: Tensor;
}

/** A cell whose averaged iteration converges. */
export interface MonotoneCell extends RecurrentCell<MonotoneParams> {
  /** A damping with which `picard` converges from every start, at these parameters; for the adjoint equation too. */
  damping(params: MonotoneParams): number;
}

function readCell(operation: string, size: number, inputs: number, options: CellOptions, more: string) {
  checkOptions(operation, options, ["random", "activation", "initialiser", more]);
  checkCount(operation, "size", size);
  checkCount(operation, "inputs", inputs);
  const random = readRandom(operation, options?.random);
  const { activation = tanh, initialiser } = options;
  checkFunction(`${operation}: activation`, activation);
  const drawing = initialiser === undefined ? { random } : { random, initialiser };
  const draw = (): Tensor => linear(size, size, drawing).params.weight;
  const drawInput = () => {
    const { weight: input, bias } = linear(inputs, size, drawing).params;
    return { input, bias };
  };
  return { activation, draw, drawInput };
}

/** The cell with its W, which a solve computes once, as it computes all that z does not enter. */
function recurrent<P extends { readonly input: Tensor; readonly bias: Tensor }>(
  params: P,
  size: number,
  activation: (x: Tensor) => Tensor,
  weight: (params: P) => Tensor,
): RecurrentCell<P> {
  const start = (x: Tensor): Tensor => zeros([...x.shape.slice(0, -1), size]);
  return {
    params,
    weight,
    start,
    apply: (p, z, x) => activation(add(matmul(z, weight(p)), add(matmul(x, p.input), p.bias))),
  };
}

/**
 * The cell σ(z W̄ + x U + b) with W̄ = W·bound/max(bound, ‖W‖₂): with a bound below 1 and an activation of slope at most 1 in
 * modulus (tanh, relu, sin; not gelu or silu, whose slope reaches 1.13 and 1.10) it contracts by that bound, to rounding, in the
 * Euclidean norm. So `equilibrium` has exactly one solution, and plain iteration reaches it, as long as training lasts.
 *
 * @shape z [..., size], x [..., inputs] → [..., size]
 * @throws DomainError if a size is not an integer ≥ 1, random is missing, or bound is not in (0, 1).
 * @source Banach (1922); Miyato, Kataoka, Koyama and Yoshida (2018), "Spectral normalization for generative adversarial
 * networks", equation 8
 * @example equilibrium(contractingCell(4, 2, { random: random(0) })).apply(contractingCell(4, 2, { random: random(0) }).params, ones([3, 2])).shape // → [3, 4]
 */
export function contractingCell(
  size: number,
  inputs: number,
  options: CellOptions & { readonly bound?: number },
): RecurrentCell<ContractingParams> {
  const { activation, draw, drawInput } = readCell("contractingCell", size, inputs, options, "bound");
  const bound = checkNumber("contractingCell", "bound", options.bound ?? 0.9, "in (0, 1)", (x) => x > 0 && x < 1);
  return recurrent({ recurrent: draw(), ...drawInput() }, size, activation, (p: ContractingParams) =>
    shortened(p.recurrent, bound),
  );
}

/**
 * The cell σ(z W + x U + b) with W = (1 − margin) I − AᵀA + B − Bᵀ: it has exactly one fixed point for every nondecreasing
 * activation of slope at most 1 (tanh, relu, sigmoid), however large W is, even where plain iteration diverges.
 *
 * `picard({ damping: cell.damping(params) })`, with 2·margin/(2·margin + ‖W‖₂²), converges from every start; it is safe and slow.
 * `anderson` is faster, without a promise that it arrives; the point is the same.
 *
 * @shape z [..., size], x [..., inputs] → [..., size]
 * @throws DomainError if a size is not an integer ≥ 1, random is missing, or margin is not a number > 0.
 * @source Winston and Kolter (2020), "Monotone operator equilibrium networks", theorem 1 and section 3.2; for the damping the
 * function E above, after Forti and Tesi (1995), "New conditions for global stability of neural networks", theorem 1
 * @example monotoneCell(4, 2, { random: random(0), margin: 0.5 }).weight(monotoneCell(4, 2, { random: random(0) }).params).shape // → [4, 4]
 */
export function monotoneCell(
  size: number,
  inputs: number,
  options: CellOptions & { readonly margin?: number },
): MonotoneCell {
  const { activation, draw, drawInput } = readCell("monotoneCell", size, inputs, options, "margin");
  const margin = checkNumber("monotoneCell", "margin", options.margin ?? 0.1, "a number > 0", (x) => x > 0);
  const params: MonotoneParams = { symmetric: draw(), skew: draw(), ...drawInput() };
  const weight = ({ symmetric: a, skew: b }: MonotoneParams): Tensor =>
    add(sub(mul(1 - margin, eye(size)), matmul(transpose(a), a)), sub(b, transpose(b)));
  return {
    ...recurrent(params, size, activation, weight),
    damping: (p) => (2 * margin) / (2 * margin + spectralNormOf(weight(p)).item() ** 2),
  };
}
