// What do measurements look like?
import * as Plot from "@observablehq/plot";
import { colours, draw, type Figure, powerOfTen, series } from "../examples/shared/drawing.js";
import { type LegendEntry, lines } from "../examples/shared/report.js";
import { standalone } from "../examples/shared/standalone.js";
import type { FigureData, Point } from "./results.js";

const decades = (x: number): string => (x >= 0.01 && x <= 1e5 ? String(x) : powerOfTen(x));

const isPowerOfTen = (x: number): boolean => Math.abs(Math.log10(x) - Math.round(Math.log10(x))) < 1e-9;

/** Ticks that would stand too close are not written. */
const sparse = (x: number): string => (isPowerOfTen(x) ? decades(x) : "");

interface Datum {
  readonly series: string;
  readonly x: number | string;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** What is below the noise has no place on a logarithmic axis. */
const data = (points: readonly Point[]): readonly Datum[] =>
  points
    .filter(({ y }) => y.median > 0)
    .map(({ series: name, x, y }) => ({
      series: name,
      x,
      y: y.median,
      low: Math.max(y.min, y.median / 100),
      high: y.max,
    }));

const namesOf = (points: readonly Point[]): readonly string[] => [...new Set(points.map((point) => point.series))];

const lineFigure =
  ({ caption, x, y, points }: FigureData): Figure =>
  (width) =>
    draw(width, {
      height: 380,
      marginLeft: 60,
      ariaLabel: caption,
      x: { type: "log", label: x, tickFormat: sparse },
      y: { type: "log", label: y, grid: true, tickFormat: sparse },
      color: colours(namesOf(points)),
      marks: [
        Plot.ruleX(data(points), { x: "x", y1: "low", y2: "high", stroke: "series", strokeOpacity: 0.5 }),
        Plot.line(data(points), { x: "x", y: "y", stroke: "series", strokeWidth: 2 }),
        Plot.dot(data(points), { x: "x", y: "y", fill: "series", r: 3 }),
      ],
    });

const kinds: readonly LegendEntry[] = [
  { name: "stillpoint", series: 0, mark: "line" },
  { name: "written by hand", mark: "line" },
  { name: "others", series: 1, mark: "line" },
];

function colourOf(name: string): string {
  if (name.startsWith("stillpoint")) return series(0);
  return name.includes("by hand") && name.startsWith("loops") ? "var(--ink)" : series(1);
}

/** One row for each way: the median as a dot, from the least to the most as a line. */
const barFigure =
  ({ caption, y, points }: FigureData): Figure =>
  (width) =>
    draw(width, {
      height: 70 + 26 * points.length,
      marginLeft: 300,
      ariaLabel: caption,
      x: { type: "log", label: y, grid: true, tickFormat: sparse },
      y: { type: "point", label: null, domain: points.map(({ x }) => x), padding: 0.6 },
      marks: [
        Plot.ruleY(data(points), {
          y: "x",
          x1: "low",
          x2: "high",
          stroke: ({ x }: Datum) => colourOf(String(x)),
          strokeWidth: 2,
        }),
        Plot.dot(data(points), { y: "x", x: "y", fill: ({ x }: Datum) => colourOf(String(x)), r: 4.5 }),
      ],
    });

/** The text of an SVG file, for light and for dark paper. */
export function figureText(figure: FigureData): string {
  return figure.kind === "lines"
    ? standalone(lineFigure(figure), figure.caption, lines(namesOf(figure.points)))
    : standalone(barFigure(figure), figure.caption, kinds);
}
