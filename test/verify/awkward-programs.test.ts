// Does the checker raise a false alarm for any random program that is right, however awkward?
import fc from "fast-check";
import { custom, mul, type Tensor } from "stillpoint";
import { checkGradients } from "stillpoint/verify";
import { expect, test } from "vitest";
import { awkward } from "../programs/awkward.js";
import { programs } from "../programs/program.js";

const seed = 20261107;
/** All of them with `npm run bench:programs`. */
const count = process.env.MODE === "all" ? 10_000 : 300;

test("no false alarm among random programs that are right", () => {
  let [entries, skipped, inconclusive, withoutOracle] = [0, 0, 0, 0];
  const accepted = fc.property(programs(awkward), ({ f, inputs }) => {
    const report = checkGradients(f, [inputs]);
    entries += report.checked;
    skipped += report.skipped;
    inconclusive += report.inconclusive;
    if (!report.methods.includes("replay")) withoutOracle++;
    expect(report.failures.length, report.text).toBe(0);
  });
  fc.assert(accepted, { seed, numRuns: count });
  console.log(
    `${count} programs: ${entries} entries agree, ${skipped} at kinks, ${inconclusive} inconclusive; ` +
      `${withoutOracle} programs without the oracle`,
  );
  expect(entries).toBeGreaterThan(10 * count);
  expect(inconclusive).toBeLessThan(0.04 * entries);
  expect(withoutOracle).toBeLessThanOrEqual(0.001 * count);
}, 1_000_000);

/** x, with rules that are wrong by a relative 1e-9. */
const bent = custom("bent", (x) => mul(1, x), {
  vjp: (g) => [mul(1 + 1e-9, g)],
  jvp: ([dx]) => mul(1 + 1e-9, dx),
});

test("each of them is rejected when its result is bent by 1e-9", () => {
  for (const { f, inputs, source } of fc.sample(programs(awkward), { seed, numRuns: 60 })) {
    const { ok } = checkGradients((xs: readonly Tensor[]) => bent(f(xs)), [inputs]);
    expect(ok, source).toBe(false);
  }
});
