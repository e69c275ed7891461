// What does an evaluation in 106 bits remember, and how does it go on into programs inside programs?
import type { Program, TracedProgram } from "../../tape/index.js";
import type { KnownWeights } from "./integrals.js";
import type { Refined } from "./refine.js";
import type { Remembered } from "./sums.js";
import type { WideTensor } from "./wide-tensor.js";

export interface Context {
  /** Solutions by their place in the program, which the next replay starts from: so it stays on the same branch. */
  readonly solutions: Map<string, Refined>;
  /** Fields of trajectories as programs, by their place. */
  readonly fields: Map<string, TracedProgram>;
  readonly weights: KnownWeights;
  /** Operations by their place, as they were in the first replay: entries that are the same are not computed again. */
  readonly first: Map<string, Remembered>;
  /** What happens to the inputs of operations that round, to see what rounding can do. */
  readonly disturb?: ((x: WideTensor) => WideTensor) | undefined;
  readonly run: (
    program: Program,
    inputs: readonly WideTensor[],
    context: Context,
    path: string,
  ) => readonly WideTensor[];
}
