// What is an equilibrium classifier, and what is it compared with?
import {
  add,
  div,
  type FixedPointOptions,
  type FixedPointReport,
  fixedPointWithReport,
  matmul,
  maximum,
  mul,
  picard,
  type Random,
  type Solver,
  type Tensor,
  tanh,
  zeros,
} from "stillpoint";
import { type Affine, type Cell, equilibrium, linear, mlp, spectralNormOf } from "stillpoint/nn";
import { classCount, pixels } from "./data.js";

export interface Classifier<P> {
  readonly params: P;
  /** Logits in training. @shape pictures [n, 64] → [n, 10] */
  learn(params: P, pictures: Tensor): Tensor;
  /** Logits in use. @shape pictures [n, 64] → [n, 10] */
  use(params: P, pictures: Tensor): Tensor;
}

/** The one place where the solver is chosen, for z and for the linear equation of its gradient. */
const solver: Solver = picard();

/** To what residual z = f(z) is solved in use; in training the settings say it. */
export const toleranceInUse = 1e-10;

export interface EquilibriumSettings {
  /** On ‖W‖₂. */
  readonly bound: number;
  /** In training. */
  readonly tolerance: number;
}

export const width = 48;

export interface EquilibriumParams {
  /** U and b */
  readonly input: Affine;
  /** W before it is shortened */
  readonly state: Tensor;
  /** V and c */
  readonly output: Affine;
}

/** Who hears of the solves in training. */
export type Listeners = Pick<FixedPointOptions, "onSolve" | "onAdjoint">;

export interface EquilibriumClassifier extends Classifier<EquilibriumParams> {
  /** Logits with z solved to any tolerance. */
  at(tolerance: number, listeners?: Listeners): (params: EquilibriumParams, pictures: Tensor) => Tensor;
  /** How a solve for some pictures goes. */
  report(params: EquilibriumParams, pictures: Tensor, solver: Solver): FixedPointReport;
}

/** W·bound/max(bound, ‖W‖₂): with tanh, whose slope is at most 1, a contraction, so that there is one fixed point. */
const shorten = (weight: Tensor, bound: number): Tensor =>
  mul(weight, div(bound, maximum(bound, spectralNormOf(weight))));

/** logits = z V + c with z = tanh(z W + x U + b). */
export function equilibriumClassifier(
  stream: Random,
  { bound, tolerance }: EquilibriumSettings,
  listeners: Listeners = {},
): EquilibriumClassifier {
  const input = linear(pixels, width, { random: stream });
  const inner = linear(width, width, { random: stream });
  const output = linear(width, classCount, { random: stream });
  const params = { input: input.params, state: inner.params.weight, output: output.params };
  const cell: Cell<Tensor> = { params: params.state, apply: (W, z, u) => tanh(add(matmul(z, W), u)) };
  const at: EquilibriumClassifier["at"] = (goal, heard = {}) => {
    const layer = equilibrium(cell, { solver, adjoint: { solver }, tolerance: goal, ...heard });
    // W is shortened here, once for a solve; inside the cell it would be for each evaluation.
    return (p, x) => output.apply(p.output, layer.apply(shorten(p.state, bound), input.apply(p.input, x)));
  };
  return {
    params,
    learn: at(tolerance, listeners),
    use: at(toleranceInUse),
    at,
    report(p, x, chosen) {
      const W = shorten(p.state, bound);
      const u = input.apply(p.input, x);
      const options = { solver: chosen, tolerance: toleranceInUse };
      return fixedPointWithReport((z) => cell.apply(W, z, u), zeros(u.shape), options).report;
    },
  };
}

export type ExplicitParams = readonly Affine[];

/** A multilayer perceptron with tanh. */
export function explicitClassifier(stream: Random, hidden: readonly number[]): Classifier<ExplicitParams> {
  const { params, apply } = mlp([pixels, ...hidden, classCount], { activation: tanh, random: stream });
  return { params, learn: apply, use: apply };
}

/** The sizes of hidden layers that give the two explicit models as many parameters as the equilibrium, within 1 %. */
export const explicitLayers = { "two layers": [width, width], "one layer": [79] } as const;

export type ModelName = "equilibrium" | keyof typeof explicitLayers;
export const modelNames: readonly ModelName[] = ["equilibrium", "two layers", "one layer"];

/** How many numbers are learned. */
export function sizeOf(params: unknown): number {
  const children = Object.values(params as object);
  const { data } = params as Partial<Tensor>;
  return data?.length ?? children.reduce((total: number, child) => total + sizeOf(child), 0);
}
