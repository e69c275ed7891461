// Where do the nodes of a trajectory lie, and which of them are solved at once?
import { checkCount, checkNumber, DomainError } from "../tensor/index.js";
import { type Blocks, makeBlocks, pow } from "../typed-array-ops/index.js";

/** Nodes 0 = τ₀ < … < τ_M = 1; a trajectory of duration T has its nodes at T·τ. */
export interface Mesh {
  readonly nodes: Float64Array;
  readonly uniform: boolean;
  readonly blocks: Blocks;
}

const nodeByNode = (nodes: Float64Array, uniform: boolean): Mesh => ({
  ...{ nodes, uniform },
  blocks: makeBlocks(Array.from(nodes, () => 1)),
});

/**
 * τⱼ = (j/steps)^grading: uniform for grading 1, finer near 0 for larger ones.
 *
 * @source Brunner (1985), "The numerical solution of weakly singular Volterra integral equations by collocation on
 * graded meshes", equation 1.4
 * @example gradedMesh(4, 2).nodes // → [0, 0.0625, 0.25, 0.5625, 1]
 */
export function gradedMesh(steps: number, grading = 1, operation = "gradedMesh"): Mesh {
  checkCount(operation, "steps", steps);
  checkNumber(operation, "grading", grading, "a number ≥ 1", (r) => r >= 1);
  const nodes = Float64Array.from({ length: steps + 1 }, (_, j) =>
    grading === 1 ? j / steps : pow(j / steps, grading),
  );
  if (!(nodes[1] > 0)) {
    throw new DomainError(
      `${operation}: expected distinct nodes, received grading ${grading} with ${steps} steps: the first cell is empty`,
    );
  }
  return nodeByNode(nodes, grading === 1);
}

/** The mesh of increasing times that start at 0, and their last one, the duration. Equidistant ones are recognised. */
export function meshOfTimes(
  operation: string,
  times: readonly number[] | Float64Array,
): { mesh: Mesh; duration: number } {
  const duration = times?.[times.length - 1];
  const increasing =
    times?.length >= 2 &&
    Array.prototype.every.call(times, (t: number, j: number) => (j === 0 ? t === 0 : t > times[j - 1]));
  if (!increasing || !Number.isFinite(duration)) {
    throw new DomainError(
      `${operation}: expected at least two finite times that start at 0 and increase, received [${Array.prototype.slice.call(times ?? [], 0, 5).join(", ")}${times?.length > 5 ? ", …" : ""}]`,
    );
  }
  const nodes = Float64Array.from(times, (t) => t / duration);
  const steps = nodes.length - 1;
  const uniform = nodes.every((t, j) => Math.abs(t - j / steps) <= 4 * Number.EPSILON);
  return { mesh: uniform ? gradedMesh(steps) : nodeByNode(nodes, false), duration };
}
