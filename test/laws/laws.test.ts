// Does every primitive obey the laws?
import fc from "fast-check";
import { describe, test } from "vitest";
import type { Primitive } from "../../src/tape/index.js";
import { drawFrom } from "./draw.js";
import { lawSampleOf } from "./edges.js";
import { checkLaws } from "./laws.js";
import { families } from "./samples.js";

const seed = 20260101;

describe("every primitive obeys the laws", () => {
  for (const primitive of families as readonly Primitive[]) {
    test(primitive.name, () => {
      const law = fc.property(fc.gen(), (g) => {
        const draw = drawFrom(g);
        checkLaws(primitive, lawSampleOf(primitive)(draw), draw);
      });
      fc.assert(law, { seed, numRuns: 60 });
    });
  }
});
