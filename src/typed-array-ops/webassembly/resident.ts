// How do the loops of a plan become functions over one memory?
import { currentTeam } from "./current-team.js";
import { assemble } from "./encoding.js";
import { type Engine, instantiate } from "./engine.js";
import { makeFunction } from "./instructions.js";
import { makeCaller, type Resident, type Work } from "./loops.js";

export type { Access, ChainStep } from "./chain.js";
export { isPacked, MARKS, type ProductSizes, packedSizeOf } from "./dense.js";
export type { Work } from "./loops.js";

/**
 * Compiles each list of loops to one function over a memory of so many numbers; nothing where there is
 * no WebAssembly, or not so much memory. Where threads help, they have a part.
 */
export function makeResident(
  numbers: number,
  lists: readonly (readonly Work[])[],
  engine?: Engine,
): Resident | undefined {
  const together = currentTeam()?.makeResident(numbers, lists);
  if (together) return together;
  const caller = makeCaller(0);
  const roots = lists.map(
    (list, i) => [`run${i}`, makeFunction(0, (scope) => scope.write(...list.map(caller.whole)))] as const,
  );
  const bytes = assemble([...caller.functions.map((source) => [undefined, source] as const), ...roots]);
  // 2 numbers more: a pair may reach over the end.
  const made = instantiate<string>(bytes, numbers + 2, 0, engine);
  return made && { memory: made.memory, run: roots.map(([name]) => made.run[name]) };
}
