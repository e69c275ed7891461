// Does a field act on each time node alone?
import { DomainError } from "../tensor/index.js";
import { maxAbs } from "../typed-array-ops/index.js";
import type { SweepProblem } from "./sweep.js";

/** Agreement of one node alone and among others: rounding may differ, mixing shows. */
const rounding = 1e-9;

/**
 * Evaluates the field on two different nodes together and on each alone.
 *
 * @throws DomainError if the results differ.
 */
export function checkNodewise({ operation, nodes, width, base, nodewise, shared, plans }: SweepProblem): void {
  if (nodes < 2) return;
  const states = new Float64Array(2 * width);
  for (let i = 0; i < width; i++) {
    states[i] = base[i];
    states[width + i] = 1.125 * base[i] + 0.125;
  }
  const ends = nodewise.map(({ data, width: w }) => {
    const both = new Float64Array(2 * w);
    both.set(data.subarray(0, w));
    both.set(data.subarray((nodes - 1) * w), w);
    return { both, w };
  });
  const together = plans(2)
    .value.run(() => [states, ...ends.map(({ both }) => both), ...shared])[0]
    .slice();
  const size = maxAbs(together);
  for (let node = 0; node < 2; node++) {
    const one = [
      states.subarray(node * width, (node + 1) * width),
      ...ends.map(({ both, w }) => both.subarray(node * w, (node + 1) * w)),
    ];
    const [alone] = plans(1).value.run(() => [...one, ...shared]);
    for (let i = 0; i < width; i++) {
      if (Math.abs(alone[i] - together[node * width + i]) > rounding * size) {
        throw new DomainError(
          `${operation}: expected f to act on each time node alone, received ${alone[i]} for one node and ` +
            `${together[node * width + i]} for the same node beside another (entry ${i}): f must not mix entries along ` +
            "its first axis, time",
        );
      }
    }
  }
}
