// Where do the panels of a solve stand, and where on them is a step?
import { escapeText } from "./html.js";
import { type Axis, count, round, wholeTicks } from "./scales.js";
import type { SolveDigest } from "./solve-digest.js";

/** The frame that the two columns of a solve share: one axis of steps, two panels above it. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  /** The middle of each drawn step. */
  readonly xs: readonly number[];
  /** The borders between drawn steps, one more than there are steps. */
  readonly edges: readonly number[];
  /** Steps with a tick. */
  readonly ticks: readonly { readonly place: number; readonly label: string }[];
}

/** The height that a panel takes. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

export const pictureWidth = 400;
export const pictureHeight = 418;
export const upperBand: Band = { top: 36, bottom: 226 };
export const lowerBand: Band = { top: 264, bottom: 376 };
export const wholeBand: Band = { top: upperBand.top, bottom: lowerBand.bottom };

/** The frame for these steps; `labels` leaves room on the right for names of lines. */
export function frameOf({ steps }: SolveDigest, labels: boolean): Frame {
  const [left, right] = [46, pictureWidth - (labels ? 46 : 12)];
  const numbers = steps.map(({ step }) => step);
  const low = numbers[0] - 0.5;
  const high = numbers[numbers.length - 1] + 0.5;
  const at = (step: number): number => round(left + ((step - low) / (high - low)) * (right - left));
  const between = numbers.slice(1).map((step, i) => at((step + numbers[i]) / 2));
  return {
    left,
    right,
    xs: numbers.map(at),
    edges: [left, ...between, right],
    ticks: wholeTicks(numbers[0], numbers[numbers.length - 1], 6).map((k) => ({ place: at(k), label: count(k) })),
  };
}

export const textAt = (x: number, y: number, text: string, kind = ""): string =>
  `<text${kind === "" ? "" : ` class="${kind}"`} x="${round(x)}" y="${round(y)}">${escapeText(text)}</text>`;

export const pathOf = (kind: string, d: string): string => (d === "" ? "" : `<path class="${kind}" d="${d}"/>`);

/** Lines through the points, broken where there is none. */
export function polyline(points: readonly (readonly [x: number, y: number] | undefined)[]): string {
  return points
    .map((point, i) => (point === undefined ? "" : `${points[i - 1] === undefined ? "M" : "L"}${point[0]} ${point[1]}`))
    .join("");
}

/** Dots are lines of no length with round ends. */
export const dots = (points: readonly (readonly [x: number, y: number] | undefined)[]): string =>
  points.map((point) => (point === undefined ? "" : `M${point[0]} ${point[1]}h0`)).join("");

/** Title on the left, a remark on the right. */
export const heading = (frame: Frame, band: Band, title: string, remark = ""): string =>
  textAt(0, band.top - (band.top === upperBand.top ? 24 : 10), title, "title") +
  (remark === "" ? "" : textAt(frame.right, band.top - (band.top === upperBand.top ? 24 : 10), remark, "faint end"));

/** Lines across the panel at the ticks, and their labels. */
export function valueAxis({ left, right }: Frame, { ticks }: Axis): string {
  const lines = ticks.map(({ place }) => `M${left} ${place}H${right}`).join("");
  return (
    pathOf("grid", lines) + ticks.map(({ place, label }) => textAt(left - 6, place + 4, label, "tick y end")).join("")
  );
}

/** The axis of steps below the lowest panel. */
export function stepAxis({ left, right, ticks }: Frame): string {
  const { bottom } = lowerBand;
  const marks = ticks.map(({ place }) => `M${place} ${bottom}v4`).join("");
  return (
    pathOf("axis", `M${left} ${bottom}H${right}${marks}`) +
    ticks.map(({ place, label }) => textAt(place, bottom + 17, label, "tick x middle")).join("") +
    textAt((left + right) / 2, bottom + 34, "step", "faint middle")
  );
}

/** What the script moves: a veil over the future, a line at the present, rings on its points. It starts at the end. */
export function cursor(
  { edges, right, xs }: Frame,
  bands: readonly Band[],
  rings: readonly (number | undefined)[],
): string {
  const edge = edges[edges.length - 1];
  const veils = bands.map(
    ({ top, bottom }) =>
      `<rect class="veil" x="${edge}" y="${top}" width="${round(right - edge)}" height="${bottom - top}"/>`,
  );
  const line = bands.map(({ top, bottom }) => `M0 ${top}V${bottom}`).join("");
  const circles = rings.map(
    (y) => `<circle class="ring" r="4.5"${y === undefined ? ' visibility="hidden"' : ` cy="${y}"`}/>`,
  );
  const moved = `<path d="${line}"/>${circles.join("")}`;
  return `${veils.join("")}<g class="cursor" transform="translate(${xs[xs.length - 1]} 0)">${moved}</g>`;
}

/** One column: what it says to who does not see it, and what is in it. */
export const picture = (label: string, content: string): string =>
  `<svg viewBox="0 0 ${pictureWidth} ${pictureHeight}" role="img" aria-label="${escapeText(label)}">${content}</svg>`;
