// Are single weights of the product rules right in short cells far away and on graded meshes, where sums of them tell nothing?
import { readFileSync } from "node:fs";
import { causalWeights, gradedMesh, type Mesh, rectangleCells, trapezoidCells } from "stillpoint/fractional";
import { gamma } from "stillpoint/special";
import { describe, expect, test } from "vitest";
import type { CellRule } from "../../src/fractional/product-weights.js";
import { causalWeight, makeBlocks } from "../../src/typed-array-ops/index.js";

const readRows = <Row>(name: string): readonly Row[] =>
  (JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), "utf8")) as { rows: Row[] }).rows;

const unit = 2 ** -52;
const power = (p: number, distance: number): number => (distance === 0 ? 0 : distance ** p / gamma(p + 1));

/** NaN is worse than everything. */
const worst = (errors: readonly number[]): number =>
  errors.reduce((most, error) => (error <= most ? most : error), 0) / unit;

describe("the rectangle's weights of single cells agree with 30 digits", () => {
  type Row = [order: number, k: number, near: number, length: number, left: string];
  const rows = readRows<Row>("rectangle_weights");
  type Weigh = (order: number, k: number, near: number, length: number) => number;

  const library: Weigh = (order, k, near, length) => {
    const cells = rectangleCells(order, k);
    cells.weigh(near, length);
    return cells.ends[0];
  };
  const textbook: Weigh = (order, _, near, length) => power(order, near + length) - power(order, near);

  /** In units of rounding of the weight together with its derivatives up to this one. */
  const worstError = (weigh: Weigh, derivative: number, chosen: (row: Row) => boolean = () => true): number =>
    worst(
      rows.flatMap((row, i) => {
        const [order, k, near, length, expected] = row;
        if (k !== derivative || !chosen(row)) return [];
        const scale = rows.slice(i - k, i + 1).reduce((total, lower) => total + Math.abs(Number(lower[4])), 0);
        return [Math.abs(weigh(order, k, near, length) - Number(expected)) / scale];
      }),
    );

  test("themselves, and their first derivatives to 5 units of rounding, second ones to 18", () => {
    expect(rows.length).toBe(816);
    expect(worstError(library, 0)).toBeLessThan(5);
    expect(worstError(library, 1)).toBeLessThan(5);
    expect(worstError(library, 2)).toBeLessThan(18);
  });
  test("while the textbook's differences lose all digits in short cells far away", () => {
    expect(worstError(textbook, 0)).toBeGreaterThan(0.9 / unit);
    expect(worstError(textbook, 0, ([, , near]) => near === 0)).toBeLessThan(10);
  });
  test("and an order that is wrong by 1e-13 is seen", () => {
    const wrong: Weigh = (order, k, near, length) => library(order * (1 + 1e-13), k, near, length);
    expect(worstError(wrong, 0)).toBeGreaterThan(1000);
  });
});

describe("single entries of the matrix on graded meshes of 1024 steps agree with 30 digits", () => {
  type Node = number | null;
  type Row = [order: number, grading: number, n: number, j: number, Node, Node, Node, Node, ...values: string[]];
  const rows = readRows<Row>("graded_weights");
  const meshes = [0.3, 0.5, 0.8].flatMap((order) => [1 / order, 2 / order].map((grading) => [order, grading]));
  type Entry = (cells: CellRule, row: Row, k: number) => number;

  /** Entry (n, j) depends on four nodes; so it is that of a mesh of these four. */
  const library: Entry = (cells, [order, , , , now, before, here, after], k) => {
    const around = [before, here, after, now].filter((t) => t !== null);
    const nodes = Float64Array.from([...new Set(around)].sort((a, b) => a - b));
    const mesh: Mesh = { nodes, uniform: false, blocks: makeBlocks(Array.from(nodes, () => 1)) };
    return causalWeight(causalWeights(cells, mesh, order, k), nodes.indexOf(now ?? 0), nodes.indexOf(here ?? 0));
  };
  const textbook: Entry = (_, [order, , , , now, before, here, after]) => {
    const far = (t: Node): number => (now ?? 0) - (t ?? 0);
    const mean = (from: Node, to: Node): number =>
      (power(order + 1, far(from)) - power(order + 1, far(to))) / (far(from) - far(to));
    const right = before === null ? 0 : mean(before, here) - power(order, far(here));
    return right + (after === null ? 0 : power(order, far(here)) - mean(here, after));
  };

  const worstError = (entry: Entry, chosen: readonly Row[], cells: CellRule, k: number): number => {
    const column = cells === trapezoidCells ? 8 : 9;
    return worst(
      chosen.map((row) => {
        const [weight, slope] = [Number(row[column]), Number(row[column + 2])];
        const error = Math.abs(entry(cells, row, k) - (k === 0 ? weight : slope));
        return error === 0 ? 0 : error / (Math.abs(weight) + (k === 0 ? 0 : Math.abs(slope)));
      }),
    );
  };

  test.each(meshes)("order %f, grading %f: weights and first derivatives to 4 units of rounding", (order, grading) => {
    const chosen = rows.filter((row) => row[0] === order && row[1] === grading);
    expect(chosen.length).toBe(40);
    for (const cells of [trapezoidCells, rectangleCells]) {
      for (const k of [0, 1]) expect(worstError(library, chosen, cells, k), `${cells.name} ${k}`).toBeLessThan(4);
    }
  });
  test.each(meshes.slice(0, 2))(
    "and stand at their places in the whole matrix, order %f, grading %f",
    (order, grading) => {
      const chosen = rows.filter((row) => row[0] === order && row[1] === grading);
      const mesh = gradedMesh(1024, grading);
      const nodes = Float64Array.from(mesh.nodes);
      for (const [, , n, j, ...around] of chosen) {
        [n, j - 1, j, j + 1].forEach((place, i) => {
          const node = around[i];
          if (typeof node !== "number") return;
          expect(Math.abs(nodes[place] - node)).toBeLessThanOrEqual(unit * node);
          nodes[place] = node;
        });
      }
      const weights = causalWeights(trapezoidCells, { ...mesh, nodes }, order, 0);
      const entry: Entry = (_, [, , n, j]) => causalWeight(weights, n, j);
      expect(worstError(entry, chosen, trapezoidCells, 0)).toBeLessThan(4);
    },
  );
  test("while the textbook's differences are wrong by more than their size, and a wrong order is seen", () => {
    const wrong: Entry = (cells, [order, ...row], k) => library(cells, [order * (1 + 1e-12), ...row], k);
    expect(worstError(textbook, rows, trapezoidCells, 0)).toBeGreaterThan(1000 / unit);
    expect(worstError(wrong, rows, trapezoidCells, 0)).toBeGreaterThan(1000);
  });
});
