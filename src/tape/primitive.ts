// What must an operation tell, so that every reading of a tape can use it?
import type { Shape, Tensor } from "../tensor/index.js";
import type { Lanes } from "../typed-array-ops/webassembly/lanes.js";
import type { TracedProgram } from "./program.js";

/** A value that is zero by structure: it is not computed, and nothing is multiplied by it. */
export type MaybeTensor = Tensor | undefined;

/** Writes the outputs from the inputs; both are plain memory. It is called many times and allocates nothing. */
export type Kernel = (outputs: readonly Float64Array[], inputs: readonly Float64Array[]) => void;

/**
 * An operation. The rules are written in operations, never on raw numbers: so they can be differentiated again,
 * traced, compiled and replayed like any other function.
 */
export interface Primitive<P = unknown, Name extends string = string> {
  readonly name: Name;

  /** The first output is the first input under another shape: no kernel runs, the memory is shared. */
  readonly view?: boolean;

  /** What it does to each entry of its inputs, all of one shape, as code that plans fuse; the kernel gives the same bits. @internal */
  readonly lanes?: Lanes | undefined;

  /** What it computes, where that is a function of other operations. */
  readonly body?: TracedProgram;

  /** Shapes of the outputs. @throws ShapeError if the inputs do not fit together. */
  shapes(inputs: readonly Shape[], parameters: P): readonly Shape[];

  /** The loops for inputs of these shapes. What can be prepared once is prepared here. */
  kernel(inputs: readonly Shape[], parameters: P): Kernel;

  /** Cotangents x̄ᵢ = Σⱼ (∂yⱼ/∂xᵢ)ᵀ gⱼ of the wanted inputs; at least one gⱼ is given. */
  vjp(
    g: readonly MaybeTensor[],
    outputs: readonly Tensor[],
    inputs: readonly Tensor[],
    parameters: P,
    wanted: readonly boolean[],
  ): readonly MaybeTensor[];

  /** Tangents dyⱼ = Σᵢ (∂yⱼ/∂xᵢ) dxᵢ; at least one dxᵢ is given. */
  jvp(
    dx: readonly MaybeTensor[],
    outputs: readonly Tensor[],
    inputs: readonly Tensor[],
    parameters: P,
  ): readonly MaybeTensor[];
}

/** One use of a primitive: what went in, what came out. */
export interface Application {
  readonly primitive: Primitive;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly parameters: unknown;
  /** Where the caller applied it, while somebody watches. */
  readonly origin?: string | undefined;
}

/** Applications in the order in which they happened. */
export type Tape = readonly Application[];

/** A tape between tensors that come before it and tensors that come out of it. */
export interface Section {
  readonly tape: Tape;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}
