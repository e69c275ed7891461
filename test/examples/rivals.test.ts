// Does the chapter on gradients say what is measured, and is what it measures right?
import { readFileSync } from "node:fs";
import { parseHTML } from "linkedom";
import { grad, mul, sum, type Tensor, tensor } from "stillpoint";
import { solveCaputo, spectral } from "stillpoint/fractional";
import { describe, expect, test } from "vitest";
import { errorOfLimit, prabhakar } from "../../examples/rivals/decay.js";
import {
  checkNodes,
  duration,
  entriesOf,
  implicitLoss,
  lastOf,
  loss,
  network,
  referenceGradient,
  relativeError,
  start,
  type Weights,
  weights,
} from "../../examples/rivals/equation.js";
import { costLines, errorLines, memoryLines } from "../../examples/rivals/figures.js";
import { countOf, errorOf, mismatchOf } from "../../examples/rivals/measure.js";
import { countsFor, methods } from "../../examples/rivals/methods.js";
import { outdated, readBlock, tableBlock } from "../../examples/rivals/page.js";
import { limitsOf, mismatchNodes, mostNodes, shownOrder } from "../../examples/rivals/results.js";
import { countTable, limitTable, orRounding } from "../../examples/rivals/tables.js";
import { significant } from "../../examples/shared/numbers.js";

/** The cells of a table of the chapter, by the first cell of their row. */
const rowsOf = (name: string): Map<string, readonly string[]> =>
  new Map(
    readBlock(name)
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .map((line) => line.slice(2, -2).split(" | "))
      .map(([first, ...cells]) => [first, cells] as const),
  );

describe("the experiment", () => {
  interface Case {
    readonly params: Readonly<Record<string, Nest>>;
    readonly grad: Readonly<Record<string, Nest>>;
    readonly N: number;
  }
  type Nest = string | readonly Nest[];
  const flat = (x: Nest): number[] => (typeof x === "string" ? [Number(x)] : x.flatMap(flat));
  const { cases } = JSON.parse(readFileSync(new URL("../reference/reference_grad.json", import.meta.url), "utf8")) as {
    cases: readonly Case[];
  };
  const [given] = cases;
  test("has the network and the gradients of the references of 60 digits", () => {
    for (const [name, w] of Object.entries(weights)) expect([...w.data], name).toEqual(flat(given.params[name]));
    expect([...start.data]).toEqual(flat(given.params.u0));
    const whole = (theta: Weights): Tensor =>
      loss(
        solveCaputo((t, u) => network(theta, t, u), start, {
          ...{ order: Number(flat(given.params.alpha)[0]), duration: 1, steps: given.N, tolerance: 1e-13 },
        }).values,
      );
    const gradient = entriesOf(grad(whole)(weights));
    const expected = ["W1", "b1", "W2", "b2"].flatMap((name) => flat(given.grad[name]));
    expect(relativeError(gradient, expected)).toBeLessThan(1e-12);
    expect(
      relativeError(
        gradient.map((x) => x * (1 + 1e-9)),
        expected,
      ),
    ).toBeGreaterThan(1e-12);
  });
  test("has a reference that does not depend on its nodes or its exponent", () => {
    for (const order of [0.3, 0.8]) {
      const reference = referenceGradient(order);
      expect(relativeError(referenceGradient(order, checkNodes), reference)).toBeLessThan(1e-11);
      const other = implicitLoss({ order, duration, quadrature: spectral({ nodes: 60 }), tolerance: 1e-13 });
      expect(relativeError(entriesOf(grad(other)(weights)), reference)).toBeLessThan(1e-9);
    }
  });
});

describe("the tables of the chapter", () => {
  const reference = referenceGradient(shownOrder);
  const errors = rowsOf("errors by nodes");
  for (const method of methods.slice(1)) {
    test(`the errors of ${method.name} with few nodes`, () => {
      const [few, more] = countsFor(method).map((nodes) => nodes);
      const cells = [few, more].map((nodes) => significant(errorOf(method, shownOrder, nodes, reference).error, 2));
      expect(errors.get(method.name)?.slice(0, 2)).toEqual(cells);
    });
  }
  test("the errors of collocation", () => {
    const [method] = methods;
    const cells = countsFor(method).map((nodes) => orRounding(errorOf(method, shownOrder, nodes, reference).error));
    expect(rowsOf("collocation").get(`α = ${shownOrder}`)).toEqual(cells);
  });
  test("how far gradients are from those of their losses, at one order", () => {
    const cells = rowsOf("mismatch");
    for (const method of methods.slice(1)) {
      expect(cells.get(method.name)?.[1], method.name).toBe(orRounding(mismatchOf(method, shownOrder, mismatchNodes)));
    }
  });
  test("the limits without the pole", () => {
    expect(outdated([tableBlock("limit", limitTable(limitsOf()))])).toEqual([]);
  });
  test("how often the network is evaluated, and a wrong count is noticed", () => {
    const counts = methods.map((method) => countOf(method, shownOrder, mostNodes(method)));
    expect(outdated([tableBlock("counts", countTable(counts))])).toEqual([]);
    const [first, ...others] = counts;
    const bent = [{ ...first, evaluations: first.evaluations + 1 }, ...others];
    expect(outdated([tableBlock("counts", countTable(bent))])).toEqual(["counts"]);
  });
});

describe("the closed forms without and with the pole", () => {
  for (const order of [0.5, 0.8, 1]) {
    test(`order ${order}: the gradient is that of the equation`, () => {
      const quadrature = spectral({ nodes: 32, exponent: 1 / order });
      const end = (theta: Tensor): Tensor =>
        sum(
          lastOf(
            solveCaputo((_, u) => mul(theta, u), tensor([1]), { order, duration, quadrature, tolerance: 1e-14 }).values,
          ),
        );
      const gradient = grad(end)(tensor(-1));
      expect(Math.abs(gradient.item() / prabhakar(order, 1 + order) - 1)).toBeLessThan(1e-9);
    });
  }
  test("the limit is off, but for the order 1", () => {
    expect(errorOfLimit(0.5)).toBeGreaterThan(0.09);
    expect(errorOfLimit(1)).toBeLessThan(1e-15);
  });
});

describe("the figures of the chapter", () => {
  const read = (file: string): string => readFileSync(new URL(`../../docs/figures/${file}`, import.meta.url), "utf8");
  for (const [file, lines] of [
    ["gradient-errors.svg", errorLines],
    ["gradient-work.svg", costLines],
    ["gradient-memory.svg", memoryLines],
  ] as const) {
    test(`${file} has its legend, a line for each method, and colours for dark paper`, () => {
      const text = read(file);
      const { document } = parseHTML(text);
      const words = [...document.querySelectorAll("text")].map((element) => element.textContent);
      for (const { name } of lines) expect(words, name).toContain(name);
      expect(text).toContain("prefers-color-scheme: dark");
      expect(text).not.toMatch(/NaN|undefined/);
      expect(document.querySelectorAll('g[aria-label="line"]').length).toBeGreaterThanOrEqual(lines.length);
    });
  }
});
