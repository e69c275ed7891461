// Which law does a primitive break?
import fc from "fast-check";
import type { Primitive } from "../../src/tape/index.js";
import { drawFrom } from "./draw.js";
import { lawSampleOf } from "./edges.js";
import { checkLaws } from "./laws.js";

/** Which law a primitive breaks; nothing if it obeys them all. */
export function brokenLaw(primitive: Primitive, seed: number, numRuns = 60): string | undefined {
  const law = fc.property(fc.gen(), (g) => {
    const draw = drawFrom(g);
    checkLaws(primitive, lawSampleOf(primitive)(draw), draw);
  });
  const { errorInstance } = fc.check(law, { seed, numRuns, endOnFailure: true });
  return errorInstance instanceof Error ? errorInstance.message : undefined;
}
