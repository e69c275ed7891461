// What do the errors, times and memories look like?
import * as Plot from "@observablehq/plot";
import { draw, type Figure, isNarrow, powerOfTen, series } from "../shared/drawing.js";
import type { LegendEntry } from "../shared/report.js";
import type { MethodName } from "./methods.js";
import { type Results, shownOrder } from "./results.js";

/** A method as a line; two methods that coincide are one. */
interface Line extends LegendEntry {
  readonly method: MethodName;
}

const line = (method: MethodName, i: number | undefined, name: string = method, mark: Line["mark"] = "line"): Line => ({
  ...{ method, name, mark },
  ...(i === undefined ? {} : { series: i }),
});

const common: readonly Line[] = [
  line("implicit, spectral", 0),
  line("implicit, graded trapezoid", 1),
  line("continuous adjoint, graded", 3),
  line("continuous adjoint", 4),
  line("implicit, notebook's rule", 5),
  line("continuous adjoint, no pole", undefined, "continuous adjoint, no pole", "dashed"),
];
export const errorLines: readonly Line[] = [
  ...common,
  line("implicit, trapezoid", 2, "trapezoid, implicit or through the steps"),
];
export const costLines: readonly Line[] = [
  ...common,
  line("implicit, trapezoid", 2),
  line("through the steps, trapezoid", 2, "through the steps, trapezoid", "dashed"),
];

type Datum = Readonly<Record<string, number | string>>;

/** Lines and dots of one method after the other, the first one on top. */
function marksOf(
  lines: readonly Line[],
  data: readonly Datum[],
  channels: { readonly x: string; readonly y: string; readonly fx?: string; readonly fy?: string },
) {
  return [...lines].reverse().flatMap(({ method, series: i, mark }) => {
    const own = data.filter((datum) => datum.method === method);
    const colour = i === undefined ? "var(--ink)" : series(i);
    return [
      Plot.line(own, {
        ...channels,
        stroke: colour,
        strokeWidth: 2,
        ...(mark === "dashed" ? { strokeDasharray: "5 4" } : {}),
      }),
      Plot.dot(own, { ...channels, fill: colour, r: 2.5 }),
    ];
  });
}

const errorAxis = (label: string, ticks: number): Plot.ScaleOptions => ({
  ...{ type: "log", label, grid: true, tickFormat: powerOfTen, ticks },
  domain: [1e-12, 1],
});
const nodeTicks = [8, 32, 128, 512];
const nodeAxis: Plot.ScaleOptions = {
  type: "log",
  base: 2,
  label: "nodes",
  ticks: nodeTicks,
  tickFormat: String,
  domain: [7, 600],
};

export const errorFigure =
  ({ points }: Pick<Results, "points">): Figure =>
  (width) => {
    const narrow = isNarrow(width);
    const shown = [0.3, 0.5, 0.8, 1];
    const data = points
      .filter(({ order, error }) => shown.includes(order) && error > 1e-12)
      .map((point) => ({
        ...point,
        column: narrow ? shown.indexOf(point.order) % 2 : shown.indexOf(point.order),
        row: narrow ? Math.floor(shown.indexOf(point.order) / 2) : 0,
      }));
    const titles = shown.map((order, i) => ({
      column: narrow ? i % 2 : i,
      row: narrow ? Math.floor(i / 2) : 0,
      text: `α = ${order}`,
    }));
    const facet = { fx: "column", fy: "row" };
    return draw(width, {
      height: narrow ? 620 : 400,
      ariaLabel: "Relative error of the gradient against the number of nodes, both logarithmic, for four orders",
      x: { ...nodeAxis, ticks: narrow ? [8, 512] : nodeTicks },
      y: errorAxis("relative error of the gradient", 7),
      fx: { axis: null },
      fy: { axis: null },
      marks: [
        Plot.frame({ stroke: "currentColor", strokeOpacity: 0.25 }),
        ...marksOf(errorLines, data, { x: "nodes", y: "error", ...facet }),
        Plot.text(titles, { ...facet, text: "text", frameAnchor: "top", dy: -12, fontWeight: 600 }),
      ],
    });
  };

/** Error against time, at one order: lower and further left is better. */
export const workFigure =
  ({ points, costs }: Results): Figure =>
  (width) => {
    const data = costs.flatMap(({ method, nodes, milliseconds }) => {
      const point = points.find((p) => p.method === method && p.nodes === nodes && p.order === shownOrder);
      return point && point.error > 1e-12 ? [{ method, milliseconds, error: point.error }] : [];
    });
    return draw(width, {
      height: 400,
      ariaLabel: "Relative error of the gradient against the processor time for loss and gradient, both logarithmic",
      x: {
        type: "log",
        label: "milliseconds of processor time for loss and gradient",
        domain: [1, 2000],
        ticks: [1, 10, 100, 1000],
        tickFormat: String,
      },
      y: errorAxis("relative error of the gradient", 7),
      marks: marksOf(costLines, data, { x: "milliseconds", y: "error" }),
    });
  };

/** Less than this, in MB, is drawn as this. */
const noise = 0.01;

export const memoryFigure =
  ({ costs }: Results): Figure =>
  (width) =>
    draw(width, {
      height: 340,
      ariaLabel:
        "Megabytes held between the forward and the backward pass against the number of nodes, both logarithmic",
      x: nodeAxis,
      y: {
        type: "log",
        label: "MB held between the passes",
        grid: true,
        domain: [noise, 100],
        ticks: [0.01, 0.1, 1, 10, 100],
        tickFormat: String,
      },
      marks: marksOf(
        memoryLines,
        costs.map((cost) => ({ ...cost, megabytes: Math.max(cost.bytes / 1e6, noise) })),
        { x: "nodes", y: "megabytes" },
      ),
    });

export const memoryLines: readonly Line[] = [
  line("through the steps, trapezoid", 2, "through the steps, trapezoid", "dashed"),
  line("through the steps, rectangle", 3, "through the steps, rectangle", "dashed"),
  line("implicit, trapezoid", 2),
  line("implicit, spectral", 0),
  line("implicit, graded trapezoid", 1),
  line("continuous adjoint", 4),
];
