// How did the entries of z move?
import { count, decades, linearAxis, powerOfTen, round, short } from "./scales.js";
import type { SolveDigest } from "./solve-digest.js";
import { type Band, dots, type Frame, heading, pathOf, polyline, textAt, upperBand, valueAxis } from "./solve-frame.js";

/** So many entries have colours that can be told apart; more are shown as a strip of tiles. */
export const mostLines = 6;

/** Whether the entries are drawn as lines, with their names on the right. */
export const hasLines = ({ entries }: SolveDigest): boolean => entries.length <= mostLines;

/** The entries against the steps. */
export function iteratesPanel(digest: SolveDigest, frame: Frame, band: Band): string {
  if (digest.entries.length === 0) return heading(frame, band, "iterates z", "z has no entries");
  return hasLines(digest) ? lines(digest, frame, band) : tiles(digest, frame, band);
}

const share = ({ entries, size }: SolveDigest): string =>
  entries.length === size
    ? size === 1
      ? "z has one entry"
      : `all ${size} entries`
    : `${entries.length} of ${count(size)} entries`;

function lines(digest: SolveDigest, frame: Frame, band: Band): string {
  const { steps, entries, reference } = digest;
  const finite = steps.flatMap(({ state }) => entries.map((i) => state[i])).filter(Number.isFinite);
  const size = finite.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const range = finite.reduce((a, b) => Math.max(a, b), -Infinity) - finite.reduce((a, b) => Math.min(a, b), Infinity);
  // Motion that the digits of the ticks would not show is drawn as distance from the end.
  const isShifted = reference !== undefined && entries.length === 1 && range > 0 && range < 1e-4 * size;
  const value = (k: number, entry: number): number => steps[k].state[entry] - (isShifted ? reference.state[entry] : 0);
  const axis = linearAxis(
    steps.flatMap((_, k) => entries.map((entry) => value(k, entry))),
    band.bottom,
    band.top,
    5,
  );
  const drawn = entries.map((entry, c) => {
    const points = steps.map((_, k) =>
      Number.isFinite(value(k, entry)) ? ([frame.xs[k], axis.at(value(k, entry))] as const) : undefined,
    );
    const ends = points.filter((point) => point !== undefined);
    const marks = steps.length > 60 ? "" : pathOf(`small dots e${c}`, dots(points));
    return {
      markup: pathOf(`curve e${c}`, polyline(points)) + marks,
      end: ends[ends.length - 1]?.[1],
      name: `z[${entry}]`,
      c,
    };
  });
  const named = drawn.flatMap(({ end, name, c }) => (end === undefined ? [] : [{ end, name, c }]));
  const heights = spread(
    named.map(({ end }) => end),
    band,
  );
  const names = named.map(({ name, c }, i) => textAt(frame.right + 4, heights[i] + 4, name, `tick e${c}`));
  const title = isShifted ? `iterates: z − z at step ${reference.step}` : "iterates z";
  return (
    heading(frame, band, title, share(digest)) +
    valueAxis(frame, axis) +
    drawn.map(({ markup }) => markup).join("") +
    names.join("")
  );
}

/** Heights near the wished ones, in their order, at least 12 apart. */
function spread(wishes: readonly number[], { top, bottom }: Band): number[] {
  const order = wishes.map((_, i) => i).sort((i, j) => wishes[i] - wishes[j] || i - j);
  const heights = [...wishes];
  const gap = 12;
  for (let pass = 0, above = top - gap; pass < order.length; pass++) {
    above = heights[order[pass]] = Math.max(heights[order[pass]], above + gap);
  }
  for (let pass = order.length - 1, below = bottom + gap; pass >= 0; pass--) {
    below = heights[order[pass]] = Math.min(heights[order[pass]], below - gap);
  }
  return heights;
}

/** Shades for each sign. */
const shades = 6;

/** One row of tiles for each entry, one tile for each step: the distance to the end on a logarithmic scale with signs. */
function tiles(digest: SolveDigest, frame: Frame, band: Band): string {
  const { steps, entries, reference } = digest;
  const end = reference ?? steps[0];
  const { top, bottom } = scaleOf(digest);
  const shade = (k: number, entry: number): string => {
    const difference = steps[k].state[entry] - end.state[entry];
    if (!Number.isFinite(difference)) return "lost";
    if (difference === 0) return "";
    const depth = Math.floor(((top - decades(Math.abs(difference))) / (top - bottom)) * shades);
    const level = shades - Math.max(depth, 0);
    return level < 1 ? "" : `${difference < 0 ? "n" : "p"} s${level}`;
  };
  const height = (band.bottom - band.top) / entries.length;
  const paths = new Map<string, string>();
  entries.forEach((entry, row) => {
    const y = round(band.top + (row + 0.5) * height);
    for (let k = 0, start = 0; k < steps.length; k++) {
      const kind = shade(k, entry);
      if (k + 1 < steps.length && shade(k + 1, entry) === kind) continue;
      if (kind !== "") paths.set(kind, `${paths.get(kind) ?? ""}M${frame.edges[start]} ${y}H${frame.edges[k + 1]}`);
      start = k + 1;
    }
  });
  const strips = [...paths.keys()].sort().map((kind) => pathOf(kind, paths.get(kind) as string));
  let free = -Infinity;
  const names = entries.map((entry, row) => {
    const y = band.top + (row + 0.5) * height;
    if (y < free) return "";
    free = y + 11;
    return textAt(frame.left - 6, y + 4, String(entry), "tick end");
  });
  const width = round(Math.max(0.5, height - (height > 4 ? 1 : 0)));
  return (
    heading(frame, band, `iterates: z − z at step ${end.step}`, share(digest)) +
    (band.top === upperBand.top ? scaleBar(frame, band, top, bottom) : "") +
    textAt(frame.left - 6, band.top - 6, "entry", "faint end") +
    pathOf("axis", `M${frame.left} ${band.top}V${band.bottom}`) +
    `<g class="tiles" stroke-width="${width}">${strips.join("")}</g>` +
    names.join("")
  );
}

/** From the largest distance down to the smallest of the distances that the steps before the end have at most. */
function scaleOf({ steps, entries, reference }: SolveDigest): { top: number; bottom: number } {
  const end = reference ?? steps[0];
  const widths = steps.map(({ state }) =>
    entries.reduce((most, i) => {
      const distance = Math.abs(state[i] - end.state[i]);
      return distance < Infinity ? Math.max(most, distance) : most;
    }, 0),
  );
  const exponents = widths.filter((width) => width > 0).map(decades);
  if (exponents.length === 0) return { top: 0, bottom: -1 };
  const top = Math.ceil(exponents.reduce((a, b) => Math.max(a, b)));
  const bottom = Math.floor(exponents.reduce((a, b) => Math.min(a, b)));
  return { top, bottom: Math.min(bottom, top - 1) };
}

/** What the shades stand for: most negative on the left, least in the middle, most positive on the right. */
function scaleBar({ right }: Frame, band: Band, top: number, bottom: number): string {
  const y = band.top - 10;
  const tile = 9;
  const ends = [`−${powerOfTen(top)}`, `±${powerOfTen(bottom)}`, powerOfTen(top)];
  const room = (text: string): number => text.length * 6.6 + 10;
  const parts: string[] = [];
  let x = right - ends.reduce((sum, text) => sum + room(text), 0) - 2 * shades * tile;
  const write = (text: string): void => {
    parts.push(textAt(x + room(text) / 2, y + 4, text, "tick middle"));
    x += room(text);
  };
  const ramp = (sign: string, levels: readonly number[]): void => {
    for (const level of levels) {
      parts.push(pathOf(`${sign} s${level}`, `M${round(x)} ${y}h${tile}`));
      x += tile;
    }
  };
  const levels = Array.from({ length: shades }, (_, i) => i + 1);
  write(ends[0]);
  ramp("n", [...levels].reverse());
  write(ends[1]);
  ramp("p", levels);
  write(ends[2]);
  return `<g class="tiles" stroke-width="9">${parts.join("")}</g>`;
}

/** The value of each drawn entry, if they are few. */
export function valuesText({ entries }: SolveDigest, state: Float64Array): string {
  return entries.map((i) => `z[${i}] = ${short(state[i], 6)}`).join("   ");
}
