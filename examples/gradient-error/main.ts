// How does the error of a gradient follow the tolerance to which its equations are solved?
import { relative } from "node:path";
import * as Plot from "@observablehq/plot";
import { colours, draw, type Figure, powerOfTen } from "../shared/drawing.js";
import { significant, type Table, tableText, wrap } from "../shared/numbers.js";
import { lines, type Section, writeReport } from "../shared/report.js";
import { inExamples } from "../shared/repository.js";
import { batch, bounds, measureErrors, methods, type Point, tolerances, width } from "./measure.js";

const title = "How wrong is the gradient of an equilibrium that was not solved to the end?";
const introduction =
  `z = tanh(z W + x) with ${width} units and a batch of ${batch}, loss ½‖z‖², gradient in W; Picard's iteration from 0 until ` +
  "‖f(z) − z‖∞ is at most the tolerance. The error is that of the whole gradient in the 2-norm, relative, against Newton's " +
  "method with dense solutions of both equations.";

const at = (points: readonly Point[], method: string, tolerance: number): number =>
  points.find((point) => point.method === method && point.tolerance === tolerance)?.error ?? NaN;

const figureOf =
  (points: readonly Point[]): Figure =>
  (size) =>
    draw(size, {
      height: 380,
      ariaLabel: "Relative error of the gradient against the tolerance, both logarithmic, for six ways to take it",
      x: { type: "log", reverse: true, label: "tolerance", tickFormat: powerOfTen, ticks: 7 },
      y: { type: "log", label: "relative error of the gradient", tickFormat: powerOfTen, ticks: 9, grid: true },
      color: colours(methods),
      marks: [
        Plot.line(points, { x: "tolerance", y: "error", stroke: "method", strokeWidth: 2 }),
        Plot.dot(points, { x: "tolerance", y: "error", fill: "method", r: 3 }),
      ],
    });

const tableOf = (points: readonly Point[], bound: number): Table => ({
  caption: `Relative error of the gradient, ‖W‖₂ = ${bound}`,
  columns: ["", ...tolerances.filter((_, i) => i % 3 === 0).map(powerOfTen)],
  rows: methods.map((method) => ({
    cells: [
      method,
      ...tolerances.filter((_, i) => i % 3 === 0).map((tolerance) => significant(at(points, method, tolerance), 2)),
    ],
  })),
});

/** The largest error in units of the tolerance. */
const factor = (points: readonly Point[], method: string): number =>
  Math.max(...tolerances.filter((t) => t >= 1e-12).map((tolerance) => at(points, method, tolerance) / tolerance));

function sectionOf(bound: number): { section: Section; table: Table; text: string } {
  const points = measureErrors(bound);
  const table = tableOf(points, bound);
  const text =
    `Where the equation decides, the error is at most ${significant(factor(points, methods[0]), 2)} times the tolerance, down to 1e-12; ` +
    `that of backpropagation through the steps at most ${significant(factor(points, methods[3]), 2)} times. Five phantom steps stay ` +
    `at ${significant(at(points, methods[4], 1e-13), 2)} and one at ${significant(at(points, methods[5], 1e-13), 2)}, however well z is solved.`;
  const section = {
    heading: `‖W‖₂ = ${bound}`,
    paragraphs: [text],
    figure: {
      draw: figureOf(points),
      caption: "Error against tolerance; both axes are logarithmic, and the tolerance falls to the right.",
      legend: lines(methods),
    },
    tables: [table],
  };
  return { section, table, text };
}

console.log(`${wrap(`${title} ${introduction}`)}\n`);
const parts = bounds.map((bound) => {
  const part = sectionOf(bound);
  console.log(`${tableText(part.table)}\n\n${wrap(part.text)}\n`);
  return part;
});
const sections = parts.map(({ section }) => section);
const file = writeReport(inExamples("gradient-error"), title, introduction, sections);
console.log(`Report: ${relative(process.cwd(), file)}`);
