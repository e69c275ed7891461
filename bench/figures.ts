// What do measurements look like?
import * as Plot from "@observablehq/plot";
import { colours, draw, type Figure, powerOfTen, series } from "../examples/shared/drawing.js";
import { type LegendEntry, lines } from "../examples/shared/report.js";
import { standalone } from "../examples/shared/standalone.js";
import type { FigureData, Point } from "./results.js";

const tickText = (x: number): string => (x >= 0.001 && x < 1e6 ? String(x) : powerOfTen(x));

/** Powers of ten, and over less than two of them 2 and 5 times these, too. */
export function ticksFor(low: number, high: number): readonly number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const factors = Math.log10(high / low) < 2 ? [1, 2, 5] : [1];
  return Array.from({ length: last - first + 1 }, (_, i) => factors.map((factor) => Number(`${factor}e${first + i}`)))
    .flat()
    .filter((tick) => tick >= low / 1.0001 && tick <= high * 1.0001);
}

/** A logarithmic axis over these numbers. */
function logAxis(label: string, numbers: readonly number[]): Plot.ScaleOptions {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return { type: "log", label, domain: [low, high], ticks: ticksFor(low, high) as number[], tickFormat: tickText };
}

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

const extent = (shown: readonly Datum[]): readonly number[] => shown.flatMap(({ low, y, high }) => [low, y, high]);

const namesOf = (points: readonly Point[]): readonly string[] => [...new Set(points.map((point) => point.series))];

const lineFigure =
  ({ caption, x, y, points }: FigureData): Figure =>
  (width) => {
    const shown = data(points);
    const horizontal = shown.map((datum) => Number(datum.x));
    return draw(width, {
      height: 380,
      marginLeft: 60,
      marginRight: 32,
      ariaLabel: caption,
      x: logAxis(x, horizontal),
      y: { ...logAxis(y, extent(shown)), grid: true },
      color: colours(namesOf(points)),
      marks: [
        Plot.ruleX(shown, { x: "x", y1: "low", y2: "high", stroke: "series", strokeOpacity: 0.5 }),
        Plot.line(shown, { x: "x", y: "y", stroke: "series", strokeWidth: 2 }),
        Plot.dot(shown, { x: "x", y: "y", fill: "series", r: 3 }),
      ],
    });
  };

const kinds: readonly LegendEntry[] = [
  { name: "stillpoint", series: 0, mark: "line" },
  { name: "written by hand", mark: "line" },
  { name: "others", series: 1, mark: "line" },
];

function colourOf(name: string): string {
  if (name.startsWith("stillpoint")) return series(0);
  return name.includes("by hand") && name.startsWith("loops") ? "var(--ink)" : series(1);
}

/** So wide is a letter of 12 pixels at most, on average over a name. */
const letter = 6.6;

/** One row for each way: the median as a dot, from the least to the most as a line. */
const barFigure =
  ({ caption, y, points }: FigureData): Figure =>
  (width) => {
    const shown = data(points);
    const stroke = ({ x }: Datum): string => colourOf(String(x));
    const longest = Math.max(...points.map(({ x }) => String(x).length));
    return draw(width, {
      height: 70 + 26 * points.length,
      marginLeft: Math.min(0.6 * width, 16 + letter * longest),
      ariaLabel: caption,
      x: { ...logAxis(y, extent(shown)), grid: true },
      y: { type: "point", label: null, domain: points.map(({ x }) => x), padding: 0.6 },
      marks: [
        Plot.ruleY(shown, { y: "x", x1: "low", x2: "high", stroke, strokeWidth: 2 }),
        Plot.dot(shown, { y: "x", x: "y", fill: stroke, r: 4.5 }),
      ],
    });
  };

/** The text of an SVG file, for light and for dark paper. */
export function figureText(figure: FigureData): string {
  return figure.kind === "lines"
    ? standalone(lineFigure(figure), figure.caption, lines(namesOf(figure.points)))
    : standalone(barFigure(figure), figure.caption, kinds);
}
