// Does the table of the worst errors in docs/accuracy.md say what is measured?
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Accuracy, accuracyOf, everyPrimitive } from "./accuracy.js";

const page = new URL("../../docs/accuracy.md", import.meta.url);
const seed = 20261101;
const runs = 100;

const show = (ulps: number | undefined): string => (ulps === undefined ? "" : ulps === 0 ? "0" : ulps.toPrecision(2));

const table = (rows: readonly Accuracy[]): string =>
  [
    "| primitive | value | gradient | value, far out |",
    "|---|---|---|---|",
    ...rows.map(({ name, value, gradient, far }) => `| ${name} | ${show(value)} | ${show(gradient)} | ${show(far)} |`),
  ].join("\n");

test("the table is what is measured, for every primitive", () => {
  const measured = table(everyPrimitive.map((primitive) => accuracyOf(primitive, seed, runs)));
  const text = readFileSync(page, "utf8");
  const start = text.indexOf("| primitive |");
  const end = text.indexOf("\n\n", start);
  if (process.env.MODE === "write") writeFileSync(page, text.slice(0, start) + measured + text.slice(end));
  else expect(text.slice(start, end)).toBe(measured);
});

test("a kernel that is off by one unit in the last place is seen", () => {
  const [add] = everyPrimitive;
  const off: typeof add = {
    ...add,
    kernel: (shapes, parameters) => {
      const run = add.kernel(shapes, parameters);
      return (outputs, inputs) => {
        run(outputs, inputs);
        for (const out of outputs) for (let i = 0; i < out.length; i++) out[i] *= 1 + 2 ** -52;
      };
    },
  };
  expect(accuracyOf(add, seed, 20).value).toBeLessThanOrEqual(0.5);
  expect(accuracyOf(off, seed, 20).value).toBeGreaterThan(0.9);
});
