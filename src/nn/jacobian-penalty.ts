// How strongly does f react to its state, measured so that training can make it react less?
import { vjp } from "../calculus/index.js";
import {
  add,
  drawNormal,
  drawUniform,
  greaterEqual,
  mul,
  reshape,
  slice,
  splitKey,
  square,
  sub,
  sum,
  zeros,
} from "../primitives/index.js";
import { isTracing } from "../tape/index.js";
import {
  checkCount,
  checkOptions,
  DomainError,
  describe,
  flattenTree,
  type Random,
  type Shape,
  sizeOf,
  Tensor,
  type TensorsOf,
  TraceError,
  type TreeLike,
  unflattenTree,
} from "../tensor/index.js";
import { readRandom } from "./layer.js";

export interface PenaltyOptions {
  /** A stream, outside traces and plans; either this or `key`. */
  readonly random?: Random;
  /** A key, inside them too: the same key draws the same vectors. */
  readonly key?: Tensor;
  /** How many vectors the mean is taken over; default 1. */
  readonly samples?: number;
  /** Entries ±1, or normally distributed ones, whose estimate varies more; default "sign". */
  readonly draw?: "sign" | "normal";
}

const draws: Readonly<Record<NonNullable<PenaltyOptions["draw"]>, (key: Tensor, shape: Shape) => Tensor>> = {
  sign: (key, shape) => sub(mul(2, greaterEqual(drawUniform(key, shape), 0.5)), 1),
  normal: (key, shape) => drawNormal(key, shape),
};

function readKey({ random, key }: PenaltyOptions): Tensor {
  if ((random === undefined) === (key === undefined)) {
    throw new DomainError(
      `jacobianPenalty: expected one of the options random and key, received ${key === undefined ? "neither" : "both"}`,
    );
  }
  if (key instanceof Tensor) return key;
  if (key !== undefined) {
    throw new DomainError(
      `jacobianPenalty: expected key to be a tensor of shape [2], received ${describe(key)}; random(seed).key() gives one`,
    );
  }
  const stream = readRandom("jacobianPenalty", random);
  if (isTracing()) {
    throw new TraceError(
      "jacobianPenalty: expected the option key, received a stream inside a trace, where it would draw once and for all: " +
        "make the key an argument; random(seed).key() gives one",
    );
  }
  return stream.key();
}

/**
 * An estimate of ‖J‖²_F/n for J = ∂f/∂z and n the number of entries of z: the mean of ‖Jᵀ v‖²/n over random v with
 * E v vᵀ = I. Its expectation is exact; with the signs ±1 so is every draw for a diagonal J. It is made of operations, so
 * z and whatever f closes over receive its gradient, at every order: `stopGradient(z)` keeps it from z.
 *
 * At a fixed point of rows that do not see each other it is the mean over the rows of ‖J_row‖²_F/d, where d is the size of a row.
 *
 * @shape z a tensor or a tree → []
 * @throws DomainError unless exactly one of random and key is given, or if another option is out of range.
 * @throws TraceError if random is given inside a trace.
 * @source Bai, Koltun and Kolter (2021), "Stabilizing equilibrium models by Jacobian regularization", section 4;
 * Hutchinson (1990), "A stochastic estimator of the trace of the influence matrix for Laplacian smoothing splines"
 * @example jacobianPenalty((z) => mul(0.5, z), tensor([1, 2]), { random: random(0) }).item() // → 0.25
 */
export function jacobianPenalty<Z extends TreeLike>(
  f: (z: TensorsOf<Z>) => TreeLike,
  z: Z,
  options: PenaltyOptions,
): Tensor {
  checkOptions("jacobianPenalty", options, ["random", "key", "samples", "draw"]);
  const samples = checkCount("jacobianPenalty", "samples", options?.samples ?? 1);
  const draw = draws[options?.draw ?? "sign"];
  if (draw === undefined) {
    throw new DomainError(
      `jacobianPenalty: expected draw to be "sign" or "normal", received ${JSON.stringify(options.draw)}`,
    );
  }
  const key = readKey(options ?? {});
  const { value, pull } = vjp(f as (state: unknown) => unknown, z);
  const { leaves, form } = flattenTree("jacobianPenalty: the result of f", value);
  const entries = flattenTree("jacobianPenalty", z).leaves.reduce((n, { shape }) => n + sizeOf(shape), 0);
  const keys = splitKey(key, samples * leaves.length);
  let total = zeros([]);
  for (let sample = 0; sample < samples; sample++) {
    const v = leaves.map(({ shape }, i) => {
      const at = sample * leaves.length + i;
      return draw(reshape(slice(keys, [at], [at + 1]), [2]), shape);
    });
    const cotangents = flattenTree("jacobianPenalty", pull(unflattenTree(form, v))).leaves;
    for (const part of cotangents) total = add(total, sum(square(part)));
  }
  return mul(1 / (samples * Math.max(1, entries)), total);
}
